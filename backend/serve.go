package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"sotto/backend/config"
	"sotto/backend/relay"
	"sotto/backend/store"
	"sotto/backend/store/sqlite"
	"sotto/backend/web"
	"sotto/build"
)

// requestsEnd is how long requests under way may take when the server stops.
const requestsEnd = 5 * time.Second

type serveCommand struct{ config.Settings }

// Run serves until the process is told to stop.
func (c *serveCommand) Run() error {
	log := newLog(os.Stderr, c.LogFormat, c.LogLevel)
	data, err := sqlite.Open(context.Background(), c.Data)
	if err != nil {
		return err
	}
	r := relay.New(relay.Options{Store: data, Log: log, Registration: c.Open(), Limits: c.Limits()})
	err = c.serve(log, r)
	log.Info("stopping")
	r.Close() // without a web server there are no sessions
	if err = errors.Join(err, closeStore(data)); err == nil {
		log.Info("stopped")
	}
	return err
}

func closeStore(data store.Store) error {
	if err := data.Close(); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}

// serve answers requests until a signal or a failure. Sessions have ended when it returns.
func (c *serveCommand) serve(log *slog.Logger, r *relay.Relay) error {
	server, err := web.New(web.Options{Relay: r, Assets: build.Dist(), Origins: c.Origin, Proxies: c.Proxies(), Log: log})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	stop := stopSignals()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	fmt.Println("Sotto runs at", c.URL(l.Addr()))
	log.Info("serving", "data", c.Data, "registration", c.Registration)
	select {
	case err = <-failed:
	case <-stop:
	}
	server.Drain()
	r.Close()
	ctx, cancel := context.WithTimeout(context.Background(), requestsEnd)
	defer cancel()
	return errors.Join(err, server.Close(ctx))
}

// stopSignals gives a channel that is closed by the first signal to stop. The second ends the process at once.
func stopSignals() <-chan struct{} {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	stop := make(chan struct{})
	go func() {
		<-signals
		close(stop)
		<-signals
		os.Exit(130)
	}()
	return stop
}
