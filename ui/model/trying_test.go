package model

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/builder/trial"
	"github.com/isowright/isowright/internal/need"
)

// puppet is a guest that does what the test says.
type puppet struct {
	frames chan trial.Frame
	done   chan struct{}

	mu      sync.Mutex
	said    string
	more    chan struct{}
	state   trial.State
	err     error
	trouble error
	keys    []string
}

func newPuppet() *puppet {
	return &puppet{frames: make(chan trial.Frame), done: make(chan struct{}), more: make(chan struct{})}
}

// start is the action that starts it.
func (p *puppet) start(ctx context.Context, o trial.Options) (Guest, error) {
	context.AfterFunc(ctx, func() { p.end(trial.Stopped, nil) })
	return p, nil
}

func (p *puppet) end(state trial.State, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.done:
	default:
		p.state, p.err = state, err
		close(p.frames)
		close(p.done)
	}
}

func (p *puppet) say(text string, trouble error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said, p.trouble = p.said+text, trouble
	close(p.more)
	p.more = make(chan struct{})
}

func (p *puppet) note(key string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = append(p.keys, key)
	return nil
}

func (p *puppet) Accel() trial.Accel         { return trial.Accel{Name: "kvm", Reason: "it runs well"} }
func (p *puppet) Frames() <-chan trial.Frame { return p.frames }
func (p *puppet) Done() <-chan struct{}      { return p.done }
func (p *puppet) Said(from int64) (string, int64, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said[from:], int64(len(p.said)), p.more
}
func (p *puppet) Trouble() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.trouble
}
func (p *puppet) State() (trial.State, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state, p.err
}
func (p *puppet) Key(name string, down bool) error {
	if down {
		return p.note("+" + name)
	}
	return p.note("-" + name)
}
func (p *puppet) Type(text string) error                          { return p.note(text) }
func (p *puppet) ReleaseKeys() error                              { return p.note("release") }
func (p *puppet) Point(x, y float64) error                        { return p.note(fmt.Sprint(x, y)) }
func (p *puppet) Button(b trial.Button, down bool) error          { return p.note(fmt.Sprint(b, down)) }
func (p *puppet) Pause(context.Context) error                     { return p.note("pause") }
func (p *puppet) Resume(context.Context) error                    { return p.note("resume") }
func (p *puppet) Reset(context.Context) error                     { return p.note("reset") }
func (p *puppet) PowerButton(context.Context) error               { return errors.New("it has none") }
func (p *puppet) Screenshot(_ context.Context, path string) error { return p.note("to " + path) }
func (p *puppet) Stop() error                                     { p.end(trial.Stopped, nil); return nil }

// tryPuppet is a session in which a trial of a puppet runs.
func tryPuppet(t *testing.T) (*Session, *loop, *puppet, *Trial) {
	t.Helper()
	p := newPuppet()
	s, l := begin(t, Actions{Trial: p.start})
	s.TryImage("/tmp/any.iso")
	tr, ok := s.StartTrial()
	if !ok || tr.State != TryStarting || s.Place().Section != Try {
		t.Fatalf("no trial has begun: %+v", tr)
	}
	l.until(t, "a running guest", func() bool { return tr.State == TryRunning })
	return s, l, p, tr
}

func picture(w, h int, grey uint8) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = grey
	}
	return img
}

func TestPicturesDoNotQueueUp(t *testing.T) {
	s, l, p, tr := tryPuppet(t)
	seen := 0
	s.WatchTrial(func() { seen++ })
	tr.Fit(100, 100)
	p.frames <- trial.Frame{Picture: picture(400, 300, 1)}
	l.until(t, "the first picture", func() bool { return seen == 1 })
	if size := tr.Picture.Rect.Size(); size != image.Pt(100, 75) || tr.Screen != image.Pt(400, 300) {
		t.Errorf("the picture has %v of %v", size, tr.Screen)
	}
	// It is not fetched anew before the one in the queue was shown.
	p.frames <- trial.Frame{Picture: picture(400, 300, 2)}
	select {
	case p.frames <- trial.Frame{Picture: picture(400, 300, 3)}:
		t.Error("a picture was made before the last one was shown")
	case <-time.After(3 * frameEvery):
	}
	l.until(t, "the second picture", func() bool { return seen == 2 })
	p.frames <- trial.Frame{Picture: picture(400, 300, 4)}
	l.until(t, "the third picture", func() bool { return seen == 3 })
	if tr.Picture.Pix[0] != 4 {
		t.Errorf("it is %d", tr.Picture.Pix[0])
	}
	// Another size makes another picture of the same screen.
	tr.Fit(0, 0)
	l.until(t, "the picture as it is", func() bool { return tr.Picture.Rect.Dx() == 400 })
}

