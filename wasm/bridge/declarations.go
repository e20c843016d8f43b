package bridge

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Declarations prints t as TypeScript: an interface for each exported struct, Operations with the arguments and the
// result of each operation, Events with the content of each event, and Event, the union of what is emitted. It panics
// when two structs share a name.
func Declarations(t Table) string {
	p := &printer{printed: make(map[string]*shape)}
	var operations, events strings.Builder
	for _, o := range t.Operations {
		fmt.Fprintf(&operations, "\t%s: { args: %s; result: %s };\n", o.name, p.inline(o.args), p.typeOf(o.result))
	}
	for _, e := range t.Events {
		fmt.Fprintf(&events, "\t%s: %s;\n", e.name, p.inline(e.shape))
	}
	slices.Sort(p.interfaces)
	return strings.Join(p.interfaces, "") +
		"export interface Operations {\n" + operations.String() + "}\n\n" +
		"export interface Events {\n" + events.String() + "}\n\n" +
		"export type Event = { [K in keyof Events]: { type: K } & Events[K] }[keyof Events];\n"
}

// printer gathers the interfaces that types need.
type printer struct {
	interfaces []string
	printed    map[string]*shape // by name
}

// typeOf gives the TypeScript type of a shape. An exported struct is named, and its interface printed.
func (p *printer) typeOf(s *shape) string {
	switch s.kind {
	case text:
		return "string"
	case flag:
		return "boolean"
	case signed, unsigned:
		return "number"
	case bytes:
		return "Uint8Array"
	case dictionary:
		return "Record<string, string>"
	case nullable:
		return p.typeOf(s.elem) + " | null"
	case list:
		return p.typeOf(s.elem) + "[]"
	}
	name := s.goType.Name()
	if name == "" || !unicode.IsUpper(rune(name[0])) {
		return p.inline(s)
	}
	if before, ok := p.printed[name]; !ok {
		p.printed[name] = s
		p.interfaces = append(p.interfaces, p.interfaceOf(name, s))
	} else if before.goType != s.goType {
		panic(fmt.Sprintf("bridge: %s and %s have one name", before.goType, s.goType))
	}
	return name
}

func (p *printer) interfaceOf(name string, s *shape) string {
	var fields strings.Builder
	for _, f := range s.fields {
		fmt.Fprintf(&fields, "\t%s;\n", p.property(f))
	}
	return "export interface " + name + " {\n" + fields.String() + "}\n\n"
}

// inline gives a record as an object type.
func (p *printer) inline(s *shape) string {
	if len(s.fields) == 0 {
		return "{}"
	}
	var properties []string
	for _, f := range s.fields {
		properties = append(properties, p.property(f))
	}
	return "{ " + strings.Join(properties, "; ") + " }"
}

func (p *printer) property(f field) string {
	switch {
	case f.optional && f.shape.kind == nullable:
		return f.name + "?: " + p.typeOf(f.shape.elem)
	case f.optional:
		return f.name + "?: " + p.typeOf(f.shape)
	}
	return f.name + ": " + p.typeOf(f.shape)
}
