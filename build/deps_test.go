package build_test

import "testing"

// layers are the packages of the protocol, the lowest first: each may import
// those before it and none after.
var layers = []string{
	"sotto/wasm/check", "sotto/wasm/cose", "sotto/wasm/kem", "sotto/wasm/account", "sotto/wasm/epoch",
	"sotto/wasm/conversation", "sotto/wasm/client", "sotto/wasm",
}

// nativeClients are the packages beside the server that are clients of it.
var nativeClients = []string{"sotto/backend/cli/...", "sotto/backend/dial/..."}

// goRules are who may import whom in Go. Each holds for the native build and for
// js/wasm.
var goRules = []rule{
	{
		name: "the client stands without the server",
		why:  "wasm runs in the browser; what it shares with the server it owns",
		from: []string{"sotto/wasm/..."}, never: []string{"sotto/backend/...", "sotto/build/...", "sotto/frontend/..."},
	},
	{
		name: "the server cannot decrypt",
		why:  "what opens messages is not in the packages that handle them",
		from: []string{"sotto/backend/..."}, except: append([]string{"sotto/backend"}, nativeClients...),
		never: []string{"sotto/wasm/conversation", "sotto/wasm/client"},
	},
	{
		name: "the binary's main decrypts nothing by itself",
		why:  "it is wiring; the chat in the terminal belongs to backend/cli",
		from: []string{"sotto/backend"}, direct: true,
		never: []string{"sotto/wasm/conversation", "sotto/wasm/client"},
	},
	{
		name: "wire is below client and beside the protocol",
		why:  "frames carry objects of the protocol and know nothing of sessions or secrets",
		from: []string{"sotto/wasm/wire"}, never: []string{"sotto/wasm/conversation", "sotto/wasm/client"},
	},
	{
		name: "the protocol knows no frames",
		why:  "its objects must mean the same over any transport",
		from: layers[:6], never: []string{"sotto/wasm/wire"},
	},
	{
		name: "few packages see JavaScript",
		why:  "all else runs natively too, and is tested there",
		from: []string{"sotto/..."},
		except: []string{
			"sotto/wasm", "sotto/wasm/webcrypto", "sotto/wasm/indexeddb", "sotto/wasm/socket", "sotto/wasm/bridge",
			"sotto/wasm/promise", "sotto/wasm/demo", // the demo's main, as wasm is the chat's
		},
		direct: true, never: []string{"syscall/js"},
	},
	{
		name: "only web sees Echo",
		why:  "the relay must be usable, and tested, without HTTP",
		from: []string{"sotto/..."}, except: []string{"sotto/backend/web/..."},
		direct: true, never: []string{"github.com/labstack/..."},
	},
	{
		name: "on the server only web sees WebSockets and HTTP",
		why:  "the relay must be usable, and tested, without HTTP",
		from: []string{"sotto/backend/..."}, except: append([]string{"sotto/backend/web/..."}, nativeClients...),
		direct: true, never: []string{"github.com/coder/websocket", "net/http"},
	},
	{
		name: "the engine is small",
		why:  "each of these adds 0.1 to 0.5 MB to what a browser loads",
		from: []string{"sotto/wasm", "sotto/wasm/demo"}, never: []string{"net/http", "crypto/tls", "encoding/json", "crypto/x509"},
	},
	{
		name: "nothing of the demo is in the chat",
		why:  "it has a weak scheme, and keys that lie open",
		from: []string{"sotto/..."}, except: []string{"sotto/wasm/demo/...", "sotto/build/..."}, never: []string{"sotto/wasm/demo/..."},
	},
	{
		name: "the demo's engine is the chat's packages",
		why:  "it has no session, storage or network of its own",
		from: []string{"sotto/wasm/demo/lab"}, never: []string{"sotto/wasm/client", "sotto/wasm/socket", "sotto/wasm/indexeddb", "regexp"},
	},
}

// layerRules are goRules for the order of layers.
func layerRules() []rule {
	var rules []rule
	for i, p := range layers[:len(layers)-1] {
		rules = append(rules, rule{
			name: p + " imports nothing above it",
			why:  "each layer is understood, tested and reviewed without those above",
			from: []string{p}, never: layers[i+1:],
		})
	}
	return rules
}

// scriptRules are who may import whom in frontend/js. Test files are left out.
var scriptRules = []rule{
	{
		name: "ui never imports io",
		why:  "elements show what they are given and say what was done; main.js connects",
		from: []string{"js/ui/..."}, never: []string{"js/io/..."},
	},
	{
		name: "the chat has nothing of the demo",
		why:  "it is a page of its own",
		from: []string{"js/..."}, except: []string{"js/demo/..."}, never: []string{"js/demo/..."},
	},
	{
		name: "core imports nothing outside itself",
		why:  "it is pure: no page, no network, tested without either",
		from: []string{"js/core/..."}, direct: true, never: []string{"..."}, unless: []string{"js/core/..."},
	},
}

func TestWhoMayImportWhom(t *testing.T) {
	graphs := map[string]graph{
		"native":  goGraph(t, nil, "./..."),
		"js/wasm": goGraph(t, []string{"GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0"}, "./wasm/..."),
	}
	for _, r := range append(goRules, layerRules()...) {
		t.Run(r.name, func(t *testing.T) {
			matched := 0
			for platform, g := range graphs {
				matched += len(r.subjects(g))
				for _, v := range r.violations(g) {
					t.Errorf("%s: %s (%s)", platform, v, r.why)
				}
			}
			if matched == 0 {
				t.Errorf("the rule is about %v, and there is no such package", r.from)
			}
		})
	}
}

func TestWhichScriptMayImportWhich(t *testing.T) {
	g := scriptGraph(t, "../frontend")
	for _, r := range scriptRules {
		t.Run(r.name, func(t *testing.T) {
			if len(r.subjects(g)) == 0 {
				t.Errorf("the rule is about %v, and there is no such file", r.from)
			}
			for _, v := range r.violations(g) {
				t.Errorf("%s (%s)", v, r.why)
			}
		})
	}
}
