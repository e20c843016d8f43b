// Suite runs one suite of Go tests, shows what failed and counts.
//
//	suite [flags] NAME [go test arguments]   runs a suite
//	suite -forget                            forgets the counts of all suites
//	suite -total NAME...                     adds up the counts of suites
//
// A run is `go test -json` with the arguments. Of a test that passes nothing is
// shown, of one that fails everything it printed, of one that is skipped its
// reason. The counts lie in .task/suites until they are added up; a suite that
// ran no test, or has no counts when they are added up, has failed. So a suite
// that never started is not taken for one that passed.
//
// With -browser the tests are compiled to js/wasm and run in Chromium through
// wasmbrowsertest. With -race a C compiler is looked for first, because Go's race
// detector needs one to link.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"sotto/build/module"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "suite:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	forget := flag.Bool("forget", false, "forget the counts of all suites")
	total := flag.Bool("total", false, "add up the counts of the named suites")
	var s suite
	flag.BoolVar(&s.browser, "browser", false, "compile to js/wasm and run in Chromium")
	flag.BoolVar(&s.race, "race", false, "run with the race detector")
	flag.Func("except", "packages to leave out (may be repeated)", func(p string) error {
		s.except = append(s.except, p)
		return nil
	})
	flag.Parse()
	root, err := module.Root()
	if err != nil {
		return err
	}
	s.root = root
	book := book{dir: filepath.Join(root, ".task", "suites")}
	switch {
	case *forget:
		return book.forget()
	case *total:
		sum, err := book.total(flag.Args())
		fmt.Println(sum)
		return err
	case flag.NArg() == 0:
		return fmt.Errorf("no suite is named")
	}
	return s.record(ctx, book, flag.Arg(0), flag.Args()[1:])
}

// record runs a suite under a name and notes its counts.
func (s suite) record(ctx context.Context, b book, name string, args []string) error {
	fmt.Printf("suite %s: go test %s\n", name, strings.Join(args, " "))
	if err := b.remove(name); err != nil {
		return err
	}
	c, err := s.run(ctx, args, os.Stdout)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	fmt.Printf("suite %s: %s\n", name, c)
	if err := b.note(name, c); err != nil {
		return err
	}
	if !c.good() {
		return fmt.Errorf("%s: %s", name, c)
	}
	return nil
}
