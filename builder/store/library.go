package store

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// Library is what was done on this computer: now the journal of flashed
// drives. Several processes may use one file.
//
// It has a bucket for each kind of record, with big-endian numbers as keys and
// JSON as values, and "format", the version of all that in ASCII.
type Library struct{ file }

// NewLibrary is the library in the file at path, which need not exist.
func NewLibrary(path string) *Library {
	return &Library{file{path: path, wait: lockWait}}
}

// libraryFormat is the version that this program writes.
const libraryFormat = "1"

// maxFlashes bounds the journal of flashes; the oldest go first.
const maxFlashes = 1000

// The names in the file.
func metaBucket() []byte  { return []byte("library") }
func formatKey() []byte   { return []byte("format") }
func flashBucket() []byte { return []byte("flashes") }

// Errors of the library that callers may want to tell apart.
var (
	// ErrSetAside: the file was damaged and has another name now; the next use
	// begins a new one.
	ErrSetAside = errSetAside
	// ErrBusy: another process has kept the file open for too long.
	ErrBusy = errors.New("another Isowright is using the library")
	// ErrNewer: a later version of the program wrote the file.
	ErrNewer = errors.New("the library was written by a newer Isowright")
)

// Flash is one line of the journal: what was written where.
type Flash struct {
	// Action is "flash", "verify", "restore", "save" or "capacity".
	Action  string    `json:"action"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
	// Image is the file's path, with its size in bytes and its SHA-256 in
	// hexadecimal where they are known.
	Image  string `json:"image,omitempty"`
	Size   int64  `json:"size,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	// The drive as it was when it was chosen.
	Device    string `json:"device"`
	ByID      string `json:"by_id,omitempty"`
	Model     string `json:"model,omitempty"`
	Serial    string `json:"serial,omitempty"`
	DriveSize int64  `json:"drive_size,omitempty"`
	// Written and Skipped are bytes: those that were sent to the drive and
	// those that were there already.
	Written int64 `json:"written,omitempty"`
	Skipped int64 `json:"skipped,omitempty"`
	// Result is how it ended: "verified", "written", "cancelled", "failed" …
	// with Error saying why.
	Result string `json:"result"`
	Error  string `json:"error,omitempty"`
}

// AddFlash adds a line to the journal.
func (l *Library) AddFlash(f Flash) error {
	value, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("write the journal of flashes: %w", err)
	}
	err = l.update(func(tx *bolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists(flashBucket())
		if err != nil {
			return err
		}
		n, err := b.NextSequence()
		if err != nil {
			return err
		}
		if err := b.Put(number(n), value); err != nil {
			return err
		}
		return thin(b, maxFlashes)
	})
	if err != nil {
		return fmt.Errorf("write the journal of flashes: %w", err)
	}
	return nil
}

// Flashes gives the newest lines of the journal, at most limit (0: all),
// newest first. Lines that cannot be read are left out.
func (l *Library) Flashes(limit int) ([]Flash, error) {
	var all []Flash
	err := l.view(func(tx *bolt.Tx) error {
		b := tx.Bucket(flashBucket())
		if b == nil {
			return nil
		}
		c := b.Cursor()
		for k, v := c.Last(); k != nil && len(all) < cmp.Or(limit, maxFlashes); k, v = c.Prev() {
			var f Flash
			if json.Unmarshal(v, &f) == nil {
				all = append(all, f)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the journal of flashes: %w", err)
	}
	return all, nil
}

// number is a key that sorts by value.
func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// thin removes the first records of a bucket until at most keep are left. It
// counts by keys: they are given out in order.
func thin(b *bolt.Bucket, keep uint64) error {
	last := b.Sequence()
	if last <= keep {
		return nil
	}
	c := b.Cursor()
	for k, _ := c.First(); len(k) == 8 && binary.BigEndian.Uint64(k) <= last-keep; k, _ = c.First() {
		if err := c.Delete(); err != nil {
			return err
		}
	}
	return nil
}

// update changes the library. A file of an older format is brought to ours
// first, in the same transaction.
func (l *Library) update(do func(*bolt.Tx) error) error {
	return l.explain(l.use(false, func(db *bolt.DB) error {
		return db.Update(func(tx *bolt.Tx) error {
			meta, err := tx.CreateBucketIfNotExists(metaBucket())
			if err != nil {
				return err
			}
			if err := known(meta); err != nil {
				return err
			}
			if err := meta.Put(formatKey(), []byte(libraryFormat)); err != nil {
				return err
			}
			return do(tx)
		})
	}))
}

// view reads the library; a file that does not exist is an empty one.
func (l *Library) view(do func(*bolt.Tx) error) error {
	return l.explain(l.use(true, func(db *bolt.DB) error {
		return db.View(func(tx *bolt.Tx) error {
			if meta := tx.Bucket(metaBucket()); meta != nil {
				if err := known(meta); err != nil {
					return err
				}
			}
			return do(tx)
		})
	}))
}

// known refuses a format that this program cannot read.
func known(meta *bolt.Bucket) error {
	v := meta.Get(formatKey())
	if len(v) == 0 || string(v) == libraryFormat {
		return nil
	}
	return fmt.Errorf("%w (format %.20q, this one reads %s)", ErrNewer, v, libraryFormat)
}

// explain puts our own words to bbolt's errors.
func (l *Library) explain(err error) error {
	if errors.Is(err, berrors.ErrTimeout) {
		return fmt.Errorf("%w: %s", ErrBusy, l.path)
	}
	return err
}
