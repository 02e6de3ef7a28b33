package store

import (
	"fmt"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"
)

// MaxDraft bounds a draft's text, in bytes.
const MaxDraft = 8 << 20

// The drafts, by key.
func draftBucket() []byte { return []byte("drafts") }

// Draft are unsaved edits of a design.
type Draft struct {
	// Key names the draft: the caller's choice, at most 32 KiB.
	Key string `json:"key"`
	// Path is the design's file, "" if it was never saved.
	Path  string    `json:"path,omitempty"`
	Saved time.Time `json:"saved"`
	// BaseID is the ID of the design in the file that the edits began with: if
	// the file holds another one now, it was changed elsewhere.
	BaseID string `json:"base_id,omitempty"`
	// Text is the design in its canonical form.
	Text []byte `json:"text"`
}

// PutDraft keeps a draft in place of the one of that key. When it returns, the
// draft outlives a crash.
func (l *Library) PutDraft(d Draft) error {
	const doing = "keep a draft"
	switch {
	case d.Key == "" || len(d.Key) > bolt.MaxKeySize:
		return fmt.Errorf("%s: its key has %d bytes", doing, len(d.Key))
	case len(d.Text) > MaxDraft:
		return fmt.Errorf("%s: %w: %d bytes, %d are the most", doing, ErrTooLarge, len(d.Text), MaxDraft)
	}
	return l.update(doing, func(tx *bolt.Tx) error {
		return putJSON(tx, draftBucket(), []byte(d.Key), d)
	})
}

// Drafts gives all drafts, the newest first. Drafts stay until they are
// dropped.
func (l *Library) Drafts() (all []Draft, err error) {
	err = l.view("read the drafts", func(tx *bolt.Tx) (err error) {
		all, err = list[Draft](tx, draftBucket(), 0)
		return err
	})
	slices.SortStableFunc(all, func(a, b Draft) int { return later(a.Saved, b.Saved) })
	return all, err
}

// DropDraft forgets a draft, because it was saved or is not wanted.
func (l *Library) DropDraft(key string) error {
	return l.update("drop a draft", func(tx *bolt.Tx) error { return remove(tx, draftBucket(), []byte(key)) })
}
