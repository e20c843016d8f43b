package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime/pprof"

	"sotto/backend/relay"
	"sotto/backend/store/sqlite"
	"sotto/backend/web"
	"sotto/build"
)

// profileLoad begins the profile of this process, if profiles are wanted, and gives what ends it.
func (b *bench) profileLoad() (stop func() error, err error) {
	if b.profile == "" {
		return func() error { return nil }, nil
	}
	return startProfile(b.profile + ".0")
}

func startProfile(name string) (stop func() error, err error) {
	file, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return file.Close()
	}, nil
}

// serveProfiled is a server like the binary's, without rates, that writes its processor profile to a file when ctx
// ends.
func serveProfiled(ctx context.Context, data, profile string, out io.Writer) (err error) {
	store, err := sqlite.Open(ctx, data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	limits := relay.DefaultLimits()
	limits.Address, limits.Account, limits.Device, limits.Commits = relay.Rate{}, relay.Rate{}, relay.Rate{}, relay.Rate{}
	limits.Sessions = maxSessions
	r := relay.New(relay.Options{Store: store, Registration: true, Limits: limits})
	defer r.Close()
	s, err := web.New(web.Options{Relay: r, Assets: build.Dist()})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	stop, err := startProfile(profile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	fmt.Fprintf(out, "Sotto runs at http://%s\n", l.Addr())
	<-ctx.Done()
	r.Close()
	return errors.Join(s.Close(context.WithoutCancel(ctx)), <-served)
}
