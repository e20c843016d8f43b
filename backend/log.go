package main

import (
	"log/slog"
	"os"
)

// newLog makes a log of lines for people on a terminal and for machines elsewhere.
func newLog(f *os.File, format, level string) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(level)) // one of the setting's enum
	options := &slog.HandlerOptions{Level: l}
	if format == "text" || format == "auto" && terminal(f) {
		return slog.New(slog.NewTextHandler(f, options))
	}
	return slog.New(slog.NewJSONHandler(f, options))
}

func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
