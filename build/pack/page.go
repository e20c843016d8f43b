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
)

// rewritePage gives index.html the addresses of this build, with integrity for
// script and style. Both must be named exactly once, and nothing else may be
// left that points at a source file.
func rewritePage(html []byte, p page, assets map[string]string) ([]byte, error) {
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
		to := fmt.Sprintf(`%s="%s" integrity="%s"`, r.name, r.target.url(), r.target.integrity())
		html = bytes.Replace(html, []byte(r.attribute), []byte(to), 1)
	}
	html = assetAttribute.ReplaceAllFunc(html, func(m []byte) []byte {
		part := assetAttribute.FindSubmatch(m)
		if url, ok := assets[string(part[2])]; ok {
			return fmt.Appendf(nil, `%s="%s"`, part[1], url)
		}
		return m // stays, and is found below
	})
	for _, m := range anyAttribute.FindAllSubmatch(html, -1) {
		to := string(m[1])
		if to != "/" && !strings.HasPrefix(to, "/a/") && !strings.HasPrefix(to, "#") {
			return nil, fmt.Errorf("page: index.html refers to %q, which the build does not offer", to)
		}
	}
	return html, nil
}
