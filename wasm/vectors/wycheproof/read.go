// Package wycheproof runs outside test vectors through the interfaces that suite 1 uses: those of the Wycheproof
// project and those of the composite KEM's draft.
//
// The vectors are data beside the repository, not part of it: [Read] finds them at ../shared/vectors from the
// module's root, natively and in a browser whose runner lends the tests a file system. Each runner takes a file's
// bytes and the primitives to try, so that the standard library and SubtleCrypto run the same cases:
//
//	data, err := wycheproof.Read(wycheproof.FileAES)
//	report, err := wycheproof.AES(data, cose.Native{})
//
// A case that suite 1 cannot express is counted in [Report.Left] with the reason. A case of parameters that suite 1
// must not accept, such as another key size, counts as run, and must be refused.
package wycheproof

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
)

// The files.
const (
	FileAES         = "wycheproof_aes_gcm_test.json"
	FileHKDF        = "wycheproof_hkdf_sha256_test.json"
	FileHMAC        = "wycheproof_hmac_sha256_test.json"
	FilePSS         = "wycheproof_rsa_pss_3072_sha256_mgf1_32_test.json"
	FilePSSMisc     = "wycheproof_rsa_pss_misc_test.json"
	FileOAEP        = "wycheproof_rsa_oaep_3072_sha256_mgf1sha256_test.json"
	FileKeyGen      = "wycheproof_mlkem_768_keygen_seed_test.json"
	FileEncapsulate = "wycheproof_mlkem_768_encaps_test.json"
	FileDecapsulate = "wycheproof_mlkem_768_test.json"
	FileComposite   = "composite_kem.json"
)

// ErrAbsent says that the vectors are not beside this checkout.
var ErrAbsent = errors.New("outside vectors are absent: no ../shared/vectors beside the repository")

// Read gives a file of outside vectors, or [ErrAbsent].
func Read(name string) ([]byte, error) {
	root := "."
	for range 8 {
		if _, err := os.Stat(path.Join(root, "go.mod")); err == nil {
			data, err := os.ReadFile(path.Join(root, "..", "shared", "vectors", name))
			if errors.Is(err, fs.ErrNotExist) {
				return nil, ErrAbsent
			}
			return data, err
		}
		root = path.Join(root, "..")
	}
	return nil, ErrAbsent
}

// Report says what became of a file's cases.
type Report struct {
	Ran      int
	Left     map[string]int // why cases were left out, and how many
	Failures []string       // one line for each case that went wrong
}

// String sums the report up in one line.
func (r Report) String() string {
	return fmt.Sprintf("%d ran, %d failed, left out: %v", r.Ran, len(r.Failures), r.Left)
}

func (r *Report) left(why string) {
	if r.Left == nil {
		r.Left = map[string]int{}
	}
	r.Left[why]++
}

// judge counts a case: valid must have succeeded, anything else must have failed.
func (r *Report) judge(id int, comment string, valid bool, err error) {
	r.Ran++
	switch {
	case valid && err != nil:
		r.Failures = append(r.Failures, fmt.Sprintf("case %d (%s): valid, but: %v", id, comment, err))
	case !valid && err == nil:
		r.Failures = append(r.Failures, fmt.Sprintf("case %d (%s): invalid, but accepted", id, comment))
	}
}

var errOther = errors.New("gives another result")

// octets is a byte string in hexadecimal.
type octets []byte

// UnmarshalJSON reads a JSON string.
func (o *octets) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	decoded, err := hex.DecodeString(text)
	*o = decoded
	return err
}

// file is a Wycheproof file whose groups are G.
type file[G any] struct {
	TestGroups []G
}

func parse[G any](data []byte) ([]G, error) {
	var f file[G]
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("outside vectors: %w", err)
	}
	return f.TestGroups, nil
}
