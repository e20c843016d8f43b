package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sotto/build/module"
	"sotto/build/rawtext"
)

// template is a page as frontend/demo.html is one.
const template = "<head>\n" + demoCharset + "\n" + demoPolicy + "\n" + demoStyle + "\n</head>\n<body>\n" + demoSprite + demoScript + "\n</body>\n"

var small = demoPage{
	style: []byte("p{margin:0}"), start: []byte("start()"), page: []byte("page()"),
	blocks: []block{{"page", []byte("page()")}, {"engine", bytes.Repeat([]byte("wasm"), 1000)}},
}

// TestDemoPage reads a page that was put together: every block is what it was, stands before the script that needs it,
// and the policy has the hash of all that runs.
func TestDemoPage(t *testing.T) {
	html, err := small.render([]byte(template), shared)
	if err != nil {
		t.Fatal(err)
	}
	text := string(html)
	for _, b := range small.blocks {
		m := regexp.MustCompile(`<script type="application/gzip" id="` + b.name + `">([^<]*)</script>`).FindStringSubmatchIndex(text)
		if m == nil || m[0] > strings.Index(text, "<script>start()") {
			t.Fatalf("no block %s before the script", b.name)
		}
		z, err := gzip.NewReader(bytes.NewReader(rawtext.Decode(html[m[2]:m[3]])))
		if err != nil {
			t.Fatal(err)
		}
		if data, err := io.ReadAll(z); err != nil || !bytes.Equal(data, b.data) {
			t.Errorf("block %s is another one: %v", b.name, err)
		}
	}
	for _, hashed := range [][]byte{small.style, small.start, small.page} {
		sum := sha256.Sum256(hashed)
		if !strings.Contains(text, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
			t.Errorf("the policy lacks the hash of %s", hashed)
		}
	}
	if !strings.Contains(text, `content="default-src 'none'; `) || strings.Contains(text, "unsafe-inline") {
		t.Errorf("the policy: %s", text)
	}
}

func TestDemoPageRefuses(t *testing.T) {
	closing := small
	closing.start = []byte("x = '</script>'")
	for name, c := range map[string]struct {
		page demoPage
		html string
	}{
		"no place for the policy":   {small, strings.Replace(template, demoPolicy, "", 1)},
		"two scripts":               {small, template + demoScript},
		"another file":              {small, template + `<img src="other.png">`},
		"another file by href":      {small, template + `<link rel="icon" href="data:,"><link href="other.css">`},
		"a script that ends itself": {closing, template},
	} {
		if _, err := c.page.render([]byte(c.html), shared); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestGatheredVectors puts the digits back as the page does and compares with the files.
func TestGatheredVectors(t *testing.T) {
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, "wasm", "vectors", "data")
	gathered, err := gatherVectors(dir)
	if err != nil {
		t.Fatal(err)
	}
	text, behind, _ := bytes.Cut(gathered, []byte{'\n'})
	text = regexp.MustCompile("`[0-9]+").ReplaceAllFunc(text, func(mark []byte) []byte {
		n, err := strconv.Atoi(string(mark[1:]))
		if err != nil || n > len(behind) {
			t.Fatalf("%s of %d bytes: %v", mark, len(behind), err)
		}
		digits := hex.AppendEncode(nil, behind[:n])
		behind = behind[n:]
		return digits
	})
	var all []json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil || len(behind) != 0 {
		t.Fatalf("%v, %d bytes are left", err, len(behind))
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) != len(all) {
		t.Fatalf("%d files, %d are gathered", len(files), len(all))
	}
	for i, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		if err := json.Compact(&want, data); err != nil || !bytes.Equal(want.Bytes(), all[i]) {
			t.Errorf("%s: another content, %v", file, err)
		}
	}
	if _, err := gatherVectors(t.TempDir()); err == nil {
		t.Error("gathered nothing")
	}
}

// TestSharedPackages finds what both engines are compiled from.
func TestSharedPackages(t *testing.T) {
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	list, err := sharedPackages(root)
	if err != nil {
		t.Fatal(err)
	}
	chat := map[string]bool{}
	for _, p := range list {
		if len(p.SHA256) != 64 {
			t.Errorf("%s: %q", p.Name, p.SHA256)
		}
		chat[p.Name] = p.Chat
	}
	for name, want := range map[string]bool{"wasm/cose": true, "wasm/conversation": true, "wasm/webcrypto": true, "wasm/demo/weak": false, "wasm/demo": false} {
		if got, ok := chat[name]; !ok || got != want {
			t.Errorf("%s: in the chat %t, in the demo %t", name, got, ok)
		}
	}
}

// TestVerdict says when the demo should be in the chat's engine.
func TestVerdict(t *testing.T) {
	if said, err := verdict(1_000_000, 1_170_000); err != nil || !strings.Contains(said, "17.0 %") {
		t.Errorf("%q, %v", said, err)
	}
	if _, err := verdict(1_000_000, 1_029_000); err == nil {
		t.Error("2.9 % are taken for dear")
	}
}
