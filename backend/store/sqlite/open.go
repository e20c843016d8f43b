package sqlite

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"sotto/backend/store"
	"sotto/backend/store/batch"
)

// Names in the data folder.
const (
	databaseName = "sotto.db"
	lockName     = "lock"
)

// limits bound one transaction and what may wait for the next.
var limits = batch.Limits{Ops: 512, Bytes: 4 << 20, Queue: 1024}

// Store is a [store.Store] in a data folder.
type Store struct {
	lock    *os.File
	writer  *writer
	readers *readers
	batch   *batch.Batcher[*op]

	once   sync.Once // for closing
	closed error     // how that went
}

var _ store.Store = (*Store)(nil)

// Open opens the store in the folder dir and makes or migrates what is not there yet. The folder must be on a local
// file system. It returns [store.ErrLocked] while another process uses the folder, [store.ErrReadOnly],
// [store.ErrFull], [store.ErrCorrupt], or [store.ErrNewer] for a database of a later version of Sotto.
func Open(ctx context.Context, dir string) (*Store, error) {
	s, err := open(ctx, dir, limits)
	if err != nil {
		return nil, fmt.Errorf("open data folder %s: %w", dir, storage(err))
	}
	return s, nil
}

func open(ctx context.Context, dir string, limits batch.Limits) (_ *Store, err error) {
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{lock: lock}
	defer func() {
		if err != nil {
			s.release()
		}
	}()
	path, err := databaseFile(dir)
	if err != nil {
		return nil, err
	}
	if err = migrate(ctx, path); err != nil {
		return nil, err
	}
	if s.writer, err = newWriter(ctx, source(path, writerPragmas)); err != nil {
		return nil, err
	}
	if s.readers, err = newReaders(ctx, source(path, readerPragmas), max(4, runtime.GOMAXPROCS(0))); err != nil {
		return nil, err
	}
	s.batch = batch.Start(limits, s.writer.write, tell)
	return s, nil
}

// lockFolder makes the folder if need be and takes it for this process.
func lockFolder(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make it: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("take it: %w", err)
	}
	locked, err := lockFile(f)
	if err == nil && !locked {
		err = store.ErrLocked
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// databaseFile gives the database's absolute path and makes the file, so that only its owner can read it.
func databaseFile(dir string) (string, error) {
	path, err := filepath.Abs(filepath.Join(dir, databaseName))
	if err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", err
	}
	return path, f.Close()
}

// Every connection waits a little for a lock; only the checkpoint at the end of another takes one.
var (
	writerPragmas = []string{
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "cache_size(-65536)", "temp_store(MEMORY)",
		"wal_autocheckpoint(4096)", "journal_size_limit(67108864)",
	}
	readerPragmas = []string{"busy_timeout(5000)", "query_only(1)", "cache_size(-4096)", "temp_store(MEMORY)"}
)

// source is the URI of the database with pragmas for each connection.
func source(path string, pragmas []string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	uri := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{"_pragma": pragmas}.Encode()}
	return uri.String()
}

// Close implements [store.Store]: it waits for what was handed over and puts the write-ahead log into the database.
func (s *Store) Close() error {
	s.batch.Close()
	s.once.Do(func() { s.closed = s.release() })
	return s.closed
}

func (s *Store) release() error {
	var errs []error
	if s.readers != nil {
		errs = append(errs, s.readers.close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	return errors.Join(append(errs, s.lock.Close())...)
}
