package typecheck

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sotto/build/module"
	"sotto/wasm/bridge"
	"sotto/wasm/calls"
	"sotto/wasm/cose"
	"sotto/wasm/demo/lab"
)

// same compares the engine's table, printed from its Go types, with what the frontend believes of it. Texts of a
// closed list are any text in Go, and the façade adds the arguments of boot; all else must be the same, both ways.
const same = `
import type * as engine from './engine';
import type * as page from '%s';

type Widen<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean
  : T extends Uint8Array ? Uint8Array : T extends null | undefined ? T
  : T extends readonly (infer E)[] ? Widen<E>[]
  : T extends object ? (keyof T extends never ? {} : { [K in keyof T]: Widen<T[K]> }) : T;

type Nothing<T> = T extends Record<string, never> ? {} : T;
type Same<A, B> = [Widen<Nothing<A>>] extends [Widen<Nothing<B>>] ? [Widen<Nothing<B>>] extends [Widen<Nothing<A>>] ? true : false : false;

type Arguments = { [K in Exclude<keyof engine.Operations, 'boot'>]: K extends page.Op ? Same<engine.Operations[K]['args'], page.Operations[K]['args']> : false };
type Results = { [K in keyof engine.Operations]: K extends page.Op ? Same<engine.Operations[K]['result'], page.Operations[K]['result']> : false };
type Missing = Exclude<page.Op, keyof engine.Operations>;

type Heard<K> = Omit<Extract<page.EngineEvent, { type: K }>, 'type'>;
type Events = { [K in keyof engine.Events]: Same<engine.Events[K], Heard<K>> };
type Unsaid = Exclude<page.EngineEvent['type'], keyof engine.Events | 'exit' | 'handover'>;

export const args: { [K in keyof Arguments]: true } = null as unknown as Arguments;
export const results: { [K in keyof Results]: true } = null as unknown as Results;
export const events: { [K in keyof Events]: true } = null as unknown as Events;
export const missing: [Missing] extends [never] ? true : Missing = true;
export const unsaid: [Unsaid] extends [never] ? true : Unsaid = true;
`

// sameDemo does so for the demo, whose contract is the table as it is printed.
const sameDemo = `
import type * as engine from './engine';
import type * as page from '%s';

type Same<A, B> = [A] extends [B] ? [B] extends [A] ? true : false : false;
type Arguments = { [K in keyof engine.Operations]: K extends page.Op ? Same<engine.Operations[K]['args'], page.Operations[K]['args']> : false };
type Results = { [K in keyof engine.Operations]: K extends page.Op ? Same<engine.Operations[K]['result'], page.Operations[K]['result']> : false };
type Missing = Exclude<page.Op, keyof engine.Operations>;

export const args: { [K in keyof Arguments]: true } = null as unknown as Arguments;
export const results: { [K in keyof Results]: true } = null as unknown as Results;
export const missing: [Missing] extends [never] ? true : Missing = true;
export const searched: Same<engine.Events['searched'], page.Searched> = true;
`

// compare checks the page's contract against the engine's declarations.
func compare(t *testing.T, declarations string) string {
	t.Helper()
	return compareWith(t, declarations, same, "frontend/js/core/contract")
}

func compareWith(t *testing.T, declarations, same, contract string) string {
	t.Helper()
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	contract = filepath.ToSlash(filepath.Join(root, contract))
	files := map[string]string{
		"engine.d.ts":   declarations,
		"same.ts":       strings.ReplaceAll(same, "%s", contract),
		"tsconfig.json": `{"compilerOptions": {"strict": true, "noEmit": true, "target": "esnext", "module": "esnext", "moduleResolution": "bundler", "lib": ["esnext", "dom"], "types": []}, "files": ["same.ts"]}`,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return check(t, dir)
}

// TestDemoContract holds the demo's page to the operations and events of its engine.
func TestDemoContract(t *testing.T) {
	declarations := bridge.Declarations(lab.New(cose.Native{}, time.Now).Table(lab.Ports{}))
	if found := compareWith(t, declarations, sameDemo, "frontend/js/demo/contract"); found != "" {
		t.Error(found)
	}
	for name, change := range map[string][2]string{
		"another type":      {"tried: boolean", "tried: number"},
		"a field more":      {"tried: boolean", "tried: boolean; more: boolean"},
		"another operation": {"flip:", "turn:"},
		"another event":     {"fates: string", "fates: number"},
	} {
		changed := strings.ReplaceAll(declarations, change[0], change[1])
		if changed == declarations || compareWith(t, changed, sameDemo, "frontend/js/demo/contract") == "" {
			t.Errorf("%s is not noticed", name)
		}
	}
}

// TestContract holds the frontend to the operations and events of the engine.
func TestContract(t *testing.T) {
	declarations := bridge.Declarations(calls.New(nil, nil).Table())
	if found := compare(t, declarations); found != "" {
		t.Error(found)
	}
	for name, change := range map[string][2]string{
		"another type":         {"unread: number", "unread: string"},
		"a field more":         {"unread: number", "unread: number; muted: boolean"},
		"a field less":         {"unread: number;", ""},
		"another argument":     {"position: number }; result", "position: string }; result"},
		"another operation":    {"draft:", "sketch:"},
		"another event":        {"removed:", "gone:"},
		"null where it is not": {"text?: string", "text?: string | null"},
	} {
		changed := strings.ReplaceAll(declarations, change[0], change[1])
		if changed == declarations {
			t.Logf("%s: nothing to change in %q", name, change[0])
			continue
		}
		if compare(t, changed) == "" {
			t.Errorf("%s is not noticed", name)
		}
	}
}
