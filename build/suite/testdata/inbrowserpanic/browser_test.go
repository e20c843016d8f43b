package inbrowserpanic

import "testing"

func TestRight(t *testing.T) {}

func TestPanics(t *testing.T) {
	var none []int
	_ = none[len(none)]
}
