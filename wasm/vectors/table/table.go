// Package table reads the files of package vectors. It is apart from them because JSON is not to come into what is
// built for the browser with the files alone.
package table

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"sotto/wasm/vectors"
	"sotto/wasm/vectors/vector"
)

// File is one file of vectors.
type File struct {
	Object string            `json:"object"`
	About  string            `json:"about"`
	Common map[string]string `json:"common,omitempty"`
	Cases  []Case            `json:"cases"`
}

// Case is one vector.
type Case = vector.Case

// OK is the outcome of what is accepted.
const OK = vector.OK

// Hex writes a list of bytes the way [Case.List] reads it.
func Hex(list ...[]byte) string { return vector.Hex(list...) }

// Outcomes is the closed list of outcomes with what each says.
var Outcomes = map[string]string{
	OK:               "accepted",
	"malformed":      "not the one right encoding, or a value that cannot be",
	"too-large":      "more bytes or elements than the object may have",
	"key":            "a public key that suite 1 does not allow",
	"type":           "an object of another type",
	"signature":      "the signature does not verify",
	"decrypt":        "ciphertext, nonce, tag and associated data do not belong together",
	"decapsulate":    "a KEM ciphertext that does not open",
	"version":        "an unknown version",
	"number":         "another number than the place asks for",
	"prev":           "does not follow the one before",
	"foreign":        "for another account",
	"inactive":       "a device that is not active in the account",
	"duplicate":      "a device that was in the account before",
	"request":        "the device did not ask to be added here and now",
	"time":           "older than the one before",
	"origin":         "a login for another origin",
	"nonce":          "a login with another nonce",
	"code":           "not a verification code",
	"handle":         "not a handle",
	"suite":          "an unknown suite",
	"conversation":   "not this conversation",
	"creator":        "the creator is not a present device of its roster, or another device signed",
	"not-member":     "the creator was not in the roster before",
	"not-allowed":    "a change that is not allowed",
	"head":           "a chain does not have the named head",
	"devices":        "the roster differs from the account's active devices",
	"newer":          "a body of a kind or version of a newer Sotto",
	"epoch":          "not of the newest epoch",
	"sender":         "the sender is not the one whose slot it uses",
	"replayed":       "a generation that was used before",
	"generation":     "a generation too far ahead",
	"seen":           "names a history older than its epoch or its sender's last event, or one to come",
	"split-view":     "names another history than this one: the server lied to one side",
	"copied-profile": "written by this device's keys and not by this profile",
	"wrap-altered":   "the wrap is not the one its commit names",
	"wrap-unusable":  "the wrap fits its commit and does not open",
	"confirm":        "another secret than the commit confirms",
	"stale-prekey":   "the own device is absent, or its prekey is unknown or expired",
	"link":           "a link does not admit the request, or who was let in did not ask for it",
	"closed":         "a member left: the epoch takes no more messages",
	"lost":           "the reader has no keys of the epoch",
	"rule":           "a commit or message that breaks a rule without a name of its own here",
	"ahead":          "a receipt for what is not here yet",
	"old":            "a receipt that was superseded",
}

var reference = regexp.MustCompile(`@[a-z0-9-]+`)

// Load reads the file of an object, with everything common put in its place.
func Load(object string) (File, error) {
	data, err := vectors.Files.ReadFile(path.Join("data", object+".json"))
	if err != nil {
		return File{}, fmt.Errorf("vectors: %w", err)
	}
	f, err := Parse(data)
	if err != nil {
		return File{}, fmt.Errorf("vectors of %s: %w", object, err)
	}
	for _, c := range f.Cases {
		for _, values := range []map[string]string{c.In, c.Out} {
			for key, value := range values {
				values[key] = reference.ReplaceAllStringFunc(value, f.resolve)
			}
		}
	}
	return f, nil
}

// resolve gives the text that a reference stands for; what stands for nothing is a text with an "@" in it.
func (f File) resolve(name string) string {
	if value, ok := f.Common[name[1:]]; ok {
		return value
	}
	return name
}

// Parse reads a file as it is written.
func Parse(data []byte) (File, error) {
	var f File
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&f)
	return f, err
}

// Objects names every object that has a file.
func Objects() ([]string, error) {
	entries, err := vectors.Files.ReadDir("data")
	if err != nil {
		return nil, fmt.Errorf("vectors: %w", err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".json"))
	}
	slices.Sort(names)
	return names, nil
}
