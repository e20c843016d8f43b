package raw_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"sotto/backend/relay"
	"sotto/backend/store"
	"sotto/backend/store/sqlite"
	"sotto/backend/web"
	"sotto/build"
	"sotto/build/bench/raw"
	"sotto/build/testkeys"
	"sotto/wasm/wire"
)

// newRelay serves a relay without rates and gives its origin.
func newRelay(t *testing.T) (origin string, s store.Store) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	limits := relay.DefaultLimits()
	limits.Address, limits.Account, limits.Device, limits.Commits = relay.Rate{}, relay.Rate{}, relay.Rate{}, relay.Rate{}
	r := relay.New(relay.Options{Store: s, Registration: true, Limits: limits})
	w, err := web.New(web.Options{Relay: r, Assets: build.Dist()})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w.Handler())
	t.Cleanup(func() {
		server.Close()
		r.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return server.URL, s
}

func newPeople(t *testing.T, n int) []*raw.Person {
	t.Helper()
	people, err := raw.NewPeople(testkeys.NewPool(), "p", n)
	if err != nil {
		t.Fatal(err)
	}
	return people
}

func enter(t *testing.T, origin string, p *raw.Person) *raw.Session {
	t.Helper()
	s, err := raw.Enter(t.Context(), origin, p, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func ask[A any, P interface {
	*A
	wire.Body
}](t *testing.T, s *raw.Session, body wire.Body) A {
	t.Helper()
	answer, err := raw.Ask[A, P](s, body)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// TestTalk runs two epochs of conversations.
func TestTalk(t *testing.T) {
	origin, _ := newRelay(t)
	people := newPeople(t, 3)
	// Of three people in a circle at least one writes from each slot.
	for i, writer := range people {
		testTalk(t, origin, raw.NewTalk(writer, people[(i+1)%3]))
	}
}

func testTalk(t *testing.T, origin string, talk *raw.Talk) {
	writer, reader := enter(t, origin, talk.Writer), enter(t, origin, talk.Reader)
	for range 2 {
		commit, err := talk.Commit()
		if err != nil {
			t.Fatal(err)
		}
		ask[wire.Stored](t, writer, commit)
		ask[wire.Stored](t, writer, talk.Seal(900))
	}
	var sizes []int
	for range 4 {
		n, err := reader.Skip()
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, n)
	}
	if sizes[1] != sizes[3] || sizes[1] < 900 || sizes[1] > 950 || sizes[0] < 1600 {
		t.Errorf("pushes of %d bytes", sizes)
	}
	again := enter(t, origin, talk.Writer)
	page := ask[wire.Page](t, again, wire.Fetch{Conversation: talk.ID})
	if page.Head.Position != 4 || len(page.Events) != 4 {
		t.Errorf("after a login the log stands at %+v", page.Head)
	}
}

func TestSealedSize(t *testing.T) {
	people := newPeople(t, 2)
	talk := raw.NewTalk(people[0], people[1])
	if _, err := talk.Commit(); err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{500, 900, 1024, 4000} {
		if got := len(talk.Seal(size).Event); got != size {
			t.Errorf("an event of %d bytes has %d", size, got)
		}
	}
}

// TestStore gives the store directly what else comes through the relay.
func TestStore(t *testing.T) {
	_, s := newRelay(t)
	people := newPeople(t, 2)
	for _, p := range people {
		if err := s.Register(t.Context(), p.Registration()); err != nil {
			t.Fatal(err)
		}
	}
	talk := raw.NewTalk(people[0], people[1])
	request, err := talk.Commit()
	if err != nil {
		t.Fatal(err)
	}
	commit, err := talk.StoreCommit(request)
	if err != nil {
		t.Fatal(err)
	}
	answers := make(chan error, 2)
	s.Commit(commit, func(_ store.Appended, err error) { answers <- err })
	s.Message(talk.StoreMessage(make([]byte, 900)), func(_ store.Appended, err error) { answers <- err })
	for range 2 {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
	if left := talk.Left(); left != 4094 {
		t.Errorf("the epoch takes %d more", left)
	}
}

func TestRefusals(t *testing.T) {
	origin, _ := newRelay(t)
	p := newPeople(t, 1)[0]
	s := enter(t, origin, p)
	_, err := raw.Ask[wire.Account](s, wire.Lookup{Handle: "nobody"})
	var refused wire.Error
	if !errors.As(err, &refused) || refused.Code != wire.CodeNotFound {
		t.Errorf("lookup of nobody: %v", err)
	}
	if err := s.Write([]byte("no frame")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(); !errors.Is(err, raw.ErrClosed) || !strings.Contains(err.Error(), string(wire.ReasonMalformed)) {
		t.Errorf("after no frame: %v", err)
	}
	if _, err := raw.Dial(t.Context(), origin+"0", 0); err == nil {
		t.Error("connected to nobody")
	}
}

func TestIsAnswer(t *testing.T) {
	cases := map[string]struct {
		frame []byte
		want  bool
	}{
		"answer":          {wire.Encode(1, wire.Stored{Position: 1}), true},
		"answer 1,000":    {wire.Encode(1000, wire.Stored{Position: 1}), true},
		"refusal":         {wire.Encode(7, wire.Error{Code: wire.CodeLimited}), true},
		"push of event":   {wire.Encode(0, wire.EventPush{}), false},
		"push of receipt": {wire.Encode(0, wire.ReceiptPush{}), false},
	}
	for name, c := range cases {
		if got := raw.IsAnswer(c.frame); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
