package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

func newLibrary(t testing.TB) *Library {
	return NewLibrary(filepath.Join(t.TempDir(), "data", "library.db"))
}

// at is a moment, n seconds after a fixed one.
func at(n int) time.Time {
	return time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC).Add(time.Duration(n) * time.Second)
}

func flash(n int) Flash {
	return Flash{Action: "flash", Started: at(n), Ended: at(n + 1), Image: fmt.Sprint("/i", n), Device: "/dev/sdb", Result: "verified"}
}

// must ends the test at an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestJournal(t *testing.T) {
	l := newLibrary(t)
	if all, err := l.Flashes(0); err != nil || len(all) != 0 {
		t.Fatalf("a library that is not there: %v, %v", all, err)
	}
	if _, err := os.Stat(l.path); err == nil {
		t.Error("reading has made a file")
	}
	for n := range 5 {
		must(t, l.AddFlash(flash(n)))
	}
	all, err := l.Flashes(3)
	must(t, err)
	if len(all) != 3 || all[0] != flash(4) || all[2] != flash(2) {
		t.Errorf("got %+v", all)
	}
	if info, err := os.Stat(l.path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the library: %v, %v", info.Mode(), err)
	}
}

func TestJournalIsBounded(t *testing.T) {
	l := newLibrary(t)
	must(t, l.update("fill", func(tx *bolt.Tx) error {
		for range maxFlashes {
			n, err := next(tx, flashBucket())
			if err != nil {
				return err
			}
			if err := put(tx, flashBucket(), number(n), []byte(`{"image":"old"}`)); err != nil {
				return err
			}
		}
		return nil
	}))
	for n := range 3 {
		must(t, l.AddFlash(flash(n)))
	}
	all, err := l.Flashes(0)
	must(t, err)
	if len(all) != maxFlashes || all[2] != flash(0) || all[3].Image != "old" {
		t.Errorf("%d lines, then %+v", len(all), all[:4])
	}
}

// TestLibraryShared has many writers of one process at once.
func TestLibraryShared(t *testing.T) {
	path := newLibrary(t).path
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			l := NewLibrary(path)
			l.wait = time.Minute
			if err := l.AddFlash(flash(n)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got, err := NewLibrary(path).Flashes(0); err != nil || len(got) != 20 {
		t.Errorf("%d lines, %v", len(got), err)
	}
}

func TestLibraryBusy(t *testing.T) {
	l := newLibrary(t)
	must(t, l.AddFlash(flash(1)))
	db, err := bolt.Open(l.path, 0o600, nil)
	must(t, err)
	defer db.Close()
	l.wait = 10 * time.Millisecond
	if err := l.AddFlash(flash(2)); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
	if _, err := l.Flashes(0); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
}

// oldLibrary writes a file as the first version of the program did.
func oldLibrary(t testing.TB, path, format string, lines int) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	db, err := bolt.Open(path, 0o644, &bolt.Options{FreelistType: bolt.FreelistMapType})
	must(t, err)
	defer db.Close()
	must(t, db.Update(func(tx *bolt.Tx) error {
		meta, err := tx.CreateBucketIfNotExists([]byte("library"))
		must(t, err)
		must(t, meta.Put([]byte("format"), []byte(format)))
		b, err := tx.CreateBucketIfNotExists([]byte("flashes"))
		must(t, err)
		for n := range lines {
			id, err := b.NextSequence()
			must(t, err)
			value, err := json.Marshal(flash(n))
			must(t, err)
			must(t, b.Put(number(id), value))
		}
		return nil
	}))
}

// TestLibraryMigrates keeps the journal of the older format, whether the first
// thing is to read or to write.
func TestLibraryMigrates(t *testing.T) {
	for _, lines := range []int{0, 3, 500} {
		l := newLibrary(t)
		oldLibrary(t, l.path, "1", lines)
		got, err := l.Flashes(0)
		must(t, err)
		if len(got) != lines || lines > 0 && (got[0] != flash(lines-1) || got[lines-1] != flash(0)) {
			t.Errorf("%d of %d lines", len(got), lines)
		}
		if info, err := os.Stat(l.path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("others may read the library: %v, %v", info.Mode(), err)
		}

		l = newLibrary(t)
		oldLibrary(t, l.path, "1", lines)
		must(t, l.PutDraft(draft(1)))
		must(t, l.AddFlash(flash(lines)))
		got, err = l.Flashes(0)
		must(t, err)
		if len(got) != lines+1 || got[0] != flash(lines) || got[lines] != flash(0) {
			t.Errorf("%d of %d lines", len(got), lines+1)
		}
	}
}

// TestLibraryNewer leaves a later version's file as it is, sealed as ours or
// not.
func TestLibraryNewer(t *testing.T) {
	sealed := newLibrary(t)
	must(t, sealed.AddFlash(flash(1)))
	must(t, sealed.update("", func(tx *bolt.Tx) error { return put(tx, metaBucket(), formatKey(), []byte("77")) }))
	plain := newLibrary(t)
	oldLibrary(t, plain.path, "3", 2)
	for _, l := range []*Library{sealed, plain} {
		before, err := os.ReadFile(l.path)
		must(t, err)
		if err := l.AddFlash(flash(2)); !errors.Is(err, ErrNewer) {
			t.Errorf("got %v", err)
		}
		if _, err := l.Flashes(0); !errors.Is(err, ErrNewer) {
			t.Errorf("got %v", err)
		}
		after, err := os.ReadFile(l.path)
		must(t, err)
		if !bytes.Equal(before, after) {
			t.Error("the file was changed")
		}
		if names, err := os.ReadDir(filepath.Dir(l.path)); err != nil || len(names) != 1 {
			t.Errorf("beside it: %v, %v", names, err)
		}
	}
}
