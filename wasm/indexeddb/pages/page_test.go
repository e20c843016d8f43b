package pages

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"sotto/wasm/client"
)

func TestPageRoundTrip(t *testing.T) {
	pages := map[string]Page{
		"none":        nil,
		"empty id":    {{id: "", value: []byte{}}},
		"several":     {{id: "a", value: []byte("1")}, {id: "a\x00", value: []byte{}}, {id: strings.Repeat("z", MaxID), value: make([]byte, 70000)}},
		"binary keys": {{id: "\x00", value: []byte{0}}, {id: "\xff", value: []byte{255}}},
	}
	for name, p := range pages {
		data := p.Encode()
		decoded, err := Decode(data)
		if err != nil || !bytes.Equal(decoded.Encode(), data) || len(decoded) != len(p) || p.size() != len(data) {
			t.Errorf("%s: %d of %d records, %d bytes of %d, %v", name, len(decoded), len(p), len(data), p.size(), err)
		}
	}
}

func TestPageRefused(t *testing.T) {
	one := Page{{id: "b", value: []byte("value")}}.Encode()
	for name, data := range map[string][]byte{
		"cut":          one[:len(one)-1],
		"cut id":       one[:1],
		"cut length":   one[:4],
		"longer":       append(bytes.Clone(one), 0),
		"twice":        append(bytes.Clone(one), one...),
		"out of order": append(bytes.Clone(one), Page{{id: "a"}}.Encode()...),
		"huge length":  {0, 0xff, 0xff, 0xff, 0xff},
	} {
		if p, err := Decode(data); err == nil {
			t.Errorf("%s: read as %d records", name, len(p))
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(Page{{id: "a", value: []byte("1")}, {id: "b", value: nil}}.Encode())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := Decode(data); err == nil && !bytes.Equal(p.Encode(), data) {
			t.Errorf("%d records have another encoding", len(p))
		}
	})
}

func FuzzParseKey(f *testing.F) {
	f.Add(Key{Kind: "message", First: "a\x00b"}.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		if key, err := ParseKey(data); err == nil && !bytes.Equal(key.Bytes(), data) {
			t.Errorf("%q has another encoding", key)
		}
	})
}

func TestSplit(t *testing.T) {
	record := func(i, size int) entry { return entry{id: fmt.Sprintf("%08d", i), value: make([]byte, size)} }
	uniform := func(n, size int) (p Page) {
		for i := range n {
			p = append(p, record(i, size))
		}
		return p
	}
	cases := []struct {
		name  string
		page  Page
		atEnd bool
		parts int
	}{
		{"small", uniform(10, 100), false, 1},
		{"exactly full", uniform(16, Size/16-entryOverhead-8), true, 1},
		{"one more, at the end", uniform(17, Size/16-entryOverhead-8), true, 2},
		{"one more, inside", uniform(17, Size/16-entryOverhead-8), false, 3},
		{"a large record alone", uniform(1, 3*Size), false, 1},
		{"large records", uniform(3, 3*Size), true, 3},
		{"a large one between", Page{record(0, 10), record(1, 2*Size), record(2, 10)}, true, 3},
	}
	for _, c := range cases {
		parts := c.page.split(c.atEnd)
		if len(parts) != c.parts {
			t.Errorf("%s: %d parts, want %d", c.name, len(parts), c.parts)
		}
		var joined Page
		for _, part := range parts {
			if len(part) == 0 || len(part) > 1 && part.size() > Size {
				t.Errorf("%s: a part of %d records, %d bytes", c.name, len(part), part.size())
			}
			joined = append(joined, part...)
		}
		if !bytes.Equal(joined.Encode(), c.page.Encode()) {
			t.Errorf("%s: the parts are not the whole", c.name)
		}
	}
}

