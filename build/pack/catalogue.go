package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// catalogue puts the words of English into the bundle in the form that js/core/catalogue.js reads: a fifth of what they
// are, compressed, would be the beginnings of their keys.
func catalogue() api.Plugin {
	load := func(args api.OnLoadArgs) (api.OnLoadResult, error) {
		data, err := os.ReadFile(args.Path)
		if err != nil {
			return api.OnLoadResult{}, err
		}
		lines, err := fold(data)
		if err != nil {
			return api.OnLoadResult{}, err
		}
		text, err := json.Marshal(lines)
		if err != nil {
			return api.OnLoadResult{}, err
		}
		script := fmt.Sprintf("import { unfold } from './catalogue.js';\nexport default unfold(%s);", text)
		return api.OnLoadResult{Contents: &script, Loader: api.LoaderJS}, nil
	}
	return api.Plugin{Name: "catalogue", Setup: func(p api.PluginBuild) {
		p.OnLoad(api.OnLoadOptions{Filter: `[/\\]core[/\\]strings\.en\.json$`}, load)
	}}
}

// fold writes a catalogue as lines, sorted: a key, a space, and its text or its plural forms one and other with a tab
// between. Parts of a key that are those of the key before are left out, but for their dots.
func fold(data []byte) (string, error) {
	var texts map[string]any
	if err := json.Unmarshal(data, &texts); err != nil {
		return "", err
	}
	var lines, before []string
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		text, err := textOf(texts[key])
		if err != nil || strings.ContainsAny(key, " \t\n") {
			return "", fmt.Errorf("catalogue: %q: %w", key, cmp.Or(err, errKey))
		}
		parts := strings.Split(key, ".")
		same := 0
		for same < min(len(before), len(parts)-1) && parts[same] == before[same] {
			same++
		}
		lines = append(lines, strings.Repeat(".", same)+strings.Join(parts[same:], ".")+" "+text)
		before = parts
	}
	return strings.Join(lines, "\n"), nil
}

var (
	errKey  = errors.New("a key has no white space")
	errText = errors.New("neither a line of text nor the plural forms of English")
)

// textOf is the value of a key as a line has it.
func textOf(value any) (string, error) {
	forms, ok := value.(map[string]any)
	if !ok {
		forms = map[string]any{"one": value, "other": ""}
	}
	one, isText := forms["one"].(string)
	other, isOther := forms["other"].(string)
	if !isText || !isOther || len(forms) != 2 || strings.ContainsAny(one+other, "\t\n") {
		return "", errText
	}
	if !ok {
		return one, nil
	}
	return one + "\t" + other, nil
}
