package build_test

import (
	"io/fs"
	"testing"

	"sotto/build"
)

func TestDistIsRooted(t *testing.T) {
	if _, err := fs.Stat(build.Dist(), ".keep"); err != nil {
		t.Errorf("the committed placeholder is not at the top: %v", err)
	}
}
