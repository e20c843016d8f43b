package conversation

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"

	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// MaxSkip is how many generations a sender may leave out: messages it gave up.
const MaxSkip = 1000

// maxBatch bounds how many messages are in work at once.
const maxBatch = 256

// Event is one event as the relay hands it out, at the position after the one before.
type Event struct {
	Kind  epoch.Kind
	Event []byte
	Wrap  []byte // with a commit: this device's own
}

// Outcome says what became of an event. Exactly one of Err, Commit, Leave and Message is set.
type Outcome struct {
	Position epoch.Position
	Kind     epoch.Kind
	Hash     [32]byte    // SHA-256 of the event
	Sender   epoch.Entry // the slot it stands in; of a message that was not opened only its claim
	Own      bool        // written by this device
	Err      error       // it changed nothing: see [CauseOf]
	Commit   *epoch.Commit
	Leave    *Leaving
	Message  *Message

	// Of a commit.
	Before   *epoch.Header // of the epoch that it follows; nil where it is the first that this device has seen
	Left     []account.ID  // who had left in that epoch
	Lost     error         // why this device has no keys of the new epoch; nil when it has
	Unproven []account.ID  // who was admitted with a tag that does not fit
}

// Leaving is an account that leaves.
type Leaving struct{ Account account.ID }

// Message is an opened message.
type Message struct {
	ClientID ClientID
	Seen     epoch.Seen
	Body     cose.Raw // one CBOR item; nil when Pending: who sealed it knows it
	Pending  bool     // the message this device was waiting to see
}

// Open processes events in order, from the position after c's. It stops early where the conversation stops: then
// there are fewer outcomes than events and [Conversation.Stopped] says why.
func (c *Conversation) Open(env Env, events []Event) (*Conversation, []Outcome) {
	next := c.clone()
	next.marks = c.marks.clone()
	outcomes := make([]Outcome, 0, len(events))
	batch := maxBatch
	for len(events) > 0 && next.s.Stopped == "" && !next.s.Gone {
		if open := next.single(events[0].Kind); open != nil {
			outcomes = append(outcomes, open(env, events[0], sha256.Sum256(events[0].Event)))
			events = events[1:]
			continue
		}
		opened := next.openRun(env, run(events, batch))
		outcomes = append(outcomes, opened...)
		events = events[len(opened):]
		if batch = min(2*batch, maxBatch); opened[len(opened)-1].Err != nil {
			batch = 1 // where one is invalid more may be, and the work on what comes behind it is lost
		}
	}
	return next, outcomes
}

// single gives what opens an event that is opened by itself, nil for those that many can be opened of at once.
func (c *Conversation) single(kind epoch.Kind) func(Env, Event, [32]byte) Outcome {
	switch kind {
	case epoch.KindCommit:
		return c.openCommit
	case epoch.KindLeave:
		return c.openLeave
	}
	return nil
}

// run is the longest prefix of at most limit events that one epoch can open at once.
func run(events []Event, limit int) []Event {
	for i, e := range events {
		if e.Kind == epoch.KindCommit || e.Kind == epoch.KindLeave || i == limit {
			return events[:i]
		}
	}
	return events
}

// work is one message on its way through the steps of opening.
type work struct {
	hash    [32]byte
	sealed  epoch.Sealed
	placed  bool        // it stands in a slot of this epoch
	key     cose.Secret // message key
	next    cose.Secret // the chain after it
	wrote   bool        // this profile sealed a message of this generation, with this key
	same    bool        // and these are its bytes
	pending bool        // and it is the one on its way
	plain   []byte
	content contentArray
	signed  *cose.Sign1
	err     error
}

// openRun opens messages of one epoch. Keys are derived one after another as if every message were right, all are
// decrypted and verified at once, and then taken in order up to the first that is not: what comes behind it is
// left for the next run, because its keys were derived on a wrong assumption.
func (c *Conversation) openRun(env Env, events []Event) []Outcome {
	works := make([]work, len(events))
	ahead := c.clone()
	for i, e := range events {
		works[i] = ahead.prepare(e)
	}
	each(len(works), func(i int) { works[i].decrypt(env, c.s.Epoch) })
	each(len(works), func(i int) { works[i].verify(env, ahead) })
	var outcomes []Outcome
	for i := range works {
		out := c.take(env, events[i].Kind, &works[i])
		outcomes = append(outcomes, out)
		if out.Err != nil || c.s.Stopped != "" {
			break
		}
	}
	return outcomes
}

