// Command sotto is the whole server: relay, database and the application for browsers, in one file.
//
//	sotto serve     runs it; with no configuration at all on http://localhost:8080, its database in ./data
//	sotto config    prints the settings that hold and where each came from
//	sotto version   prints what this is
package main

import (
	"fmt"
	"os"

	"github.com/alecthomas/kong"

	"sotto/backend/config"
)

// commands is the command line.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Run the server."`
	Config  configCommand  `cmd:"" help:"Print the settings that hold and where each came from."`
	Version versionCommand `cmd:"" help:"Print what this is."`
}

func main() {
	var c commands
	sources := config.NewSources(os.Environ())
	options := append(sources.Options(),
		kong.Name("sotto"), kong.Description("End-to-end encrypted chat from one file."), kong.UsageOnError())
	ctx := kong.Parse(&c, options...)
	if err := ctx.Run(sources, ctx); err != nil {
		fmt.Fprintln(os.Stderr, "sotto:", err)
		os.Exit(1)
	}
}

// configCommand takes the same settings as serve.
type configCommand struct{ config.Settings }

// Run prints them.
func (*configCommand) Run(sources *config.Sources, ctx *kong.Context) error {
	return sources.Print(os.Stdout, ctx)
}
