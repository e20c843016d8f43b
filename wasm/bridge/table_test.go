package bridge

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// Thing has one field of every kind.
type Thing struct {
	Text     string            `js:"text"`
	Flag     bool              `js:"flag"`
	Signed   int64             `js:"signed"`
	Small    int8              `js:"small"`
	Unsigned position          `js:"unsigned"`
	Bytes    []byte            `js:"bytes"`
	Parts    []Part            `js:"parts"`
	Part     *Part             `js:"part"`
	Optional *string           `js:"optional,optional"`
	Listed   []Part            `js:"listed,optional"`
	Detail   map[string]string `js:"detail"`
	Inner    struct {
		Names []string `js:"names"`
	} `js:"inner"`
	Untagged func()
}

// Part is a struct within a struct.
type Part struct {
	Name string `js:"name"`
}

type position uint64

type nothing struct{}

type conversationArgs struct {
	Before *uint64 `js:"before"`
	Limit  int     `js:"limit"`
}

// Changed is an event.
type Changed struct {
	Part Part `js:"part"`
}

type coded struct{}

func (coded) Error() string { return "coded failure" }
func (coded) Code() string  { return "some-code" }

// testTable has operations of every shape.
func testTable() Table {
	return Table{
		Operations: []Operation{
			Op("nothing", func(context.Context, nothing) (nothing, error) { return nothing{}, nil }),
			Op("echo", func(_ context.Context, t Thing) (Thing, error) { return t, nil }),
			Op("history", func(_ context.Context, a conversationArgs) ([]Part, error) { return make([]Part, a.Limit), nil }),
			Op("bytes", func(_ context.Context, a struct {
				Data []byte `js:"data"`
			}) (*Part, error) {
				return &Part{Name: fmt.Sprint(len(a.Data))}, nil
			}),
			Op("fail", func(context.Context, nothing) (nothing, error) { return nothing{}, fmt.Errorf("wrapped: %w", coded{}) }),
			Op("fail-bare", func(context.Context, nothing) (nothing, error) { return nothing{}, errors.New("bare failure") }),
			Op("panic", func(_ context.Context, a struct {
				Word string `js:"word"`
			}) (nothing, error) {
				panic("a word of the person's: " + a.Word)
			}),
			Op("index", func(_ context.Context, a conversationArgs) (nothing, error) {
				_ = make([]int, 1)[a.Limit]
				return nothing{}, nil
			}),
			Op("huge", func(context.Context, nothing) (uint64, error) { return 1 << 53, nil }),
		},
		Events: []EventType{EventOf[Changed]("changed"), EventOf[Thing]("thing"), EventOf[nothing]("nothing")},
	}
}

func TestDeclarations(t *testing.T) {
	table := testTable()
	table.Operations = table.Operations[:4]
	want := `export interface Part {
	name: string;
}

export interface Thing {
	text: string;
	flag: boolean;
	signed: number;
	small: number;
	unsigned: number;
	bytes: Uint8Array;
	parts: Part[];
	part: Part | null;
	optional?: string;
	listed?: Part[];
	detail: Record<string, string>;
	inner: { names: string[] };
}

export interface Operations {
	nothing: { args: {}; result: {} };
	echo: { args: ` + inlineThing + `; result: Thing };
	history: { args: { before: number | null; limit: number }; result: Part[] };
	bytes: { args: { data: Uint8Array }; result: Part | null };
}

export interface Events {
	changed: { part: Part };
	thing: ` + inlineThing + `;
	nothing: {};
}

export type Event = { [K in keyof Events]: { type: K } & Events[K] }[keyof Events];
`
	if got := Declarations(table); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

const inlineThing = "{ text: string; flag: boolean; signed: number; small: number; unsigned: number; bytes: Uint8Array; " +
	"parts: Part[]; part: Part | null; optional?: string; listed?: Part[]; detail: Record<string, string>; inner: { names: string[] } }"

type loop struct {
	Next *loop `js:"next"`
}

func TestTypesThatDoNotCross(t *testing.T) {
	event := func(declare func() EventType) func() { return func() { declare() } }
	cases := map[string]func(){ // by words of the panic
		"holds itself": event(func() EventType {
			return EventOf[struct {
				L []loop `js:"l"`
			}]("e")
		}),
		"an event is a struct": event(func() EventType { return EventOf[string]("e") }),
		"float64 does not": event(func() EventType {
			return EventOf[struct {
				F float64 `js:"f"`
			}]("e")
		}),
		"int does not cross": event(func() EventType {
			return EventOf[struct {
				M map[string]int `js:"m"`
			}]("e")
		}),
		"two ways": event(func() EventType {
			return EventOf[struct {
				P **string `js:"p"`
			}]("e")
		}),
		"is optional": event(func() EventType {
			return EventOf[struct {
				S string `js:"s,optional"`
			}]("e")
		}),
		"has the tag": event(func() EventType {
			return EventOf[struct {
				S string `js:"s,other"`
			}]("e")
		}),
		"arguments": func() { Op("o", func(context.Context, string) (nothing, error) { return nothing{}, nil }) },
	}
	for words, declare := range cases {
		t.Run(words, func(t *testing.T) {
			defer func() {
				if r := fmt.Sprint(recover()); !strings.Contains(r, words) {
					t.Errorf("panic %q, want one with %q", r, words)
				}
			}()
			declare()
		})
	}
}

func TestTwoStructsOfOneName(t *testing.T) {
	type Part struct {
		Other string `js:"other"`
	}
	defer func() {
		if recover() == nil {
			t.Error("printed two structs under one name")
		}
	}()
	Declarations(Table{Events: append(testTable().Events, EventOf[struct {
		P Part `js:"p"`
	}]("e"))})
}

func TestPanickedTellsThePlaceAndNoValue(t *testing.T) {
	defer func() {
		err := panicked(recover())
		if codeOf(err) != codeInternal || !strings.Contains(err.Error(), "TestPanickedTellsThePlace") || strings.Contains(err.Error(), "secret") {
			t.Errorf("got %v", err)
		}
	}()
	panic("secret")
}
