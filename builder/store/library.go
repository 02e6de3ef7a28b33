package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// Library is what the window and the command line remember on this computer:
// designs that were opened, drafts of unsaved edits, builds, and the journal of
// flashed drives. Several processes may use one file: each call opens it, works
// and closes it, and waits for others up to a second (then ErrBusy). A call
// that has returned is on the disk.
//
// The file has a bucket for each kind of record, named in this package's files,
// with sealed records (record.go) of JSON, and the bucket "library" with
// "format", the version of all that in ASCII. Only the owner may read it: drafts
// and designs hold passwords of networks.
//
// A damaged file is set aside and a new one begun with what could be saved. The
// call that finds the damage does its work on the new file and returns its
// results together with ErrSetAside, once, for the person to be told.
type Library struct{ file }

// NewLibrary is the library in the file at path, which need not exist.
func NewLibrary(path string) *Library {
	return &Library{file{path: path, mode: 0o600, wait: lockWait, salvage: salvage}}
}

// libraryFormat is the version that this program writes; oldFormat had but the
// journal of flashes, with records of plain JSON.
const (
	libraryFormat = "2"
	oldFormat     = "1"
)

// The bucket of the format.
func metaBucket() []byte { return []byte("library") }
func formatKey() []byte  { return []byte("format") }

// Errors of the library that callers may want to tell apart.
var (
	// ErrSetAside: the file was damaged and has another name now. What was
	// called has nevertheless done its work, on a new file with all that could
	// be saved.
	ErrSetAside = errSetAside
	// ErrBusy: another process has kept the file open for too long.
	ErrBusy = errors.New("another Isowright is using the library")
	// ErrNewer: a later version of the program wrote the file.
	ErrNewer = errors.New("the library was written by a newer Isowright")
	// ErrNotFound: there is no such record.
	ErrNotFound = errors.New("not in the library")
	// ErrTooLarge: a draft or a thumbnail is beyond its bound.
	ErrTooLarge = errors.New("too large for the library")
)

// errOld says that a file has to be brought to our format before it is read.
var errOld = errors.New("the library is of an older format")

// update changes the library. A file of an older format is brought to ours
// first, in the same transaction.
func (l *Library) update(doing string, do func(*bolt.Tx) error) error {
	migrated := false
	return l.twice(doing, func() error {
		err := l.use(false, func(db *bolt.DB) error {
			return db.Update(func(tx *bolt.Tx) error {
				old, err := begin(tx)
				if err != nil {
					return err
				}
				migrated = migrated || old
				return do(tx)
			})
		})
		if migrated && err == nil {
			err = os.Chmod(l.path, l.mode)
		}
		return err
	})
}

// view reads the library; a file that does not exist is an empty one.
func (l *Library) view(doing string, do func(*bolt.Tx) error) error {
	read := func() error {
		return l.use(true, func(db *bolt.DB) error {
			return db.View(func(tx *bolt.Tx) error {
				switch format, err := formatOf(tx); {
				case err != nil:
					return err
				case format == oldFormat:
					return errOld
				}
				return do(tx)
			})
		})
	}
	return l.twice(doing, func() error {
		err := read()
		if errors.Is(err, errOld) {
			if err = l.update(doing, func(*bolt.Tx) error { return nil }); err == nil {
				err = read()
			}
		}
		return err
	})
}

// twice does something once more if the file was damaged, and puts our own
// words to errors.
func (l *Library) twice(doing string, do func() error) error {
	err := do()
	if errors.Is(err, ErrSetAside) || errors.Is(err, errDamaged) {
		// Damage without setting aside: another process was quicker.
		if again := do(); again != nil {
			err = fmt.Errorf("%w (%v)", again, err) // not ErrSetAside: nothing was done
		} else if !errors.Is(err, ErrSetAside) {
			err = nil
		}
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, berrors.ErrTimeout):
		err = fmt.Errorf("%w: %s", ErrBusy, l.path)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// begin makes the file one of our format and tells whether it was of an older
// one.
func begin(tx *bolt.Tx) (migrated bool, err error) {
	format, err := formatOf(tx)
	if err != nil || format == libraryFormat {
		return false, err
	}
	if format == oldFormat {
		if err := sealOld(tx); err != nil {
			return false, err
		}
	}
	return format == oldFormat, put(tx, metaBucket(), formatKey(), []byte(libraryFormat))
}

// formatOf is the file's format, "" for an empty file. It refuses those that
// this program cannot read. Only the older format is not sealed.
func formatOf(tx *bolt.Tx) (string, error) {
	meta := tx.Bucket(metaBucket())
	if meta == nil {
		return "", checkBuckets(tx)
	}
	value := meta.Get(formatKey())
	content, _, ok := unseal(metaBucket(), formatKey(), value)
	switch {
	case len(value) == 0:
		return "", nil
	case string(value) == oldFormat:
		return oldFormat, nil
	case ok && string(content) == libraryFormat:
		return libraryFormat, checkBuckets(tx)
	case ok || isNumber(value):
		if !ok {
			content = value
		}
		return "", fmt.Errorf("%w (format %.20q, this one reads %s)", ErrNewer, content, libraryFormat)
	}
	return "", fmt.Errorf("%w: its format is %.20q", errDamaged, value)
}

// checkBuckets finds changed bytes in the names of the buckets, which are not
// sealed.
func checkBuckets(tx *bolt.Tx) error {
	return tx.ForEach(func(name []byte, b *bolt.Bucket) error {
		if b == nil || !isKind(string(name)) {
			return fmt.Errorf("%w: it has no bucket %.20q", errDamaged, name)
		}
		return nil
	})
}

func isNumber(b []byte) bool { return len(b) < sealSize && len(bytes.Trim(b, "0123456789")) == 0 }

// sealOld seals the records of the older format.
func sealOld(tx *bolt.Tx) error {
	b := tx.Bucket(flashBucket())
	if b == nil {
		return nil
	}
	old := map[string][]byte{}
	err := b.ForEach(func(k, v []byte) error {
		old[string(k)] = bytes.Clone(v)
		return nil
	})
	if err != nil {
		return err
	}
	for k, v := range old {
		if err := put(tx, flashBucket(), []byte(k), v); err != nil {
			return err
		}
	}
	return nil
}

// later says which of two records comes first in lists: the newer one.
func later(a, b time.Time) int { return b.Compare(a) }
