//go:build js && wasm

package bridge

import (
	"context"
	"strings"
	"syscall/js"
	"testing"

	"sotto/wasm/promise"
)

// host is JavaScript's side: it keeps call and the events.
const hostSource = `
const events = [];
return {
	events,
	ready(call) { if (this.call) throw new Error("ready twice"); this.call = call },
	event(e) { if (e.part && e.part.name === "throw") throw new Error("no"); events.push(e) },
	// tries runs source, a function body that gives the arguments of a call, and says how the call ended.
	async try(op, source) {
		let args;
		try { args = new Function(source)() } catch (err) { return "source: " + err }
		let promise;
		try { promise = this.call(op, ...args) } catch (err) { return "thrown: " + err }
		if (!(promise instanceof Promise)) return "no promise";
		try { return "ok " + show(await promise) } catch (err) {
			return Object.keys(err).sort().join() === "code,message" ? err.code + ": " + err.message : "other error " + err;
		}
	},
};
function show(v) { return JSON.stringify(v, (_, x) => x instanceof Uint8Array ? "bytes " + x.join(" ") : x) }
`

// served runs the test table and gives a function that tries a call from JavaScript.
func served(t *testing.T) (host js.Value, try func(op, source string) string) {
	t.Helper()
	host = js.Global().Get("Function").New(hostSource).Invoke()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- Serve(ctx, testTable(), host) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	try = func(op, source string) string {
		t.Helper()
		result, err := promise.Await(ctx, host.Call("try", op, source))
		if err != nil {
			t.Fatalf("%s: %v", op, err)
		}
		return result.String()
	}
	for host.Get("call").IsUndefined() {
		if _, err := promise.Await(ctx, js.Global().Get("Promise").Call("resolve")); err != nil {
			t.Fatal(err)
		}
	}
	return host, try
}

// whole is a right argument of echo.
const whole = `text: "t", flag: true, signed: -5, small: 127, unsigned: 9007199254740991, bytes: new Uint8Array([1, 2]),
	parts: [{name: "p"}, {name: ""}], part: null, detail: {k: "v"}, inner: {names: ["ä", "\u{1F600}"]},`

