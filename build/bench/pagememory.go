package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/systeminfo"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"sotto/build/bench/server"
)

// watchMemory begins to note which workers the tab starts. What it gives measures the WASM memory of those that run.
func (t *tab) watchMemory() (wasm func() (float64, error), err error) {
	var mu sync.Mutex
	started := map[target.SessionID]target.ID{}
	err = chromedp.Listen(t.ctx, func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch ev := ev.(type) {
		case *target.EventAttachedToTarget:
			if ev.TargetInfo.Type == "worker" {
				started[ev.SessionID] = ev.TargetInfo.TargetID
			}
		case *target.EventDetachedFromTarget:
			delete(started, ev.SessionID)
		}
	})
	if err != nil {
		return nil, err
	}
	watch := target.SetAutoAttachParams{AutoAttach: true, Flatten: new(true)}
	if _, err := chromedp.Call(t.ctx, target.SetAutoAttach, watch); err != nil {
		return nil, err
	}
	return func() (float64, error) {
		mu.Lock()
		workers := slices.Collect(maps.Values(started))
		mu.Unlock()
		return t.wasmMemory(workers)
	}, nil
}

// wasmMemory gives the bytes of WASM memory that workers have. Some must have some.
func (t *tab) wasmMemory(workers []target.ID) (float64, error) {
	sum := 0.0
	for _, id := range workers {
		of, err := wasmMemory(t, id)
		if err != nil {
			return 0, fmt.Errorf("WASM memory: %w", err)
		}
		sum += of
	}
	if sum == 0 {
		return 0, errors.New("no worker with WASM memory was found")
	}
	return sum, nil
}

// pageMemory gives the bytes that the page takes: in all, of scripts and DOM, of WASM, and of the process. The first is
// the sum of the next two: what browsers tell of a page leaves out the memory of its WebAssembly.
func pageMemory(t *tab, wasm func() (float64, error)) ([]float64, error) {
	scripts, err := evaluate[float64](t, "seen.memory()")
	if err != nil {
		return nil, err
	}
	engine, err := wasm()
	if err != nil {
		return nil, err
	}
	process, err := pageProcess(t)
	return []float64{scripts + engine, scripts, engine, process}, err
}

// wasmMemory gives the size of all WebAssembly.Memory in a worker. It is asked for by its prototype, because nothing
// in the worker hands it out.
func wasmMemory(t *tab, worker target.ID) (float64, error) {
	inside, stop := chromedp.NewContext(t.ctx, chromedp.WithTargetID(worker), chromedp.WithDetachOnCancel())
	defer stop()
	prototype, err := chromedp.Call(inside, runtime.Evaluate, runtime.EvaluateParams{Expression: "WebAssembly.Memory.prototype"})
	if err != nil {
		return 0, err
	}
	all, err := chromedp.Call(inside, runtime.QueryObjects, runtime.QueryObjectsParams{PrototypeObjectID: prototype.Result.ObjectID})
	if err != nil {
		return 0, err
	}
	sum, err := chromedp.Call(inside, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
		ObjectID: all.Objects.ObjectID, ReturnByValue: new(true),
		FunctionDeclaration: "function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0); }",
	})
	if err != nil {
		return 0, err
	}
	var bytes float64
	_, err = fmt.Sscan(string(sum.Result.Value), &bytes)
	return bytes, err
}

// pageProcess gives the memory of the browser's process that has the page. There is a spare one that has none; it is
// far smaller.
func pageProcess(t *tab) (largest float64, err error) {
	all, err := chromedp.CallBrowser(t.ctx, systeminfo.GetProcessInfo, cdp.Empty{})
	if err != nil {
		return 0, err
	}
	for _, p := range all.ProcessInfo {
		if p.Type != "renderer" {
			continue
		}
		of, err := server.MemoryOf(int(p.ID))
		if err != nil {
			return 0, err
		}
		largest = max(largest, of)
	}
	return largest, nil
}
