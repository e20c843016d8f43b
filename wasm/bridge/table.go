// Package bridge carries calls and events between Go and the page's JavaScript.
//
// A [Table] declares the operations and the events once, in Go types. At the boundary
//
//	Go                         JavaScript
//	string                     string
//	bool                       boolean
//	int..., uint...            number, a whole one of at most 2^53-1
//	[]byte                     Uint8Array
//	[]T                        array; with `js:"name,optional"` absent where it is nil
//	struct                     object with the fields that have a tag `js:"name"`
//	*T                         T or null; with `js:"name,optional"` T or absent
//	map[string]string          object
//
// and [Declarations] prints the table as TypeScript, so that a test can hold the other side to it.
//
// What comes from JavaScript is taken to be hostile: every value is checked for its type and size before it is
// converted, and nothing it can do, such as a getter that throws, ends the Go program. What goes there is ours.
//
// A call runs in a goroutine of its own: converted, handed to its function, and its promise settled with the result
// or with { code, message }. The code of an error is that of its method Code() string, else "internal"; so is that of
// a panic, which ends the call and not the program. Messages are for developers: a panic's has only its place.
package bridge

import (
	"context"
	"fmt"
	"reflect"
)

// Table is everything that crosses the boundary.
type Table struct {
	Operations []Operation
	Events     []EventType
}

// Operation is a function that JavaScript can call. Make it with [Op].
type Operation struct {
	name         string
	args, result *shape
	handle       func(ctx context.Context, args any) (any, error)
}

// Op declares an operation. A is a struct. It panics on types that cannot cross the boundary: those are ours to choose.
func Op[A, R any](name string, handle func(ctx context.Context, args A) (R, error)) Operation {
	return OpOf(name, reflect.TypeFor[A](), reflect.TypeFor[R](), func(ctx context.Context, args any) (any, error) {
		return handle(ctx, args.(A))
	})
}

// OpOf declares an operation whose types are known only when it runs: handle gets a value of type args and gives one of
// type result. Who wraps many operations uses it, for each type of a generic function is code of its own.
func OpOf(name string, args, result reflect.Type, handle func(ctx context.Context, args any) (any, error)) Operation {
	given := mustShape(args, name+" args")
	if given.kind != record {
		panic(fmt.Sprintf("bridge: %s: arguments are a struct, not %s", name, args))
	}
	return Operation{name: name, args: given, result: mustShape(result, name+" result"), handle: handle}
}

// EventType is a kind of event. Make it with [EventOf].
type EventType struct {
	name  string
	shape *shape
}

// EventOf declares events of Go type E, a struct. In JavaScript they have the property type with this name beside
// their own. It panics as [Op] does.
func EventOf[E any](name string) EventType {
	s := mustShape(reflect.TypeFor[E](), name+" event")
	if s.kind != record {
		panic(fmt.Sprintf("bridge: an event is a struct, not %s", reflect.TypeFor[E]()))
	}
	return EventType{name: name, shape: s}
}
