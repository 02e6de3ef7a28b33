package debian

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"
)

// pruneOldest keeps the newest entries of a cache folder, by their date.
func pruneOldest(dir string, keep int) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("tidy the cache: %w", err)
	}
	age := map[string]int64{}
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			age[e.Name()] = info.ModTime().UnixNano()
		}
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return cmp.Compare(age[b.Name()], age[a.Name()]) })
	for _, e := range entries[min(keep, len(entries)):] {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return fmt.Errorf("tidy the cache: %w", err)
		}
	}
	return nil
}

// newPart makes a folder in which an entry of a cache folder is prepared, after
// clearing those of killed runs. done removes it, unless it got another name.
func newPart(base, name string) (part string, done func(), err error) {
	old, err := filepath.Glob(filepath.Join(base, "*.part*"))
	if err != nil {
		return "", nil, err
	}
	for _, dir := range old {
		f, err := lockDir(dir)
		if err != nil {
			continue // in use, or just gone
		}
		err = os.RemoveAll(dir)
		f.Close()
		if err != nil {
			return "", nil, err
		}
	}
	if part, err = os.MkdirTemp(base, name+".part"); err != nil {
		return "", nil, err
	}
	f, err := lockDir(part)
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(part))
	}
	return part, func() { os.RemoveAll(part); f.Close() }, nil
}

// lockDir marks a folder as in use as long as the process lives.
func lockDir(dir string) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	return f, nil
}
