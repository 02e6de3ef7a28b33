package builder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/internal/run"
	"github.com/isowright/isowright/internal/sandbox"
)

// withHint is an error of a distribution.
type withHint struct{ error }

func (withHint) Hint() string    { return "do as I say" }
func (w withHint) Unwrap() error { return w.error }

func TestExplain(t *testing.T) {
	p := plan.Plan{Sizes: plan.Sizes{Work: 2_500_000_000, Image: 400_000_000}}
	program := &run.Error{Name: "mmdebstrap", Err: errors.New("exit status 1"), Tail: "the last line"}
	for _, c := range []struct {
		name       string
		err        error
		plan       plan.Plan
		hint, tail string
	}{
		{"no namespaces", &sandbox.UnavailableError{Reason: "none", Hint: "allow them"}, p, "allow them", ""},
		{"an error with a hint", withHint{errors.New("x")}, p, "do as I say", ""},
		{"a program with a hint", withHint{program}, p, "do as I say", "the last line"},
		{"a program", program, p, "", "the last line"},
		{"full disk", &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, p, "2.5 GB in its cache folder and 400 MB", ""},
		{"full disk before the sizes are known", syscall.ENOSPC, plan.Plan{}, "--cache", ""},
		{"no right", &os.PathError{Op: "open", Path: "x", Err: syscall.EACCES}, p, "who owns the folder", ""},
		{"another run", fmt.Errorf("x: %w", errInUse), p, "other build", ""},
		{"small disk", &spaceError{dir: "/d", free: 1, need: 2, flag: "--output"}, p, "--output", ""},
		{"an output that is a folder", &placeError{"/d", "a folder or device, not a file"}, p, "--output", ""},
		{"anything else", errors.New("x"), p, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := explain("squashfs", fmt.Errorf("wrapped: %w", c.err), c.plan)
			var e *StepError
			if !errors.As(err, &e) || e.Step != "squashfs" || !errors.Is(err, c.err) {
				t.Fatalf("%#v", err)
			}
			if !strings.Contains(e.Hint, c.hint) || (c.hint == "") != (e.Hint == "") {
				t.Errorf("hint %q, want %q", e.Hint, c.hint)
			}
			if e.Tail != c.tail {
				t.Errorf("tail %q, want %q", e.Tail, c.tail)
			}
			if !strings.HasPrefix(err.Error(), "squashfs: wrapped: ") {
				t.Errorf("text %q", err)
			}
		})
	}
	for _, err := range []error{
		nil, context.Canceled, fmt.Errorf("x: %w", context.Canceled),
		design.Problems{{Field: "base", Text: "x"}}, &StepError{Step: "root", Err: fs.ErrPermission},
	} {
		got := explain("squashfs", err, p)
		if fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", err) {
			t.Errorf("%v became %#v", err, got)
		}
	}
}

func TestCheckSpace(t *testing.T) {
	cache, out := t.TempDir(), t.TempDir()
	o := Options{CacheDir: cache, Out: filepath.Join(out, "x.iso")}
	_, free, err := freeSpace(cache)
	must(t, err)
	sizes := func(work, image int64) plan.Plan { return plan.Plan{Sizes: plan.Sizes{Work: work, Image: image}} }
	must(t, checkSpace(sizes(3, 1), o, 1))
	var small *spaceError
	for _, c := range []struct {
		name        string
		work, image int64
		missing     int64
		dir         string
	}{
		{"work", 2 * free, 1, 0, cache},
		{"what is to be fetched", 2, 1, 2 * free, cache},
		// Each part alone has room, both together have not: one disk.
		{"work and image on one disk", free/4*3 + free/4*3, free / 4 * 3, 0, cache},
	} {
		err := checkSpace(sizes(c.work, c.image), o, c.missing)
		if !errors.As(err, &small) || small.dir != c.dir || small.Hint() == "" || !strings.Contains(err.Error(), c.dir) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	o.CacheDir = filepath.Join(cache, "none")
	if err := checkSpace(sizes(3, 1), o, 0); err != nil {
		t.Errorf("a cache that is not there yet: %v", err)
	}
}

// TestCheckSpaceTwoDisks needs a second file system.
func TestCheckSpaceTwoDisks(t *testing.T) {
	cache := t.TempDir()
	disk, free, err := freeSpace(cache)
	must(t, err)
	other, otherFree, err := freeSpace("/dev/shm")
	if err != nil || other == disk {
		t.Logf("one disk only (%v)", err)
		return
	}
	o := Options{CacheDir: cache, Out: "/dev/shm/x.iso"}
	image := otherFree + 1<<30
	if image > free {
		image = free + otherFree // refused for one of them in any case
	}
	var small *spaceError
	err = checkSpace(plan.Plan{Sizes: plan.Sizes{Work: image, Image: image}}, o, 0)
	if !errors.As(err, &small) || small.dir != "/dev/shm" || small.flag != "--output" {
		t.Errorf("%v", err)
	}
}

func TestMegabytes(t *testing.T) {
	for n, want := range map[int64]string{0: "0 MB", 1_499_999: "1 MB", 999_400_000: "999 MB", 1_000_000_000: "1.0 GB", 12_340_000_000: "12.3 GB"} {
		if got := megabytes(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
