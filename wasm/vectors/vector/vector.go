// Package vector is one case of the files of package vectors in Go. It reads no JSON, so that it may come into what is
// built for the browser; package table reads the files.
package vector

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Case is one vector.
type Case struct {
	Name    string            `json:"name"`
	Outcome string            `json:"outcome"`
	In      map[string]string `json:"in"`
	Out     map[string]string `json:"out,omitempty"`
}

// OK is the outcome of what is accepted.
const OK = "ok"

// Bytes gives a value that is bytes. It panics when it is not there or is none: the files are part of the module and
// their tests read them all.
func (c Case) Bytes(name string) []byte { return octets(c.Text(name)) }

// Text gives a value as it stands.
func (c Case) Text(name string) string {
	value, ok := c.In[name]
	if !ok {
		panic(fmt.Sprintf("vector %q has no %q", c.Name, name))
	}
	return value
}

// Number gives a value that is a number.
func (c Case) Number(name string) uint64 {
	n, err := strconv.ParseUint(c.Text(name), 10, 64)
	if err != nil {
		panic(fmt.Sprintf("vector %q: %q is no number", c.Name, name))
	}
	return n
}

// List gives a value that is a list of bytes.
func (c Case) List(name string) [][]byte {
	var list [][]byte
	for _, element := range strings.Fields(c.Text(name)) {
		list = append(list, octets(strings.TrimPrefix(element, "-")))
	}
	return list
}

// Hex writes a list of bytes the way [Case.List] reads it.
func Hex(list ...[]byte) string {
	var texts []string
	for _, b := range list {
		if len(b) == 0 {
			texts = append(texts, "-")
		} else {
			texts = append(texts, hex.EncodeToString(b))
		}
	}
	return strings.Join(texts, " ")
}

func octets(text string) []byte {
	b, err := hex.DecodeString(text)
	if err != nil {
		panic("vector is not hexadecimal")
	}
	return b
}
