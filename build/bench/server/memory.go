package server

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// Memory gives the bytes of memory that the server's process holds: its proportional set size, from Linux's
// /proc/PID/smaps_rollup.
func (s *Server) Memory() (float64, error) {
	return MemoryOf(s.cmd.Process.Pid)
}

// MemoryOf gives the same of any process.
func MemoryOf(pid int) (float64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, fmt.Errorf("memory of a process (this needs Linux): %w", err)
	}
	return parsePSS(data)
}

// parsePSS finds the line "Pss:   1234 kB".
func parsePSS(data []byte) (float64, error) {
	for line := range bytes.Lines(data) {
		fields := bytes.Fields(line)
		if len(fields) == 3 && string(fields[0]) == "Pss:" && string(fields[2]) == "kB" {
			kilobytes, err := strconv.ParseFloat(string(fields[1]), 64)
			return kilobytes * 1024, err
		}
	}
	return 0, fmt.Errorf("no Pss in %q", data)
}

// Settled gives the memory once it does not change by more than 1 % in a second, or after ten.
func (s *Server) Settled() (float64, error) {
	const every, most = time.Second, 10
	before, err := s.Memory()
	for range most {
		if err != nil {
			return 0, err
		}
		time.Sleep(every)
		var now float64
		if now, err = s.Memory(); err == nil && max(now, before)-min(now, before) < before/100 {
			return now, nil
		}
		before = now
	}
	return before, err
}
