// Package store keeps what one run of the program knows and a later one can
// use, in bbolt files in the cache folder: now the index of packed blocks, by
// which an image is packed from the blocks of earlier ones.
//
// Nothing here is needed for a right result. What is damaged is set aside,
// what is locked by another process is done without, and the log tells of it.
package store

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
	"golang.org/x/sys/unix"
)

// Blocks is the index of the blocks of earlier images: for each image file a
// table from a block's key to where in the file its packed form lies and the
// hash of that. Several processes may use one index.
//
// The file is bbolt's. It has a bucket for each image, named by the hash of
// the path; in it "image" is the record of the image in JSON and "blocks" the
// table (see table.go). One value for all blocks is written and forgotten at
// once, and its hash tells damage.
type Blocks struct {
	path string
	log  *slog.Logger
	wait time.Duration
}

const (
	// maxImages bounds the images in the index, maxRecords their blocks
	// together: at 128 KiB a block that is 64 GiB of data, for 60 MB of index
	// and of memory.
	maxImages  = 16
	maxRecords = 1 << 19
	// lockWait is how long another process is waited for. It has the file
	// open for milliseconds.
	lockWait = 900 * time.Millisecond
)

// damagedSuffix is added to the name of an index that cannot be read.
const damagedSuffix = ".damaged"

// NewBlocks is the index in the file at path, which need not exist.
func NewBlocks(path string, log *slog.Logger) *Blocks {
	return &Blocks{path: path, log: log, wait: lockWait}
}

// errDamaged says that the file is not what we wrote, errSetAside that it has
// been given another name, so that the next one begins anew.
var (
	errDamaged  = errors.New("the index is damaged")
	errSetAside = errors.New("set aside")
)

// use opens the file for f and sets it aside if it turns out damaged. Readers
// get along with each other.
func (b *Blocks) use(readOnly bool, f func(*bolt.DB) error) error {
	before, err := os.Stat(b.path)
	if readOnly && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if !readOnly {
		if err := os.MkdirAll(filepath.Dir(b.path), 0o755); err != nil {
			return err
		}
	}
	err = b.guarded(readOnly, f)
	if before == nil || !isDamage(err) {
		return err
	}
	// Another process may have put a good file in its place.
	if now, e := os.Stat(b.path); e != nil || !os.SameFile(before, now) {
		return err
	}
	if e := os.Rename(b.path, b.path+damagedSuffix); e != nil {
		return errors.Join(err, e)
	}
	return fmt.Errorf("%w as %s: %w", errSetAside, b.path+damagedSuffix, err)
}

// isDamage tells a bad file from a lock, a full disk and the like. A bad one
// may have bbolt write to places that there are not.
func isDamage(err error) bool {
	if err == nil || errors.Is(err, berrors.ErrTimeout) {
		return false
	}
	var number unix.Errno
	return !errors.As(err, &number) || number == unix.EFBIG || number == unix.EINVAL
}

// guarded runs f on the opened file. Where bbolt meets a page that it did not
// write it panics, or reads memory behind the end of the file. The list of free
// pages must be kept in the file: without it bbolt looks for them on opening,
// in a goroutine whose panics end the process.
func (b *Blocks) guarded(readOnly bool, f func(*bolt.DB) error) (err error) {
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
		case <-time.After(b.wait):
		}
	}()
	db, err = bolt.Open(b.path, 0o644, &bolt.Options{ReadOnly: readOnly, Timeout: b.wait, FreelistType: bolt.FreelistMapType})
	if err != nil {
		return err
	}
	return f(db)
}

// warn tells of something that only costs speed.
func (b *Blocks) warn(doing string, err error) {
	if err != nil {
		b.log.Warn("the index of packed blocks cannot be used; only speed is lost", "doing", doing, "file", b.path, "error", err)
	}
}
