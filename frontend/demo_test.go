package frontend

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sotto/wasm/conversation"
	"sotto/wasm/demo/dissect"
	"sotto/wasm/demo/lab"
)

// keysOf gives the keys of the objects in a file of the demo's words.
func keysOf(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile("js/demo/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, m := range regexp.MustCompile(`(?m)^  '?([a-z0-9.-]*)'?: [\['{]`).FindAllSubmatch(data, -1) {
		keys = append(keys, string(m[1]))
	}
	return keys
}

// expectSame compares what the engine speaks of with what the page has words for.
func expectSame(t *testing.T, what string, spoken, worded []string) {
	t.Helper()
	if len(spoken) == 0 {
		t.Fatalf("%s: nothing is spoken of", what)
	}
	for _, s := range spoken {
		if !slices.Contains(worded, s) {
			t.Errorf("%s: no words for %q", what, s)
		}
	}
	for _, w := range worded {
		if w != "" && !slices.Contains(spoken, w) {
			t.Errorf("%s: words for %q, of which nobody speaks", what, w)
		}
	}
}

// causes are the refusals that the demo has words for.
func causes(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("js/demo/plays.en.js")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	_, list, _ := strings.Cut(string(data), "export const causes = {")
	for _, m := range regexp.MustCompile(`(?m)^  '([a-z-]+)': '`).FindAllStringSubmatch(list, -1) {
		found = append(found, m[1])
	}
	return found
}

func TestTheDemoHasWordsForEverything(t *testing.T) {
	expectSame(t, "parts", dissect.Labels(), keysOf(t, "parts.en.js"))
	var scenarios []string
	for _, k := range keysOf(t, "plays.en.js") {
		if slices.Contains(lab.Scenarios(), k) {
			scenarios = append(scenarios, k)
		}
	}
	expectSame(t, "scenarios", lab.Scenarios(), scenarios)
	for _, cause := range []conversation.Cause{
		conversation.CauseMalformed, conversation.CauseSignature, conversation.CauseDecrypt, conversation.CauseEpoch, conversation.CauseSender,
		conversation.CauseReplayed, conversation.CauseGeneration, conversation.CauseSeen, conversation.CauseSplit, conversation.CauseCopied,
		conversation.CauseWrapAltered, conversation.CauseWrapUnusable, conversation.CauseConfirm, conversation.CauseOwnSlot,
		conversation.CauseLost, conversation.CauseClosed, conversation.CauseLink, conversation.CauseRule,
	} {
		if !slices.Contains(causes(t), string(cause)) {
			t.Errorf("no words for the cause %s", cause)
		}
	}
	words := strings.Join(keysOf(t, "words.en.js"), "\n")
	for _, what := range lab.Measured {
		if !strings.Contains(words, "figures."+what) {
			t.Errorf("no words for the figure %q", what)
		}
	}
}
