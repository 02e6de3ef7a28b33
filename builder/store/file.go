package store

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
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
	mode fs.FileMode
	wait time.Duration
	// salvage, unless nil, is asked for a file that takes the damaged one's
	// place: it writes it at the path fresh and tells in words what it has
	// saved. The damaged one is locked meanwhile.
	salvage func(damaged *os.File, fresh string) (string, error)
}

// errDamaged says that the file is not what we wrote, errSetAside that it has
// been given another name, so that the next one begins anew, errReplaced that
// another process has just done so.
var (
	errDamaged  = errors.New("the file is damaged")
	errSetAside = errors.New("set aside")
	errReplaced = errors.New("the file was replaced meanwhile")
)

// use opens the file for do and sets it aside if it turns out damaged. Readers
// get along with each other.
func (f *file) use(readOnly bool, do func(*bolt.DB) error) error {
	if !readOnly {
		if err := os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil {
			return err
		}
	}
	for {
		before, err := os.Stat(f.path)
		if readOnly && errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		err = f.guarded(readOnly, do)
		switch {
		case errors.Is(err, errReplaced):
			continue
		case before == nil || !isDamage(err):
			return err
		}
		return f.setAside(before, err)
	}
}

// setAside gives the damaged file another name and puts what could be saved of
// it in its place, at one stroke. The lock keeps away others that have found
// the damage, too.
func (f *file) setAside(found fs.FileInfo, damage error) error {
	old, err := os.Open(f.path)
	if err != nil {
		return errors.Join(damage, err)
	}
	defer old.Close()
	// It may be this process that keeps the lock, after a panic: go on.
	if err := f.lock(old, unix.LOCK_EX); err != nil && !errors.Is(err, berrors.ErrTimeout) {
		return errors.Join(damage, err)
	}
	// Another process may have put a good file in its place.
	now, err := old.Stat()
	if err != nil || !os.SameFile(found, now) || !f.isInPlace(old) {
		return errors.Join(damage, err)
	}
	aside, saved := f.path+damagedSuffix, ""
	if f.salvage == nil {
		err = os.Rename(f.path, aside)
	} else {
		saved, err = f.replace(old, aside)
	}
	if err != nil {
		return errors.Join(damage, err)
	}
	return fmt.Errorf("%w as %s%s: %w", errSetAside, aside, saved, damage)
}

// replace has the path name a file or the other at any moment, so that nobody
// begins a third one.
func (f *file) replace(old *os.File, aside string) (string, error) {
	fresh := f.path + ".new"
	defer os.Remove(fresh)
	saved, err := f.salvage(old, fresh)
	if err != nil {
		return "", fmt.Errorf("save what can be read: %w", err)
	}
	if err := os.Remove(aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := os.Link(f.path, aside); err != nil { // FAT has no links
		if err := os.Rename(f.path, aside); err != nil {
			return "", err
		}
	}
	return saved, os.Rename(fresh, f.path)
}

// isDamage tells a bad file from a lock, a full disk and the like. A bad one
// may have bbolt write to places that there are not.
func isDamage(err error) bool {
	if err == nil {
		return false
	}
	for _, sound := range []error{berrors.ErrTimeout, ErrNewer, ErrNotFound, errOld} {
		if errors.Is(err, sound) {
			return false
		}
	}
	var number unix.Errno
	return !errors.As(err, &number) || number == unix.EFBIG || number == unix.EINVAL
}

// guarded runs do on the opened file. Where bbolt meets a page that it did not
// write it panics, reads memory behind the end of the file, or goes in circles:
// checkPages finds such pages before. What it does not find ends here.
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
	db, err = bolt.Open(f.path, f.mode, &bolt.Options{
		ReadOnly: readOnly, Timeout: f.wait, FreelistType: bolt.FreelistMapType, OpenFile: f.open, NoStatistics: true,
	})
	if err != nil {
		return err
	}
	return do(db)
}

// open opens the file for bbolt, locked in the way in which bbolt locks it once
// more, and checked.
func (f *file) open(path string, flag int, mode fs.FileMode) (*os.File, error) {
	opened, err := os.OpenFile(path, flag, mode)
	if err != nil {
		return nil, err
	}
	how := unix.LOCK_SH
	if flag&os.O_RDWR != 0 {
		how = unix.LOCK_EX
	}
	err = f.lock(opened, how)
	if err == nil && !f.isInPlace(opened) {
		err = errReplaced
	}
	if err == nil {
		err = checkPages(opened)
	}
	if err != nil {
		opened.Close()
		return nil, err
	}
	return opened, nil
}

// lock asks for the lock again and again, at random moments, so that of many
// that want it each gets its turn: bbolt's own pace of 50 ms loses against one
// that writes all the time.
func (f *file) lock(opened *os.File, how int) error {
	for end := time.Now().Add(f.wait); ; {
		err := unix.Flock(int(opened.Fd()), how|unix.LOCK_NB)
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return err
		}
		if time.Now().After(end) {
			return berrors.ErrTimeout
		}
		time.Sleep(time.Duration(200+rand.IntN(2000)) * time.Microsecond)
	}
}

// isInPlace says whether the opened file still has its name.
func (f *file) isInPlace(opened *os.File) bool {
	a, err := opened.Stat()
	if err != nil {
		return false
	}
	b, err := os.Stat(f.path)
	return err == nil && os.SameFile(a, b)
}
