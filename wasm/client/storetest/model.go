package storetest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sotto/wasm/client"
)

// testLogs writes as conversations do: ascending ids under several prefixes, in batches, read from the end.
func testLogs(t *testing.T, open Place) {
	s := open(t)
	id := func(conversation, position int) string { return fmt.Sprintf("%c%08d", 'a'+conversation, position) }
	for from := 0; from < 600; from += 50 {
		for conversation := range 3 {
			var writes []client.Write
			for position := from; position < from+50; position++ {
				writes = append(writes, put("message", id(conversation, position), strings.Repeat("x", position%400)))
			}
			apply(t, s, writes...)
		}
	}
	for range 2 {
		for conversation := range 3 {
			page := span(t, s, "message", id(conversation, 0), id(conversation, 99999999), 40, true)
			if len(page) != 40 || !strings.HasPrefix(page[0], id(conversation, 599)) || !strings.HasPrefix(page[39], id(conversation, 560)) {
				t.Errorf("conversation %d: newest page of %d begins %.12q", conversation, len(page), page)
			}
			if found := span(t, s, "message", id(conversation, 100), id(conversation, 350), 1000, false); len(found) != 250 {
				t.Errorf("conversation %d: %d records, want 250", conversation, len(found))
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open(t)
	}
}

// testModel does random batches and compares everything with a map, now and then after opening again.
func testModel(t *testing.T, open Place) {
	random := rand.New(rand.NewPCG(1, 2))
	s, model := open(t), make(map[string]string)
	for round := range 60 {
		var writes []client.Write
		for range 1 + random.IntN(120) {
			id := fmt.Sprintf("%04d", random.IntN(900))
			if random.IntN(4) == 0 || round > 45 && random.IntN(3) > 0 {
				writes = append(writes, del("kind", id))
				delete(model, id)
				continue
			}
			value := strings.Repeat(string(rune('a'+random.IntN(26))), random.IntN(600))
			writes = append(writes, put("kind", id, value))
			model[id] = value
		}
		apply(t, s, writes...)
		if round%10 == 9 {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = open(t)
		}
		from, to := fmt.Sprintf("%04d", random.IntN(900)), fmt.Sprintf("%04d", random.IntN(900))
		compare(t, s, model, from, to, 1+random.IntN(200), round%2 == 0)
		compare(t, s, model, "", "", 1000, round%2 == 1)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
}

// compare reads a range of the store and of the model.
func compare(t *testing.T, s client.Store, model map[string]string, from, to string, limit int, reverse bool) {
	t.Helper()
	ids := slices.Sorted(maps.Keys(model))
	ids = slices.DeleteFunc(ids, func(id string) bool { return id < from || to != "" && id >= to })
	if reverse {
		slices.Reverse(ids)
	}
	ids = ids[:min(limit, len(ids))]
	var records, values []string
	for _, id := range ids {
		records, values = append(records, id+"="+model[id]), append(values, model[id])
	}
	want(t, span(t, s, "kind", from, to, limit, reverse), records...)
	want(t, get(t, s, "kind", ids...), values...)
}
