package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"regexp"

	"github.com/evanw/esbuild/pkg/api"
)

// between is what stands between the elements of a picture: comments and white space. The pictures have no text.
var between = regexp.MustCompile(`(?s)(?:<!--.*?-->|\s)*(<|\z)`)

// lean takes out of an asset what only its readers need: comments, indentation, long names. Pictures of pixels and pages
// stay as they are.
func lean(name string, data []byte) ([]byte, error) {
	switch path.Ext(name) {
	case ".js":
		r := api.Transform(string(data), api.TransformOptions{
			Target: api.ESNext, MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, Charset: api.CharsetUTF8,
		})
		if err := faults(r.Errors, r.Warnings); err != nil {
			return nil, fmt.Errorf("asset %s: %w", name, err)
		}
		return r.Code, nil
	case ".svg":
		return between.ReplaceAll(data, []byte("$1")), nil
	case ".json", ".webmanifest":
		var b bytes.Buffer
		if err := json.Compact(&b, data); err != nil {
			return nil, fmt.Errorf("asset %s: %w", name, err)
		}
		return b.Bytes(), nil
	}
	return data, nil
}
