package config

import (
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"
)

const envPrefix = "SOTTO_"

// Sources gives kong the settings that are not flags and remembers where each came from.
type Sources struct {
	env   map[string]string // by name: SOTTO_LISTEN
	file  *settingsFile     // nil until one is named
	given map[string]string // where a setting came from, by its flag's name
}

// NewSources takes the environment as [os.Environ] gives it.
func NewSources(environ []string) *Sources {
	s := &Sources{env: make(map[string]string), given: make(map[string]string)}
	for _, e := range environ {
		if name, value, _ := strings.Cut(e, "="); strings.HasPrefix(name, envPrefix) && value != "" {
			s.env[name] = value
		}
	}
	return s
}

// Options make kong use s.
func (s *Sources) Options() []kong.Option {
	return []kong.Option{kong.Resolvers(s), kong.Bind(s)}
}

// File is the name of a settings file. It is read before anything is resolved.
type File string

// BeforeResolve is kong's hook on the flag --config.
func (File) BeforeResolve(s *Sources, ctx *kong.Context, trace *kong.Path) error {
	name, _ := ctx.FlagValue(trace.Flag).(File)
	return s.read(string(name))
}

func (s *Sources) read(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	s.file, err = parseFile(name, string(data))
	return err
}

func envName(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// Resolve implements [kong.Resolver]: the environment, then the file.
func (s *Sources) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if name := s.env[envName("config")]; name != "" && s.file == nil {
		if err := s.read(name); err != nil {
			return nil, err
		}
	}
	if value, ok := s.env[envName(flag.Name)]; ok {
		s.given[flag.Name] = envName(flag.Name)
		return value, nil
	}
	if s.file != nil {
		if l, ok := s.file.lines[flag.Name]; ok {
			s.given[flag.Name] = fmt.Sprintf("%s line %d", s.file.name, l.number)
			return l.value, nil
		}
	}
	return nil, nil
}

// Validate implements [kong.Resolver]: every name must be a setting's.
func (s *Sources) Validate(app *kong.Application) error {
	known := make(map[string]bool)
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok && f.Name != "help" {
			known[f.Name] = true
		}
		return next(nil)
	})
	names := make(map[string]bool)
	for name := range known {
		names[envName(name)] = true
	}
	for name := range s.env {
		if !names[name] {
			return fmt.Errorf("environment: %s is no setting", name)
		}
	}
	if s.file == nil {
		return nil
	}
	for name, l := range s.file.lines {
		if !known[name] || name == "config" {
			return fmt.Errorf("%s line %d: %s is no setting", s.file.name, l.number, name)
		}
	}
	return nil
}

// Print writes the settings that hold for the command of ctx and where each came from.
func (s *Sources) Print(w io.Writer, ctx *kong.Context) error {
	flagged := make(map[string]bool)
	for _, p := range ctx.Path {
		if p.Flag != nil && !p.Resolved {
			flagged[p.Flag.Name] = true
		}
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range ctx.Flags() {
		if f.Name == "help" {
			continue
		}
		source := "default"
		if from, ok := s.given[f.Name]; ok {
			source = from
		}
		if flagged[f.Name] {
			source = "flag"
		}
		_, _ = fmt.Fprintf(table, "%s\t= %s\t# %s\n", f.Name, text(ctx.FlagValue(f)), source)
	}
	return table.Flush()
}

// text gives a value as it would be written in a file.
func text(value any) string {
	v := reflect.ValueOf(value)
	if v.Kind() != reflect.Slice {
		return fmt.Sprint(value)
	}
	var items []string
	for i := range v.Len() {
		items = append(items, fmt.Sprint(v.Index(i).Interface()))
	}
	return strings.Join(items, ",")
}
