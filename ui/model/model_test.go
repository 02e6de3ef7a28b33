package model

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/internal/progress"
)

// loop is the goroutine that a session of a test belongs to: what is posted runs
// when the test waits.
type loop struct{ posted chan func() }

func newLoop() *loop { return &loop{make(chan func(), 10000)} }

func (l *loop) post(f func()) { l.posted <- f }

// until runs what is posted until a condition holds.
func (l *loop) until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	limit := time.After(time.Minute)
	for !holds() {
		select {
		case f := <-l.posted:
			f()
		case <-limit:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// begin is a session on a loop of its own.
func begin(t *testing.T, actions Actions) (*Session, *loop) {
	t.Helper()
	l := newLoop()
	s := New(Env{Post: l.post, Actions: actions, Home: t.TempDir(), CacheDir: t.TempDir()})
	t.Cleanup(s.End)
	return s, l
}

func template(t *testing.T, name string) assets.Template {
	t.Helper()
	for _, tpl := range assets.Templates() {
		if tpl.Name == name {
			return tpl
		}
	}
	t.Fatalf("no template %s", name)
	return assets.Template{}
}

func fresh(t *testing.T, s *Session) *Document {
	t.Helper()
	doc, err := s.NewFrom(template(t, "minimal"))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestUndoTakesBackOneStepOfAPersons(t *testing.T) {
	s, _ := begin(t, Actions{})
	doc := fresh(t, s)
	first := doc.Design()
	doc.Edit(Act("tick %s", "git"), func(d *design.Design) { d.Packages = append(d.Packages, "git") })
	doc.Edit(Act("tick %s", "htop"), func(d *design.Design) { d.Packages = append(d.Packages, "htop") })
	if got := doc.UndoText(); got != "Undo: tick htop" {
		t.Errorf("undo says %q", got)
	}
	doc.Undo()
	if !slices.Contains(doc.Design().Packages, "git") || slices.Contains(doc.Design().Packages, "htop") {
		t.Errorf("after one undo the packages are %v", doc.Design().Packages)
	}
	if got := doc.RedoText(); got != "Redo: tick htop" {
		t.Errorf("redo says %q", got)
	}
	doc.Undo()
	if design.ID(doc.Design()) != design.ID(first) || doc.UndoText() != "" {
		t.Error("two undos do not give the first design")
	}
	doc.Undo()
	doc.Redo()
	doc.Redo()
	doc.Redo()
	if !slices.Contains(doc.Design().Packages, "htop") || doc.RedoText() != "" {
		t.Errorf("after the redos the packages are %v", doc.Design().Packages)
	}
}

func TestTypingIsOneStepUntilThePersonPauses(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	l := newLoop()
	s := New(Env{Post: l.post, Now: func() time.Time { return now }})
	defer s.End()
	doc := fresh(t, s)
	type_ := func(text string) {
		for i := range text {
			doc.Edit(Act("change the name").In("name"), func(d *design.Design) { d.Name += text[i : i+1] })
			now = now.Add(200 * time.Millisecond)
		}
	}
	before := doc.Design().Name
	type_("abc")
	now = now.Add(mergeWithin)
	type_("def")
	doc.Undo()
	if got := doc.Design().Name; got != before+"abc" {
		t.Errorf("one undo gives %q", got)
	}
	doc.Redo()
	type_("g")
	doc.Undo()
	if got := doc.Design().Name; got != before+"abcdef" {
		t.Errorf("what was typed after a redo is not a step of its own: %q", got)
	}
}

func TestAnEditThatChangesNothingIsNone(t *testing.T) {
	s, _ := begin(t, Actions{})
	doc := fresh(t, s)
	doc.Edit(Act("nothing"), func(*design.Design) {})
	if doc.UndoText() != "" {
		t.Error("it can be undone")
	}
}

func TestEditsShareNoMemory(t *testing.T) {
	s, _ := begin(t, Actions{})
	doc := fresh(t, s)
	doc.Edit(Act("one"), func(d *design.Design) { d.Packages = []string{"a", "b"} })
	doc.Edit(Act("two"), func(d *design.Design) { d.Packages[0] = "changed" })
	doc.Undo()
	if got := doc.Design().Packages[0]; got != "a" {
		t.Errorf("the earlier design was changed: %q", got)
	}
}

func TestSavedAndOpenedAgainIsTheSameDesign(t *testing.T) {
	s, l := begin(t, Actions{})
	doc := fresh(t, s)
	if !doc.Dirty() {
		t.Error("a new design is not unsaved")
	}
	doc.Edit(Act("tick"), func(d *design.Design) { d.Packages = []string{"git"} })
	if err := doc.Save(); err == nil {
		t.Error("a design without a file was saved")
	}
	path := filepath.Join(t.TempDir(), "a.isowright")
	if err := doc.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	if doc.Dirty() {
		t.Error("a saved design is unsaved")
	}
	doc.Undo()
	if !doc.Dirty() {
		t.Error("undoing beyond the saved state is no change")
	}
	doc.Redo()
	if doc.Dirty() {
		t.Error("redone to the saved state it is unsaved")
	}
	id := design.ID(doc.Design())
	s.Close(doc)
	if s.Current() != nil || s.Place().Section != Start {
		t.Error("after the last design was closed there is no start page")
	}
	again, err := s.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if design.ID(again.Design()) != id {
		t.Error("another design came back")
	}
	same, err := s.Open(path)
	if err != nil || same != again || len(s.Documents()) != 1 {
		t.Error("a design that is open was opened twice")
	}
	_ = l
}

func TestFilesOfATemplateAreWrittenWithTheDesign(t *testing.T) {
	s, _ := begin(t, Actions{})
	doc, err := s.NewFrom(template(t, "nixos-offline-flake"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := doc.SaveAs(filepath.Join(dir, "x.isowright")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "flake", "flake.nix")); err != nil {
		t.Error(err)
	}
}

func TestAFaultIsKnownAtOnceAndLeadsToItsField(t *testing.T) {
	s, l := begin(t, Actions{})
	doc := fresh(t, s)
	doc.Edit(Act("x"), func(d *design.Design) {
		d.System.Hostname = "not a host name!"
		d.Files = append(d.Files, design.File{Source: "missing.txt", Target: "/a"})
	})
	if p, ok := doc.ProblemAt("system.hostname"); !ok || p.Text == "" {
		t.Error("the host name is no problem")
	}
	if n := len(doc.ProblemsIn(System)); n != 1 {
		t.Errorf("%d problems on the page", n)
	}
	l.until(t, "the missing file", func() bool { _, ok := doc.ProblemAt("files"); return ok })
	s.ShowField("files[0].source")
	if s.Place() != (Place{Files, "files[0].source"}) {
		t.Errorf("led to %v", s.Place())
	}
}

func TestEveryFieldHasAPage(t *testing.T) {
	for field, want := range map[string]Section{
		"users[2].ssh_keys[0]": Users, "boot.entries[1].entries[0].title": BootMenu, "nixos.offline.level": Files,
		"nixos.unfree[0]": Packages, "nixos.channel": Base, "": Overview, "surely.unknown": Overview, "network.wifi[0].psk": System,
	} {
		if got := SectionOf(field); got != want {
			t.Errorf("%q is on %s, not %s", field, got, want)
		}
	}
}

func TestPlanFollowsTheLastEdit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var planned []string
		l := newLoop()
		s := New(Env{Post: l.post, Actions: Actions{Plan: func(_ context.Context, d design.Design, o builder.Options) (plan.Plan, error) {
			if !o.Offline {
				t.Error("planning after an edit may fetch")
			}
			planned = append(planned, d.Name)
			return plan.Plan{Sizes: plan.Sizes{Image: 42}}, nil
		}}})
		defer s.End()
		doc := fresh(t, s)
		for _, name := range []string{"a", "b", "c"} {
			doc.Edit(Act("name"), func(d *design.Design) { d.Name = name })
			time.Sleep(planPause / 2)
		}
		if !doc.Planning() {
			t.Error("nothing is being worked out")
		}
		time.Sleep(2 * planPause)
		synctest.Wait()
		for len(l.posted) > 0 {
			(<-l.posted)()
		}
		if !slices.Equal(planned, []string{"c"}) {
			t.Errorf("planned %v", planned)
		}
		if p, now := doc.Plan(); p == nil || !now || p.Sizes.Image != 42 {
			t.Error("the plan is not there")
		}
		doc.Edit(Act("name"), func(d *design.Design) { d.Name = "d" })
		if _, now := doc.Plan(); now {
			t.Error("an old plan passes for the present one")
		}
	})
}

func TestFaultsThatThePlanFinds(t *testing.T) {
	s, l := begin(t, Actions{Plan: func(context.Context, design.Design, builder.Options) (plan.Plan, error) {
		return plan.Plan{}, design.Problems{{Field: "packages[0]", Text: "there is no package nosuch"}}
	}})
	doc := fresh(t, s)
	doc.MakePlan()
	l.until(t, "the plan's problem", func() bool { _, ok := doc.ProblemAt("packages"); return ok })
	doc.Edit(Act("x"), func(d *design.Design) { d.Packages = nil; d.Name += "x" })
	if _, ok := doc.ProblemAt("packages"); ok {
		t.Error("the problem of an earlier design is still there")
	}
}

func TestJobGoesThroughItsPhases(t *testing.T) {
	s, l := begin(t, Actions{})
	step := make(chan struct{})
	j, ok := s.StartJob(Build, "x", func(ctx context.Context, sink progress.Sink, log func(string)) (any, error) {
		sink.Report(progress.Event{Step: "fetch", Done: 1, Total: 10})
		log("one\ntwo")
		<-step
		sink.Report(progress.Event{Step: "pack", Done: 5, Total: 10})
		<-step
		return 7, nil
	})
	if !ok {
		t.Fatal("no job")
	}
	l.until(t, "fetch", func() bool { return j.Phase() != nil && len(j.Log) == 2 })
	if other, ok := s.StartJob(Build, "y", nil); ok || other != j {
		t.Error("two of a kind at once")
	}
	if len(s.Busy()) != 1 {
		t.Error("it does not count as running")
	}
	step <- struct{}{}
	l.until(t, "pack", func() bool { return len(j.Phases) == 2 })
	if j.Phases[0].Ended.IsZero() || !j.Phases[1].Ended.IsZero() {
		t.Error("the first phase has not ended, or the second has")
	}
	step <- struct{}{}
	l.until(t, "the end", func() bool { return j.State == Done })
	if j.Result != 7 || len(s.Busy()) != 0 || j.Ended.IsZero() {
		t.Errorf("ended as %+v", j)
	}
}

func TestJobThatFailsAndJobThatIsCancelled(t *testing.T) {
	s, l := begin(t, Actions{})
	broken := errors.New("broken")
	j, _ := s.StartJob(Build, "x", func(context.Context, progress.Sink, func(string)) (any, error) { return nil, broken })
	l.until(t, "the failure", func() bool { return j.State == Failed })
	if !errors.Is(j.Err, broken) {
		t.Error(j.Err)
	}
	k, ok := s.StartJob(Build, "x", func(ctx context.Context, _ progress.Sink, _ func(string)) (any, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	if !ok || s.Job(Build) != k {
		t.Fatal("a new one cannot begin")
	}
	k.Cancel()
	l.until(t, "the end", func() bool { return k.State == Cancelled })
}

func TestLogIsBounded(t *testing.T) {
	s, l := begin(t, Actions{})
	j, _ := s.StartJob(Build, "x", func(_ context.Context, _ progress.Sink, log func(string)) (any, error) {
		for range 5 {
			log(strings.Repeat("line\n", maxLog/2))
		}
		log("last")
		return nil, nil
	})
	l.until(t, "the end", func() bool { return j.State == Done })
	if len(j.Log) != maxLog || j.Log[maxLog-1] != "last" {
		t.Errorf("%d lines are kept", len(j.Log))
	}
}

func TestObserversMayStopWhileTheyAreTold(t *testing.T) {
	s, _ := begin(t, Actions{})
	calls := 0
	var stop func()
	stop = s.Listen(func(Change) { calls++; stop() })
	s.Listen(func(Change) { calls++ })
	s.Tell(Message{Text: "x"})
	s.Quiet()
	if calls != 3 {
		t.Errorf("%d calls", calls)
	}
}
