package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
	"golang.org/x/sys/unix"
)

// lockWait is how long another process is waited for. It has the file open for
// milliseconds.
const lockWait = 900 * time.Millisecond

// damagedSuffix is added to the name of a file that cannot be read.
const damagedSuffix = ".damaged"

// file is a bbolt file that is opened for each use, so that several processes
// share it.
type file struct {
	path string
	wait time.Duration
}

// errDamaged says that the file is not what we wrote, errSetAside that it has
// been given another name, so that the next one begins anew.
var (
	errDamaged  = errors.New("the file is damaged")
	errSetAside = errors.New("set aside")
)

// use opens the file for do and sets it aside if it turns out damaged. Readers
// get along with each other.
func (f *file) use(readOnly bool, do func(*bolt.DB) error) error {
	before, err := os.Stat(f.path)
	if readOnly && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if !readOnly {
		if err := os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil {
			return err
		}
	}
	err = f.guarded(readOnly, do)
	if before == nil || !isDamage(err) {
		return err
	}
	// Another process may have put a good file in its place.
	if now, e := os.Stat(f.path); e != nil || !os.SameFile(before, now) {
		return err
	}
	if e := os.Rename(f.path, f.path+damagedSuffix); e != nil {
		return errors.Join(err, e)
	}
	return fmt.Errorf("%w as %s: %w", errSetAside, f.path+damagedSuffix, err)
}

// isDamage tells a bad file from a lock, a full disk and the like. A bad one
// may have bbolt write to places that there are not.
func isDamage(err error) bool {
	if err == nil || errors.Is(err, berrors.ErrTimeout) || errors.Is(err, ErrNewer) {
		return false
	}
	var number unix.Errno
	return !errors.As(err, &number) || number == unix.EFBIG || number == unix.EINVAL
}

// guarded runs do on the opened file. Where bbolt meets a page that it did not
// write it panics, or reads memory behind the end of the file. The list of free
// pages must be kept in the file: without it bbolt looks for them on opening,
// in a goroutine whose panics end the process.
func (f *file) guarded(readOnly bool, do func(*bolt.DB) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	var db *bolt.DB
	defer func() {
		p := recover()
		if p != nil {
			err = fmt.Errorf("%w: %v", errDamaged, p)
		}
		if db == nil {
			return
		}
		closed := make(chan error, 1)
		go func() { closed <- db.Close() }()
		if p == nil {
			err = errors.Join(err, <-closed)
			return
		}
		// After a panic bbolt may have kept a lock of its own. The file is
		// about to be set aside, so that it does not matter if it stays open.
		select {
		case <-closed:
		case <-time.After(f.wait):
		}
	}()
	db, err = bolt.Open(f.path, 0o644, &bolt.Options{ReadOnly: readOnly, Timeout: f.wait, FreelistType: bolt.FreelistMapType})
	if err != nil {
		return err
	}
	return do(db)
}
