package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"sotto/backend/relay"
)

// Options are what a server works with.
type Options struct {
	Relay   *relay.Relay
	Assets  fs.FS          // the packed application
	Origins []string       // public origins ([ParseOrigin]); none: this machine alone
	Proxies []netip.Prefix // whose X-Forwarded-For and X-Forwarded-Proto are believed
	Log     *slog.Logger   // faults of the server's own; nil for none
	Write   time.Duration  // how long a client may take to read what is written to it; 0: 10 s
}

// Server is the HTTP server of one relay.
type Server struct {
	relay    *relay.Relay
	assets   map[string]*asset
	origins  []string
	proxies  []netip.Prefix
	log      *slog.Logger
	write    time.Duration
	draining atomic.Bool
	handler  http.Handler
	http     *http.Server
}

// Limits of a request that is not a WebSocket.
const (
	headerTimeout  = 10 * time.Second
	requestTimeout = time.Minute
	idleTimeout    = 2 * time.Minute
	maxHeader      = 16 << 10
)

// New makes a server. It starts with [Server.Serve].
func New(o Options) (*Server, error) {
	assets, err := loadAssets(o.Assets)
	if err != nil {
		return nil, err
	}
	for _, origin := range o.Origins {
		if _, err := ParseOrigin(origin); err != nil {
			return nil, err
		}
	}
	s := &Server{
		relay: o.Relay, assets: assets, origins: slices.Clone(o.Origins), proxies: slices.Clone(o.Proxies),
		log: o.Log, write: o.Write,
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.write == 0 {
		s.write = 10 * time.Second
	}
	s.handler = s.secured(http.NewCrossOriginProtection().Handler(s.routes()))
	s.http = &http.Server{
		Handler: s.handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: requestTimeout, WriteTimeout: requestTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: log.New(io.Discard, "", 0), // it names addresses
	}
	return s, nil
}

// routes is the table of everything that is served.
func (s *Server) routes() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(io.Discard)
	e.IPExtractor = s.extractor()
	e.HTTPErrorHandler = s.failed
	e.Use(s.recovered)
	e.GET("/ws", s.socket)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		e.Add(method, "/healthz", s.healthy)
		e.Add(method, "/readyz", s.ready)
		e.Add(method, "/*", s.file)
	}
	return e
}

// extractor finds the client's address: behind trusted proxies in X-Forwarded-For, else that of the connection.
func (s *Server) extractor() echo.IPExtractor {
	if len(s.proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range s.proxies {
		trust = append(trust, echo.TrustIPRange(&net.IPNet{
			IP: p.Masked().Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen()),
		}))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}

// failed answers a request with the words of its status and nothing of what it asked.
func (s *Server) failed(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status := http.StatusInternalServerError
	var e *echo.HTTPError
	if errors.As(err, &e) {
		status = e.Code
	}
	text := http.StatusText(status)
	if e != nil && e.Internal != nil {
		text = e.Internal.Error() // one of ours
	}
	_ = c.String(status, text+"\n")
}

// recovered keeps a fault in one request from the others.
func (s *Server) recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if fault := recover(); fault != nil {
				s.log.Error("a request failed", "fault", fault, "stack", string(debug.Stack()))
				err = echo.ErrInternalServerError
			}
		}()
		return next(c)
	}
}

// Handler is the server as a handler.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve serves what comes to l until [Server.Close], then returns nil.
func (s *Server) Serve(l net.Listener) error {
	if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// Drain says no to new WebSockets and reports as not ready.
func (s *Server) Drain() { s.draining.Store(true) }

// Close stops serving and waits for requests under way until ctx ends. WebSockets belong to the relay and stay.
func (s *Server) Close(ctx context.Context) error {
	s.Drain()
	if err := s.http.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("close the web server: %w", err), s.http.Close())
	}
	return nil
}
