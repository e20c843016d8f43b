package wycheproof_test

import (
	"errors"
	"regexp"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/wycheproof"
)

func TestNative(t *testing.T) { run(t, cose.Native{}, wycheproof.Itself) }

// run gives every file to the primitives.
func run(t *testing.T, p cose.Primitives, open wycheproof.Opener) {
	holder, err := open(keys.Alice.Decrypter())
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		file string
		ran  int // so many of the file's cases say something about suite 1
		run  func(data []byte) (wycheproof.Report, error)
	}{
		{wycheproof.FileAES, 66, func(d []byte) (wycheproof.Report, error) { return wycheproof.AES(d, p) }},
		{wycheproof.FileHMAC, 84, wycheproof.HMAC},
		{wycheproof.FileHKDF, 31, wycheproof.HKDF},
		{wycheproof.FilePSS, 108, func(d []byte) (wycheproof.Report, error) { return wycheproof.PSS(d, p) }},
		{wycheproof.FilePSSMisc, 150, func(d []byte) (wycheproof.Report, error) { return wycheproof.PSS(d, p) }},
		{wycheproof.FileOAEP, 38, func(d []byte) (wycheproof.Report, error) { return wycheproof.OAEP(d, p, open) }},
		{wycheproof.FileKeyGen, 100, func(d []byte) (wycheproof.Report, error) { return wycheproof.KeyGen(d, holder) }},
		{wycheproof.FileEncapsulate, 265, func(d []byte) (wycheproof.Report, error) { return wycheproof.Encapsulate(d, holder) }},
		{wycheproof.FileDecapsulate, 193, func(d []byte) (wycheproof.Report, error) { return wycheproof.Decapsulate(d, p, holder) }},
		{wycheproof.FileComposite, 5, func(d []byte) (wycheproof.Report, error) { return wycheproof.Composite(d, p, open) }},
	}
	for _, c := range cases {
		t.Run(c.file, func(t *testing.T) {
			data, err := wycheproof.Read(c.file)
			if errors.Is(err, wycheproof.ErrAbsent) {
				t.Log(err, "- only the project's own vectors ran")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			report, err := c.run(data)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(report)
			for _, f := range report.Failures {
				t.Error(f)
			}
			if report.Ran != c.ran {
				t.Errorf("%d cases ran, want %d", report.Ran, c.ran)
			}
		})
	}
}

// TestNotices gives the runners vectors that are wrong: a runner that sees nothing would prove nothing.
func TestNotices(t *testing.T) {
	data, err := wycheproof.Read(wycheproof.FileAES)
	if errors.Is(err, wycheproof.ErrAbsent) {
		t.Log(err, "- nothing to damage")
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	damaged := regexp.MustCompile(`"result" *: *"invalid"`).ReplaceAll(data, []byte(`"result":"valid"`))
	if report, err := wycheproof.AES(damaged, cose.Native{}); err != nil || len(report.Failures) == 0 {
		t.Errorf("all called valid: %v, %v", report, err)
	}
	damaged = regexp.MustCompile(`"result" *: *"valid"`).ReplaceAll(data, []byte(`"result":"invalid"`))
	if report, err := wycheproof.AES(damaged, cose.Native{}); err != nil || len(report.Failures) == 0 {
		t.Errorf("all called invalid: %v, %v", report, err)
	}
	if _, err := wycheproof.AES([]byte("{"), cose.Native{}); err == nil {
		t.Error("half a file was read")
	}
}
