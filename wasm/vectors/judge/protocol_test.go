//go:build !js

package judge_test

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors"
	"sotto/wasm/vectors/table"
	"sotto/wasm/wire"
)

// specification is PROTOCOL.md.
func specification(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../../PROTOCOL.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestSpecifiedExamples looks for every whole example in the vectors.
func TestSpecifiedExamples(t *testing.T) {
	var all strings.Builder
	objects, err := table.Objects()
	if err != nil {
		t.Fatal(err)
	}
	for _, object := range objects {
		data, err := vectors.Files.ReadFile("data/" + object + ".json")
		if err != nil {
			t.Fatal(err)
		}
		all.Write(data)
	}
	text := specification(t)
	found := 0
	examples := regexp.MustCompile("[`']([0-9a-f]{8,})…?[`']|`([0-9]{5}(?: [0-9]{5}){11})`")
	for _, match := range examples.FindAllStringSubmatch(text, -1) {
		example := match[1] + match[2]
		if example == "8467736f74746f2f3161784001" || example == "3082018a0282018100" { // inside other objects
			continue
		}
		if found++; !strings.Contains(all.String(), example) {
			t.Errorf("no vector has the example %s", example)
		}
	}
	if found < 30 {
		t.Errorf("only %d examples", found)
	}
	for _, object := range objects {
		if !strings.Contains(text, "`"+object+"`") && !strings.Contains(text, "`"+object+" /") {
			t.Errorf("the vectors of %s are not named", object)
		}
	}
	for _, match := range regexp.MustCompile("`([a-z0-9-]+) / ([^`]+)`").FindAllStringSubmatch(text, -1) {
		if match[1] == "OBJECT" {
			continue
		}
		f, err := table.Load(match[1])
		if err != nil {
			t.Errorf("example %s: %v", match[0], err)
			continue
		}
		named := false
		for _, c := range f.Cases {
			named = named || c.Name == match[2]
		}
		if !named {
			t.Errorf("example %s: no such case", match[0])
		}
	}
}

// rows gives the cells of the tables' rows that begin with a number.
func rows(text string) map[uint64][]string {
	found := map[uint64][]string{}
	for line := range strings.SplitSeq(text, "\n") {
		cells := strings.Split(strings.Trim(line, "| "), "|")
		if n, err := strconv.ParseUint(strings.TrimSpace(cells[0]), 10, 64); err == nil && strings.HasPrefix(line, "|") && len(cells) > 1 {
			found[n] = cells
		}
	}
	return found
}

func part(text, from, to string) string {
	_, text, _ = strings.Cut(text, from)
	text, _, _ = strings.Cut(text, to)
	return text
}

func TestSpecifiedCodes(t *testing.T) {
	codes := rows(part(specification(t), "### 10.3", "## 11"))
	for c := wire.CodeMalformed; c <= wire.CodeLinkRefused; c++ {
		if row := codes[uint64(c)]; row == nil || strings.TrimSpace(row[1]) != c.String() {
			t.Errorf("code %d is %q, not %q", c, row, c)
		}
	}
	if len(codes) != int(wire.CodeLinkRefused) {
		t.Errorf("%d codes", len(codes))
	}
}

func TestSpecifiedKinds(t *testing.T) {
	kinds := rows(part(specification(t), "### 10.1", "### 10.2"))
	want := map[wire.Kind]string{
		wire.KindRegister: "Register", wire.KindLogin: "Login", wire.KindLookup: "Lookup", wire.KindChain: "Chain", wire.KindPrekey: "Prekey",
		wire.KindCommit: "Commit", wire.KindMessage: "Message", wire.KindFetch: "Fetch", wire.KindConversations: "Conversations",
		wire.KindReceipt: "Receipt", wire.KindCursor: "Cursor", wire.KindHello: "Hello", wire.KindError: "Error", wire.KindDone: "Done",
		wire.KindAccount: "Account", wire.KindChainPage: "ChainPage", wire.KindHeads: "Heads", wire.KindStored: "Stored", wire.KindPage: "Page",
		wire.KindConversationPage: "ConversationPage", wire.KindEventPush: "EventPush", wire.KindReceiptPush: "ReceiptPush",
		wire.KindAsk: "Ask", wire.KindLeave: "Leave", wire.KindAskPush: "AskPush",
		wire.KindActivity: "Activity", wire.KindActivityPush: "ActivityPush",
	}
	for kind, name := range want {
		if row := kinds[uint64(kind)]; row == nil || !strings.HasPrefix(strings.TrimSpace(row[1]), name) {
			t.Errorf("kind %d is %q, not %q", kind, row, name)
		}
	}
	if len(kinds) != len(want) {
		t.Errorf("%d kinds, want %d", len(kinds), len(want))
	}
}

func TestSpecifiedOutcomes(t *testing.T) {
	text := part(specification(t), "## 11", "## 12")
	named := map[string]bool{}
	for _, match := range regexp.MustCompile(`(?m)^\| ([a-z-]+)( \*)? \|`).FindAllStringSubmatch(text, -1) {
		if match[1] != "name" && match[1] != "---" {
			named[match[1]] = true
		}
		if _, ok := table.Outcomes[match[1]]; !ok && match[1] != "name" && match[1] != "---" {
			t.Errorf("no outcome is called %s", match[1])
		}
	}
	for name := range table.Outcomes {
		if !named[name] {
			t.Errorf("outcome %s is not specified", name)
		}
	}
}

func TestSpecifiedLimits(t *testing.T) {
	text := part(specification(t), "**Limits**", "## 3")
	for name, limit := range map[string]int{
		"commit without wraps": epoch.MaxCommitBytes, "wrap": conversation.MaxWrapBytes, "message": conversation.MaxMessageBytes,
		"body": conversation.MaxBody, "text, in UTF-8": conversation.MaxText, "receipt": conversation.MaxSignalBytes, "activity": conversation.MaxActivityBytes, "frame": wire.MaxFrame,
		"chain link, with what it carries": account.MaxLinkBytes, "signed prekey": account.MaxPrekeyBytes, "login": account.MaxLoginBytes,
		"header": epoch.MaxHeaderBytes, "join or rejoin request": epoch.MaxAskBytes, "leave": epoch.MaxLeaveBytes,
		"state of a group, sealed": epoch.MaxSealedState, "name of a group, in UTF-8": conversation.MaxName,
	} {
		if !strings.Contains(text, "| "+name+" | "+thousands(limit)+" |") {
			t.Errorf("limit of a %s is not %s", name, thousands(limit))
		}
	}
}

func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return thousands(n/1000) + "," + strconv.Itoa(1000 + n%1000)[1:]
}

func TestSpecifiedTypes(t *testing.T) {
	text := specification(t)
	for _, typ := range []cose.Type{
		account.TypeLink, account.TypeRequest, account.TypePrekey, account.TypeLogin, epoch.TypeCommit, epoch.TypeMessage, epoch.TypeSignal,
		conversation.TypeContent, conversation.TypeReceipt, conversation.TypeWrap, epoch.TypeJoin, epoch.TypeRejoin, epoch.TypeLeave,
		conversation.TypeState,
	} {
		short, ok := strings.CutPrefix(string(typ), "application/vnd.sotto.")
		if !ok || !strings.Contains(text, "`"+short+"`") {
			t.Errorf("type %s is not specified", typ)
		}
	}
}