func TestShrunk(t *testing.T) {
	for _, c := range []struct{ from, fit, want image.Point }{
		{image.Pt(720, 400), image.Pt(1000, 700), image.Pt(720, 400)},
		{image.Pt(720, 400), image.Pt(0, 0), image.Pt(720, 400)},
		{image.Pt(1024, 768), image.Pt(900, 384), image.Pt(512, 384)},
		{image.Pt(1920, 1080), image.Pt(480, 480), image.Pt(480, 270)},
		{image.Pt(1920, 1080), image.Pt(700, 600), image.Pt(700, 393)},
		{image.Pt(3000, 1), image.Pt(10, 10), image.Pt(10, 1)},
	} {
		src := picture(c.from.X, c.from.Y, 200)
		got := shrunk(src, c.fit)
		if got.Rect.Size() != c.want {
			t.Errorf("%v into %v is %v, want %v", c.from, c.fit, got.Rect.Size(), c.want)
		}
		if middle := got.RGBAAt(got.Rect.Dx()/2, got.Rect.Dy()/2); middle.R < 199 {
			t.Errorf("%v into %v: the grey is %v", c.from, c.fit, middle)
		}
	}
}

func BenchmarkShrunk(b *testing.B) {
	src := picture(1920, 1080, 200)
	for b.Loop() {
		shrunk(src, image.Pt(760, 430))
	}
}

func TestSerialLineAndTrouble(t *testing.T) {
	_, l, p, tr := tryPuppet(t)
	p.say("one\ntwo\nlogin: ", nil)
	l.until(t, "the lines", func() bool { return tr.Said == 3 })
	if want := []string{"one", "two", "login: "}; !slices.Equal(tr.Serial, want) {
		t.Errorf("said %q, want %q", tr.Serial, want)
	}
	p.say("\nKernel panic\n", errors.New("the kernel panicked"))
	l.until(t, "the trouble", func() bool { return tr.Trouble != nil })
	p.say("last", nil)
	p.end(trial.Off, nil)
	l.until(t, "the end", func() bool { return tr.State == TryOff && tr.job.State != Running })
	if tr.job.State != Done || !slices.Equal(tr.Serial, []string{"one", "two", "login: ", "Kernel panic", "last"}) {
		t.Errorf("the job is %v; said %q", tr.job.State, tr.Serial)
	}
	if err := tr.Press("Down"); err != nil {
		t.Errorf("a key after the end: %v", err)
	}
}

func TestOrdersToTheMachine(t *testing.T) {
	s, l, p, tr := tryPuppet(t)
	if _, again := s.StartTrial(); again {
		t.Error("two run at once")
	}
	tr.Pause()
	l.until(t, "a pause", func() bool { return tr.State == TryPaused })
	tr.Resume()
	l.until(t, "its end", func() bool { return tr.State == TryRunning })
	tr.Screenshot("/tmp/x.png")
	l.until(t, "the picture", func() bool { return strings.Contains(s.Message().Text, "/tmp/x.png") })
	tr.PowerButton()
	l.until(t, "the failure", func() bool { return strings.Contains(s.Message().Text, "it has none") })
	tr.Press("LeftControl", "LeftAlt", "F2")
	tr.Type("a")
	tr.ReleaseKeys()
	tr.Point(0.5, 0.25)
	tr.Button(trial.Left, true)
	want := []string{"pause", "resume", "to /tmp/x.png", "+LeftControl", "+LeftAlt", "+F2", "-F2", "-LeftAlt", "-LeftControl", "a", "release", "0.5 0.25", fmt.Sprint(trial.Left, true)}
	if !slices.Equal(p.keys, want) {
		t.Errorf("it was told %q, want %q", p.keys, want)
	}
	if len(s.Busy()) != 1 || s.Busy()[0].Kind != Try {
		t.Errorf("busy with %v", s.Busy())
	}
	tr.Stop()
	l.until(t, "the end", func() bool { return tr.State == TryStopped })
	l.until(t, "the job's end", func() bool { return s.Job(Try).State == Cancelled })
}

func TestTheEndOfTheSessionEndsTheMachine(t *testing.T) {
	s, _, p, _ := tryPuppet(t)
	s.End()
	select {
	case <-p.done:
	default:
		t.Error("the machine runs on")
	}
}

