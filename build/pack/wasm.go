package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// cold are the packages that are compiled without inlining: 40 kB less, compressed. What is hot, the hashes and ML-KEM,
// lies in others.
var cold = []string{"./wasm/...", "math/big", "time", "fmt"}

// hot are the packages that the demo's engine is compiled with inlining: what it shows figures of. All others are cold
// there, since it is loaded whole and in base64.
var hot = []string{
	"crypto/internal/fips140/bigmod", "crypto/internal/fips140/mlkem", "crypto/internal/fips140/sha256",
	"crypto/internal/fips140/sha3", "crypto/internal/fips140/aes", "crypto/internal/fips140/aes/gcm",
	"crypto/internal/fips140/subtle", "crypto/internal/constanttime",
}

// coldFlags compile what is cold without inlining.
func coldFlags() []string {
	var flags []string
	for _, p := range cold {
		flags = append(flags, "-gcflags="+p+"=-l")
	}
	return flags
}

// compileWASM compiles the package ./wasm of the module at root for the browser and returns the file.
func compileWASM(root string) ([]byte, error) { return compile(root, "./wasm", coldFlags()) }

// compileDemo compiles the engine of the demo.
func compileDemo(root string) ([]byte, error) {
	flags := []string{"-gcflags=all=-l"}
	for _, p := range hot {
		flags = append(flags, "-gcflags="+p+"=")
	}
	return compile(root, "./wasm/demo", flags)
}

// compile compiles a package for the browser. No path, time, version control state or setting of the caller enters
// the file: two checkouts in two folders give the same bytes.
func compile(root, pkg string, flags []string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "sotto-wasm-")
	if err != nil {
		return nil, fmt.Errorf("compile wasm: %w", err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "sotto.wasm")
	args := append([]string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-o", file}, flags...)
	if _, err := goCommand(root, append(args, pkg)...); err != nil {
		return nil, fmt.Errorf("compile wasm: %w", err)
	}
	return os.ReadFile(file)
}

// wasmExec returns the path of the script that runs a program which the module's
// Go compiled for js/wasm. It belongs to exactly that version of Go.
func wasmExec(root string) (string, error) {
	goroot, err := goCommand(root, "env", "GOROOT")
	if err != nil {
		return "", fmt.Errorf("find wasm_exec.js: %w", err)
	}
	file := filepath.Join(strings.TrimSpace(goroot), "lib", "wasm", "wasm_exec.js")
	if _, err := os.Stat(file); err != nil {
		return "", fmt.Errorf("find wasm_exec.js: %w", err)
	}
	return file, nil
}

// goCommand runs the go command in dir for js/wasm and returns its output.
// Settings that would change the compiled bytes are put back to their defaults.
func goCommand(dir string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0",
		"GOFLAGS=", "GOWASM=", "GOEXPERIMENT=", "GOWORK=off")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", args[0], err, stderr.Bytes())
	}
	return stdout.String(), nil
}
