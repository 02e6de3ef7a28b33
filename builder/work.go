package builder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// work is the folder of one run. Its lock tells other runs that it is in use;
// what is left of a run that was killed is cleared by the next one.
type work struct {
	dir  string
	lock *os.File
}

const (
	lockName = "lock"
	// partialName lists, each ended by a NUL, the half-made files outside the
	// folder.
	partialName = "partial"
	// folderMark ends the name of a noted folder. It must be one that no other
	// run could use.
	folderMark = "/"
)

// remover takes a folder away that may hold files of other users' ids.
type remover func(ctx context.Context, dir string) error

// newWork makes a folder below cacheDir, after clearing what killed runs left.
func newWork(ctx context.Context, cacheDir string, remove remover) (*work, error) {
	base := filepath.Join(cacheDir, "work")
	if err := os.MkdirAll(base, 0o755); err != nil {
		return nil, fmt.Errorf("make the work folder: %w", err)
	}
	// Between the making of a folder and its lock no other run may sweep.
	all, err := lockFile(filepath.Join(base, lockName), unix.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer all.Close()
	if err := sweep(ctx, base, remove); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(base, "run-")
	if err != nil {
		return nil, fmt.Errorf("make the work folder: %w", err)
	}
	// Users of the sandbox's other ids go through this folder.
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the work folder: %w", err)
	}
	lock, err := lockFile(filepath.Join(dir, lockName), unix.LOCK_EX|unix.LOCK_NB)
	if err != nil {
		return nil, err
	}
	return &work{dir: dir, lock: lock}, nil
}

// sweepWork clears what killed runs left.
func sweepWork(ctx context.Context, cacheDir string, remove remover) error {
	base := filepath.Join(cacheDir, "work")
	all, err := lockFile(filepath.Join(base, lockName), unix.LOCK_EX)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer all.Close()
	return sweep(ctx, base, remove)
}

// note remembers unfinished files outside the work folder, which go with it.
// The name of a folder ends in folderMark.
func (w *work) note(paths ...string) error {
	f, err := os.OpenFile(filepath.Join(w.dir, partialName), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("note the unfinished file: %w", err)
	}
	defer f.Close()
	if _, err := f.WriteString(strings.Join(paths, "\x00") + "\x00"); err != nil {
		return fmt.Errorf("note the unfinished file: %w", err)
	}
	return nil
}

// forget says that the noted files are finished.
func (w *work) forget() error {
	if err := os.Remove(filepath.Join(w.dir, partialName)); err != nil {
		return fmt.Errorf("forget the unfinished files: %w", err)
	}
	return nil
}

// close takes the folder away. It works under a context of its own, because it
// cleans up after cancelled runs too.
func (w *work) close(remove remover) error {
	// A run that sweeps meanwhile would meet a folder that is half gone.
	all, err := lockFile(filepath.Join(filepath.Dir(w.dir), lockName), unix.LOCK_EX)
	if err != nil {
		return errors.Join(err, w.lock.Close())
	}
	defer all.Close()
	err = clear(context.Background(), w.dir, remove)
	return errors.Join(err, w.lock.Close())
}

// sweep clears the folders below base that no run holds.
func sweep(ctx context.Context, base string, remove remover) error {
	dirs, err := os.ReadDir(base)
	if err != nil {
		return fmt.Errorf("look for what earlier runs left: %w", err)
	}
	for _, d := range dirs {
		if !d.IsDir() {
			continue
		}
		dir := filepath.Join(base, d.Name())
		lock, err := lockFile(filepath.Join(dir, lockName), unix.LOCK_EX|unix.LOCK_NB)
		if errors.Is(err, errInUse) || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		err = clear(ctx, dir, remove)
		lock.Close()
		if err != nil {
			return fmt.Errorf("clear what an earlier run left: %w", err)
		}
	}
	return nil
}

// clear removes a run's folder and the half-made files it noted. One of them
// that cannot be removed does not keep the rest.
func clear(ctx context.Context, dir string, remove remover) error {
	noted, err := os.ReadFile(filepath.Join(dir, partialName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var failed []error
	for name := range strings.SplitSeq(string(noted), "\x00") {
		if folder, ok := strings.CutSuffix(name, folderMark); ok {
			failed = append(failed, os.RemoveAll(folder))
		} else if name != "" {
			failed = append(failed, removeUnused(name))
		}
	}
	return errors.Join(append(failed, remove(ctx, dir))...)
}

// removeUnused removes a file unless another run has taken it over.
func removeUnused(name string) error {
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	f, err := lockFile(name, unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, errInUse) || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	return os.Remove(name)
}

var errInUse = errors.New("in use by another run")

// lockFile opens and locks a file, how says as for flock(2). The lock ends with
// the process.
func lockFile(path string, how int) (*os.File, error) {
	for {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
		if err != nil {
			return nil, fmt.Errorf("lock: %w", err)
		}
		err = unix.Flock(int(f.Fd()), how)
		if err == nil && hasName(f, path) {
			return f, nil
		}
		f.Close()
		switch {
		case errors.Is(err, unix.EWOULDBLOCK):
			return nil, fmt.Errorf("%s: %w", path, errInUse)
		case err != nil && !errors.Is(err, unix.EINTR):
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
	}
}

// hasName says whether a file is still the one of that name: who held the lock
// before may have removed or renamed it.
func hasName(f *os.File, path string) bool {
	a, err := f.Stat()
	if err != nil {
		return false
	}
	b, err := os.Stat(path)
	return err == nil && os.SameFile(a, b)
}
