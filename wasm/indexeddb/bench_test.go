//go:build js && wasm

package indexeddb

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"sync"
	"testing"

	"sotto/wasm/client"
	"sotto/wasm/indexeddb/pages"
)

// message is a stored message of a usual size under ascending ids.
func message(i int) client.Write {
	id := binary.BigEndian.AppendUint64([]byte("conversation....!"), uint64(i))
	return client.Write{Record: client.Record{Key: client.Key{Kind: "message", ID: id}, Value: make([]byte, 400)}}
}

func BenchmarkApply(b *testing.B) {
	for _, size := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s := mustOpen(b, primitives(b), rand.Text())
			next := 0
			for b.Loop() {
				writes := make([]client.Write, size)
				for i := range writes {
					writes[i] = message(next)
					next++
				}
				mustApply(b, s, writes...)
			}
			b.ReportMetric(float64(next)/b.Elapsed().Seconds(), "records/s")
		})
	}
	b.Run("1 by 256 goroutines", func(b *testing.B) {
		s := mustOpen(b, primitives(b), rand.Text())
		next := 0
		for b.Loop() {
			var all sync.WaitGroup
			for i := range 256 {
				all.Go(func() { mustApply(b, s, message(next+i)) })
			}
			all.Wait()
			next += 256
		}
		b.ReportMetric(float64(next)/b.Elapsed().Seconds(), "records/s")
	})
}

// scattered makes records under keys without an order, each of which touches a page of its own.
func scattered(n int) []client.Write {
	writes := make([]client.Write, n)
	for i := range writes {
		writes[i] = record("seen", rand.Text()+rand.Text(), "position")
	}
	return writes
}

func BenchmarkApplyScattered(b *testing.B) {
	s := mustOpen(b, primitives(b), rand.Text())
	for range 20 {
		mustApply(b, s, scattered(1000)...)
	}
	b.Run("1", func(b *testing.B) {
		for b.Loop() {
			mustApply(b, s, scattered(1)...)
		}
	})
	// What the engine stores of 256 received messages: each in its order, a mark of it, and the ratchet's state.
	b.Run("256 messages", func(b *testing.B) {
		next := 0
		for b.Loop() {
			writes := append(scattered(256), record("conversation", "c", string(make([]byte, 2000))))
			for range 256 {
				writes = append(writes, message(next))
				next++
			}
			mustApply(b, s, writes...)
		}
		b.ReportMetric(float64(next)/b.Elapsed().Seconds(), "messages/s")
	})
}

func BenchmarkRead(b *testing.B) {
	s := mustOpen(b, primitives(b), rand.Text())
	for from := 0; from < 10000; from += 1000 {
		writes := make([]client.Write, 1000)
		for i := range writes {
			writes[i] = message(from + i)
		}
		mustApply(b, s, writes...)
	}
	if err := s.settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	for _, cached := range []bool{false, true} {
		b.Run(fmt.Sprintf("newest 50, cached %v", cached), func(b *testing.B) {
			for b.Loop() {
				if !cached {
					s.cache = pages.NewCache(cachedPages)
				}
				if r, err := s.Range(context.Background(), "message", nil, nil, 50, true); err != nil || len(r) != 50 {
					b.Fatal(len(r), err)
				}
			}
		})
	}
	b.Run("all 10000", func(b *testing.B) {
		for b.Loop() {
			s.cache = pages.NewCache(cachedPages)
			if r, err := s.Range(context.Background(), "message", nil, nil, 20000, false); err != nil || len(r) != 10000 {
				b.Fatal(len(r), err)
			}
		}
	})
}
