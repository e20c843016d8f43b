package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	"sotto/build/chromium"
)

// machine says in one line what the figures were measured on.
func machine(ctx context.Context) string {
	parts := []string{
		orUnknown(processor(readFile("/proc/cpuinfo")), "processor"),
		fmt.Sprintf("%d cores", runtime.NumCPU()),
		orUnknown(installed(readFile("/proc/meminfo")), "memory"),
		runtime.GOOS + "/" + runtime.GOARCH,
		runtime.Version(),
		orUnknown(browserVersion(ctx), "Chromium"),
	}
	return strings.Join(parts, ", ")
}

func orUnknown(found, what string) string {
	if found == "" {
		return "unknown " + what
	}
	return found
}

func readFile(path string) []byte {
	data, _ := os.ReadFile(path) // without it the machine is unknown
	return data
}

// processor finds its name in /proc/cpuinfo.
func processor(cpuinfo []byte) string { return field(cpuinfo, "model name") }

// installed finds the size of the memory in /proc/meminfo, "24,054 MB".
func installed(meminfo []byte) string {
	kibibytes, unit, _ := strings.Cut(field(meminfo, "MemTotal"), " ")
	n, err := strconv.ParseFloat(kibibytes, 64)
	if err != nil || unit != "kB" {
		return ""
	}
	return fmt.Sprintf("%.1f GiB", n/(1<<20))
}

// field gives the value of the first line "name : value".
func field(data []byte, name string) string {
	for line := range bytes.Lines(data) {
		key, value, ok := strings.Cut(string(line), ":")
		if ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func browserVersion(ctx context.Context) string {
	file, err := chromium.Find()
	if err != nil {
		return "no Chromium"
	}
	out, err := exec.CommandContext(ctx, file, "--version").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
