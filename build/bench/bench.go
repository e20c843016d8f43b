package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"sotto/build/bench/raw"
	"sotto/build/bench/server"
	"sotto/build/module"
	"sotto/build/testkeys"
)

// bench is what the measurements share.
type bench struct {
	root    string // of the module
	temp    string // a folder that is removed at the end
	runs    int
	large   int    // messages of the large conversation
	keep    string // folder that keeps it for the next time; empty: it goes at the end
	profile string // empty: the real binary is measured
	servers int    // that were started
	pool    *testkeys.Pool
	people  []*raw.Person // made when first needed
}

func newBench(runs, large int, keep, profile string) (*bench, error) {
	root, err := module.Root()
	if err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp("", "sotto-bench-")
	if err != nil {
		return nil, err
	}
	return &bench{root: root, temp: temp, runs: runs, large: large, keep: keep, profile: profile, pool: testkeys.NewPool()}, nil
}

func (b *bench) close() { _ = os.RemoveAll(b.temp) }

// folder makes an empty folder that lasts as long as b.
func (b *bench) folder() (string, error) { return os.MkdirTemp(b.temp, "") }

// noRates takes the rates off a server: the load comes from one address and is what they are there to stop.
var noRates = []string{
	"SOTTO_LIMIT_ADDRESS=off", "SOTTO_LIMIT_ACCOUNT=off", "SOTTO_LIMIT_DEVICE=off", "SOTTO_LIMIT_COMMITS=off",
}

// serve starts a server on a folder, with settings as an environment.
func (b *bench) serve(ctx context.Context, data string, settings ...string) (*server.Server, error) {
	if b.profile != "" {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		b.servers++
		return server.Start(ctx, nil, self, "-serve", data, "-profile", fmt.Sprintf("%s.%d", b.profile, b.servers))
	}
	binary := filepath.Join(b.root, "build", "bin", "sotto")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	if _, err := os.Stat(binary); err != nil {
		return nil, errors.New("no build/bin/sotto: run `task build` first")
	}
	return server.Start(ctx, slices.Concat(cleanEnvironment(os.Environ()), []string{
		"SOTTO_DATA=" + data, "SOTTO_LISTEN=127.0.0.1:0", "SOTTO_LOG_LEVEL=warn",
	}, settings), binary, "serve")
}

// cleanEnvironment leaves out settings of the server that the caller has.
func cleanEnvironment(environment []string) []string {
	return slices.DeleteFunc(environment, func(v string) bool { return strings.HasPrefix(v, "SOTTO_") })
}

// withServer runs f with a server on an empty folder.
func (b *bench) withServer(ctx context.Context, settings []string, f func(s *server.Server) error) error {
	data, err := b.folder()
	if err != nil {
		return err
	}
	s, err := b.serve(ctx, data, settings...)
	if err != nil {
		return err
	}
	return errors.Join(f(s), s.Stop())
}

// crowd gives n people with keys of their own. No relay knows them; those that were given before are given again.
func (b *bench) crowd(n int) ([]*raw.Person, error) {
	if len(b.people) < n {
		more, err := raw.NewPeople(b.pool, fmt.Sprintf("p%d-", len(b.people)), n-len(b.people))
		if err != nil {
			return nil, fmt.Errorf("make people: %w", err)
		}
		b.people = append(b.people, more...)
	}
	people := make([]*raw.Person, n)
	for i, p := range b.people[:n] {
		people[i] = p.Stranger()
	}
	return people, nil
}
