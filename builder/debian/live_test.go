package debian

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/debian/archive"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/internal/sandbox"
)

func TestMain(m *testing.M) {
	sandbox.Child()
	os.Exit(m.Run())
}

// heavy says whether tests may take minutes.
func heavy() bool { return os.Getenv("ISOWRIGHT_HEAVY") == "1" }

// liveIndex opens the archive for a design, with the user's own cache: the
// newest state in it, else the archive's present one.
func liveIndex(t *testing.T, d design.Design) (*System, *index) {
	t.Helper()
	cache, err := os.UserCacheDir()
	check(t, err)
	cache = filepath.Join(cache, "isowright")
	check(t, os.MkdirAll(cache, 0o755))
	s := New(Config{CacheDir: cache, Now: time.Now(), Offline: true})
	check(t, s.Available(t.Context()))
	x, err := s.index(t.Context(), d, "")
	if errors.Is(err, archive.ErrOffline) || errors.Is(err, archive.ErrExpired) {
		s.Offline = false
		x, err = s.index(t.Context(), d, "")
	}
	if errors.Is(err, archive.ErrUnreachable) && os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") != "1" {
		t.Skip("no archive can be reached and the cache has none")
	}
	check(t, err)
	s.Offline = false
	return s, x
}

// livePlan plans one of the examples.
func livePlan(t *testing.T, path string) (*System, plan.Plan) {
	t.Helper()
	d, err := design.Load(path)
	check(t, err)
	d = design.WithDefaults(d)
	s, x := liveIndex(t, d)
	return s, planOn(t.Context(), t, x)
}

func planOn(ctx context.Context, t *testing.T, x *index) plan.Plan {
	t.Helper()
	p, err := plan.Make(ctx, x.design, base(x.design), x, time.Time{})
	check(t, err)
	return p
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
