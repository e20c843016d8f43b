package client

import (
	"strconv"
	"unicode/utf8"
)

// jsonText is JSON (RFC 8259) that is being written. Commas come by themselves.
type jsonText struct {
	data  []byte
	after bool // a value stands before the next one
}

func (j *jsonText) comma() {
	if j.after {
		j.data = append(j.data, ',')
	}
	j.after = true
}

// open begins an object or an array, close ends it.
func (j *jsonText) open(bracket byte) {
	j.comma()
	j.data, j.after = append(j.data, bracket), false
}

func (j *jsonText) close(bracket byte) {
	j.data, j.after = append(j.data, bracket), true
}

// name is followed by its value.
func (j *jsonText) name(name string) {
	j.comma()
	j.quote(name)
	j.data, j.after = append(j.data, ':'), false
}

func (j *jsonText) text(name, value string) {
	j.name(name)
	j.quote(value)
	j.after = true
}

func (j *jsonText) number(name string, value int64) {
	j.name(name)
	j.data, j.after = strconv.AppendInt(j.data, value, 10), true
}

func (j *jsonText) flag(name string, value bool) {
	j.name(name)
	j.data, j.after = strconv.AppendBool(j.data, value), true
}

// array begins an array under a name, object an object.
func (j *jsonText) array(name string) {
	j.name(name)
	j.open('[')
}

func (j *jsonText) object(name string) {
	j.name(name)
	j.open('{')
}

// element is a text in an array.
func (j *jsonText) element(value string) {
	j.comma()
	j.quote(value)
}

const hexDigits = "0123456789abcdef"

func (j *jsonText) quote(s string) {
	j.data = append(j.data, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			j.data = append(j.data, '\\', byte(r))
		case r < ' ' || r == 0x7f:
			j.data = append(j.data, '\\', 'u', '0', '0', hexDigits[r>>4], hexDigits[r&15])
		default:
			j.data = utf8.AppendRune(j.data, r)
		}
	}
	j.data = append(j.data, '"')
}
