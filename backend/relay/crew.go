package relay

// crew handles requests on a few goroutines that are used again and again. Handling needs a stack several times as
// large as waiting for the next request does; thousands of idle sessions would each keep one that has grown.
type crew struct {
	idle chan *hand // those that may stay
}

// hand is one goroutine of a crew.
type hand struct {
	work chan job
	done chan bool
}

// job is a request to handle.
type job struct {
	session *session
	data    []byte
}

// maxIdle is how many hands wait for work. Under more load others come and go.
const maxIdle = 64

func newCrew() crew { return crew{idle: make(chan *hand, maxIdle)} }

// handle runs [session.handle] on one of the crew and waits for it.
func (c *crew) handle(s *session, data []byte) bool {
	var h *hand
	select {
	case h = <-c.idle:
	default:
		h = &hand{work: make(chan job), done: make(chan bool)}
		go h.run()
	}
	h.work <- job{s, data}
	goesOn := <-h.done
	select {
	case c.idle <- h:
	default:
		close(h.work)
	}
	return goesOn
}

// dismiss ends the idle. No session runs any more.
func (c *crew) dismiss() {
	for {
		select {
		case h := <-c.idle:
			close(h.work)
		default:
			return
		}
	}
}

func (h *hand) run() {
	for j := range h.work {
		h.done <- j.session.try(j.data)
	}
}

// try handles one message. A fault in the relay itself ends this session and no other.
func (s *session) try(data []byte) (goesOn bool) {
	defer func() {
		if fault := recover(); fault != nil {
			s.relay.recovered(s, fault)
			goesOn = false
		}
	}()
	return s.handle(data)
}
