package config

import (
	"fmt"
	"strings"
)

// settingsFile is what a settings file says.
type settingsFile struct {
	name  string
	lines map[string]line // by the setting's name
}

type line struct {
	number int
	value  string
}

// parseFile reads lines of "name = value". A line that starts with # is a comment, as is what follows " #".
func parseFile(name, data string) (*settingsFile, error) {
	f := &settingsFile{name: name, lines: make(map[string]line)}
	number := 0
	for text := range strings.Lines(data) {
		number++
		text, _, _ = strings.Cut(" "+strings.TrimSpace(text), " #")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		key, value, ok := strings.Cut(text, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !ok || key == "" {
			return nil, fmt.Errorf("%s line %d: want name = value", name, number)
		}
		if before, twice := f.lines[key]; twice {
			return nil, fmt.Errorf("%s line %d: %s stands in line %d already", name, number, key, before.number)
		}
		f.lines[key] = line{number, value}
	}
	return f, nil
}
