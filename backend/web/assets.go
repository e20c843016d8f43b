package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// Names in a packed application.
const (
	manifestName = "manifest.json"
	pageName     = "index.html"
	demoName     = "sotto-demo.html"
)

// demoPath is where the offline demo is shown. Under its file's name it is a download.
const demoPath = "/demo"

// Cache-Control of what stands under the hash of its content, and of everything else.
const (
	cacheForEver = "public, max-age=31536000, immutable"
	cacheNever   = "no-cache"
)

// manifest lists a packed application.
type manifest struct {
	Build  string  `json:"build"`
	Assets []entry `json:"assets"`
}

// entry is one file of it. The compressed forms lie beside it.
type entry struct {
	Path   string `json:"path"`
	Type   string `json:"type"`
	Size   int    `json:"size"`
	Brotli int    `json:"br"`
	Gzip   int    `json:"gz"`
	SHA256 string `json:"sha256"`
	Policy string `json:"policy"` // of a page that has one of its own
}

// form is one encoding of an asset.
type form struct {
	encoding string // Content-Encoding, empty for none
	body     []byte
	etag     string
}

// asset is a file in memory.
type asset struct {
	mime   string
	cache  string
	policy string // its own Content-Security-Policy; "": everyone's
	forms  []form // the best first, the last without encoding
}

// loadAssets reads a packed application into memory, by path. It checks every file against the manifest. An
// application that was not packed gives no assets.
func loadAssets(files fs.FS) (map[string]*asset, error) {
	data, err := fs.ReadFile(files, manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("assets: %s: %w", manifestName, err)
	}
	assets := map[string]*asset{
		"/" + manifestName: {mime: "application/json", cache: cacheNever, forms: []form{plain(data)}},
	}
	for _, e := range m.Assets {
		a, err := loadAsset(files, e)
		if err != nil {
			return nil, fmt.Errorf("assets: %s: %w", e.Path, err)
		}
		assets[urlPath(e.Path)] = a
	}
	if demo := assets["/"+demoName]; demo != nil {
		assets[demoPath] = demo // the same page, to be looked at; under its own name it is saved
	}
	if assets["/"] == nil {
		return nil, fmt.Errorf("assets: no %s", pageName)
	}
	return assets, nil
}

// urlPath is where a file is served. The page is at / alone.
func urlPath(path string) string {
	if path == pageName {
		return "/"
	}
	return "/" + path
}

func plain(data []byte) form {
	sum := sha256.Sum256(data)
	return form{body: data, etag: etag(hex.EncodeToString(sum[:]), "")}
}

func etag(hash, encoding string) string {
	if encoding != "" {
		encoding = "-" + encoding
	}
	return `"` + hash[:32] + encoding + `"`
}

func loadAsset(files fs.FS, e entry) (*asset, error) {
	data, err := fs.ReadFile(files, e.Path)
	if err != nil {
		return nil, err
	}
	whole := plain(data)
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != e.SHA256 {
		return nil, errors.New("is not what the manifest says")
	}
	a := &asset{mime: e.Type, cache: cacheNever, policy: e.Policy}
	if strings.HasPrefix(e.Path, "a/") {
		a.cache = cacheForEver
	}
	for _, c := range []struct {
		encoding, suffix string
		size             int
	}{{"br", ".br", e.Brotli}, {"gzip", ".gz", e.Gzip}} {
		if c.size == 0 || c.size >= e.Size {
			continue
		}
		body, err := fs.ReadFile(files, e.Path+c.suffix)
		if err != nil {
			return nil, err
		}
		a.forms = append(a.forms, form{encoding: c.encoding, body: body, etag: etag(e.SHA256, c.encoding)})
	}
	a.forms = append(a.forms, whole)
	return a, nil
}
