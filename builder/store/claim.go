package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// ErrClaimed: another window has it.
var ErrClaimed = errors.New("another window has it open")

// Holder is who has claimed something.
type Holder struct {
	PID   int       `json:"pid"`
	Since time.Time `json:"since"`
	Host  string    `json:"host"`
}

// claimFile is the content of a claim's file.
type claimFile struct {
	// What is for people that look into the folder.
	What string `json:"what"`
	Holder
}

// maxClaimFile bounds such a file, in bytes.
const maxClaimFile = 64 << 10

// Claim takes something for this window alone until release is called or the
// process ends, in whatever way: "design:" and an absolute path, say. If
// another one has it the error is ErrClaimed, with the holder as far as known.
// Nothing depends on a claim but what windows tell their people.
//
// Each claim is a file in the folder "claims" beside the library, named by the
// SHA-256 of what is claimed and locked with flock(2), so that the kernel ends
// it.
func (l *Library) Claim(what string, now time.Time) (release func(), holder Holder, err error) {
	fail := func(err error) (func(), Holder, error) {
		return func() {}, holder, fmt.Errorf("claim %s: %w", what, err)
	}
	dir := filepath.Join(filepath.Dir(l.path), "claims")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fail(err)
	}
	hash := sha256.Sum256([]byte(what))
	c := file{path: filepath.Join(dir, hex.EncodeToString(hash[:16])+".lock"), wait: claimWait}
	host, _ := os.Hostname() // only for people
	mine := claimFile{what, Holder{os.Getpid(), now, host}}
	for {
		opened, err := os.OpenFile(c.path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return fail(err)
		}
		err = unix.Flock(int(opened.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case errors.Is(err, unix.EWOULDBLOCK):
			holder = c.holder(opened)
			opened.Close()
			return fail(ErrClaimed)
		case err == nil && !c.isInPlace(opened):
			// Its holder has just released it.
			opened.Close()
			continue
		case err == nil:
			err = sign(opened, mine)
		}
		if err != nil {
			opened.Close()
			return fail(err)
		}
		return func() { c.release(opened) }, mine.Holder, nil
	}
}

// claimWait is how long is waited for a holder that has just taken its claim
// and not yet signed it.
const claimWait = 100 * time.Millisecond

// release removes the file before the lock ends: whoever opened it meanwhile
// sees that it has lost its name. It may be called again.
func (f *file) release(opened *os.File) {
	if f.isInPlace(opened) {
		os.Remove(f.path)
	}
	opened.Close()
}

// sign writes who holds a claim in place of what an earlier one left.
func sign(f *os.File, c claimFile) error {
	content, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err = f.WriteAt(content, 0)
	return err
}

// holder reads who has signed the file.
func (f *file) holder(opened *os.File) Holder {
	for end := time.Now().Add(f.wait); ; time.Sleep(time.Millisecond) {
		content, err := io.ReadAll(io.NewSectionReader(opened, 0, maxClaimFile))
		var c claimFile
		if err == nil && json.Unmarshal(content, &c) == nil || time.Now().After(end) {
			return c.Holder
		}
	}
}
