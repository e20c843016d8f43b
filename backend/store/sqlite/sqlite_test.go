package sqlite_test

import (
	"testing"

	"sotto/backend/store"
	"sotto/backend/store/sqlite"
	"sotto/backend/store/storetest"
)

func opener(t testing.TB, dir string) storetest.Opener {
	return func() (store.Store, error) { return sqlite.Open(t.Context(), dir) }
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Opener { return opener(t, t.TempDir()) })
}