func TestWhatIsTried(t *testing.T) {
	dir := t.TempDir()
	l := newLoop()
	library := store.NewLibrary(filepath.Join(dir, "library.db"))
	s := New(Env{Post: l.post, Home: dir, Library: library})
	defer s.End()
	if s.TryTarget() != "" {
		t.Error("there is something to try before anything was built")
	}
	if _, ok := s.StartTrial(); ok {
		t.Error("nothing is tried")
	}
	doc := fresh(t, s)
	there, gone := filepath.Join(dir, "there.iso"), filepath.Join(dir, "gone.iso")
	if err := os.WriteFile(there, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, image := range []string{there, gone} {
		if _, err := library.AddBuild(store.BuildRecord{Result: store.Done, Image: image, DesignID: design.ID(doc.Design()), Name: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	s.History().Load()
	l.until(t, "the history", func() bool { loaded, _ := s.History().Loaded(); return loaded })
	if s.TryTarget() != there {
		t.Errorf("%q would be tried", s.TryTarget())
	}
	s.TryImage(there)
	if s.TryChoice().Image != "" {
		t.Error("the design's own image counts as a file that was chosen")
	}
	s.TryImage("/other.iso")
	if s.TryTarget() != "/other.iso" {
		t.Errorf("%q would be tried", s.TryTarget())
	}
	s.ChooseTry(func(c *TryChoice) { c.Image = "" })
	s.jobs = []*Job{{Kind: Build, Doc: doc, State: Done, Result: Built{Image: builder.Image{Path: "/fresh.iso"}}}}
	if s.TryTarget() != "/fresh.iso" {
		t.Errorf("after a build %q would be tried", s.TryTarget())
	}
}

func TestTrialThatCannotBegin(t *testing.T) {
	missing := &trial.MissingError{What: "QEMU"}
	s, l := begin(t, Actions{Trial: func(context.Context, trial.Options) (Guest, error) { return nil, missing }})
	s.TryImage("/tmp/any.iso")
	tr, _ := s.StartTrial()
	l.until(t, "the failure", func() bool { return tr.State == TryFailed && s.Job(Try).State == Failed })
	if !errors.Is(tr.Err, missing) {
		t.Errorf("failed with %v", tr.Err)
	}
	p := newPuppet()
	var got trial.Options
	s.SetActions(func(e *Env) {
		e.Actions.Trial = func(ctx context.Context, o trial.Options) (Guest, error) {
			got = o
			return p.start(ctx, o)
		}
	})
	s.ChooseTry(func(c *TryChoice) { c.Disk, c.Firmware = true, trial.BIOS })
	s.WithoutKVM()
	l.until(t, "a guest", func() bool { return s.Trial().State == TryRunning })
	if got.Accel != trial.Emulated() || got.DiskMiB != extraDisk || got.Firmware != trial.BIOS {
		t.Errorf("started with %+v", got)
	}
}

// TestTrialOfGRUB boots a medium with nothing but GRUB, sees its menu, moves in it
// and switches off.
func TestTrialOfGRUB(t *testing.T) {
	medium := grubMedium(t)
	s, l := begin(t, Actions{Trial: func(ctx context.Context, o trial.Options) (Guest, error) {
		o.Accel = trial.Accel{Name: "tcg", Reason: "for the test"}
		g, err := trial.Start(ctx, o)
		if err != nil {
			return nil, err
		}
		return g, nil
	}})
	s.ChooseTry(func(c *TryChoice) { c.Firmware, c.As, c.MemoryMiB, c.CPUs = trial.BIOS, trial.CD, 128, 1 })
	s.TryImage(medium)
	tr, ok := s.StartTrial()
	if !ok {
		t.Fatal("no trial")
	}
	tr.Fit(360, 400)
	l.until(t, "the menu", func() bool {
		return slices.ContainsFunc(tr.Serial, func(line string) bool { return strings.Contains(line, "READY") }) && tr.Picture != nil && lightRow(tr.Picture) > 0
	})
	if got := tr.Picture.Rect.Dx(); got != 360 || tr.Screen != image.Pt(720, 400) {
		t.Errorf("the picture is %d wide, of %v", got, tr.Screen)
	}
	row := lightRow(tr.Picture)
	if err := tr.Press("Down"); err != nil {
		t.Fatal(err)
	}
	l.until(t, "the second entry to be chosen", func() bool { return lightRow(tr.Picture) > row })
	tr.Stop()
	l.until(t, "the end", func() bool { return tr.State == TryStopped })
}

// lightRow is the row of pixels in a menu that is light for the most part: where
// the chosen entry is; -1 for none.
func lightRow(img *image.RGBA) int {
	for y := range img.Rect.Dy() {
		light := 0
		for x := range img.Rect.Dx() {
			if img.RGBAAt(x, y).G > 0x80 {
				light++
			}
		}
		if light > img.Rect.Dx()/2 {
			return y
		}
	}
	return -1
}

// grubMedium is one for BIOS.
func grubMedium(t *testing.T) string {
	t.Helper()
	need.Tools(t, "qemu-system-x86_64", "grub-mkrescue", "xorriso", "mformat")
	const script = "serial --unit=0 --speed=115200\nterminal_input console serial\nterminal_output console serial\n" +
		"set timeout=-1\nmenuentry one { halt }\nmenuentry two { halt }\necho READY\n"
	dir := t.TempDir()
	config := filepath.Join(dir, "tree", "boot", "grub", "grub.cfg")
	if err := os.MkdirAll(filepath.Dir(config), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	medium := filepath.Join(dir, "grub.iso")
	out, err := exec.Command("grub-mkrescue", "-o", medium, "-d", "/usr/lib/grub/i386-pc", "--locales=", "--themes=", "--fonts=",
		"--install-modules=serial terminal echo halt normal biosdisk", filepath.Join(dir, "tree")).CombinedOutput()
	if err != nil {
		t.Fatalf("grub-mkrescue: %v\n%s", err, out)
	}
	return medium
}
