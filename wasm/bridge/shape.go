package bridge

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// kind is what a value is at the boundary.
type kind int

const (
	text kind = iota
	flag
	signed
	unsigned
	bytes
	list
	record
	nullable
	dictionary
)

// shape describes how values of one Go type cross the boundary.
type shape struct {
	kind   kind
	goType reflect.Type
	elem   *shape  // of list and nullable
	fields []field // of record
}

// field is a struct's field that crosses the boundary.
type field struct {
	name     string // in JavaScript
	index    int    // in Go
	optional bool   // absent in JavaScript where it is nil in Go: a pointer or a list
	shape    *shape
}

// mustShape describes a Go type. what names it in the panic.
func mustShape(t reflect.Type, what string) *shape {
	s, err := shapeOf(t, nil)
	if err != nil {
		panic(fmt.Sprintf("bridge: %s: %v", what, err))
	}
	return s
}

// shapeOf describes t, which lies within the types above it.
func shapeOf(t reflect.Type, above []reflect.Type) (*shape, error) {
	if slices.Contains(above, t) {
		return nil, fmt.Errorf("%s holds itself", t)
	}
	above = append(above, t)
	s := &shape{goType: t}
	switch t.Kind() {
	case reflect.String:
		s.kind = text
	case reflect.Bool:
		s.kind = flag
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		s.kind = signed
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		s.kind = unsigned
	case reflect.Struct:
		s.kind = record
		return s, s.addFields(above)
	case reflect.Pointer:
		s.kind = nullable
		return s, s.addElem(above)
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			s.kind = bytes
			return s, nil
		}
		s.kind = list
		return s, s.addElem(above)
	case reflect.Map:
		if t != reflect.TypeFor[map[string]string]() {
			return nil, fmt.Errorf("%s does not cross the boundary", t)
		}
		s.kind = dictionary
	default:
		return nil, fmt.Errorf("%s does not cross the boundary", t)
	}
	return s, nil
}

func (s *shape) addElem(above []reflect.Type) (err error) {
	if s.elem, err = shapeOf(s.goType.Elem(), above); err == nil && s.elem.kind == nullable {
		err = fmt.Errorf("%s has two ways to be nothing", s.goType)
	}
	return err
}

// addFields takes the fields with a tag.
func (s *shape) addFields(above []reflect.Type) error {
	for i := range s.goType.NumField() {
		f := s.goType.Field(i)
		tag, tagged := f.Tag.Lookup("js")
		if !tagged {
			continue
		}
		name, option, _ := strings.Cut(tag, ",")
		if name == "" || !f.IsExported() || option != "" && option != "optional" {
			return fmt.Errorf("field %s of %s has the tag %q", f.Name, s.goType, tag)
		}
		of, err := shapeOf(f.Type, above)
		if err != nil {
			return err
		}
		if option == "optional" && of.kind != nullable && of.kind != list {
			return fmt.Errorf("field %s of %s is optional and neither pointer nor list", f.Name, s.goType)
		}
		s.fields = append(s.fields, field{name: name, index: i, optional: option != "", shape: of})
	}
	return nil
}
