package config_test

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"sotto/backend/config"
	"sotto/backend/relay"
)

// cli is a program as the real one: two commands with the same settings.
type cli struct {
	Serve struct{ config.Settings } `cmd:""`
	Show  struct{ config.Settings } `cmd:""`
}

// parse gives the settings of `serve` with arguments and an environment, and what `config` prints of them.
func parse(environ []string, args ...string) (config.Settings, string, error) {
	var c cli
	sources := config.NewSources(environ)
	parser, err := kong.New(&c, sources.Options()...)
	if err != nil {
		return config.Settings{}, "", err
	}
	ctx, err := parser.Parse(append([]string{"serve"}, args...))
	if err != nil {
		return config.Settings{}, "", err
	}
	var printed bytes.Buffer
	err = sources.Print(&printed, ctx)
	return c.Serve.Settings, printed.String(), err
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sotto.conf")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaults(t *testing.T) {
	s, printed, err := parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Data != "data" || s.Listen != "localhost:8080" || len(s.Origin) != 0 || len(s.Proxies()) != 0 || !s.Open() {
		t.Errorf("%+v", s)
	}
	if got := s.Limits(); !reflect.DeepEqual(got, relay.DefaultLimits()) {
		t.Errorf("limits %+v, want the relay's own %+v", got, relay.DefaultLimits())
	}
	for _, line := range strings.Split(strings.TrimSpace(printed), "\n") {
		if !strings.HasSuffix(line, "# default") {
			t.Errorf("printed %q", line)
		}
	}
}

// TestPrecedence gives the same setting in several places.
func TestPrecedence(t *testing.T) {
	file := write(t, "# a comment\n\nlisten = localhost:1   # weak\ndata = from-file\norigin = https://a.example,https://b.example\n")
	s, printed, err := parse([]string{"SOTTO_LISTEN=localhost:2", "SOTTO_REGISTRATION=closed", "SOTTO_DATA=from-env", "HOME=/x"},
		"--config", file, "--listen=localhost:3")
	if err != nil {
		t.Fatal(err)
	}
	if s.Listen != "localhost:3" || s.Data != "from-env" || s.Open() || len(s.Origin) != 2 || s.Origin[1] != "https://b.example" {
		t.Errorf("%+v", s)
	}
	for name, want := range map[string]string{
		"listen":       "localhost:3 # flag",
		"data":         "from-env # SOTTO_DATA",
		"registration": "closed # SOTTO_REGISTRATION",
		"origin":       "https://a.example,https://b.example # " + file + " line 5",
		"log-level":    "info # default",
	} {
		if !strings.Contains(strings.Join(strings.Fields(printed), " "), name+" = "+want) {
			t.Errorf("%s is not printed as %q:\n%s", name, want, printed)
		}
	}
}

func TestFileFromEnvironment(t *testing.T) {
	s, _, err := parse([]string{"SOTTO_CONFIG=" + write(t, "data = here")})
	if err != nil || s.Data != "here" {
		t.Errorf("%+v %v", s, err)
	}
}

func TestValues(t *testing.T) {
	s, _, err := parse(nil, "--trusted-proxies=10.1.2.3/8,::1", "--limit-device=off", "--limit-commits=0.5:10",
		"--limit-added=3:4", "--limit-asks=off", "--limit-sessions=2000")
	if err != nil {
		t.Fatal(err)
	}
	l := s.Limits()
	if l.Device != (relay.Rate{}) || l.Commits != (relay.Rate{PerSecond: 0.5, Burst: 10}) || l.Sessions != 2000 ||
		l.Added != (relay.Rate{PerSecond: 3, Burst: 4}) || l.Asks != (relay.Rate{}) {
		t.Errorf("%+v", l)
	}
	if p := s.Proxies(); len(p) != 2 || p[0].String() != "10.0.0.0/8" || p[1].String() != "::1/128" {
		t.Errorf("%v", p)
	}
}

// TestRefused checks that each mistake is refused with words that name it.
func TestRefused(t *testing.T) {
	cases := map[string]struct {
		environ, args []string
		file, want    string
	}{
		"flag":             {args: []string{"--lisen=x:1"}, want: "--lisen"},
		"environment":      {environ: []string{"SOTTO_LISEN=x:1"}, want: "SOTTO_LISEN"},
		"file key":         {file: "lisen = x:1", want: "lisen"},
		"file in file":     {file: "config = x", want: "config"},
		"file twice":       {file: "data = a\ndata = b", want: "line 2"},
		"file no equals":   {file: "data", want: "line 1"},
		"file missing":     {args: []string{"--config=/does/not/exist"}, want: "/does/not/exist"},
		"listen":           {args: []string{"--listen=8080"}, want: "8080"},
		"data":             {args: []string{"--data="}, want: "data"},
		"origin":           {args: []string{"--origin=chat.example.org"}, want: "chat.example.org"},
		"origin with path": {environ: []string{"SOTTO_ORIGIN=https://a.example/"}, want: "https://a.example/"},
		"proxy":            {args: []string{"--trusted-proxies=proxy"}, want: "proxy"},
		"registration":     {file: "registration = perhaps", want: "registration"},
		"rate":             {args: []string{"--limit-device=5"}, want: "PER_SECOND:AT_ONCE"},
		"rate of nothing":  {args: []string{"--limit-device=0:0"}, want: "PER_SECOND:AT_ONCE"},
		"rate of NaN":      {args: []string{"--limit-device=NaN:1"}, want: "PER_SECOND:AT_ONCE"},
		"sessions":         {args: []string{"--limit-sessions=0"}, want: "limit-sessions"},
	}
	for name, c := range cases {
		if c.file != "" {
			c.args = append(c.args, "--config="+write(t, c.file))
		}
		if _, _, err := parse(c.environ, c.args...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want something about %q", name, err, c.want)
		}
	}
}

func TestURL(t *testing.T) {
	addr := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1234}
	for _, c := range []struct {
		listen string
		origin []string
		port   int
		want   string
	}{
		{"localhost:0", nil, 1234, "http://localhost:1234"},
		{":1234", nil, 1234, "http://localhost:1234"},
		{"0.0.0.0:1234", nil, 1234, "http://localhost:1234"},
		{"[::]:1234", nil, 1234, "http://localhost:1234"},
		{"[::1]:1234", nil, 1234, "http://[::1]:1234"},
		{"192.0.2.1:80", nil, 80, "http://192.0.2.1"},
		{":1234", []string{"https://a.example", "https://b.example"}, 1234, "https://a.example"},
	} {
		addr.Port = c.port
		s := config.Settings{Listen: c.listen, Origin: c.origin}
		if got := s.URL(addr); got != c.want {
			t.Errorf("%s: %s, want %s", c.listen, got, c.want)
		}
	}
}
