package archive

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"
)

// errLocked: another process or descriptor has the lock.
var errLocked = errors.New("in use by another process")

// lockFile takes the exclusive lock of a path, waiting for whoever has it.
func lockFile(ctx context.Context, path string) (unlock func(), err error) {
	return waitLock(ctx, path, false)
}

// waitLock takes a lock and waits for it. Many can share a shared lock. The
// lock ends with the process, whatever happens to it.
func waitLock(ctx context.Context, path string, shared bool) (unlock func(), err error) {
	for {
		unlock, err := takeLock(path, shared)
		if !errors.Is(err, errLocked) {
			return unlock, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// takeLock takes a lock now or gives errLocked.
func takeLock(path string, shared bool) (unlock func(), err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := flock(f, shared); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
