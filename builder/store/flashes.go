package store

import (
	"time"

	bolt "go.etcd.io/bbolt"
)

// maxFlashes bounds the journal of flashes; the oldest go first.
const maxFlashes = 1000

// The journal, by number.
func flashBucket() []byte { return []byte("flashes") }

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
	return l.update("write the journal of flashes", func(tx *bolt.Tx) error {
		n, err := next(tx, flashBucket())
		if err != nil {
			return err
		}
		if err := putJSON(tx, flashBucket(), number(n), f); err != nil {
			return err
		}
		return thin(tx, flashBucket(), n, maxFlashes)
	})
}

// Flashes gives the newest lines of the journal, at most limit (0: all),
// newest first.
func (l *Library) Flashes(limit int) (all []Flash, err error) {
	err = l.view("read the journal of flashes", func(tx *bolt.Tx) (err error) {
		all, err = list[Flash](tx, flashBucket(), limit)
		return err
	})
	return all, err
}
