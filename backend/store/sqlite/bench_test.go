package sqlite_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"sotto/backend/store"
	"sotto/backend/store/sqlite"
	"sotto/backend/store/storetest"
	"sotto/wasm/epoch"
)

// BenchmarkMessage appends messages of 1 KiB, each writer in a conversation of its own and with one on its way; once
// as the store does it and once with a transaction for each, to compare.
func BenchmarkMessage(b *testing.B) {
	ways := map[string]func(context.Context, string) (*sqlite.Store, error){"grouped": sqlite.Open, "single": sqlite.OpenUngrouped}
	for way, open := range ways {
		for _, writers := range []int{1, 32, 256} {
			b.Run(fmt.Sprintf("%s/writers=%d", way, writers), func(b *testing.B) {
				dir := b.TempDir()
				benchmarkMessage(b, func() (store.Store, error) { return open(b.Context(), dir) }, writers)
			})
		}
	}
}

func benchmarkMessage(b *testing.B, open storetest.Opener, writers int) {
	w := storetest.NewWorld(b, open)
	conversations := make([]*storetest.Conversation, writers)
	hub := w.Register("hub")
	for i := range conversations {
		conversations[i] = w.Open(hub, w.Register(fmt.Sprintf("p%d", i)))
	}
	event := conversations[0].Message(hub, 0, 1024).Event
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ResetTimer()
	var all sync.WaitGroup
	for _, c := range conversations {
		all.Go(func() { write(b, w, c, hub, event, &left) })
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// write appends one message after the other, with a commit when the epoch is full.
func write(b *testing.B, w *storetest.World, c *storetest.Conversation, by storetest.Person, event []byte, left *atomic.Int64) {
	answer := make(chan error, 1)
	done := func(_ store.Appended, err error) { answer <- err }
	for g := uint64(0); left.Add(-1) >= 0; g++ {
		if g == epoch.MaxEvents-1 {
			next := w.Next(c, by)
			w.Store.Commit(next, done)
			if err := <-answer; err != nil {
				b.Error(err)
				return
			}
			c.Opened(next)
			g = 0
		}
		m := c.Message(by, g, 0)
		m.Event = event
		w.Store.Message(m, done)
		if err := <-answer; err != nil {
			b.Error(err)
			return
		}
	}
}

// BenchmarkCommit opens epochs of groups whose roster stays and of those where one account is exchanged for another.
func BenchmarkCommit(b *testing.B) {
	for _, devices := range []int{2, 50, epoch.MaxDevices} {
		for _, way := range []string{"same", "exchange"} {
			b.Run(fmt.Sprintf("%s/devices=%d", way, devices), func(b *testing.B) {
				dir := b.TempDir()
				w := storetest.NewWorld(b, func() (store.Store, error) { return sqlite.Open(b.Context(), dir) })
				var people []storetest.Person
				for i := range devices + 1 {
					people = append(people, w.Register(fmt.Sprintf("p%d", i)))
				}
				c, spare := w.Found(people[:devices]...), people[devices]
				benchmarkCommit(b, w, c, spare, way == "exchange")
			})
		}
	}
}

func benchmarkCommit(b *testing.B, w *storetest.World, c *storetest.Conversation, spare storetest.Person, exchange bool) {
	answer := make(chan error, 1)
	for b.Loop() {
		b.StopTimer()
		if exchange {
			out := c.People[len(c.People)/2]
			if out.Sender == c.Founder.Sender {
				out = c.People[0]
			}
			c.Expel(out)
			c.Invite(spare)
			spare = out
		}
		next := w.Next(c, c.Founder)
		for i := range next.Wraps {
			if next.Wraps[i] != nil {
				next.Wraps[i] = make([]byte, 1600)
			}
		}
		b.StartTimer()
		w.Store.Commit(next, func(_ store.Appended, err error) { answer <- err })
		if err := <-answer; err != nil {
			b.Fatal(err)
		}
		c.Opened(next)
	}
}
