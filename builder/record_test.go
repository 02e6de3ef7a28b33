package builder

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/builder/store"
)

func recordPlan() plan.Plan {
	return plan.Plan{
		ID: "plan", DesignID: "design",
		Design:   design.WithDefaults(design.Design{Name: "X", Distribution: "debian", Base: "minimal"}),
		Packages: []catalog.Package{{Name: "dash", Version: "1", Installed: 5}},
	}
}

func TestRecord(t *testing.T) {
	begin, end := time.Unix(1000, 0), time.Unix(1060, 0)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	image := Image{
		Path: "/x.iso", Size: 7, SHA256: "ab", Phases: []Phase{{"root", 2}, {"image", 1}},
		Installed: []catalog.Package{{Name: "dash", Version: "1", Installed: 5}, {Name: "htop"}},
	}
	part := Image{Phases: []Phase{{"root", 2}}}
	step := &StepError{Step: "root", Err: errors.New("no disk"), Hint: "free some"}
	for _, c := range []struct {
		name     string
		ctx      context.Context
		image    Image
		err      error
		want     string
		hint     string
		packages int
	}{
		{"done", t.Context(), image, nil, store.Done, "", 2},
		{"done just before the end", ended, image, nil, store.Done, "", 2},
		{"failed", t.Context(), part, step, store.Failed, "free some", 1},
		{"cancelled", ended, part, step, store.Cancelled, "", 1},
	} {
		var o Options
		r := NewRecord("/x.isowright", recordPlan(), begin, &o)
		o.Log.Info("packing")
		got := r.End(c.ctx, c.image, c.err, end)
		if got.Result != c.want || got.Hint != c.hint || got.Packages != c.packages || len(got.Phases) != len(c.image.Phases) ||
			got.Image != c.image.Path || !got.Ended.Equal(end) || !strings.Contains(string(got.Log), "msg=packing") {
			t.Errorf("%s: %+v", c.name, got)
		}
		if n := len(catalog.ParseList(got.PackageList)); n != c.packages {
			t.Errorf("%s: %d packages are listed", c.name, n)
		}
		if d, err := design.Parse(got.DesignText, ""); err != nil || d.Name != "X" {
			t.Errorf("%s: the design is another: %v", c.name, err)
		}
	}
}

// TestRecordOfFailedBuild has a real build refuse early: its log and its phase
// are in the record, and the caller's own log still gets all.
func TestRecordOfFailedBuild(t *testing.T) {
	var mine strings.Builder
	o := Options{CacheDir: t.TempDir(), Out: t.TempDir(), Now: time.Now(), Log: slog.New(slog.NewTextHandler(&mine, nil))}
	p := recordPlan()
	r := NewRecord("", p, o.Now, &o)
	image, err := Build(t.Context(), p, o)
	if err == nil {
		t.Fatal("a folder was built over")
	}
	got := r.End(t.Context(), image, err, o.Now)
	if got.Result != store.Failed || got.Error == "" || len(got.Phases) != 1 || got.Phases[0].Step != "prepare" {
		t.Errorf("got %+v", got)
	}
	for _, log := range []string{string(got.Log), mine.String()} {
		if !strings.Contains(log, "msg=build ") || !strings.Contains(log, "msg=failed step=prepare") {
			t.Errorf("the log is %q", log)
		}
	}
	// It can be kept and compared.
	l := store.NewLibrary(filepath.Join(t.TempDir(), "library.db"))
	if _, err := l.AddBuild(got); err != nil {
		t.Error(err)
	}
}

func TestLogTail(t *testing.T) {
	var tail logTail
	line := strings.Repeat("x", 999) + "\n"
	for range 5000 {
		if _, err := io.WriteString(&tail, line); err != nil {
			t.Fatal(err)
		}
	}
	if got := tail.Bytes(); len(got) < store.MaxLog || len(got) > 2*store.MaxLog || !strings.HasSuffix(string(got), line) {
		t.Errorf("%d bytes", len(got))
	}
}
