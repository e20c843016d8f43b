package memory_test

import (
	"context"
	"fmt"
	"testing"

	"sotto/wasm/client"
	"sotto/wasm/client/memory"
	"sotto/wasm/client/storetest"
	"sotto/wasm/cose"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(testing.TB) storetest.Place {
		s := memory.NewStore()
		return func(testing.TB) client.Store {
			s = s.Clone()
			return s
		}
	})
}

func TestKeys(t *testing.T) {
	k := memory.NewKeys()
	storetest.RunKeys(t, cose.Native{}, func(testing.TB) client.Keys {
		k = k.Clone()
		return k
	})
}

func TestClonesAreApart(t *testing.T) {
	s := memory.NewStore()
	k := client.Key{Kind: "kind", ID: []byte("a")}
	write := func(s *memory.Store, value string) {
		if err := s.Apply(t.Context(), []client.Write{{Record: client.Record{Key: k, Value: []byte(value)}}}); err != nil {
			t.Fatal(err)
		}
	}
	write(s, "before")
	clone := s.Clone()
	write(s, "after")
	for store, want := range map[*memory.Store]string{s: "after", clone: "before"} {
		records, err := store.Get(context.Background(), []client.Key{k})
		if err != nil || string(records[0].Value) != want {
			t.Errorf("got %q, %v; want %q", records[0].Value, err, want)
		}
	}
}

func TestKeysDoNotPrint(t *testing.T) {
	key, err := memory.NewKeys().NewSigner(t.Context(), "device")
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if printed := fmt.Sprintf(verb, key); printed != "[private key]" {
			t.Errorf("%s prints %q", verb, printed)
		}
	}
}
