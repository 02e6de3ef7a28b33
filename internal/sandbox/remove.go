package sandbox

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// removers is how many folders are emptied at once. Removing is mostly waiting,
// and people wait for it after Ctrl-C.
const removers = 8

// RemoveAll removes a folder like os.RemoveAll, also where files in it belong to
// ids of a sandbox: those are removed by a sandbox. Nobody else may work in the
// folder meanwhile.
func RemoveAll(ctx context.Context, dir string) error {
	err := removeTree(dir, make(chan struct{}, removers))
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	return Run(ctx, Spec{job: job{Remove: dir}}, Streams{})
}

// removeTree removes a folder, its subfolders in parallel as far as there are
// slots.
func removeTree(dir string, slots chan struct{}) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var errs []error
	parallel := 0
	done := make(chan error, len(entries))
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if !e.IsDir() {
			errs = append(errs, os.Remove(path))
			continue
		}
		select {
		case slots <- struct{}{}:
			parallel++
			go func() {
				done <- removeTree(path, slots)
				<-slots
			}()
		default:
			errs = append(errs, removeTree(path, slots))
		}
	}
	for range parallel {
		errs = append(errs, <-done)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return os.Remove(dir)
}
