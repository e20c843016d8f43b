package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// dear is by how much the demo may make the chat's engine larger before it is an engine of its own, in percent.
const dear = 3

// together turns the chat's main into one that offers the demo's operations as well: what it would be if the two were
// one engine. Each line must be found.
var together = [][2]string{
	{`"sotto/wasm/client"`, "\"sotto/wasm/client\"\n\t\"sotto/wasm/demo/lab\"\n\t\"time\""},
	{`table = calls.New(open, emit).Table()`, `table = calls.New(open, emit).Table()
	if p, err := webcrypto.New(); err == nil {
		table.Operations = append(table.Operations, lab.New(p, time.Now).Table(lab.Ports{}).Operations...)
	}`},
}

// cost compiles the chat's engine once more with the demo's operations inside, and says in words what they would add,
// compressed. It is an error when the demo is an engine of its own for nothing.
func cost(root string, chat int, c *cache) (string, error) {
	dir, err := os.MkdirTemp("", "sotto-cost-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(root, "wasm", "main.go")
	source, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	for _, r := range together {
		if bytes.Count(source, []byte(r[0])) != 1 {
			return "", fmt.Errorf("what the demo costs: %s stands in wasm/main.go not once", r[0])
		}
		source = bytes.Replace(source, []byte(r[0]), []byte(r[1]), 1)
	}
	changed, overlay := filepath.Join(dir, "main.go"), filepath.Join(dir, "overlay.json")
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{file: changed}})
	if err != nil {
		return "", err
	}
	for name, data := range map[string][]byte{changed: source, overlay: replace} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			return "", err
		}
	}
	both, err := compile(root, "./wasm", append(coldFlags(), "-overlay="+overlay))
	if err != nil {
		return "", err
	}
	br, err := c.brotli(both)
	if err != nil {
		return "", err
	}
	return verdict(chat, len(br))
}

// verdict says which of the two it should be.
func verdict(chat, both int) (string, error) {
	more := 100 * float64(both-chat) / float64(chat)
	var b strings.Builder
	fmt.Fprintf(&b, "the chat's engine: %d bytes brotli; with the demo inside it would be %d, %.1f %% more.\n", chat, both, more)
	if more < dear {
		return "", fmt.Errorf("the demo would cost the chat only %.1f %%: then it belongs into its engine (wasm/demo/main.go says otherwise)", more)
	}
	fmt.Fprintf(&b, "That is not under %d %%, so the demo is an engine of its own from the same packages: it costs the chat 0 bytes.\n", dear)
	return b.String(), nil
}
