// Package seed gives the vectors to fuzz targets as what they begin with.
package seed

import (
	"testing"

	"sotto/wasm/vectors/table"
)

// Add gives a fuzz target the values of one name in all vectors of an object, accepted or not; of lists each element.
func Add(f *testing.F, object, value string) {
	f.Helper()
	file, err := table.Load(object)
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range file.Cases {
		for _, data := range c.List(value) {
			f.Add(data)
		}
	}
}
