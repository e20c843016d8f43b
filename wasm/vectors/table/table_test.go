package table_test

import (
	"regexp"
	"testing"

	"sotto/wasm/vectors/table"
)

var name = regexp.MustCompile(`^[a-z0-9-]+$`)

// TestFiles reads every file: objects are named like their files, names are unique, references lead somewhere.
func TestFiles(t *testing.T) {
	objects, err := table.Objects()
	if err != nil || len(objects) < 20 {
		t.Fatalf("%d objects, %v", len(objects), err)
	}
	for _, object := range objects {
		f, err := table.Load(object)
		if err != nil {
			t.Fatal(err)
		}
		if f.Object != object || f.About == "" || len(f.Cases) == 0 {
			t.Errorf("%s: about %q, %d cases", f.Object, f.About, len(f.Cases))
		}
		seen := map[string]bool{}
		for _, c := range f.Cases {
			if c.Name == "" || seen[c.Name] {
				t.Errorf("%s: case %q is there twice", object, c.Name)
			}
			seen[c.Name] = true
			if (c.Outcome == table.OK) != (c.Out != nil) {
				t.Errorf("%s, %s: outcome %s with %d results", object, c.Name, c.Outcome, len(c.Out))
			}
			for key := range c.In {
				if !name.MatchString(key) {
					t.Errorf("%s, %s: value %q", object, c.Name, key)
				}
			}
		}
		if object == "handle" {
			continue // whose texts may have an @
		}
		for _, c := range f.Cases {
			for key, value := range c.In {
				if regexp.MustCompile(`@`).MatchString(value) {
					t.Errorf("%s, %s: %s refers to nothing", object, c.Name, key)
				}
			}
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"", "{", `{"object": 1}`, `{"other": "x"}`, `{"cases": [{"in": {"x": 1}}]}`} {
		if _, err := table.Parse([]byte(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

func TestHex(t *testing.T) {
	text := table.Hex([]byte{1, 2}, nil, []byte{3})
	c := table.Case{In: map[string]string{"list": text, "none": ""}}
	list := c.List("list")
	if text != "0102 - 03" || len(list) != 3 || len(list[1]) != 0 || list[2][0] != 3 || len(c.List("none")) != 0 {
		t.Errorf("%q: %v", text, list)
	}
}
