// Package subtle gives the vectors and the outside ones to SubtleCrypto. It has tests alone, which run in a browser.
package subtle
