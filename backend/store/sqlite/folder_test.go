package sqlite_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"sotto/backend/store"
	"sotto/backend/store/sqlite"
	"sotto/backend/store/storetest"
)

// refusedOpen checks that a folder cannot be opened for the wanted reason and that the message names it.
func refusedOpen(t *testing.T, dir string, want error) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), dir)
	if err == nil {
		_ = s.Close()
	}
	if !errors.Is(err, want) || !strings.Contains(err.Error(), dir) {
		t.Errorf("open %s: got %v, want %v with the folder's name", dir, err, want)
	}
}

func TestSecondProcess(t *testing.T) {
	dir := t.TempDir()
	w := storetest.NewWorld(t, opener(t, dir))
	refusedOpen(t, dir, store.ErrLocked)
	w.Register("alice")
	w.Restart()
}

func TestFolderModes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b?c %41#d")
	storetest.NewWorld(t, opener(t, dir)).Register("alice")
	for name, want := range map[string]os.FileMode{
		"": 0o700 | os.ModeDir, "lock": 0o600, "sotto.db": 0o600, "sotto.db-wal": 0o600, "sotto.db-shm": 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != want {
			t.Errorf("%q has mode %v, want %v", name, info.Mode(), want)
		}
	}
}

func TestReadOnlyFolder(t *testing.T) {
	dir := readOnly(t)
	refusedOpen(t, dir, store.ErrReadOnly)
	refusedOpen(t, filepath.Join(dir, "data"), store.ErrReadOnly)
}

// readOnly gives a folder that this process cannot write: by its mode, or for root on a read-only mount.
func readOnly(t *testing.T) string {
	dir := t.TempDir()
	if os.Geteuid() != 0 {
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
		return dir
	}
	mount(t, dir, syscall.MS_RDONLY, "")
	return dir
}

func TestFolderIsAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
}

func TestNotADatabase(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "sotto.db"), bytes.Repeat([]byte("not a database\n"), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	refusedOpen(t, dir, store.ErrCorrupt)
}

func TestDamagedDatabase(t *testing.T) {
	dir := t.TempDir()
	w := storetest.NewWorld(t, opener(t, dir))
	c := w.Open(w.Register("alice"), w.Register("bob"))
	for g := range uint64(50) {
		w.Append(c.Message(c.Low, g, 1000))
	}
	if err := w.Store.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "sotto.db")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(data); i++ { // all but the first page, which holds the schema's start
		data[i] = 0xAA
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	refusedOpen(t, dir, store.ErrCorrupt)
}

func TestNewerDatabase(t *testing.T) {
	dir := t.TempDir()
	if err := storetest.NewWorld(t, opener(t, dir)).Store.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "sotto.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	refusedOpen(t, dir, store.ErrNewer)
}
