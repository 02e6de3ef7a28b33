package builder

import (
	"bytes"
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
	// partialName lists, one a line, the half-made files outside the folder.
	partialName = "partial"
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
func (w *work) note(paths ...string) error {
	f, err := os.OpenFile(filepath.Join(w.dir, partialName), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("note the unfinished file: %w", err)
	}
	defer f.Close()
	if _, err := fmt.Fprintln(f, strings.Join(paths, "\n")); err != nil {
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
	err := clear(context.Background(), w.dir, remove)
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

// clear removes a run's folder and the half-made files it noted.
func clear(ctx context.Context, dir string, remove remover) error {
	noted, err := os.ReadFile(filepath.Join(dir, partialName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for name := range bytes.Lines(noted) {
		if err := removeUnused(string(bytes.TrimSuffix(name, []byte("\n")))); err != nil {
			return err
		}
	}
	return remove(ctx, dir)
}

// removeUnused removes a file unless another run writes it.
func removeUnused(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil {
		return nil
	}
	return os.Remove(path)
}

var errInUse = errors.New("in use by another run")

// lockFile opens and locks a file, how says as for flock(2). The lock ends with
// the process.
func lockFile(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	err = unix.Flock(int(f.Fd()), how)
	if err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, fmt.Errorf("%s: %w", path, errInUse)
	}
	return nil, fmt.Errorf("lock %s: %w", path, err)
}
