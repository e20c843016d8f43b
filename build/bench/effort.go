package main

import (
	"slices"
	"time"

	"sotto/build/bench/figure"
	"sotto/build/bench/server"
)

// effort is the processor time that one operation takes, of the server and of this process, in seconds. Unlike rates it
// says the same however busy the machine is.
type effort struct{ server, load []float64 }

// begin notes what was used so far and gives what adds the effort of n operations since. A nil server is none.
func (e *effort) begin(s *server.Server) (done func(n int) error, err error) {
	serverBefore, loadBefore, err := used(s)
	return func(n int) error {
		serverAfter, loadAfter, err := used(s)
		e.server = append(e.server, (serverAfter-serverBefore).Seconds()/float64(n))
		e.load = append(e.load, (loadAfter-loadBefore).Seconds()/float64(n))
		return err
	}, err
}

func used(s *server.Server) (of, own time.Duration, err error) {
	if own, err = server.OwnProcessor(); err != nil || s == nil {
		return 0, own, err
	}
	of, err = s.Processor()
	return of, own, err
}

// figures says what an operation is called and who the load is.
func (e *effort) figures(operation, load string) []figure.Figure {
	figures := []figure.Figure{{Name: "  processor time of " + load + " per " + operation, Unit: figure.Micro, Values: e.load}}
	if slices.ContainsFunc(e.server, func(v float64) bool { return v > 0 }) {
		figures = append(figures, figure.Figure{Name: "  processor time of the server per " + operation, Unit: figure.Micro, Values: e.server})
	}
	return figures
}
