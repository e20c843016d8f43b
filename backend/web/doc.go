// Package web is the one package that sees HTTP: it serves the application's files from memory, says whether the
// server is well, and turns WebSockets into connections of the relay.
//
//	GET /             the page; every route of the application is after the #
//	GET /a/...        its files under the hash of their content, kept by browsers for ever
//	GET /ws           the relay's frames, subprotocol sotto.v1
//	GET /sw.js        the service worker, which keeps these files for times without a network
//	GET /manifest.json, /healthz, /readyz
//
// Every response carries the headers that limit what a page from here can do: it can load and run only what this
// server serves, and nothing else can frame, read or embed it.
package web
