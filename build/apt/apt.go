// Package apt installs the few programs outside Go that the tests need, on
// Debian and its kin, for who may: root in a container. To anyone else it names
// the command to run.
package apt

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// Command returns the shell command that installs packages. Recommended ones are
// left out: Chromium's do not install in a container.
func Command(packages ...string) string {
	return "apt-get update && apt-get install -y --no-install-recommends " + strings.Join(packages, " ")
}

// Install installs packages and shows apt's output on log. Without root or
// apt-get it fails with an error that names why each is needed and the command.
func Install(ctx context.Context, log io.Writer, why string, packages ...string) error {
	command := Command(packages...)
	if os.Geteuid() != 0 {
		return fmt.Errorf("%s; on Debian or Ubuntu: sudo sh -c '%s'", why, command)
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("%s, and this system has no apt-get; on Debian or Ubuntu: %s", why, command)
	}
	fmt.Fprintf(log, "%s: %s\n", why, command)
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %s: %w", why, command, err)
	}
	return nil
}
