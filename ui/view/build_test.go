package view

import (
	stdcontext "context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/ui/model"
)

// somePlan is a plan as planning gives it.
func somePlan(d design.Design) plan.Plan {
	d = design.WithDefaults(d)
	p := plan.Plan{
		ID: "0123", Design: d, VolumeID: "RESCUE", Output: "rescue.iso", KernelLine: []string{"boot=live", "quiet"},
		State: catalog.State{ID: "sha256:00", Date: time.Date(2030, 5, 1, 0, 0, 0, 0, time.UTC)},
		Sizes: plan.Sizes{Download: 84_500_000, Packages: 180_000_000, Installed: 812_000_000, Image: 431_000_000, Work: 2_100_000_000},
	}
	for i, name := range []string{"linux-image-6.12.48-amd64", "systemd", "perl-base", "htop", "git", "libc6", "bash"} {
		reason := "needed by git"
		if i == 3 || i == 4 {
			reason = catalog.ReasonTicked
		}
		p.Packages = append(p.Packages, catalog.Package{Name: name, Version: "1.0-1", Installed: int64(90-10*i) * 1_000_000, Reason: reason})
	}
	for i := len(p.Packages); i < 163; i++ {
		p.Packages = append(p.Packages, catalog.Package{Name: fmt.Sprint("lib", i), Version: "1", Installed: 1000, Reason: "needed by git"})
	}
	p.Menu.Entries = make([]grub.Entry, 4)
	return p
}

// building are actions that plan at once and build until the test lets them end.
type building struct {
	report chan progress.Event
	end    chan error
}

func newBuilding() *building {
	return &building{report: make(chan progress.Event), end: make(chan error, 1)}
}

func (b *building) actions(e *model.Env) {
	e.Actions.Plan = func(_ stdcontext.Context, d design.Design, o builder.Options) (plan.Plan, error) {
		o.Log.Info("planned", "packages", 7)
		return somePlan(d), nil
	}
	e.Actions.Build = func(ctx stdcontext.Context, p plan.Plan, o builder.Options) (builder.Image, error) {
		for {
			select {
			case event := <-b.report:
				o.Progress(event)
				o.Log.Info(event.Text, "step", event.Step)
			case err := <-b.end:
				return builder.Image{Path: "/home/ada/rescue.iso", Size: 429_000_000, SHA256: strings.Repeat("ab", 32),
					Beside: []string{"/home/ada/rescue.iso.sha256", "/home/ada/rescue.iso.packages"}, Plan: p}, err
			case <-ctx.Done():
				return builder.Image{}, ctx.Err()
			}
		}
	}
}

// quietLog takes the day's time out of a log, since it is not the test's.
func (w *testWindow) quietLog() {
	if j := w.session.Job(model.Build); j != nil {
		for i, line := range j.Log {
			j.Log[i] = "09:30:00" + line[8:]
		}
	}
}

// buildUntil builds as far as a phase.
func buildUntil(t *testing.T, w *testWindow, b *building) *model.Job {
	t.Helper()
	w.session.Show(model.Build)
	b.replace(w)
	j, ok := w.session.Build(model.BuildOptions{})
	if !ok {
		t.Fatal("no build")
	}
	for _, e := range []progress.Event{
		{Step: "prepare", Text: "Checking this computer"}, {Step: "download", Text: "Fetching packages", Done: 84_500_000, Total: 84_500_000},
		{Step: "squashfs", Text: "Packing the root file system", Done: 512_000_000, Total: 812_000_000},
	} {
		b.report <- e
		w.until(t, e.Step, func() bool { return j.Phase() != nil && j.Phase().Step == e.Step && len(j.Log) > 0 })
	}
	return j
}

// replace gives the window's session the building's actions.
func (b *building) replace(w *testWindow) { w.session.SetActions(b.actions) }

func buildScreens() []screen {
	end := func(state string, finish func(b *building, j *model.Job)) screen {
		return screen{name: "build-" + state, begin: func(t *testing.T, w *testWindow) {
			w.open(t, "rescue")
			b := newBuilding()
			j := buildUntil(t, w, b)
			finish(b, j)
			w.until(t, "the end", func() bool { return j.State != model.Running })
			w.quietLog()
			w.frame.pages[model.Build].(*build).logged = nil
			w.session.Show(model.Build)
		}}
	}
	return []screen{
		{name: "build-unplanned", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "rescue")
			w.session.Show(model.Build)
		}},
		{name: "build-planned", shot: "build", begin: func(t *testing.T, w *testWindow) {
			newBuilding().replace(w)
			doc := w.open(t, "rescue")
			w.session.Show(model.Build)
			doc.MakePlan()
			w.until(t, "the plan", func() bool { p, _ := doc.Plan(); return p != nil })
		}},
		{name: "build-problems", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "rescue")
			w.frame.c.edit(model.Act("x"), breakEverything)
			w.session.Show(model.Build)
		}},
		{name: "build-running", golden: true, begin: func(t *testing.T, w *testWindow) {
			w.open(t, "rescue")
			buildUntil(t, w, newBuilding())
			w.quietLog()
			w.frame.pages[model.Build].(*build).logged = nil
			w.session.Show(model.Build)
		}},
		end("done", func(b *building, _ *model.Job) { b.end <- nil }),
		end("failed", func(b *building, _ *model.Job) {
			b.end <- &builder.StepError{Step: "squashfs", Err: errors.New("write rescue.iso.part: no space left on device"),
				Hint: "free some space: the build needs about 2100 MB in its cache folder and 431 MB for the image", Tail: "the last line"}
		}),
		end("cancelled", func(_ *building, j *model.Job) { j.Cancel() }),
	}
}

func TestBuildByKeyboard(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	w.open(t, "rescue")
	b := newBuilding()
	b.replace(w)
	w.session.Show(model.Build)
	w.frame.to("build")
	p := w.frame.pages[model.Build].(*build)
	if w.window.Canvas().Focused() != p.ready.start {
		t.Fatal("the button that builds has not the focus")
	}
	test.FocusNext(w.window.Canvas())
	p.ready.start.Press()
	w.until(t, "a running build", func() bool { return p.shown == "running" })
	p.running.cancel.Press()
	w.until(t, "the end", func() bool { return p.shown == "failed" })
	if w.session.Job(model.Build).State != model.Cancelled {
		t.Error("it was not cancelled")
	}
	if len(w.notes) != 0 {
		t.Errorf("a cancelled build is told of: %v", w.notes)
	}
	p.again()
	p.ready.start.Press()
	b.end <- nil
	w.until(t, "the image", func() bool { return p.shown == "done" })
	if len(w.notes) != 1 || !strings.Contains(w.notes[0], "Build of Rescue") {
		t.Errorf("told %v", w.notes)
	}
}

func TestNoBuildWithProblems(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	w.open(t, "rescue")
	w.frame.c.edit(model.Act("x"), breakEverything)
	w.session.Show(model.Build)
	p := w.frame.pages[model.Build].(*build)
	if !p.ready.start.Disabled() {
		t.Error("a design with problems can be built")
	}
	w.frame.c.undo()
	if p.ready.start.Disabled() {
		t.Error("the design without them cannot")
	}
}
