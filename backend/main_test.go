package main_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"sotto/backend/dial"
	"sotto/backend/relay/relaytest"
	"sotto/wasm/wire"
)

// connect opens a session with a server.
func connect(t *testing.T, p *process) *relaytest.Client {
	t.Helper()
	conn, err := dial.Transport{Origin: p.origin}.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return relaytest.NewClient(t, conn)
}

// TestStop tells a server with a session to stop: the client hears why, the process ends well, and the database is
// one file again.
func TestStop(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		dir := t.TempDir()
		p := serve(t, dir, true)
		c := connect(t, p)
		c.Register(relaytest.NewPerson(t, "alice"))
		if err := p.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		_, err := c.Conn.Read(context.Background())
		if err == nil || !strings.Contains(err.Error(), string(wire.ReasonClosing)) {
			t.Errorf("%v: the client hears %v", signal, err)
		}
		if <-p.exited; p.err != nil {
			t.Errorf("%v: ended with %v\n%s", signal, p.err, p.log)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "sotto.db-*")); len(left) != 0 {
			t.Errorf("%v: left %q", signal, left)
		}
	}
}

// TestSecondSignal has a client that does not answer the close, so that the server waits, and tells it twice.
func TestSecondSignal(t *testing.T) {
	p := serve(t, t.TempDir(), true)
	connect(t, p) // does not read any more
	for range 2 {
		if err := p.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	}
	<-p.exited
	var exit *exec.ExitError
	if p.err != nil && (!errors.As(p.err, &exit) || exit.ExitCode() != 130) {
		t.Errorf("ended with %v", p.err)
	}
}

// TestMistakes checks that each mistake ends the program with words that name it.
func TestMistakes(t *testing.T) {
	taken := t.TempDir()
	running := serve(t, taken, true)
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "sotto.db"), []byte(strings.Repeat("not a database", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		args []string
		want []string
	}{
		"data folder in use": {[]string{"serve", "--listen=127.0.0.1:0", "--data=" + taken}, []string{taken, "another process"}},
		"damaged database":   {[]string{"serve", "--listen=127.0.0.1:0", "--data=" + full}, []string{full, "damaged"}},
		"port in use":        {[]string{"serve", "--listen=" + strings.TrimPrefix(running.origin, "http://")}, []string{"address already in use"}},
		"unknown flag":       {[]string{"serve", "--port=1"}, []string{"--port"}},
		"bad origin":         {[]string{"serve", "--origin=chat"}, []string{"chat"}},
		"unknown command":    {[]string{"server"}, []string{"server"}},
	}
	for name, c := range cases {
		out, err := command(t, c.args...).CombinedOutput()
		if err == nil {
			t.Errorf("%s: ended well", name)
		}
		for _, want := range c.want {
			if !strings.Contains(string(out), want) {
				t.Errorf("%s: said %q, want %q in it", name, out, want)
			}
		}
	}
	connect(t, running) // is as well as before
}

func TestPrintedSettings(t *testing.T) {
	c := command(t, "config", "--listen=localhost:1")
	c.Env = append(c.Env, "SOTTO_DATA=/somewhere")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	words := strings.Join(strings.Fields(string(out)), " ")
	for _, want := range []string{"listen = localhost:1 # flag", "data = /somewhere # SOTTO_DATA", "registration = open # default"} {
		if !strings.Contains(words, want) {
			t.Errorf("printed %s\nwant %q", out, want)
		}
	}
}

func TestVersion(t *testing.T) {
	out, err := command(t, "version").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "sotto ") {
		t.Errorf("%v: %s", err, out)
	}
}
