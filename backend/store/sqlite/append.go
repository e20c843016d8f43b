package sqlite

import "sotto/wasm/epoch"

// event is one to be put behind a conversation's head.
type event struct {
	kind   epoch.Kind
	slot   any // of the sender; nil with a commit
	g      any // of a message; else nil
	device int64
	hash   [32]byte
	bytes  []byte
}

// append puts an event behind the head, in the newest epoch, and moves the head there. It reports false when a message
// of the same generation is there already; then nothing has changed.
func (w *writer) append(c *conversation, e event) (bool, error) {
	at := c.head + 1
	log := epoch.LogNext(c.name, at, c.log, e.kind, e.hash)
	changed, err := w.changed(insertEvent,
		c.row, int64(at), int64(e.kind), int64(c.number), e.slot, e.g, e.device, e.hash[:], log[:], e.bytes)
	if err != nil || changed == 0 {
		return false, err
	}
	c.head, c.log = at, log
	return true, nil
}
