package main

import (
	"regexp"
	"strconv"
)

// customProperty is the name of a CSS custom property, where it is set and where it is used.
var customProperty = regexp.MustCompile(`--[a-z][a-z0-9-]*`)

// shortenTokens gives the custom properties of a style sheet short names, in the order in which they stand there. Those
// that a picture uses as well keep theirs.
func shortenTokens(css []byte, assets map[string]asset) []byte {
	short := map[string]string{}
	for _, a := range assets {
		if a.mime == mimeTypes[".svg"] {
			for _, name := range customProperty.FindAllString(string(a.data), -1) {
				short[name] = name
			}
		}
	}
	kept := len(short)
	return customProperty.ReplaceAllFunc(css, func(name []byte) []byte {
		if short[string(name)] == "" {
			short[string(name)] = "--" + strconv.FormatInt(int64(len(short)-kept), 36)
		}
		return []byte(short[string(name)])
	})
}
