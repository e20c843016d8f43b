package apt

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestInstall runs Install against an apt-get that writes down how it was
// called: installing for real would change the machine.
func TestInstall(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, as Install does")
	}
	bin := t.TempDir()
	calls := filepath.Join(bin, "calls")
	script := "#!/bin/sh\necho \"$DEBIAN_FRONTEND $@\" >>" + calls + "\n"
	if err := os.WriteFile(filepath.Join(bin, "apt-get"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	var log strings.Builder
	if err := Install(t.Context(), &log, "no bell", "bell", "whistle"); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(calls)
	want := "noninteractive update\nnoninteractive install -y --no-install-recommends bell whistle\n"
	if err != nil || string(got) != want {
		t.Errorf("apt-get was called as %q (%v), want %q", got, err, want)
	}
}

func TestInstallNamesTheCommandWhereItCannot(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := Install(t.Context(), new(strings.Builder), "no bell", "bell")
	if err == nil || !strings.Contains(err.Error(), "no bell") || !strings.Contains(err.Error(), Command("bell")) {
		t.Errorf("error %v, want one with the reason and the command", err)
	}
}
