package e2e

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// binaryVariable names another binary than the one that `task build` makes.
const binaryVariable = "SOTTO_BINARY"

// server is the real binary at work. It can be killed and started again on the same data and port.
type server struct {
	t       testing.TB
	data    string // folder of its database
	port    int
	flags   []string
	program string // path of another binary than the one under test; empty for that
	cmd     *exec.Cmd
	ended   chan struct{} // closed when the process is gone
	said    *record       // all that it wrote, in all its runs
}

// record keeps what is written to it.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *record) bytes() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bytes.Clone(r.text.Bytes())
}

// newServer starts a server on empty data, with more flags than those every test has.
func newServer(t testing.TB, flags ...string) *server {
	t.Helper()
	s := &server{t: t, data: t.TempDir(), port: freePort(t), flags: flags, said: &record{}}
	s.start()
	t.Cleanup(func() {
		s.kill()
		if t.Failed() {
			t.Logf("the server said:\n%s", s.said.bytes())
		}
	})
	return s
}

// freePort gives a port of this machine that nobody listens on.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// url is the server's address as browsers here know it.
func (s *server) url() string { return "http://localhost:" + strconv.Itoa(s.port) }

// at is the server's address under another name of this machine.
func (s *server) at(host string) string {
	return "http://" + net.JoinHostPort(host, strconv.Itoa(s.port))
}

// start runs the program and waits until it serves.
func (s *server) start() {
	s.t.Helper()
	args := append([]string{"serve", "--data=" + s.data, fmt.Sprintf("--listen=127.0.0.1:%d", s.port),
		"--log-level=debug", "--log-format=json"}, s.flags...)
	program := s.program
	if program == "" {
		program = binary(s.t)
	}
	s.cmd = exec.Command(program, args...)
	s.cmd.Env = withoutSettings(os.Environ())
	s.cmd.Stderr = s.said
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatalf("start the server: %v", err)
	}
	line := make(chan string, 1)
	s.ended = make(chan struct{})
	go func(cmd *exec.Cmd, ended chan struct{}) {
		defer close(ended)
		r := bufio.NewReader(io.TeeReader(out, s.said))
		first, _ := r.ReadString('\n')
		line <- first
		_, _ = io.Copy(io.Discard, r)
		_ = cmd.Wait() // killed, mostly
	}(s.cmd, s.ended)
	if said := <-line; !strings.Contains(said, "http://") {
		<-s.ended
		s.t.Fatalf("the server said %q and ended: %v\n%s", said, s.cmd.ProcessState, s.said.bytes())
	}
}

// kill ends the process as a power cut would.
func (s *server) kill() { s.end(syscall.SIGKILL) }

// stop asks the process to end.
func (s *server) stop() { s.end(syscall.SIGTERM) }

func (s *server) end(sig os.Signal) {
	_ = s.cmd.Process.Signal(sig) // it may be gone already
	<-s.ended
}

// binary is the path of the program under test.
func binary(t testing.TB) string {
	t.Helper()
	path := os.Getenv(binaryVariable)
	if path == "" {
		path = filepath.Join("..", "bin", "sotto")
		if runtime.GOOS == "windows" {
			path += ".exe"
		}
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v: build it with `go tool -modfile=build/tools.mod task build`", err)
	}
	return path
}

// withoutSettings leaves out of an environment what the server would take for its settings.
func withoutSettings(environ []string) []string {
	var left []string
	for _, e := range environ {
		if !strings.HasPrefix(e, "SOTTO_") {
			left = append(left, e)
		}
	}
	return left
}
