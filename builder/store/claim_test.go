package store

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestClaim(t *testing.T) {
	l := newLibrary(t)
	release, holder, err := l.Claim("design:/a", at(1))
	must(t, err)
	if holder.PID != os.Getpid() {
		t.Errorf("got %+v", holder)
	}
	_, other, err := NewLibrary(l.path).Claim("design:/a", at(2))
	if !errors.Is(err, ErrClaimed) || other != holder || !other.Since.Equal(at(1)) {
		t.Errorf("got %+v, %v", other, err)
	}
	releaseB, _, err := l.Claim("design:/b", at(2))
	must(t, err)
	release()
	release() // does nothing more
	again, _, err := l.Claim("design:/a", at(3))
	must(t, err)
	release()
	if _, _, err := l.Claim("design:/a", at(4)); !errors.Is(err, ErrClaimed) {
		t.Errorf("an old release has ended another's claim: %v", err)
	}
	again()
	releaseB()
	if names, err := os.ReadDir(filepath.Join(filepath.Dir(l.path), "claims")); err != nil || len(names) != 0 {
		t.Errorf("left behind: %v, %v", names, err)
	}
}

// TestClaimEndsWithProcess has another process hold a claim and kills it.
func TestClaimEndsWithProcess(t *testing.T) {
	l := newLibrary(t)
	for range 5 {
		cmd, _, out := child(t, "claim", l)
		if line, err := out.ReadString('\n'); line != "claimed <nil>\n" {
			t.Fatalf("%q, %v", line, err)
		}
		_, holder, err := l.Claim("design:/a", at(1))
		if !errors.Is(err, ErrClaimed) || holder.PID != cmd.Process.Pid || !holder.Since.Equal(at(5)) {
			t.Fatalf("got %+v, %v", holder, err)
		}
		kill(t, cmd)
		release, _, err := l.Claim("design:/a", at(1))
		must(t, err)
		// And the other way round.
		cmd, _, out = child(t, "claim", l)
		if line, _ := out.ReadString('\n'); line != "claimed claim design:/a: "+ErrClaimed.Error()+"\n" {
			t.Errorf("got %q", line)
		}
		kill(t, cmd)
		release()
	}
}

// TestClaimIsForOne lets many take and release the same at once.
func TestClaimIsForOne(t *testing.T) {
	l := newLibrary(t)
	var all sync.WaitGroup
	var inside, taken atomic.Int32
	for range 8 {
		all.Go(func() {
			for mine := 0; mine < 30; {
				release, _, err := l.Claim("x", time.Time{})
				switch {
				case errors.Is(err, ErrClaimed):
					continue
				case err != nil:
					t.Error(err)
					return
				}
				if inside.Add(1) != 1 {
					t.Error("two have it")
				}
				mine++
				taken.Add(1)
				inside.Add(-1)
				release()
			}
		})
	}
	all.Wait()
	if taken.Load() != 8*30 {
		t.Errorf("taken %d times", taken.Load())
	}
}

func TestClaimWithoutPlace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o644))
	release, _, err := NewLibrary(filepath.Join(file, "library.db")).Claim("x", at(1))
	if err == nil || errors.Is(err, ErrClaimed) {
		t.Errorf("got %v", err)
	}
	release()
}
