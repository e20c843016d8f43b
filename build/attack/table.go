//go:build attack

package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"

	"sotto/wasm/account"
	"sotto/wasm/cose"
)

// declared finds a function or method: "wasm/account.SafetyNumber", "wasm/epoch.Room.Link".
func declared(root, name string) (site, error) {
	dir, symbol, _ := strings.Cut(name, ".")
	files := token.NewFileSet()
	found := site{}
	err := filepath.WalkDir(filepath.Join(root, filepath.FromSlash(dir)), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && symbolOf(f) == symbol {
				at := files.Position(f.Pos())
				rel, err := filepath.Rel(root, at.Filename)
				found = site{filepath.ToSlash(rel), at.Line}
				return err
			}
		}
		return nil
	})
	if err == nil && found == (site{}) {
		err = fmt.Errorf("%s is not declared", name)
	}
	return found, err
}

func symbolOf(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	t := f.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name + "." + f.Name.Name
	}
	return ""
}

// chainOf reads a chain that the server shows.
func (s *stage) chainOf(links [][]byte) *account.Chain {
	chain, err := account.ParseChain(cose.Native{}, links)
	s.must(err)
	return chain
}