// prepare reads an event's outside and derives its key. c is a copy whose ratchets run ahead.
func (c *Conversation) prepare(e Event) work {
	w := work{hash: sha256.Sum256(e.Event)}
	if e.Kind != epoch.KindMessage {
		w.err = fmt.Errorf("%w: %d", ErrKind, e.Kind)
		return w
	}
	if w.sealed, w.err = epoch.ParseSealed(e.Event, epoch.TypeMessage, MaxMessageBytes); w.err != nil {
		return w
	}
	if w.err = c.checkPlace(w.sealed.Place); w.err != nil {
		return w
	}
	w.placed = true
	if w.sealed.Index == c.s.Own {
		w.key, w.same, w.wrote = c.wrote(w.sealed.Generation, w.hash)
		p, ok := c.Pending()
		w.pending = w.same && ok && p.Generation == w.sealed.Generation
	}
	switch {
	case len(c.s.Left) > 0 && !check.Off(check.Closed):
		w.err = ErrClosed
	case c.s.Lost != "":
		w.err = ErrLost
	case !w.wrote:
		w.err = c.ratchet(&w)
	}
	return w
}

func (c *Conversation) checkPlace(p epoch.Place) error {
	switch {
	case p.Conversation != c.s.ID && !check.Off(check.Conversation):
		return epoch.ErrConversation
	case c.h == nil || p.Number != c.h.Number && !check.Off(check.NewestEpoch):
		return ErrEpoch
	case p.Index >= uint64(len(c.s.Senders)):
		return ErrSender
	}
	return nil
}

// ratchet moves the sender's chain to the message's generation and takes its key.
func (c *Conversation) ratchet(w *work) error {
	s := &c.s.Senders[w.sealed.Index]
	g := w.sealed.Generation
	switch {
	case g < s.Generation && !check.Off(check.Replay):
		return fmt.Errorf("%w: %d, next is %d", ErrGeneration, g, s.Generation)
	case g-s.Generation > MaxSkip && !check.Off(check.Skip):
		return fmt.Errorf("%w: %d, next is %d", ErrSkipped, g, s.Generation)
	}
	chain, _ := c.chainAt(w.sealed.Index, g)
	w.key, w.next = deriveMessage(chain), deriveNext(chain)
	s.pass(w.next, g)
	return nil
}

// pass moves a sender's chain past a generation: what was opened with it opens no more.
func (s *sender) pass(next cose.Secret, generation uint64) {
	if !check.Gone(check.Replay) {
		s.Chain, s.Generation = next, generation+1
	}
}

// decrypt opens the COSE_Encrypt0 and reads what is inside.
func (w *work) decrypt(env Env, e epoch.ID) {
	if w.err != nil || w.pending {
		return
	}
	padded, err := w.sealed.Open(env.Primitives.AEAD(w.key), e[:])
	if err != nil {
		w.err = err
		return
	}
	if w.plain, w.err = unpad(padded); w.err != nil {
		return
	}
	if w.signed, w.err = cose.ParseSign1(w.plain, TypeContent, MaxMessageBytes); w.err != nil {
		return
	}
	w.err = cose.Unmarshal(w.signed.Payload, &w.content, MaxMessageBytes)
}

// verify checks that the device of the slot signed the content for this epoch and generation.
func (w *work) verify(env Env, c *Conversation) {
	if w.err != nil || w.pending {
		return
	}
	entry := c.entries[w.sealed.Index]
	key, ok := deviceKey(env, entry)
	switch {
	case !ok || w.signed.Kid != cose.Thumbprint(entry.Device) && !check.Off(check.SlotSigner):
		w.err = ErrSender
	case w.content.Epoch != c.s.Epoch && !check.Off(check.ContentEpoch):
		w.err = ErrEpoch
	case w.content.Generation != w.sealed.Generation && !check.Off(check.ContentGeneration):
		w.err = ErrSender
	default:
		w.err = w.signed.Verify(env.Primitives, key)
	}
}

