package builder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/internal/run"
	"github.com/isowright/isowright/internal/sandbox"
	"golang.org/x/sys/unix"
)

// explain turns a step's error into one that says what to do. Faults of the
// design and the end of the context pass as they are.
func explain(step string, err error, p plan.Plan) error {
	var problems design.Problems
	var done *StepError
	if err == nil || errors.Is(err, context.Canceled) || errors.As(err, &problems) || errors.As(err, &done) {
		return err
	}
	e := &StepError{Step: step, Err: err}
	var unavailable *sandbox.UnavailableError
	var failed *run.Error
	var hinted interface{ Hint() string }
	var ended interface{ Tail() string }
	if errors.As(err, &ended) {
		e.Tail = ended.Tail()
	}
	if errors.As(err, &failed) {
		e.Tail = failed.Tail
	}
	switch {
	case errors.As(err, &unavailable):
		e.Hint = unavailable.Hint
	case errors.As(err, &hinted):
		e.Hint = hinted.Hint()
	case errors.Is(err, syscall.ENOSPC) && p.Sizes.Work == 0:
		e.Hint = "free some space where the cache is, or choose another folder with --cache"
	case errors.Is(err, syscall.ENOSPC):
		e.Hint = fmt.Sprintf("free some space: the build needs about %s in its cache folder and %s for the image",
			megabytes(p.Sizes.Work), megabytes(p.Sizes.Image))
	case errors.Is(err, fs.ErrPermission):
		e.Hint = "check who owns the folder, or choose another with --cache or --output"
	case errors.Is(err, errInUse):
		e.Hint = "wait until the other build of this image has ended"
	}
	return e
}

// checkSpace refuses a build that the disks cannot hold. missing is what will
// be fetched, in bytes.
func checkSpace(p plan.Plan, o Options, missing int64) error {
	out := filepath.Dir(o.Out)
	cacheNeed, outNeed := p.Sizes.Work-p.Sizes.Image+missing, p.Sizes.Image
	cacheDisk, cacheFree, err := freeSpace(o.CacheDir)
	if err != nil {
		return err
	}
	outDisk, outFree, err := freeSpace(out)
	if err != nil {
		return err
	}
	if cacheDisk == outDisk {
		cacheNeed += outNeed
	}
	switch {
	case cacheFree < cacheNeed:
		return &spaceError{dir: o.CacheDir, free: cacheFree, need: cacheNeed, flag: "--cache"}
	case outFree < outNeed:
		return &spaceError{dir: out, free: outFree, need: outNeed, flag: "--output"}
	}
	return nil
}

// placeError is an output that no image can take the place of.
type placeError struct{ path, is string }

// Error says what is there.
func (e *placeError) Error() string { return e.path + " is " + e.is }

// Hint is the way out.
func (e *placeError) Hint() string {
	return "choose another name with --output; flash writes a finished image to a device"
}

// spaceError is a disk that is too small.
type spaceError struct {
	dir        string
	free, need int64
	flag       string
}

// Error gives both sizes.
func (e *spaceError) Error() string {
	return fmt.Sprintf("%s has %s free, but the build needs %s there", e.dir, megabytes(e.free), megabytes(e.need))
}

// Hint is the way out.
func (e *spaceError) Hint() string {
	return "free some space or choose another folder with " + e.flag
}

// freeSpace is the number of dir's disk and what an ordinary user may still
// write there, in bytes. A folder that is not there yet lies on the disk of the
// one it will be in.
func freeSpace(dir string) (disk uint64, free int64, err error) {
	var space unix.Statfs_t
	err = unix.Statfs(dir, &space)
	for errors.Is(err, fs.ErrNotExist) && filepath.Dir(dir) != dir {
		dir = filepath.Dir(dir)
		err = unix.Statfs(dir, &space)
	}
	if err != nil {
		return 0, 0, &os.PathError{Op: "look at", Path: dir, Err: err}
	}
	var st unix.Stat_t
	if err := unix.Stat(dir, &st); err != nil {
		return 0, 0, &os.PathError{Op: "look at", Path: dir, Err: err}
	}
	return st.Dev, int64(space.Bavail) * space.Bsize, nil
}

// megabytes writes a size for people.
func megabytes(n int64) string {
	if n >= 1e9 {
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	}
	return fmt.Sprintf("%.0f MB", float64(n)/1e6)
}
