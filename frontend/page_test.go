package frontend

import (
	"crypto/sha256"
	"encoding/base64"
	"os"
	"regexp"
	"testing"
)

// A script among the assets is named with its integrity by hand, as the bundler
// gives one only to what it bundles.
var assetScript = regexp.MustCompile(`<script src="(assets/[^"]+)" integrity="sha256-([^"]+)">`)

func TestScriptsOfThePageCarryTheirIntegrity(t *testing.T) {
	html, err := os.ReadFile("index.html")
	if err != nil {
		t.Fatal(err)
	}
	scripts := regexp.MustCompile(`<script[^>]*src=`).FindAll(html, -1)
	found := assetScript.FindAllSubmatch(html, -1)
	if len(found) == 0 || len(found) != len(scripts)-1 { // all but the bundle
		t.Fatalf("index.html has %d scripts, %d of them assets with integrity", len(scripts), len(found))
	}
	for _, m := range found {
		data, err := os.ReadFile(string(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		if want := base64.StdEncoding.EncodeToString(sum[:]); string(m[2]) != want {
			t.Errorf("index.html: integrity of %s is sha256-%s, want sha256-%s", m[1], m[2], want)
		}
	}
}
