package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// firefox is a Firefox that is driven by Marionette, its own protocol: each message is its length, a colon and
// [type, id, command or error, parameters or result] in JSON.
type firefox struct {
	t    testing.TB
	conn net.Conn
	in   *bufio.Reader
	id   int
}

// newFirefox starts a Firefox with an empty profile. Without one on this machine the test is skipped.
func newFirefox(t testing.TB) *firefox {
	t.Helper()
	path, err := exec.LookPath("firefox-esr")
	if err != nil {
		if path, err = exec.LookPath("firefox"); err != nil {
			t.Skip("no Firefox here")
		}
	}
	profile := t.TempDir()
	prefs := "user_pref('marionette.port', 0);\nuser_pref('network.manage-offline-status', false);\nuser_pref('app.update.enabled', false);\n"
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(prefs), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--headless", "--marionette", "--no-remote", "--profile", profile)
	cmd.Env = append(os.Environ(), "HOME="+profile, "MOZ_CRASHREPORTER_DISABLE=1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	var port []byte
	until(t, "Firefox listens", func() bool {
		port, err = os.ReadFile(filepath.Join(profile, "MarionetteActivePort"))
		return err == nil && len(port) > 0
	})
	conn, err := net.Dial("tcp", "127.0.0.1:"+strings.TrimSpace(string(port)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	f := &firefox{t: t, conn: conn, in: bufio.NewReader(conn)}
	f.read() // its greeting
	f.call("WebDriver:NewSession", map[string]any{})
	return f
}

// read gives the next message.
func (f *firefox) read() json.RawMessage {
	f.t.Helper()
	size, err := f.in.ReadString(':')
	var n int
	if err == nil {
		_, err = fmt.Sscanf(size, "%d:", &n)
	}
	message := make([]byte, n)
	if err == nil {
		_, err = io.ReadFull(f.in, message)
	}
	if err != nil {
		f.t.Fatalf("firefox: %v", err)
	}
	return message
}

// call runs a command and gives its result.
func (f *firefox) call(command string, parameters map[string]any) json.RawMessage {
	f.t.Helper()
	f.id++
	data, err := json.Marshal([]any{0, f.id, command, parameters})
	if err == nil {
		_, err = fmt.Fprintf(f.conn, "%d:%s", len(data), data)
	}
	if err != nil {
		f.t.Fatalf("firefox: %s: %v", command, err)
	}
	var answer []json.RawMessage
	if err := json.Unmarshal(f.read(), &answer); err != nil || len(answer) != 4 {
		f.t.Fatalf("firefox: %s: %v, %s", command, err, answer)
	}
	if string(answer[2]) != "null" {
		f.t.Fatalf("firefox: %s: %s", command, answer[2])
	}
	return answer[3]
}

// text gives what a script returns, as a text.
func (f *firefox) text(script string) string {
	f.t.Helper()
	var result struct{ Value any }
	if err := json.Unmarshal(f.call("WebDriver:ExecuteScript", map[string]any{"script": "return String(" + script + ")", "args": []any{}}), &result); err != nil {
		f.t.Fatal(err)
	}
	return fmt.Sprint(result.Value)
}

// TestDemoInFirefox opens the demo from disk: the people get their keys, Bob reads what Alice wrote, a turned bit is
// refused, and a scenario is played.
func TestDemoInFirefox(t *testing.T) {
	t.Parallel()
	f := newFirefox(t)
	f.call("WebDriver:Navigate", map[string]any{"url": "file://" + filepath.ToSlash(demoFile(t))})
	status := `document.querySelector('demo-app .status')?.textContent`
	for before := ""; f.text(`document.querySelector('demo-app')?.dataset.people`) != "all"; {
		now := before
		if !within(func() bool {
			now = f.text(status + ` + document.querySelector('demo-app')?.dataset.people`)
			return now != before
		}) {
			t.Fatalf("still waiting for keys: %s, %s", before, f.text("document.body.innerText"))
		}
		before = now
	}
	if fault := f.text(`document.querySelector('demo-app .fault').textContent`); fault != "" {
		t.Fatal(fault)
	}
	f.text(`(() => {
		const list = document.querySelector('demo-walk select');
		list.value = [...list.options].findLast((o) => o.textContent.endsWith('It is opened')).value;
		list.dispatchEvent(new Event('change'));
	})()`)
	until(t, "Bob reads", func() bool {
		return strings.Contains(f.text(`document.querySelector('.column.bob').innerText`), "Hello Bob, can anyone else read this?")
	})
	f.text(`document.querySelector('.column.server [data-object="m1.event"]').click()`)
	until(t, "the object is open", func() bool { return f.text(`document.querySelectorAll('demo-object .hex span').length`) == "866" })
	f.text(`document.querySelectorAll('demo-object .hex span')[500].click()`)
	until(t, "the byte is chosen", func() bool { return f.text(`document.querySelector('demo-object .hex').ariaValueNow`) == "500" })
	f.text(`document.querySelector('demo-object .bit').click()`)
	causes := `[...document.querySelectorAll('demo-object .verdicts li')].map((li) => li.dataset.cause).join(' ')`
	until(t, "the bit is judged", func() bool { return f.text(causes) != "" })
	if got := f.text(causes); got != "decrypt signature taken" {
		t.Errorf("a turned bit: %s", got)
	}
	f.text(`(document.querySelector('[data-view=plays]').click(), document.querySelector('[data-play=swap]').click())`)
	until(t, "it can be played", func() bool { return f.text(`document.querySelector('demo-plays .stage .button').disabled`) == "false" })
	f.text(`document.querySelector('demo-plays .stage .button').click()`)
	until(t, "it is played", func() bool {
		return f.text(`document.querySelector('[data-testid=played]').textContent`) == "Played through."
	})
	if got := f.text(`document.querySelector('[data-act="swap.compare"]').dataset.result`); got != "noticed" {
		t.Errorf("the swapped key: %s", got)
	}
}
