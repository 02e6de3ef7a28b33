package store

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
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

func flash(n int) Flash {
	at := time.Date(2026, 1, 2, 3, 4, n, 0, time.UTC)
	return Flash{Action: "flash", Started: at, Ended: at.Add(time.Second), Image: fmt.Sprint("/i", n), Device: "/dev/sdb", Result: "verified"}
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
		if err := l.AddFlash(flash(n)); err != nil {
			t.Fatal(err)
		}
	}
	all, err := l.Flashes(3)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 3 || all[0] != flash(4) || all[2] != flash(2) {
		t.Errorf("got %+v", all)
	}
}

func TestJournalIsBounded(t *testing.T) {
	l := newLibrary(t)
	err := l.update(func(tx *bolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists(flashBucket())
		if err != nil {
			return err
		}
		for range maxFlashes {
			n, _ := b.NextSequence()
			if err := b.Put(number(n), []byte(`{"image":"old"}`)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		if err := l.AddFlash(flash(n)); err != nil {
			t.Fatal(err)
		}
	}
	all, err := l.Flashes(0)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != maxFlashes || all[2] != flash(0) || all[3].Image != "old" {
		t.Errorf("%d lines, then %+v", len(all), all[:4])
	}
}

// TestLibraryShared has many writers, as from several windows, at once.
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
	if err := l.AddFlash(flash(1)); err != nil {
		t.Fatal(err)
	}
	db, err := bolt.Open(l.path, 0o644, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	l.wait = 10 * time.Millisecond
	if err := l.AddFlash(flash(2)); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
	if _, err := l.Flashes(0); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
}

func TestLibraryNewer(t *testing.T) {
	l := newLibrary(t)
	if err := l.AddFlash(flash(1)); err != nil {
		t.Fatal(err)
	}
	err := l.update(func(tx *bolt.Tx) error { return tx.Bucket(metaBucket()).Put(formatKey(), []byte("2")) })
	if err != nil {
		t.Fatal(err)
	}
	if err := l.AddFlash(flash(2)); !errors.Is(err, ErrNewer) {
		t.Errorf("got %v", err)
	}
	if _, err := l.Flashes(0); !errors.Is(err, ErrNewer) {
		t.Errorf("got %v", err)
	}
}

// TestLibraryDamaged damages the file at random: it must serve again soon, and
// tell once that the old one was set aside.
func TestLibraryDamaged(t *testing.T) {
	l := newLibrary(t)
	l.wait = 60 * time.Millisecond
	for n := range 10 {
		if err := l.AddFlash(flash(n)); err != nil {
			t.Fatal(err)
		}
	}
	good, err := os.ReadFile(l.path)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 7))
	aside := 0
	for range 100 {
		b := bytes.Clone(good)
		for range 1 + r.IntN(20) {
			at := r.IntN(len(b))/4096*4096 + r.IntN(128)
			b[min(at, len(b)-1)] = byte(r.IntN(256))
		}
		if err := os.WriteFile(l.path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		for round := 0; ; round++ {
			err := l.AddFlash(flash(99))
			if err == nil {
				break
			}
			if errors.Is(err, ErrSetAside) {
				aside++
			}
			if round == 4 {
				t.Fatalf("the library is of no use any more: %v", err)
			}
		}
	}
	if aside == 0 {
		t.Error("no damage was told of")
	}
}
