package web

import (
	"net/http"
	"strings"
)

// policy is the Content-Security-Policy. wasm-unsafe-eval lets the page compile WebAssembly and nothing else.
var policy = strings.Join([]string{
	"default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self'", "connect-src 'self'",
	"style-src 'self'", "img-src 'self' blob: data:", "media-src blob:", "font-src 'self'", "manifest-src 'self'",
	"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
	"trusted-types sotto",
}, "; ")

// forbidden are the powers of a browser that no page from here needs.
var forbidden = []string{
	"accelerometer", "browsing-topics", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope",
	"hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock",
	"serial", "usb", "xr-spatial-tracking",
}

var securityHeaders = map[string]string{
	"Content-Security-Policy":      policy,
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           strings.Join(forbidden, "=(), ") + "=()",
}

// hsts holds for a year. It is sent where the request came by https alone.
const hsts = "max-age=31536000"

// secured puts the headers on every response of h.
func (s *Server) secured(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range securityHeaders {
			w.Header().Set(name, value)
		}
		if s.scheme(r) == "https" {
			w.Header().Set("Strict-Transport-Security", hsts)
		}
		h.ServeHTTP(w, r)
	})
}
