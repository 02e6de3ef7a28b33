package safefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// names lists a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestWriteReplacesAndKeepsBits(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	if err := Write(path, 0o600, []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, 0o644, []byte("two")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("mode %o, want 600: a file keeps its bits", got)
	}
	if got := read(t, path); got != "two" {
		t.Errorf("content %q", got)
	}
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("left behind: %v", got)
	}
}

func TestNothingUnderTheFinalNameBeforeCommit(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	f, err := Create(path, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("end"), 3); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("the"), 0); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); len(got) != 1 || got[0] != "a.part" {
		t.Errorf("folder holds %v, want only a.part", got)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	f.Abort()
	if got := read(t, path); got != "theend" {
		t.Errorf("content %q", got)
	}
	if err := f.Commit(); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("second Commit: %v", err)
	}
}

func TestAbortLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	if err := Write(path, 0o644, []byte("old")); err != nil {
		t.Fatal(err)
	}
	f, err := Create(path, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString("half")
	f.Close()
	if got := read(t, path); got != "old" {
		t.Errorf("content %q", got)
	}
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("left behind: %v", got)
	}
}

func TestLeftoverOfAKilledWriterIsDiscarded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(path+Suffix, []byte("a long leftover"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, 0o644, []byte("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, path); got != "new" || info.Mode().Perm() != 0o644 {
		t.Errorf("content %q, mode %o", got, info.Mode().Perm())
	}
}

func TestTwoWritersDoNotMix(t *testing.T) {
	if !renameOpen {
		t.Skip("this system has no advisory locks")
	}
	path := filepath.Join(t.TempDir(), "a")
	first, err := Create(path, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Create(path, 0o644); !errors.Is(err, ErrBusy) {
		t.Fatalf("second writer: %v, want ErrBusy", err)
	}
	first.WriteString("first")
	if err := first.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, 0o644, []byte("second")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, path); got != "second" {
		t.Errorf("content %q", got)
	}
}

func TestLinks(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real"), filepath.Join(dir, "link")
	if err := os.WriteFile(real, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real", link); err != nil {
		t.Fatal(err)
	}
	if err := Write(link, 0o644, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v %v", info.Mode(), err)
	}
	if got := read(t, real); got != "new" {
		t.Errorf("content %q", got)
	}

	victim := filepath.Join(dir, "victim")
	if err := os.WriteFile(victim, []byte("safe"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("victim", filepath.Join(dir, "x"+Suffix)); err != nil {
		t.Fatal(err)
	}
	if err := Write(filepath.Join(dir, "x"), 0o644, []byte("bad")); err == nil {
		t.Error("wrote through a link at NAME.part")
	}
	if got := read(t, victim); got != "safe" {
		t.Errorf("victim now holds %q", got)
	}
}

func TestRefusals(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "no", "folder"), os.DevNull} {
		if err := Write(path, 0o644, nil); err == nil {
			t.Errorf("Write(%s) succeeded", path)
		}
	}
}

// TestCommitFailureLeavesNothing loses the descriptor before the flush: the
// error is reported and nothing stays under either name.
func TestCommitFailureLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	f, err := Create(path, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	f.File.Close() // as if the descriptor had gone bad
	if err := f.Commit(); err == nil {
		t.Fatal("Commit succeeded on a closed file")
	}
	if got := names(t, dir); len(got) != 0 {
		t.Errorf("left behind: %v", got)
	}
}
