//go:build js && wasm

package bridge

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"syscall/js"

	"sotto/wasm/promise"
)

// Serve answers calls until ctx ends: host.ready is called once with call(name, args), which gives a promise. It
// returns when the calls that run have ended, and what is called later gets no answer.
func Serve(ctx context.Context, t Table, host js.Value) error {
	s := &server{ctx: ctx, table: t}
	call := js.FuncOf(func(_ js.Value, args []js.Value) any { return s.call(args) })
	defer call.Release()
	if _, err := promise.Catch(func() js.Value { return host.Call("ready", call) }); err != nil {
		return fmt.Errorf("tell the host that calls are answered: %w", err)
	}
	<-ctx.Done()
	s.running.Wait()
	return nil
}

// server answers the calls of one table.
type server struct {
	ctx     context.Context
	table   Table
	running sync.WaitGroup
}

// call starts a call and gives its promise.
func (s *server) call(args []js.Value) js.Value {
	settle := js.Global().Get("Promise").Call("withResolvers")
	s.running.Go(func() {
		result, err := s.run(args)
		if err != nil {
			settle.Call("reject", map[string]any{"code": codeOf(err), "message": err.Error()})
			return
		}
		settle.Call("resolve", result)
	})
	return settle.Get("promise")
}

// run converts the arguments, runs the operation and converts its result. A panic becomes an error.
func (s *server) run(args []js.Value) (result js.Value, err error) {
	defer func() {
		if value := recover(); value != nil {
			err = panicked(value)
		}
	}()
	operation, err := s.find(args)
	if err != nil {
		return js.Value{}, err
	}
	var given js.Value
	if len(args) > 1 {
		given = args[1]
	}
	d := decoder{left: maxArgs}
	converted := reflect.New(operation.args.goType).Elem()
	if err := d.decode("args", operation.args, given, converted); err != nil {
		return js.Value{}, err
	}
	returned, err := operation.handle(s.ctx, converted.Interface())
	if err != nil {
		return js.Value{}, err
	}
	return encode(operation.result, reflect.ValueOf(returned))
}

// find gives the operation that a call names.
func (s *server) find(args []js.Value) (Operation, error) {
	unknown := failure{code: codeUnknownOp, message: "no such operation"}
	if len(args) == 0 || typeOf(args[0]) != js.TypeString || object.Invoke(args[0]).Length() > 64 {
		return Operation{}, unknown
	}
	operation, ok := s.table.operation(args[0].String())
	if !ok {
		return Operation{}, unknown
	}
	return operation, nil
}

// Emit hands an event to host.event. It fails on events that t does not have, and when the host throws.
func Emit(t Table, host js.Value, event any) error {
	kind, ok := t.event(event)
	if !ok {
		return fmt.Errorf("emit a %T: not in the table", event)
	}
	made, err := encode(kind.shape, reflect.ValueOf(event))
	if err != nil {
		return fmt.Errorf("emit %s: %w", kind.name, err)
	}
	made.Set("type", kind.name)
	if _, err := promise.Catch(func() js.Value { return host.Call("event", made) }); err != nil {
		return fmt.Errorf("emit %s: %w", kind.name, err)
	}
	return nil
}

// operation finds an operation.
func (t Table) operation(name string) (Operation, bool) {
	for _, o := range t.Operations {
		if o.name == name {
			return o, true
		}
	}
	return Operation{}, false
}

// event finds the kind of an event.
func (t Table) event(event any) (EventType, bool) {
	for _, e := range t.Events {
		if e.shape.goType == reflect.TypeOf(event) {
			return e, true
		}
	}
	return EventType{}, false
}
