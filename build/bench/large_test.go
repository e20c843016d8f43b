package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLargeTexts writes as the writers do: each needle stands in one text, whatever their number, and what is looked for
// in the middle stands there.
func TestLargeTexts(t *testing.T) {
	for _, messages := range []int{leastLarge, 3001, 20_000} {
		found := map[string][]int{}
		for i := range largeWriters {
			random := rand.New(rand.NewPCG(uint64(i), 5))
			for n := i; n < messages-1; n += largeWriters {
				for word := range strings.FieldsSeq(largeText(random, n, messages)) {
					if strings.HasPrefix(word, "needle") {
						found[word] = append(found[word], n)
					}
				}
			}
		}
		for i := range needles {
			at := found[needle(i)]
			if want := (2*i + 1) * messages / needles / 2; len(at) != 1 || max(at[0]-want, want-at[0]) > needles {
				t.Errorf("%s of %d messages stands at %v, want about %d", needle(i), messages, at, want)
			}
		}
	}
}

func TestLargeFolder(t *testing.T) {
	full := largeLab{folder: t.TempDir(), is: largeNotes{Listen: "127.0.0.1:7", Conversation: "c", Messages: 2000}}
	if err := full.keep(); err != nil {
		t.Fatal(err)
	}
	unfinished := t.TempDir()
	if err := os.Mkdir(filepath.Join(unfinished, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		folder   string
		messages int
		want     string
	}{
		"none":        {filepath.Join(t.TempDir(), "new"), 2000, ""},
		"empty":       {t.TempDir(), 2000, ""},
		"full":        {full.folder, 2000, ""},
		"another one": {full.folder, 3000, "2000 messages, want 3000"},
		"unfinished":  {unfinished, 2000, "filled to its end"},
	}
	for name, c := range cases {
		l := largeLab{folder: c.folder}
		err := l.read(c.messages)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if name == "full" && l.is != full.is {
			t.Errorf("read %+v, want %+v", l.is, full.is)
		}
	}
}
