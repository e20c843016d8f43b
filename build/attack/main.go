//go:build attack

package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"sotto/build/module"
)

func main() {
	words := flag.String("run", "", "play only attacks whose line or name has these words")
	table := flag.Bool("table", false, "print the table of SECURITY.md and play nothing")
	flag.Parse()
	if *table {
		fmt.Print(markdown(attacks()))
		return
	}
	if err := run(os.Stdout, *words); err != nil {
		fmt.Fprintln(os.Stderr, "attack:", err)
		os.Exit(1)
	}
}

// run plays the attacks, prints the table and counts.
func run(out io.Writer, words string) error {
	root, err := module.Root()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ATTACK\tKNOWN FROM\tREFUSED BY\tAS\tWHERE")
	line, played := "", 0
	var wrong []string
	for _, a := range attacks() {
		if !strings.Contains(a.line+" "+a.name, words) {
			continue
		}
		if a.line != line {
			line = a.line
			fmt.Fprintf(table, "%s\t\t\t\t\n", strings.ToUpper(line))
		}
		v := judge(a, root)
		played++
		if v.err != nil {
			wrong = append(wrong, fmt.Sprintf("%s: %s: %v", a.line, a.name, v.err))
			fmt.Fprintf(table, "  %s\t%s\tNOT REFUSED AS IT SHOULD BE\t\t\n", a.name, a.known)
			continue
		}
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\n", a.name, a.known, a.refuses(), a.says, v.where)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%d attacks, each refused for its reason and each with a control that succeeds: %d\n", played, played-len(wrong))
	if played == 0 {
		return fmt.Errorf("no attack has the words %q", words)
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%d of %d attacks went wrong:\n%s", len(wrong), played, strings.Join(wrong, "\n"))
	}
	return nil
}
