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
	folders := []struct {
		dir  string
		need int64
		flag string
	}{
		{o.CacheDir, p.Sizes.Work - p.Sizes.Image + missing, "--cache"},
		{filepath.Dir(o.Out), p.Sizes.Image, "--output"},
	}
	for _, f := range folders {
		free, err := freeSpace(f.dir)
		if err != nil {
			return err
		}
		if free < f.need {
			return &spaceError{dir: f.dir, free: free, need: f.need, flag: f.flag}
		}
	}
	return nil
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

// freeSpace is what an ordinary user may still write below dir, in bytes.
func freeSpace(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, &os.PathError{Op: "look at", Path: dir, Err: err}
	}
	return int64(st.Bavail) * st.Bsize, nil
}

// megabytes writes a size for people.
func megabytes(n int64) string {
	if n >= 1e9 {
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	}
	return fmt.Sprintf("%.0f MB", float64(n)/1e6)
}