func TestCalls(t *testing.T) {
	_, try := served(t)
	cases := []struct{ name, op, source, want string }{
		{"nothing", "nothing", `return [{}]`, `ok {}`},
		{"everything", "echo", `return [{` + whole + `}]`, `ok {"text":"t","flag":true,"signed":-5,"small":127,"unsigned":9007199254740991,` +
			`"bytes":"bytes 1 2","parts":[{"name":"p"},{"name":""}],"part":null,"detail":{"k":"v"},"inner":{"names":["ä","😀"]}}`},
		{"optional and pointer", "echo", `return [{` + whole + ` optional: "o", part: {name: "q"}}]`, `ok {"text":"t","flag":true,"signed":-5,"small":127,` +
			`"unsigned":9007199254740991,"bytes":"bytes 1 2","parts":[{"name":"p"},{"name":""}],"part":{"name":"q"},"optional":"o","detail":{"k":"v"},"inner":{"names":["ä","😀"]}}`},
		{"optional list", "echo", `return [{` + whole + ` listed: [{name: "l"}]}]`, `ok {"text":"t","flag":true,"signed":-5,"small":127,` +
			`"unsigned":9007199254740991,"bytes":"bytes 1 2","parts":[{"name":"p"},{"name":""}],"part":null,"listed":[{"name":"l"}],"detail":{"k":"v"},"inner":{"names":["ä","😀"]}}`},
		{"array result", "history", `return [{before: 7, limit: 2}]`, `ok [{"name":""},{"name":""}]`},
		{"empty bytes", "bytes", `return [{data: new Uint8Array()}]`, `ok {"name":"0"}`},
		{"large bytes", "bytes", `return [{data: new Uint8Array(4 << 20)}]`, `ok {"name":"4194304"}`},
		{"a part of an array", "bytes", `return [{data: new Uint8Array(100).subarray(10, 13)}]`, `ok {"name":"3"}`},
		{"bytes of a strange kind", "bytes", `const a = new Uint8Array(4); Object.setPrototypeOf(a, new Proxy({}, {getPrototypeOf() { throw 1 }, get() { throw 1 }})); return [{data: a}]`, `ok {"name":"4"}`},
		{"an object without a prototype", "nothing", `return [{__proto__: null}]`, `ok {}`},
		{"more arguments", "nothing", `return [{}, 1, 2]`, `ok {}`},
		{"coded error", "fail", `return [{}]`, `some-code: wrapped: coded failure`},
		{"bare error", "fail-bare", `return [{}]`, `internal: bare failure`},
		{"unsafe number", "huge", `return [{}]`, `internal: a number beyond 2^53-1 for JavaScript`},
	}
	for _, c := range cases {
		if got := try(c.op, c.source); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestPanicsEndTheCallOnly(t *testing.T) {
	_, try := served(t)
	if got := try("panic", `return [{word: "hush"}]`); !strings.HasPrefix(got, "internal: panic: string at ") || strings.Contains(got, "hush") {
		t.Errorf("panic: %s", got)
	}
	if got := try("index", `return [{before: null, limit: 5}]`); !strings.HasPrefix(got, "internal: panic: runtime.boundsError at ") {
		t.Errorf("index: %s", got)
	}
	if got := try("nothing", `return [{}]`); got != "ok {}" {
		t.Errorf("afterwards: %s", got)
	}
}

func TestUnknownOperations(t *testing.T) {
	host, try := served(t)
	for _, op := range []string{"", "none", "Echo", "constructor", strings.Repeat("x", 1<<20)} {
		if got := try(op, `return [{}]`); got != "unknown-op: no such operation" {
			t.Errorf("%.20q: %s", op, got)
		}
	}
	host.Set("plain", js.Global().Get("Function").New(`
		return Promise.all([[], [undefined], [null], [5], [{}], [Symbol()], [10n], [() => 1], [new Proxy({}, {get() { throw 1 }})]]
			.map(args => this.call(...args).then(() => "ok", err => err.code))).then(codes => codes.join())`))
	codes, err := promise.Await(t.Context(), host.Call("plain"))
	if err != nil || codes.String() != strings.Repeat("unknown-op,", 8)+"unknown-op" {
		t.Errorf("operations that are no strings: %v, %v", codes, err)
	}
}

// hostile are expressions of values that no field may take, nor may they do any harm.
var hostile = []string{
	`undefined`, `Symbol()`, `10n`, `() => 1`, `class {}`, `NaN`, `Infinity`, `-Infinity`, `1.5`, `2 ** 53`, `-(2 ** 53)`, `1e300`,
	`new Date()`, `new Map([[1, 2]])`, `new Error("no")`, `new String("s")`, `new Number(1)`, `new Boolean(true)`, `Object(1n)`, `/x/`,
	`new ArrayBuffer(8)`, `new DataView(new ArrayBuffer(8))`, `new Uint16Array(4)`, `new Uint8ClampedArray(4)`, `new Int8Array(4)`,
	`new Proxy(new Uint8Array(4), {})`, `Object.create(Uint8Array.prototype)`, `new Float64Array([NaN])`,
	`(() => { const a = new Uint8Array(4); structuredClone(a.buffer, {transfer: [a.buffer]}); return a })()`,
	`{get text() { throw 1 }, get name() { throw 1 }, get data() { throw 1 }, get length() { throw 1 }, get limit() { throw new Error() }}`,
	`new Proxy({}, {get() { throw 1 }, ownKeys() { throw 1 }, getPrototypeOf() { throw 1 }, has() { throw 1 }})`,
	`new Proxy([], {get() { throw 1 }})`, `new Proxy(function () {}, {apply() { throw 1 }, get() { throw 1 }})`,
	`(() => { const r = Proxy.revocable({}, {}); r.revoke(); return r.proxy })()`,
	`(() => { const r = Proxy.revocable([], {}); r.revoke(); return r.proxy })()`,
	`(() => { const o = {}; o.o = o; o.text = o; o.parts = [o]; return o })()`, `(() => { const a = []; a.push(a); return a })()`,
	`new Proxy({}, {ownKeys() { return Array.from({length: 10000}, (_, i) => "k" + i) }, getOwnPropertyDescriptor() { return {value: 1, enumerable: true, configurable: true} }})`,
	`new Array(2 ** 32 - 1)`, `Object.assign([], {length: 10})`, `"x".repeat(1 << 24)`, `new Uint8Array(9 << 20)`,
	`new Proxy([], {get(_, k) { return k === "length" ? 1e9 : {} }})`, `globalThis`, `document`, `Promise.reject(1).catch(() => {}) && {then() { throw 1 }}`,
	`{__proto__: {text: "inherited"}}`, `{[Symbol()]: 1}`,
}

// Every operation gets every hostile value as its arguments and in each of its fields, and the next call still works.
func TestHostileArguments(t *testing.T) {
	_, try := served(t)
	fields := map[string][]string{
		"echo":    {"text", "flag", "signed", "small", "unsigned", "bytes", "parts", "part", "detail", "inner", "extra"},
		"history": {"before", "limit", "extra"}, "bytes": {"data", "extra"}, "panic": {"word"}, "nothing": {"extra"},
	}
	rights := map[string]string{"echo": whole, "history": `before: null, limit: 1,`, "bytes": `data: new Uint8Array(1),`, "panic": `word: "w",`, "nothing": ``}
	for op, names := range fields {
		for _, value := range hostile {
			expectBadArgs(t, op+" of "+value, try(op, `return [`+value+`]`))
			for _, name := range names {
				expectBadArgs(t, op+" with "+name+" "+value, try(op, `return [{`+rights[op]+` `+name+`: `+value+`}]`))
			}
		}
		expectBadArgs(t, op+" without arguments", try(op, `return []`))
		expectBadArgs(t, op+" of null", try(op, `return [null]`))
	}
	if got := try("bytes", `return [{data: new Uint8Array(3)}]`); got != `ok {"name":"3"}` {
		t.Errorf("afterwards: %s", got)
	}
}

func expectBadArgs(t *testing.T, what, got string) {
	t.Helper()
	if !strings.HasPrefix(got, "bad-args: args") {
		t.Errorf("%.200s: %.200s", what, got)
	}
}

func TestMissingAndNull(t *testing.T) {
	_, try := served(t)
	for _, name := range []string{"text", "flag", "signed", "small", "unsigned", "bytes", "parts", "part", "detail", "inner"} {
		expectBadArgs(t, name+" missing", try("echo", `const args = {`+whole+`}; delete args.`+name+`; return [args]`))
		if name != "part" {
			expectBadArgs(t, name+" null", try("echo", `return [{`+whole+` `+name+`: null}]`))
		}
	}
	expectBadArgs(t, "optional null", try("echo", `return [{`+whole+` optional: null}]`))
	expectBadArgs(t, "optional list null", try("echo", `return [{`+whole+` listed: null}]`))
	for _, number := range []string{`small: 128`, `small: -129`, `unsigned: -1`, `signed: "1"`, `signed: 1.5`} {
		expectBadArgs(t, number, try("echo", `return [{`+whole+` `+number+`}]`))
	}
}

// Strings and bytes together are bounded, however they are divided.
func TestArgumentsAreBounded(t *testing.T) {
	_, try := served(t)
	for _, source := range []string{
		`return [{` + whole + ` parts: Array.from({length: 9}, () => ({name: "x".repeat(1 << 20)}))}]`,
		`return [{` + whole + ` parts: Array.from({length: 20000}, () => ({name: ""}))}]`,
		`return [{` + whole + ` detail: Object.fromEntries(Array.from({length: 20000}, (_, i) => ["k" + i, ""]))}]`,
		`return [{` + whole + ` text: "x".repeat(5 << 20), bytes: new Uint8Array(4 << 20)}]`,
	} {
		expectBadArgs(t, source, try("echo", source))
	}
}

func TestEmit(t *testing.T) {
	host, try := served(t)
	table := testTable()
	if err := Emit(table, host, Changed{Part: Part{Name: "n"}}); err != nil {
		t.Fatal(err)
	}
	if err := Emit(table, host, nothing{}); err != nil {
		t.Fatal(err)
	}
	if got := js.Global().Get("JSON").Call("stringify", host.Get("events")).String(); got != `[{"part":{"name":"n"},"type":"changed"},{"type":"nothing"}]` {
		t.Errorf("events %s", got)
	}
	if err := Emit(table, host, Changed{Part: Part{Name: "throw"}}); err == nil {
		t.Error("the host threw and nothing was said")
	}
	if err := Emit(table, host, Part{}); err == nil {
		t.Error("emitted what is not in the table")
	}
	if err := Emit(table, host, Thing{Unsigned: 1 << 53}); err == nil {
		t.Error("emitted a number that JavaScript cannot hold")
	}
	if got := try("nothing", `return [{}]`); got != "ok {}" {
		t.Errorf("afterwards: %s", got)
	}
}

func TestServeNeedsAHost(t *testing.T) {
	refuses := js.Global().Get("Function").New(`return {ready() { throw new Error("no") }}`).Invoke()
	if err := Serve(t.Context(), testTable(), refuses); err == nil {
		t.Error("served a host that refuses")
	}
}
