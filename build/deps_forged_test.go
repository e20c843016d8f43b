package build_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// forged are imports that break a rule, with the way that must be told.
var forged = []struct {
	rule  string
	graph graph
	want  string
}{
	{"the client stands without the server",
		graph{"sotto/wasm/client": {"fmt", "sotto/backend/store"}},
		"sotto/wasm/client imports sotto/backend/store"},
	{"the server cannot decrypt",
		graph{"sotto/backend/store/sqlite": {"sotto/wasm/kem"}, "sotto/wasm/kem": {"sotto/wasm/conversation"}},
		"sotto/backend/store/sqlite imports sotto/wasm/kem imports sotto/wasm/conversation"},
	{"the binary's main decrypts nothing by itself",
		graph{"sotto/backend": {"sotto/wasm/client"}},
		"sotto/backend imports sotto/wasm/client"},
	{"wire is below client and beside the protocol",
		graph{"sotto/wasm/wire": {"sotto/wasm/conversation"}},
		"sotto/wasm/wire imports sotto/wasm/conversation"},
	{"the protocol knows no frames",
		graph{"sotto/wasm/epoch": {"sotto/wasm/wire"}},
		"sotto/wasm/epoch imports sotto/wasm/wire"},
	{"few packages see JavaScript",
		graph{"sotto/wasm/client": {"syscall/js"}, "sotto/wasm/webcrypto": {"syscall/js"}},
		"sotto/wasm/client imports syscall/js"},
	{"only web sees Echo",
		graph{"sotto/backend/relay": {"github.com/labstack/echo/v4"}, "sotto/backend/web": {"github.com/labstack/echo/v4"}},
		"sotto/backend/relay imports github.com/labstack/echo/v4"},
	{"on the server only web sees WebSockets and HTTP",
		graph{"sotto/backend/relay": {"github.com/coder/websocket"}, "sotto/backend/web": {"net/http"}},
		"sotto/backend/relay imports github.com/coder/websocket"},
	{"the engine is small",
		graph{"sotto/wasm": {"a"}, "a": {"b"}, "b": {"encoding/json"}},
		"sotto/wasm imports a imports b imports encoding/json"},
	{"nothing of the demo is in the chat",
		graph{"sotto/wasm/calls": {"sotto/wasm/demo/lab"}, "sotto/wasm/demo": {"sotto/wasm/demo/lab"}},
		"sotto/wasm/calls imports sotto/wasm/demo/lab"},
	{"the demo's engine is the chat's packages",
		graph{"sotto/wasm/demo/lab": {"sotto/wasm/conversation", "sotto/wasm/client"}},
		"sotto/wasm/demo/lab imports sotto/wasm/client"},
	{"sotto/wasm/check imports nothing above it",
		graph{"sotto/wasm/check": {"sotto/wasm/cose"}},
		"sotto/wasm/check imports sotto/wasm/cose"},
	{"sotto/wasm/cose imports nothing above it",
		graph{"sotto/wasm/cose": {"sotto/wasm/kem"}},
		"sotto/wasm/cose imports sotto/wasm/kem"},
	{"sotto/wasm/kem imports nothing above it",
		graph{"sotto/wasm/kem": {"sotto/wasm/cose", "sotto/wasm/account"}},
		"sotto/wasm/kem imports sotto/wasm/account"},
	{"sotto/wasm/account imports nothing above it",
		graph{"sotto/wasm/account": {"sotto/wasm/epoch"}},
		"sotto/wasm/account imports sotto/wasm/epoch"},
	{"sotto/wasm/epoch imports nothing above it",
		graph{"sotto/wasm/epoch": {"sotto/wasm/conversation"}},
		"sotto/wasm/epoch imports sotto/wasm/conversation"},
	{"sotto/wasm/conversation imports nothing above it",
		graph{"sotto/wasm/conversation": {"sotto/wasm/client"}},
		"sotto/wasm/conversation imports sotto/wasm/client"},
	{"sotto/wasm/client imports nothing above it",
		graph{"sotto/wasm/client": {"sotto/wasm"}},
		"sotto/wasm/client imports sotto/wasm"},
	{"ui never imports io",
		graph{"js/ui/list.js": {"js/core/a.js"}, "js/core/a.js": {"js/io/worker.js"}},
		"js/ui/list.js imports js/core/a.js imports js/io/worker.js"},
	{"the chat has nothing of the demo",
		graph{"js/ui/sotto-app.js": {"js/demo/demo-app.js"}, "js/demo/main.js": {"js/demo/demo-app.js"}},
		"js/ui/sotto-app.js imports js/demo/demo-app.js"},
	{"core imports nothing outside itself",
		graph{"js/core/a.js": {"js/core/b.js", "vendor/qr/index.js"}},
		"js/core/a.js imports vendor/qr/index.js"},
}

// TestEveryRuleCanFail gives each rule a graph that breaks it, and no rule is
// without one.
func TestEveryRuleCanFail(t *testing.T) {
	all := slices.Concat(goRules, layerRules(), scriptRules)
	for _, r := range all {
		t.Run(r.name, func(t *testing.T) {
			shown := false
			for _, f := range forged {
				if f.rule != r.name {
					continue
				}
				shown = true
				if got := r.violations(f.graph); !slices.Equal(got, []string{f.want}) {
					t.Errorf("found %q, want %q", got, f.want)
				}
			}
			if !shown {
				t.Error("no forged graph breaks this rule")
			}
		})
	}
	for _, f := range forged {
		if !slices.ContainsFunc(all, func(r rule) bool { return r.name == f.rule }) {
			t.Errorf("there is no rule %q", f.rule)
		}
	}
}

// TestGraphsAreRead shows that imports are found where they are.
func TestGraphsAreRead(t *testing.T) {
	g := goGraph(t, nil, "./build/pack")
	if !slices.Contains(g["sotto/build/pack"], "github.com/evanw/esbuild/pkg/api") || !slices.Contains(g["net/url"], "strings") {
		t.Errorf("imports of build/pack: %q", g["sotto/build/pack"])
	}
	dir := t.TempDir()
	for name, content := range map[string]string{
		"js/ui/a.js":      "import '../io/b.js'; export { c } from '../core/c.js'; await import('./d.js'); import 'other';",
		"js/io/b.js":      "",
		"js/a.test.js":    "import './io/b.js';",
		"js/core/text.md": "import x from 'y'",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s := scriptGraph(t, dir)
	slices.Sort(s["js/ui/a.js"])
	if got := strings.Join(s["js/ui/a.js"], " "); got != "js/core/c.js js/io/b.js js/ui/d.js other" || len(s) != 2 {
		t.Errorf("scripts: %v", s)
	}
}
