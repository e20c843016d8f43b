// Package server runs a server as a process of its own, as people run it, and looks at it from outside.
package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Server is a running process.
type Server struct {
	Origin string // "http://127.0.0.1:41234"

	cmd       *exec.Cmd
	terminate func() error // tells it to stop, once: told twice it would not finish what it does
	ended     chan struct{}
	err       error // how it ended, once ended is closed

	mu     sync.Mutex
	output strings.Builder
}

// patience is how long a server may take to start, and to stop.
const patience = 30 * time.Second

var address = regexp.MustCompile(`https?://[^\s"/]+`)

// Start runs a command in an environment (nil: this process's) and waits until it prints the address that it serves.
// The process is told to stop when ctx ends, and killed when it does not.
func Start(ctx context.Context, environment []string, name string, args ...string) (*Server, error) {
	s := &Server{cmd: exec.CommandContext(ctx, name, args...), ended: make(chan struct{})}
	s.cmd.Env = environment
	s.terminate = sync.OnceValue(func() error { return s.cmd.Process.Signal(syscall.SIGTERM) })
	s.cmd.Cancel = s.terminate
	s.cmd.WaitDelay = patience
	out, in := io.Pipe()
	s.cmd.Stdout, s.cmd.Stderr = in, in
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	found := make(chan string, 1)
	go func() {
		s.err = s.cmd.Wait()
		_ = in.Close()
	}()
	go func() {
		s.read(out, found)
		close(s.ended)
	}()
	select {
	case s.Origin = <-found:
		return s, nil
	case <-s.ended:
		return nil, fmt.Errorf("start the server: it ended: %v\n%s", s.err, s.said())
	case <-time.After(patience):
		return nil, errors.Join(fmt.Errorf("start the server: no address after %s\n%s", patience, s.said()), s.Stop())
	}
}

// maxOutput bounds what is kept of a server's words.
const maxOutput = 16 << 10

// read keeps what the server says until it ends and finds the address in it.
func (s *Server) read(out io.Reader, found chan<- string) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		s.mu.Lock()
		if s.output.Len() < maxOutput {
			s.output.WriteString(lines.Text() + "\n")
		}
		s.mu.Unlock()
		if at := address.FindString(lines.Text()); at != "" {
			select {
			case found <- at:
			default:
			}
		}
	}
	_, _ = io.Copy(io.Discard, out)
}

func (s *Server) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.output.String()
}

// Stop ends the server as an operator does and waits for it. It may be called again.
func (s *Server) Stop() error {
	select {
	case <-s.ended:
		return s.outcome()
	default:
	}
	if err := s.terminate(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop the server: %w", err)
	}
	select {
	case <-s.ended:
		return s.outcome()
	case <-time.After(patience):
		_ = s.cmd.Process.Kill()
		<-s.ended
		return fmt.Errorf("the server did not stop within %s", patience)
	}
}

func (s *Server) outcome() error {
	if s.err != nil {
		return fmt.Errorf("the server ended: %w\n%s", s.err, s.said())
	}
	return nil
}
