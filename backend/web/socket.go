package web

import (
	"errors"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/coder/websocket"
	"github.com/labstack/echo/v4"

	"sotto/backend/relay"
	"sotto/wasm/wire"
)

// refused is an answer with words of ours.
func refused(status int, why string) error {
	return &echo.HTTPError{Code: status, Internal: errors.New(why)}
}

// socket makes a WebSocket of a request and gives it to the relay. The handler returns at once: what net/http keeps
// for a request is free while the session lives.
func (s *Server) socket(c echo.Context) error {
	r := c.Request()
	origin, err := s.origin(r)
	address, _ := netip.ParseAddr(c.RealIP())
	peer := relay.Peer{Origin: origin, Address: address}
	switch {
	case err != nil:
		return refused(http.StatusForbidden, err.Error())
	case s.draining.Load():
		return refused(http.StatusServiceUnavailable, string(wire.ReasonClosing))
	case !s.relay.Admit(peer):
		return refused(http.StatusTooManyRequests, string(wire.ReasonLimited))
	case !speaks(r):
		return refused(http.StatusBadRequest, "want subprotocol "+wire.Subprotocol)
	}
	lean := &hijacker{ResponseWriter: c.Response(), timeout: s.write}
	ws, err := websocket.Accept(lean, r, &websocket.AcceptOptions{
		Subprotocols:       []string{wire.Subprotocol},
		InsecureSkipVerify: true, // the origin was checked above, by stricter rules
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		return nil // it has answered
	}
	conn := &client{ws: ws, line: lean.line}
	go func() {
		s.relay.Serve(conn, peer)
		_ = ws.CloseNow()
	}()
	return nil
}

// speaks says whether the client offers our subprotocol.
func speaks(r *http.Request) bool {
	offered := strings.Split(strings.Join(r.Header.Values("Sec-WebSocket-Protocol"), ","), ",")
	return slices.ContainsFunc(offered, func(p string) bool { return strings.TrimSpace(p) == wire.Subprotocol })
}
