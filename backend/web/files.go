package web

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"
)

// notPacked is the page of a server that was built without the application.
const notPacked = `This server was built without the application.

Build and start it with

    go tool -modfile=build/tools.mod task start
`

// file serves one of the application's files.
func (s *Server) file(c echo.Context) error {
	path := c.Request().URL.Path
	if len(s.assets) == 0 && path == "/" {
		return c.String(http.StatusServiceUnavailable, notPacked)
	}
	a, ok := s.assets[path]
	if !ok {
		return echo.ErrNotFound
	}
	f := a.choose(c.Request())
	h := c.Response().Header()
	h.Set("Cache-Control", a.cache)
	h.Set("ETag", f.etag)
	if a.policy != "" {
		h.Set("Content-Security-Policy", a.policy)
	}
	if path == "/"+demoName {
		h.Set("Content-Disposition", `attachment; filename="`+demoName+`"`)
	}
	if len(a.forms) > 1 {
		h.Set("Vary", "Accept-Encoding")
	}
	if f.matches(c.Request()) {
		return c.NoContent(http.StatusNotModified)
	}
	if f.encoding != "" {
		h.Set("Content-Encoding", f.encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(f.body)))
	return c.Blob(http.StatusOK, a.mime, f.body)
}

// healthy says that the process answers.
func (s *Server) healthy(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// ready says whether clients should be sent here.
func (s *Server) ready(c echo.Context) error {
	if s.draining.Load() {
		return c.String(http.StatusServiceUnavailable, "closing\n")
	}
	return c.String(http.StatusOK, "ok\n")
}
