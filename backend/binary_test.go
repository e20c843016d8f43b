package main_test

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// binary builds the program once and gives its path.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "sotto-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "sotto")
	out, err := exec.Command("go", "build", "-o", path, "sotto/backend").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// process is a running server.
type process struct {
	*exec.Cmd
	origin string        // where it said it runs
	log    *bytes.Buffer // what it wrote to stderr; read it after exited is closed
	exited chan struct{}
	err    error // how it ended, after exited is closed
}

// command prepares the program; its environment holds no settings.
func command(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, args...)
	c.Dir = t.TempDir()
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "SOTTO_") {
			c.Env = append(c.Env, e)
		}
	}
	return c
}

// serve starts a server on a free port and waits for its address when wait is set.
func serve(t testing.TB, dir string, wait bool, args ...string) *process {
	t.Helper()
	args = append([]string{"serve", "--listen=127.0.0.1:0", "--data=" + dir, "--log-format=json"}, args...)
	p := &process{Cmd: command(t, args...), log: &bytes.Buffer{}, exited: make(chan struct{})}
	p.Stderr = p.log
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	said := make(chan string, 1)
	go func() {
		defer close(p.exited)
		line, _ := bufio.NewReader(out).ReadString('\n')
		said <- line
		p.err = p.Wait()
	}()
	if wait {
		line := <-said
		at := strings.Index(line, "http://")
		if at < 0 {
			<-p.exited
			t.Fatalf("the server said %q and ended with %v\n%s", line, p.err, p.log)
		}
		p.origin = strings.TrimSpace(line[at:])
	}
	return p
}

// kill ends the process as a power cut would.
func (p *process) kill() {
	_ = p.Process.Kill()
	<-p.exited
}
