package inbrowserbad

import "testing"

func TestRight(t *testing.T) {}

func TestWrong(t *testing.T) { t.Error("there is no window ✓ 🎈") }

func TestWrongToo(t *testing.T) { t.Error("nor a door") }
