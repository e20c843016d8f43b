package build_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// goGraph returns the imports of the packages that patterns match from the
// module's root, and of all that they need, tests left out.
func goGraph(t *testing.T, env []string, patterns ...string) graph {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-deps", "-json=ImportPath,Imports,ImportMap"}, patterns...)...)
	var stderr bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stderr = "..", append(os.Environ(), env...), &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	g := graph{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Imports    []string
			ImportMap  map[string]string // what vendored packages of the standard library are called
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return g
		} else if err != nil {
			t.Fatal(err)
		}
		for i, to := range p.Imports {
			if mapped, ok := p.ImportMap[to]; ok {
				p.Imports[i] = mapped
			}
		}
		g[p.ImportPath] = p.Imports
	}
}

// scriptGraph returns the imports of the modules below js in the folder frontend,
// each named by its path from there. What does not lie there is named as it is
// written.
func scriptGraph(t *testing.T, frontend string) graph {
	t.Helper()
	root, err := filepath.Abs(frontend)
	if err != nil {
		t.Fatal(err)
	}
	g := graph{}
	err = filepath.WalkDir(filepath.Join(root, "js"), func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".js") || strings.HasSuffix(file, ".test.js") {
			return err
		}
		g[fromRoot(t, root, file)] = scriptImports(t, root, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// scriptImports asks esbuild what a module imports.
func scriptImports(t *testing.T, root, file string) []string {
	imports := []string{} // not nil: a file without imports is a node too
	note := func(a api.OnResolveArgs) (api.OnResolveResult, error) {
		if a.Kind == api.ResolveEntryPoint {
			return api.OnResolveResult{}, nil
		}
		to := a.Path
		if strings.HasPrefix(to, ".") {
			to = fromRoot(t, root, filepath.Join(a.ResolveDir, filepath.FromSlash(to)))
		}
		imports = append(imports, to)
		return api.OnResolveResult{Path: a.Path, External: true}, nil
	}
	r := api.Build(api.BuildOptions{
		EntryPoints: []string{file},
		Bundle:      true,
		Format:      api.FormatESModule,
		TsconfigRaw: "{}",
		LogLevel:    api.LogLevelSilent,
		Plugins: []api.Plugin{{Name: "note", Setup: func(b api.PluginBuild) {
			b.OnResolve(api.OnResolveOptions{Filter: ".*"}, note)
		}}},
	})
	for _, m := range r.Errors {
		t.Errorf("%s: %s", file, m.Text)
	}
	return imports
}

// fromRoot returns the path of a file from root, with slashes.
func fromRoot(t *testing.T, root, file string) string {
	t.Helper()
	rel, err := filepath.Rel(root, file)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.ToSlash(rel)
}
