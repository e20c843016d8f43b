package server

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// ticks is how many of the units of /proc/PID/stat are a second: USER_HZ, which is 100 on every Linux that Go runs on.
const ticks = 100

// Processor gives the processor time that the server's process has used, from Linux's /proc/PID/stat.
func (s *Server) Processor() (time.Duration, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("processor time of the server (this needs Linux): %w", err)
	}
	return parseStat(data)
}

// parseStat adds user and system time: the 14th and 15th field, counted from the number before the program's name, which
// stands in brackets and may hold anything.
func parseStat(data []byte) (time.Duration, error) {
	fields := bytes.Fields(data[bytes.LastIndexByte(data, ')')+1:])
	var sum int64
	for _, at := range []int{14 - 3, 15 - 3} {
		if at >= len(fields) {
			return 0, fmt.Errorf("%d fields in /proc/PID/stat", len(fields))
		}
		n, err := strconv.ParseInt(string(fields[at]), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("/proc/PID/stat: %w", err)
		}
		sum += n
	}
	return time.Duration(sum) * time.Second / ticks, nil
}