func deviceKey(env Env, e epoch.Entry) (cose.RSAKey, bool) {
	chain, ok := env.Chains(e.Account)
	if !ok {
		return cose.RSAKey{}, false
	}
	return chain.Key(e.Device)
}

// take puts a message into the log and, when it is right, moves its sender's ratchet past it.
func (c *Conversation) take(env Env, kind epoch.Kind, w *work) Outcome {
	out := Outcome{Position: c.s.Position + 1, Kind: kind, Hash: w.hash}
	if c.h != nil && w.sealed.Encrypt0 != nil && w.sealed.Index < uint64(len(c.s.Senders)) {
		out.Sender = c.entries[w.sealed.Index]
		out.Own = out.Sender.Device == env.Device
	}
	if w.err == nil {
		w.err = c.judge(w, out.Own)
	}
	c.advance(kind, w.hash)
	if w.placed {
		c.s.Senders[w.sealed.Index].Wrote = out.Position
	}
	if w.err != nil {
		out.Err = fmt.Errorf("event %d: %w", out.Position, w.err)
		c.refuse(w, out.Position)
		return out
	}
	out.Message = &Message{ClientID: w.content.ClientID, Seen: w.content.Seen, Body: w.content.Body}
	if p, ok := c.Pending(); ok && w.pending {
		out.Message = &Message{ClientID: p.ClientID, Pending: true}
	}
	c.accept(w, out.Position)
	return out
}

// judge decides about a message that was opened, or is this device's own on its way, by what came before it.
func (c *Conversation) judge(w *work, own bool) error {
	last := c.s.Senders[w.sealed.Index].Last
	p, waits := c.sealedAt(w.sealed.Generation)
	switch {
	case w.wrote && !waits: // seen earlier in this run
		return fmt.Errorf("%w: %d", ErrGeneration, w.sealed.Generation)
	case w.pending && p.Seen < last:
		return ErrSeenOld
	case w.pending:
		return nil
	}
	if err := c.checkSeen(w.content.Seen, last); err != nil {
		return err
	}
	if own && !w.same && !c.s.Shared && !check.Off(check.Copied) {
		return ErrCopied
	}
	return nil
}

// refuse keeps what follows from a message that was not accepted. A copy of this profile was right for everyone else:
// its generation is used. What this device sent and everyone refuses is no longer on its way.
func (c *Conversation) refuse(w *work, at epoch.Position) {
	switch {
	case errors.Is(w.err, ErrCopied):
		c.accept(w, at)
	case (errors.Is(w.err, ErrSeenOld) || errors.Is(w.err, ErrClosed)) && w.same:
		c.settle(w.sealed.Generation)
	}
	c.stopOn(w.err)
}

func (c *Conversation) accept(w *work, at epoch.Position) {
	s := &c.s.Senders[w.sealed.Index]
	s.Last = at
	c.s.Messages++
	if w.wrote {
		c.settle(w.sealed.Generation)
		return
	}
	s.pass(w.next, w.sealed.Generation)
	delete(c.marks, w.sealed.Index)
}

// stopOn stops the conversation for what no honest server and no honest device does. Between two people different
// histories are the server's doing or that of the one other, and nothing is left to go on with. In a group they may as
// well be one member's lie: its event is refused and told, and the others go on.
func (c *Conversation) stopOn(err error) {
	split := errors.Is(err, ErrSplit) && (c.h == nil || !c.h.Group() || check.Off(check.GroupGoesOn))
	if split || errors.Is(err, ErrCopied) {
		c.s.Stopped = string(CauseOf(err))
	}
}

// each runs f for 0 … n-1 at once and waits for all. In a browser the operations inside wait together for
// SubtleCrypto; natively they share the processors.
func each(n int, f func(i int)) {
	if n == 1 {
		f(0)
		return
	}
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}
