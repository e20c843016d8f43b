package main

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// The attributes of index.html that name the two bundles, as the file has them.
const (
	scriptAttribute = `src="js/main.js"`
	styleAttribute  = `href="css/main.css"`
)

var (
	assetAttribute = regexp.MustCompile(`(src|href)="assets/([^"]*)"`)
	anyAttribute   = regexp.MustCompile(`\s(?:src|href|srcset)\s*=\s*["']?([^"'\s>]*)`)
	scriptTag      = regexp.MustCompile(`<script\b[^>]*\ssrc=[^>]*>`)
)

// rewritePage gives index.html the addresses of this build, with integrity for
// every script and for the style. Both bundles must be named exactly once, and
// nothing else may be left that points at a source file.
func rewritePage(html []byte, p page, assets map[string]asset) ([]byte, error) {
	for _, r := range []struct {
		attribute, name string
		target          asset
	}{
		{scriptAttribute, "src", p.script},
		{styleAttribute, "href", p.style},
	} {
		if n := bytes.Count(html, []byte(r.attribute)); n != 1 {
			return nil, fmt.Errorf("page: %s stands in index.html %d times, want once", r.attribute, n)
		}
		html = bytes.Replace(html, []byte(r.attribute), withIntegrity(r.name, r.target), 1)
	}
	html = scriptTag.ReplaceAllFunc(html, func(tag []byte) []byte { return fixScript(tag, assets) })
	html = assetAttribute.ReplaceAllFunc(html, func(m []byte) []byte {
		part := assetAttribute.FindSubmatch(m)
		if a, ok := assets[string(part[2])]; ok {
			return fmt.Appendf(nil, `%s="%s"`, part[1], a.url())
		}
		return m // stays, and is found by checkPage
	})
	return html, checkPage(html)
}

// fixScript gives the tag of a script among the assets its address and its integrity.
func fixScript(tag []byte, assets map[string]asset) []byte {
	return assetAttribute.ReplaceAllFunc(tag, func(m []byte) []byte {
		part := assetAttribute.FindSubmatch(m)
		a, ok := assets[string(part[2])]
		if !ok {
			return m
		}
		return withIntegrity(string(part[1]), a)
	})
}

// withIntegrity is an attribute that names a, and the one that fixes its content.
func withIntegrity(attribute string, a asset) []byte {
	return fmt.Appendf(nil, `%s="%s" integrity="%s"`, attribute, a.url(), a.integrity())
}

// checkPage finds what a rewritten page must not have: references that the build
// does not offer, and scripts with no integrity or two.
func checkPage(html []byte) error {
	for _, m := range anyAttribute.FindAllSubmatch(html, -1) {
		to := string(m[1])
		if to != "/" && !strings.HasPrefix(to, "/a/") && !strings.HasPrefix(to, "#") {
			return fmt.Errorf("page: index.html refers to %q, which the build does not offer", to)
		}
	}
	for _, tag := range scriptTag.FindAll(html, -1) {
		if bytes.Count(tag, []byte(" integrity=")) != 1 {
			return fmt.Errorf("page: index.html has a script without exactly one integrity: %s", tag)
		}
	}
	return nil
}
