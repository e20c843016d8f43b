package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/chromedp/chromedp"

	"sotto/build/chromium"
	"sotto/build/module"
)

func TestFold(t *testing.T) {
	const catalogue = `{
		"list.unread": { "one": "{n} message", "other": "{n} messages" }, "list.said": "{name}: {text}",
		"notice.left.what": "{who} left", "notice.left.todo": "", "notice.more": "What this means", "notice": "Notice"
	}`
	const want = "list.said {name}: {text}\n.unread {n} message\t{n} messages\n" +
		"notice Notice\n.left.todo \n..what {who} left\n.more What this means"
	got, err := fold([]byte(catalogue))
	if err != nil || got != want {
		t.Errorf("%q (%v), want %q", got, err, want)
	}
	for name, bad := range map[string]string{
		"two lines": `{"a":"b\nc"}`, "a tab": `{"a":"b\tc"}`, "a tab in a form": `{"a":{"one":"b\tc","other":"d"}}`, "a number": `{"a":1}`,
		"one form": `{"a":{"other":"b"}}`, "a form that English has not": `{"a":{"one":"b","few":"c","other":"d"}}`,
		"a key with a space": `{"a b":"c"}`, "no JSON": `{"a":`,
	} {
		if got, err := fold([]byte(bad)); err == nil {
			t.Errorf("%s: %q became %q, want an error", name, bad, got)
		}
	}
}

// TestTheBundleHoldsTheWholeCatalogue compares what the page's script has of the words with their source.
func TestTheBundleHoldsTheWholeCatalogue(t *testing.T) {
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	frontend := t.TempDir()
	core := filepath.Join(frontend, "js", "core")
	if err := os.MkdirAll(core, 0o755); err != nil {
		t.Fatal(err)
	}
	var source []byte
	for _, name := range []string{"catalogue.js", "strings.en.json"} {
		if source, err = os.ReadFile(filepath.Join(root, "frontend", "js", "core", name)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(core, name), source, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const entry = "import en from './core/strings.en.json' with { type: 'json' };\nglobalThis.en = JSON.stringify(en);\n"
	if err := os.WriteFile(filepath.Join(frontend, "js", "main.js"), []byte(entry), 0o644); err != nil {
		t.Fatal(err)
	}
	script, err := bundler{frontend: frontend}.page(asset{}, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop, err := chromium.Start(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	held, err := chromedp.Run(ctx, chromedp.Evaluate[string](string(script)+";globalThis.en"))
	if err != nil {
		t.Fatal(err)
	}
	var got, want map[string]any
	if err := json.Unmarshal([]byte(held), &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(source, &want); err != nil {
		t.Fatal(err)
	}
	if len(want) < 500 || !reflect.DeepEqual(got, want) {
		t.Errorf("%d texts in the bundle, %d in the source; they differ", len(got), len(want))
	}
}
