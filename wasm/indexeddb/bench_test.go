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

func BenchmarkRead(b *testing.B) {
	s := mustOpen(b, primitives(b), rand.Text())
	for from := 0; from < 10000; from += 1000 {
		writes := make([]client.Write, 1000)
		for i := range writes {
			writes[i] = message(from + i)
		}
		mustApply(b, s, writes...)
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
