package wycheproof_test

import (
	"errors"
	"regexp"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/wycheproof"
)

func TestNative(t *testing.T) {
	for _, run := range wycheproof.All(cose.Native{}, keys.Alice.Decrypter(), wycheproof.Itself) {
		t.Run(run.File, func(t *testing.T) {
			report, err := run.Do()
			if errors.Is(err, wycheproof.ErrAbsent) {
				t.Log(err, "- only the project's own vectors ran")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Log(report)
			for _, f := range report.Failures {
				t.Error(f)
			}
			if report.Ran != run.Ran {
				t.Errorf("%d cases ran, want %d", report.Ran, run.Ran)
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
