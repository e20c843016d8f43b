//go:build !js

package generate

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/cryptotest"

	"sotto/wasm/cose"
	"sotto/wasm/vectors/mangle"
	"sotto/wasm/vectors/table"
)

var update = flag.Bool("update", false, "write the files anew")

const folder = "../data"

// makers make each file.
var makers = map[string]func(*maker){
	"rsa-key": rsaKeys, "sign1": sign1s, "encrypt0": encrypt0s, "expand": expands, "extract": extracts, "mac": macs,
	"composite-key": compositeKeys, "kem": kems, "person": persons,
	"chain": chains, "prekey": prekeys, "login": logins, "safety-number": safetyNumbers, "code": codes, "handle": handles,
	"direct-id": directIDs, "log-chain": logChains, "header": headers, "commit": commits, "commit-rules": commitRules,
	"schedule": schedules, "wrap": wraps, "padding": paddings, "body": bodies, "opening": openings, "receipt": receipts, "activity": activities,
	"frame": frames, "group-id": groupIDs, "join": joins, "rejoin": rejoins, "room-link": roomLinks, "group-state": groupStates,
	"group-rules": groupRules, "leave": leaves, "group-opening": groupOpenings, "entering": enterings,
}

// maker collects the cases of one file.
type maker struct {
	t *testing.T
	table.File
	firstKey cose.Secret // epoch key of the first epoch that was opened
	limit    int         // of the object's bytes, 0 when no case comes near it
}

// values are a case's, each a text, bytes or a number.
type values map[string]any

func (m *maker) accept(name string, in, out values) {
	m.Cases = append(m.Cases, table.Case{Name: name, Outcome: table.OK, In: texts(in), Out: texts(out)})
}

func (m *maker) refuse(name, outcome string, in values) {
	m.Cases = append(m.Cases, table.Case{Name: name, Outcome: outcome, In: texts(in)})
}

func (m *maker) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// share keeps a value in "common" and gives the reference to it.
func (m *maker) share(name string, value any) string {
	if m.Common == nil {
		m.Common = map[string]string{}
	}
	m.Common[name] = text(value)
	return "@" + name
}

// otherEncodings refuses a sample of the wrong encodings of data, each in a case that in makes.
func (m *maker) otherEncodings(what string, data []byte, n int, in func([]byte) values) {
	variants := mangle.Encodings(data)
	// Cuts are many and alike.
	variants = slices.DeleteFunc(variants, func(v mangle.Variant) bool { return strings.HasPrefix(v.Name, "cut at") })
	step := max(1, len(variants)/n)
	for i := 0; i < len(variants); i += step {
		outcome := "malformed"
		if m.limit > 0 && len(variants[i].Bytes) > m.limit {
			outcome = "too-large"
		}
		m.refuse(strings.TrimSpace(what+" "+variants[i].Name), outcome, in(variants[i].Bytes))
	}
	m.refuse(strings.TrimSpace(what+" cut"), "malformed", in(data[:len(data)-1]))
}

func texts(v values) map[string]string {
	if v == nil {
		return nil
	}
	m := map[string]string{}
	for name, value := range v {
		m[name] = text(value)
	}
	return m
}

func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []byte:
		return fmt.Sprintf("%x", v)
	case [][]byte:
		return table.Hex(v...)
	case cose.Raw:
		return fmt.Sprintf("%x", []byte(v))
	case fmt.Stringer:
		return v.String()
	}
	return fmt.Sprint(value)
}

func TestGenerate(t *testing.T) {
	for _, object := range slices.Sorted(maps.Keys(makers)) {
		t.Run(object, func(t *testing.T) {
			seed := fnv.New64a()
			_, _ = seed.Write([]byte(object))
			cryptotest.SetGlobalRandom(t, seed.Sum64())
			m := &maker{t: t, File: table.File{Object: object}}
			makers[object](m)
			unique(t, m.Cases)
			path := filepath.Join(folder, object+".json")
			if *update {
				m.must(os.WriteFile(path, encode(t, m.File), 0o644))
				return
			}
			data, err := os.ReadFile(path)
			m.must(err)
			committed, err := table.Parse(data)
			m.must(err)
			if got, want := outline(committed), outline(m.File); got != want {
				t.Errorf("the file has other cases than the generator: run with -update\n%s", firstDifference(got, want))
			}
		})
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != len(makers) {
		t.Errorf("%d files, %d makers, %v", len(entries), len(makers), err)
	}
}

func unique(t *testing.T, cases []table.Case) {
	t.Helper()
	seen := map[string]bool{}
	for _, c := range cases {
		if seen[c.Name] {
			t.Errorf("two cases %q", c.Name)
		}
		if _, ok := table.Outcomes[c.Outcome]; !ok {
			t.Errorf("case %q: unknown outcome %q", c.Name, c.Outcome)
		}
		seen[c.Name] = true
	}
}

func encode(t *testing.T, f table.File) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// outline is everything of a file but the bytes.
func outline(f table.File) string {
	var b strings.Builder
	fmt.Fprintln(&b, f.Object, f.About, slices.Sorted(maps.Keys(f.Common)))
	for _, c := range f.Cases {
		fmt.Fprintln(&b, c.Name, c.Outcome, slices.Sorted(maps.Keys(c.In)), slices.Sorted(maps.Keys(c.Out)))
	}
	return b.String()
}

func firstDifference(a, b string) string {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			return fmt.Sprintf("file:      %s\ngenerator: %s", as[i], bs[i])
		}
	}
	return "one has more cases"
}

// random draws bytes from the fixed source.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}