// Random batches through the plan, on pages that lie in a map, give what a map of records gives; and every page
// stays what it has to be.
func TestPlanAgainstAModel(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	x, disk, model := make(Index), make(map[Key]Page), make(map[string]string)
	for range 400 {
		var writes []client.Write
		for range 1 + random.IntN(60) {
			id := fmt.Sprintf("%05d", random.IntN(3000))
			w := client.Write{Record: client.Record{Key: client.Key{Kind: "k", ID: []byte(id)}, Value: make([]byte, random.IntN(900))}, Delete: random.IntN(3) == 0}
			if writes = append(writes, w); w.Delete {
				delete(model, id)
			} else {
				model[id] = string(w.Value)
			}
		}
		p := x.Plan(writes, disk)
		for key, changed := range p.Put {
			disk[key] = changed
		}
		for _, key := range p.Remove {
			delete(disk, key)
		}
		x.Adopt(p)
		checkPages(t, x, disk, model)
	}
}

func checkPages(t *testing.T, x Index, disk map[Key]Page, model map[string]string) {
	t.Helper()
	if len(x["k"]) != len(disk) {
		t.Fatalf("%d pages in the index, %d on disk", len(x["k"]), len(disk))
	}
	records := 0
	for key, p := range disk {
		records += len(p)
		if len(p) > 1 && p.size() > Size {
			t.Fatalf("page of %d bytes", p.size())
		}
		for _, e := range p {
			if at, exists := x.Locate("k", e.id); !exists || at != key || model[e.id] != string(e.value) {
				t.Fatalf("record %s lies in page %q, belongs to %q", e.id, key.First, at.First)
			}
		}
	}
	if records != len(model) {
		t.Fatalf("%d records, want %d", records, len(model))
	}
}

func TestCacheForgetsTheOldest(t *testing.T) {
	c := NewCache(3)
	place := func(i int) Key { return Key{Kind: "k", First: fmt.Sprint(i)} }
	for i := range 3 {
		c.Put(place(i), Page{{id: "a"}})
	}
	c.Get(place(0))
	c.Put(place(3), Page{{id: "b"}})
	for i, want := range map[int]bool{0: true, 1: false, 2: true, 3: true} {
		if _, kept := c.Get(place(i)); kept != want {
			t.Errorf("page %d kept: %v, want %v", i, kept, want)
		}
	}
}

func TestWritesRoundTrip(t *testing.T) {
	write := func(kind, id, value string, remove bool) client.Write {
		w := client.Write{Record: client.Record{Key: client.Key{Kind: kind, ID: []byte(id)}}, Delete: remove}
		if !remove {
			w.Value = []byte(value)
		}
		return w
	}
	writes := []client.Write{
		write("k", "", "", false), write(strings.Repeat("k", maxKind), strings.Repeat("i", MaxID), "value", false),
		write("k", "\x00\xff", "", true), write("k", "a", strings.Repeat("v", 70000), false),
	}
	data := EncodeWrites(writes)
	decoded, err := DecodeWrites(data)
	if err != nil || len(decoded) != len(writes) || !bytes.Equal(EncodeWrites(decoded), data) {
		t.Fatalf("%d of %d writes, %v", len(decoded), len(writes), err)
	}
	for i, w := range decoded {
		if w.Key.Kind != writes[i].Key.Kind || !bytes.Equal(w.Key.ID, writes[i].Key.ID) || !bytes.Equal(w.Value, writes[i].Value) || w.Delete != writes[i].Delete {
			t.Errorf("write %d is another", i)
		}
	}
	for cut := 1; cut < len(data)-1; cut += 7 {
		if part, err := DecodeWrites(data[:cut]); err == nil && !bytes.Equal(EncodeWrites(part), data[:cut]) {
			t.Errorf("cut at %d: read as %d writes", cut, len(part))
		}
	}
}

func FuzzDecodeWrites(f *testing.F) {
	f.Add(EncodeWrites([]client.Write{{Record: client.Record{Key: client.Key{Kind: "k", ID: []byte("a")}, Value: []byte("v")}}, {Record: client.Record{Key: client.Key{Kind: "k"}}, Delete: true}}))
	f.Add([]byte{0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		if writes, err := DecodeWrites(data); err == nil && !bytes.Equal(EncodeWrites(writes), data) {
			t.Errorf("%d writes have another encoding", len(writes))
		}
	})
}
