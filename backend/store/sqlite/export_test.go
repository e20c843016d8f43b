package sqlite

import (
	"context"

	"sotto/backend/store/batch"
)

// OpenUngrouped opens a store that gives each operation a transaction of its own.
func OpenUngrouped(ctx context.Context, dir string) (*Store, error) {
	return open(ctx, dir, batch.Limits{Ops: 1, Bytes: 1, Queue: limits.Queue})
}
