package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"sotto/backend/store"
)

// storage turns what the database or the file system says into the store's families of errors. What is none of
// theirs stays as it is.
func storage(err error) error {
	if err == nil || errors.Is(err, store.ErrUnavailable) {
		return err
	}
	var reported *driver.Error
	if errors.As(err, &reported) {
		return fmt.Errorf("%w: %w", family(reported.Code()), err)
	}
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("%w: %w", store.ErrFull, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, os.ErrPermission):
		return fmt.Errorf("%w: %w", store.ErrReadOnly, err)
	}
	return err
}

// family gives the family of a SQLite result code, whose lower byte is its primary code.
func family(code int) error {
	switch code & 0xff {
	case codes.SQLITE_FULL:
		return store.ErrFull
	case codes.SQLITE_READONLY, codes.SQLITE_CANTOPEN, codes.SQLITE_PERM:
		return store.ErrReadOnly
	case codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB:
		return store.ErrCorrupt
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return store.ErrLocked
	}
	return store.ErrUnavailable
}

// lostSync says that the disk refused to keep what was written. The kernel may have dropped those pages and later
// call the file clean, so nothing that is written after this can be relied on until the file is opened anew.
func lostSync(err error) bool {
	var reported *driver.Error
	return errors.As(err, &reported) &&
		(reported.Code() == codes.SQLITE_IOERR_FSYNC || reported.Code() == codes.SQLITE_IOERR_DIR_FSYNC)
}

// environment says that the disk or the file failed, not the operation.
func environment(err error) bool {
	var reported *driver.Error
	if !errors.As(err, &reported) {
		return false
	}
	switch reported.Code() & 0xff {
	case codes.SQLITE_FULL, codes.SQLITE_IOERR, codes.SQLITE_READONLY, codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB,
		codes.SQLITE_CANTOPEN, codes.SQLITE_NOMEM, codes.SQLITE_BUSY, codes.SQLITE_PROTOCOL:
		return true
	}
	return false
}
