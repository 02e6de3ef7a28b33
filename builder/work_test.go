package builder

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func removeAll(_ context.Context, dir string) error { return os.RemoveAll(dir) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// TestWorkTwo holds that two runs at once do not clear each other's folders.
func TestWorkTwo(t *testing.T) {
	cache := t.TempDir()
	one, err := newWork(t.Context(), cache, removeAll)
	must(t, err)
	two, err := newWork(t.Context(), cache, removeAll)
	must(t, err)
	if one.dir == two.dir || !exists(one.dir) || !exists(two.dir) {
		t.Fatalf("%s and %s", one.dir, two.dir)
	}
	must(t, one.close(removeAll))
	if exists(one.dir) || !exists(two.dir) {
		t.Error("closing one run removed the wrong folder")
	}
	must(t, two.close(removeAll))
	if exists(two.dir) {
		t.Error("closing left the folder")
	}
}

// TestWorkNotes holds that the files a run noted go with it: whatever their
// names, and not if another run has taken them over.
func TestWorkNotes(t *testing.T) {
	w, err := newWork(t.Context(), t.TempDir(), removeAll)
	must(t, err)
	dir := t.TempDir()
	innocent := filepath.Join(dir, "a")
	mine, odd, taken, gone := filepath.Join(dir, "mine.part"), innocent+"\nb.part", filepath.Join(dir, "taken.part"), filepath.Join(dir, "gone")
	for _, name := range []string{innocent, mine, odd, taken} {
		must(t, os.WriteFile(name, []byte("x"), 0o644))
	}
	for _, name := range []string{mine, odd, taken, gone, dir} {
		must(t, w.note(name))
	}
	other, err := lockFile(taken, unix.LOCK_EX|unix.LOCK_NB)
	must(t, err)
	defer other.Close()
	must(t, w.close(removeAll))
	for name, want := range map[string]bool{innocent: true, mine: false, odd: false, taken: true, dir: true} {
		if exists(name) != want {
			t.Errorf("%q is there: %v, want %v", name, !want, want)
		}
	}
}

// TestLockFile holds that a lock is had by one only, and that of a file that was
// renamed away is not taken for the new file's.
func TestLockFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.part")
	one, err := lockFile(path, unix.LOCK_EX|unix.LOCK_NB)
	must(t, err)
	if _, err := lockFile(path, unix.LOCK_EX|unix.LOCK_NB); !errors.Is(err, errInUse) || !strings.Contains(err.Error(), path) {
		t.Errorf("locked twice: %v", err)
	}
	waiting := make(chan *os.File)
	go func() {
		f, err := lockFile(path, unix.LOCK_EX)
		if err != nil {
			t.Error(err)
		}
		waiting <- f
	}()
	must(t, os.Rename(path, path+".done"))
	must(t, one.Close())
	two := <-waiting
	defer two.Close()
	if !exists(path) || !hasName(two, path) || hasName(two, path+".done") {
		t.Error("the lock is that of the renamed file")
	}
}

// childCache makes the test binary a run that waits to be killed.
const childCache = "ISOWRIGHT_TEST_WORK_CACHE"

// TestWorkChild is the child of TestWorkKilled.
func TestWorkChild(t *testing.T) {
	cache := os.Getenv(childCache)
	if cache == "" {
		return // not a child
	}
	w, err := newWork(t.Context(), cache, removeAll)
	must(t, err)
	must(t, os.MkdirAll(filepath.Join(w.dir, "deep", "er"), 0o755))
	must(t, os.WriteFile(filepath.Join(w.dir, "deep", "er", "file"), make([]byte, 4096), 0o600))
	must(t, w.note(filepath.Join(cache, "image.iso.part")))
	must(t, os.WriteFile(filepath.Join(cache, "image.iso.part"), []byte("half"), 0o644))
	fmt.Println("dir " + w.dir)
	_, _ = bufio.NewReader(os.Stdin).ReadByte() // until killed
}

// TestWorkKilled kills a run and has the next one clear what it left.
func TestWorkKilled(t *testing.T) {
	cache := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWorkChild$")
	child.Env = append(os.Environ(), childCache+"="+cache)
	stdin, err := child.StdinPipe()
	must(t, err)
	defer stdin.Close()
	stdout, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	dir := ""
	for lines := bufio.NewScanner(stdout); dir == "" && lines.Scan(); {
		dir, _ = strings.CutPrefix(lines.Text(), "dir ")
	}
	part := filepath.Join(cache, "image.iso.part")

	during, err := newWork(t.Context(), cache, removeAll)
	must(t, err)
	if dir == "" || !exists(filepath.Join(dir, "deep")) || !exists(part) {
		t.Fatalf("the files of a living run %q are gone", dir)
	}
	must(t, during.close(removeAll))

	must(t, child.Process.Kill())
	if err := child.Wait(); err == nil {
		t.Fatal("the child was not killed")
	}
	if !exists(dir) || !exists(part) {
		t.Fatal("the killed run left nothing: the test shows nothing")
	}
	after, err := newWork(t.Context(), cache, removeAll)
	must(t, err)
	defer after.close(removeAll)
	if exists(dir) || exists(part) {
		t.Error("what the killed run left is still there")
	}
}

// TestWorkErrors holds that a folder that cannot be removed is told, and
// that a cache in a bad place is refused.
func TestWorkErrors(t *testing.T) {
	cache := t.TempDir()
	left := filepath.Join(cache, "work", "run-left")
	must(t, os.MkdirAll(left, 0o755))
	fails := errors.New("cannot")
	_, err := newWork(t.Context(), cache, func(context.Context, string) error { return fails })
	if !errors.Is(err, fails) || !strings.Contains(err.Error(), "earlier run") {
		t.Errorf("clearing failed: %v", err)
	}
	// The lock of that failed start is gone.
	done := make(chan error, 1)
	go func() {
		w, err := newWork(context.Background(), cache, removeAll)
		if err == nil {
			err = w.close(removeAll)
		}
		done <- err
	}()
	select {
	case err := <-done:
		must(t, err)
	case <-time.After(10 * time.Second):
		t.Fatal("the cache stays locked")
	}
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o644))
	if _, err := newWork(t.Context(), file, removeAll); err == nil {
		t.Error("a file was taken for a cache folder")
	}
}
