package relay

import (
	"errors"
	"slices"
	"sync"

	"sotto/wasm/wire"
)

// frame is a message to a client in two parts, of which the first may be in other clients' queues too.
type frame struct{ shared, own []byte }

func (f frame) size() int { return len(f.shared) + len(f.own) }

// queue is what waits to be written to a client, and how much the client waits for. Its goroutine runs only while
// there is something to write.
type queue struct {
	conn   Conn
	stats  *counters
	limits *Limits

	mu          sync.Mutex
	changed     sync.Cond // of what the reader waits for
	frames      []frame
	bytes       int // of frames and of what is being written
	outstanding int // requests at the store
	writing     bool
	closed      bool        // nothing more is taken
	reason      wire.Reason // why, empty when the client went
}

func (q *queue) init(conn Conn, stats *counters, limits *Limits) {
	q.conn, q.stats, q.limits = conn, stats, limits
	q.changed.L = &q.mu
}

// put adds a frame. It never waits: a queue that is full is closed.
func (q *queue) put(data []byte) { q.putParts(data, nil) }

// putParts is put for a frame in two parts. Its size counts as if it were this queue's alone.
func (q *queue) putParts(shared, own []byte) {
	f := frame{shared, own}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	if len(q.frames) >= q.limits.QueueFrames || len(q.frames) > 0 && q.bytes+f.size() > q.limits.QueueBytes {
		q.frames = nil
		q.end(wire.ReasonSlow)
		return
	}
	q.frames, q.bytes = append(q.frames, f), q.bytes+f.size()
	q.start()
}

// close ends the session after what is in the queue was written.
func (q *queue) close(reason wire.Reason) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.end(reason)
}

// end takes nothing more; the writing goroutine then closes the connection. It holds once. Called with mu held.
func (q *queue) end(reason wire.Reason) {
	if q.closed {
		return
	}
	q.closed, q.reason = true, reason
	q.stats.close(reason)
	q.changed.Broadcast()
	q.start()
}

// gone is told that nothing more can be read. It waits until nothing is written any more either.
func (q *queue) gone() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	if q.reason == "" {
		q.frames = nil
	}
	q.changed.Broadcast()
	for q.writing {
		q.changed.Wait()
	}
}

// start runs the writing goroutine if it is not running. Called with mu held.
func (q *queue) start() {
	if !q.writing {
		q.writing = true
		go q.write()
	}
}

func (q *queue) write() {
	for frames := q.take(); len(frames) > 0; frames = q.take() {
		for len(frames) > 0 {
			data, n := next(frames)
			err := q.conn.Write(data)
			q.wrote(frames[:n], err)
			if err != nil {
				break
			}
			frames = frames[n:]
		}
	}
}

// next gives the first frames that can be written together: as many as are whole, or one of two parts put together. Of
// those only one at a time is there a second time.
func next(frames []frame) (data [][]byte, n int) {
	if f := frames[0]; f.own != nil {
		return [][]byte{slices.Concat(f.shared, f.own)}, 1
	}
	for n < len(frames) && frames[n].own == nil {
		data = append(data, frames[n].shared)
		n++
	}
	return data, n
}

// take gives what is to be written next. When that is nothing, the goroutine ends, and closes the connection if there
// is a reason to.
func (q *queue) take() []frame {
	q.mu.Lock()
	defer q.mu.Unlock()
	frames := q.frames
	q.frames = nil
	if len(frames) > 0 {
		return frames
	}
	if q.reason != "" {
		q.mu.Unlock()
		q.conn.Close(closeCode(q.reason), q.reason) // reason does not change any more
		q.mu.Lock()
	}
	q.writing = false
	q.changed.Broadcast()
	return nil
}

// wrote is told how a write went.
func (q *queue) wrote(frames []frame, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, f := range frames {
		q.bytes -= f.size()
	}
	q.changed.Broadcast()
	if err == nil {
		return
	}
	q.frames = nil
	if errors.Is(err, ErrSlow) {
		q.end(wire.ReasonSlow)
	}
	q.closed = true
}

// ready waits until another request may be handled: all is written when settled, and the client takes its answers.
// It reports false when the session has ended.
func (q *queue) ready(settled bool) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.closed && (q.bytes > highWater || q.outstanding >= q.limits.Outstanding || settled && q.outstanding > 0) {
		q.changed.Wait()
	}
	return !q.closed
}

// begin counts a request that goes to the store, done one that came back.
func (q *queue) begin() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.outstanding++
}

func (q *queue) done() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.outstanding--
	q.changed.Broadcast()
}

// open says whether frames are taken.
func (q *queue) open() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return !q.closed
}
