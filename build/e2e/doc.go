// Package e2e holds the end-to-end tests: the real binary as a process of its own, real Chromium, and people in
// separate browser profiles who do with keyboard and pointer what people do. `task test:e2e` builds and runs them;
// `task shots` runs only the test that writes pictures of every screen into screenshots/.
//
// Three kinds of others stand around a person in a browser. A friend is a real engine without a browser, for what
// comes from the other side. A gate is a plain TCP proxy that can be shut: someone's network. A liar is the relay of
// build/hostile in front of the server.
//
// A test waits for conditions and never for time. Every tab is watched, its worker too: an error in the console, an
// exception or a request to anything but the page's own origin fails the test, whatever the test is about.
package e2e
