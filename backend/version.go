package main

import (
	"fmt"
	"runtime/debug"
)

type versionCommand struct{}

// Run prints the version of the module, the revision it was built from where the build knows it, and of Go.
func (versionCommand) Run() error {
	version, revision := "unknown", ""
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return fmt.Errorf("this binary was built without information about itself")
	}
	if info.Main.Version != "" {
		version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = " " + s.Value
		}
	}
	fmt.Printf("sotto %s%s %s\n", version, revision, info.GoVersion)
	return nil
}
