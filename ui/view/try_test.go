package view

import (
	stdcontext "context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/builder/trial"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// actor is a guest that plays what was recorded.
type actor struct {
	accel  trial.Accel
	frames chan trial.Frame
	done   chan struct{}

	mu      sync.Mutex
	said    string
	more    chan struct{}
	state   trial.State
	err     error
	trouble error
	heard   []string
}

func newActor() *actor {
	return &actor{accel: trial.Accel{Name: "tcg", Reason: "/dev/kvm is missing"}, frames: make(chan trial.Frame, 1), done: make(chan struct{}), more: make(chan struct{})}
}

func (a *actor) start(ctx stdcontext.Context, _ trial.Options) (model.Guest, error) {
	stdcontext.AfterFunc(ctx, func() { a.end(trial.Stopped, nil) })
	return a, nil
}

func (a *actor) end(state trial.State, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	select {
	case <-a.done:
	default:
		a.state, a.err = state, err
		close(a.frames)
		close(a.done)
	}
}

func (a *actor) say(text string, trouble error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.said, a.trouble = a.said+text, trouble
	close(a.more)
	a.more = make(chan struct{})
}

func (a *actor) hear(format string, args ...any) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.heard = append(a.heard, fmt.Sprintf(format, args...))
	return nil
}

func (a *actor) all() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.heard)
}

func (a *actor) Accel() trial.Accel         { return a.accel }
func (a *actor) Frames() <-chan trial.Frame { return a.frames }
func (a *actor) Done() <-chan struct{}      { return a.done }
func (a *actor) Said(from int64) (string, int64, <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.said[from:], int64(len(a.said)), a.more
}
func (a *actor) Trouble() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.trouble
}
func (a *actor) State() (trial.State, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.state, a.err
}
func (a *actor) Key(name string, down bool) error            { return a.hear("%s %v", name, down) }
func (a *actor) Type(text string) error                      { return a.hear("type %s", text) }
func (a *actor) ReleaseKeys() error                          { return a.hear("release") }
func (a *actor) Point(x, y float64) error                    { return a.hear("at %.1f %.1f", x, y) }
func (a *actor) Button(b trial.Button, down bool) error      { return a.hear("button %v %v", b, down) }
func (a *actor) Pause(stdcontext.Context) error              { return a.hear("pause") }
func (a *actor) Resume(stdcontext.Context) error             { return a.hear("resume") }
func (a *actor) Reset(stdcontext.Context) error              { return a.hear("reset") }
func (a *actor) PowerButton(stdcontext.Context) error        { return a.hear("power") }
func (a *actor) Screenshot(stdcontext.Context, string) error { return a.hear("screenshot") }
func (a *actor) Stop() error                                 { a.end(trial.Stopped, nil); return nil }

// bootText is what a live system says when it starts.
const bootText = `GNU GRUB  version 2.12
[    0.000000] Linux version 6.12.48+deb13-amd64 (debian-kernel@lists.debian.org)
[    0.000000] Command line: BOOT_IMAGE=/live/vmlinuz boot=live quiet console=ttyS0
[    1.204471] Run /init as init process
Loading, please wait...
Starting systemd-udevd version 257.8-1
Begin: Mounting root file system ... done.
[   14.611840] systemd[1]: Hostname set to <rescue>.
[  OK  ] Reached target multi-user.target - Multi-User System.

Debian GNU/Linux 13 rescue ttyS0

rescue login: 
`

// recordedScreen is a picture that was taken of a boot menu in QEMU.
func recordedScreen(t *testing.T) *image.RGBA {
	t.Helper()
	f, err := os.Open("../../builder/grub/preview/testdata/truth/built-calm-light_2.06_bios_1024x768.png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	rgba := image.NewRGBA(img.Bounds())
	draw.Draw(rgba, rgba.Rect, img, image.Point{}, draw.Src)
	return rgba
}

// trying brings a window to a trial that an actor plays.
func trying(t *testing.T, w *testWindow) (*actor, *model.Trial) {
	t.Helper()
	a := newActor()
	w.session.SetActions(func(e *model.Env) { e.Actions.Trial = a.start })
	w.session.TryImage("/home/ada/rescue.iso")
	tr, ok := w.session.StartTrial()
	if !ok {
		t.Fatal("no trial")
	}
	w.until(t, "a guest", func() bool { return tr.State == model.TryRunning })
	return a, tr
}

// playing is one whose guest shows and says what was recorded.
func playing(t *testing.T, w *testWindow) (*actor, *model.Trial) {
	t.Helper()
	a, tr := trying(t, w)
	w.settle()
	a.frames <- trial.Frame{Picture: recordedScreen(t)}
	a.say(bootText, nil)
	w.until(t, "picture and text", func() bool { return tr.Picture != nil && tr.Said >= 13 })
	return a, tr
}

func tryScreens() []screen {
	at := func(state string, begin func(t *testing.T, w *testWindow)) screen {
		return screen{name: "try-" + state, begin: func(t *testing.T, w *testWindow) {
			w.open(t, "rescue")
			w.session.Show(model.Try)
			begin(t, w)
		}}
	}
	ended := func(state string, end func(a *actor, tr *model.Trial)) screen {
		return at(state, func(t *testing.T, w *testWindow) {
			a, tr := playing(t, w)
			end(a, tr)
			w.until(t, "the end", func() bool { return tr.State >= model.TryOff && len(w.session.Busy()) == 0 })
		})
	}
	running := at("running", func(t *testing.T, w *testWindow) { playing(t, w) })
	running.shot, running.golden = "try", true
	return []screen{
		at("empty", func(t *testing.T, w *testWindow) {}),
		at("ready", func(t *testing.T, w *testWindow) { w.session.TryImage("/home/ada/Images/debian-13-rescue-amd64.iso") }),
		at("starting", func(t *testing.T, w *testWindow) {
			w.session.SetActions(func(e *model.Env) {
				e.Actions.Trial = func(ctx stdcontext.Context, _ trial.Options) (model.Guest, error) {
					<-ctx.Done()
					return nil, ctx.Err()
				}
			})
			w.session.TryImage("/home/ada/rescue.iso")
			w.session.StartTrial()
		}),
		running,
		at("paused", func(t *testing.T, w *testWindow) {
			_, tr := playing(t, w)
			tr.Pause()
			w.until(t, "a pause", func() bool { return tr.State == model.TryPaused })
		}),
		at("panic", func(t *testing.T, w *testWindow) {
			a, tr := playing(t, w)
			a.say("\n[   15.1] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n", errors.New("the kernel panicked: VFS: Unable to mount root fs on unknown-block(0,0)"))
			w.until(t, "the trouble", func() bool { return tr.Trouble != nil })
		}),
		at("nokvm", func(t *testing.T, w *testWindow) {
			a, tr := playing(t, w)
			a.say("\nKVM internal error\n", trial.ErrKVM)
			w.until(t, "the trouble", func() bool { return tr.Trouble != nil })
		}),
		ended("off", func(a *actor, _ *model.Trial) { a.end(trial.Off, nil) }),
		ended("killed", func(a *actor, _ *model.Trial) { a.end(trial.Failed, errors.New("QEMU was killed from outside")) }),
		at("missing", func(t *testing.T, w *testWindow) {
			w.session.SetActions(func(e *model.Env) {
				e.Actions.Trial = func(stdcontext.Context, trial.Options) (model.Guest, error) {
					return nil, fmt.Errorf("try /home/ada/rescue.iso: %w", &trial.MissingError{What: "QEMU", Command: "sudo apt install qemu-system-x86 ovmf"})
				}
			})
			w.session.TryImage("/home/ada/rescue.iso")
			tr, _ := w.session.StartTrial()
			w.until(t, "the failure", func() bool { return tr.State == model.TryFailed && len(w.session.Busy()) == 0 })
		}),
	}
}

// tryPage is the page in front.
func (w *testWindow) tryPage(t *testing.T) *try {
	t.Helper()
	p, ok := w.frame.pages[model.Try].(*try)
	if !ok {
		t.Fatal("the page is not in front")
	}
	return p
}

func TestTryByKeyboard(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	w.open(t, "rescue")
	a := newActor()
	w.session.SetActions(func(e *model.Env) { e.Actions.Trial = a.start })
	w.session.TryImage("/home/ada/rescue.iso")
	p := w.tryPage(t)
	canvas := w.window.Canvas()
	if canvas.Focused() != p.ready.start {
		t.Fatalf("the focus is at %T", canvas.Focused())
	}
	p.ready.start.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	w.until(t, "a guest", func() bool { return w.session.Trial() != nil && w.session.Trial().State == model.TryRunning })
	m := p.running.monitor
	if canvas.Focused() != m {
		t.Fatalf("the screen has not the focus, but %T", canvas.Focused())
	}
	m.TypedRune('a')
	m.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	m.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyF2, Modifier: fyne.KeyModifierControl | fyne.KeyModifierAlt})
	for _, key := range []fyne.KeyName{desktop.KeyControlLeft, desktop.KeyAltLeft} {
		m.KeyDown(&fyne.KeyEvent{Name: key})
	}
	m.KeyUp(&fyne.KeyEvent{Name: desktop.KeyAltLeft})
	want := []string{"type a", "Down true", "Down false", "LeftControl true", "LeftAlt true", "F2 true", "F2 false", "LeftAlt false", "LeftControl false", "release"}
	if got := a.all(); !slices.Equal(got, want) {
		t.Errorf("the guest heard %q, want %q", got, want)
	}
	if canvas.Focused() != p.running.pause {
		t.Errorf("Ctrl+Alt leads to %T", canvas.Focused())
	}
}

func TestTryButtons(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	w.open(t, "rescue")
	w.session.Show(model.Try)
	a, tr := playing(t, w)
	r := w.tryPage(t).running
	r.pause.Press()
	w.until(t, "a pause", func() bool { return tr.State == model.TryPaused })
	if r.pause.Text() != "Go on" {
		t.Errorf("a machine that stands still has the button %q", r.pause.Text())
	}
	r.pause.Press()
	w.until(t, "its end", func() bool { return tr.State == model.TryRunning })
	r.others[0].Press()
	w.until(t, "a reset", func() bool { return slices.Contains(a.all(), "reset") })
	r.others[1].Press()
	w.until(t, "the power button", func() bool { return slices.Contains(a.all(), "power") })
	size := r.monitor.Size()
	r.lines.Tapped(nil)
	w.settle()
	if r.monitor.Size().Width <= size.Width {
		t.Error("the screen is not larger without the serial line")
	}
	if badge := w.frame.badge(model.Try, w.session.Current().Design()); badge != "…" {
		t.Errorf("the sidebar says %q", badge)
	}
	asked := false
	w.frame.AskToClose(func() { asked = true })
	if asked {
		t.Error("the window closes over a running machine without a question")
	}
	r.stop.Press()
	w.until(t, "the end", func() bool { return tr.State == model.TryStopped && w.tryPage(t).shown == "ready" })
	if len(w.notes) != 0 {
		t.Errorf("told of what the person did: %q", w.notes)
	}
}

func TestTrySurvivesOtherPages(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	w.open(t, "rescue")
	w.session.Show(model.Try)
	a, tr := playing(t, w)
	w.session.Show(model.Build)
	a.say("\nmore\n", nil)
	w.until(t, "more", func() bool { return tr.Said > 13 })
	w.open(t, "minimal")
	w.session.Show(model.Try)
	w.settle()
	p := w.tryPage(t)
	if p.shown != "running" || p.running.serial.log.Len() != tr.Said {
		t.Errorf("the page shows %s with %d of %d lines", p.shown, p.running.serial.log.Len(), tr.Said)
	}
	if !strings.Contains(p.running.serial.log.Text(), "Reached target") {
		t.Error("the text of the serial line is lost")
	}
}

func TestTryChoices(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	w.open(t, "rescue")
	w.session.TryImage("/home/ada/rescue.iso")
	r := w.tryPage(t).ready
	r.firmware.OnPick("bios")
	r.as.OnPick("cd")
	r.memory.OnPick("4096")
	r.cpus.OnPick("4")
	test.Tap(r.network)
	test.Tap(r.disk)
	want := model.TryChoice{Image: "/home/ada/rescue.iso", Firmware: trial.BIOS, As: trial.CD, MemoryMiB: 4096, CPUs: 4, Disk: true}
	if got := w.session.TryChoice(); got != want {
		t.Errorf("chosen %+v, want %+v", got, want)
	}
	if r.memory.Value() != "4096" || !r.disk.Checked || r.network.Checked {
		t.Error("the page does not show it")
	}
	r.own.Press()
	if w.session.TryChoice().Image != "" || w.tryPage(t).shown != "empty" {
		t.Error("the design's own image is not chosen again")
	}
}

// What is dropped onto the page is tried.
func TestTryDroppedImage(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	w.open(t, "rescue")
	w.session.Show(model.Try)
	w.frame.Open("/home/ada/other.iso")
	if got := w.session.TryTarget(); got != "/home/ada/other.iso" {
		t.Errorf("%q would be tried", got)
	}
	if got := w.tryPage(t).ready.image.Text(); got != "other.iso" {
		t.Errorf("the page shows %q", got)
	}
}

// Without a design the page teaches, and tries what is chosen.
func TestTryWithoutADesign(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	p := newTry(w.frame.c).(*try)
	p.Refresh(model.Change{What: model.PlaceChanged})
	if p.shown != "empty" {
		t.Errorf("the page shows %s", p.shown)
	}
	w.session.TryImage("/home/ada/other.iso")
	p.Refresh(model.Change{What: model.TrialChanged})
	if p.shown != "ready" || p.ready.own.Visible() {
		t.Errorf("the page shows %s", p.shown)
	}
}

func TestKeysOf(t *testing.T) {
	got := pressed(fyne.KeyDelete, fyne.KeyModifierControl|fyne.KeyModifierAlt|fyne.KeyModifierShift|fyne.KeyModifierSuper)
	if want := []string{"LeftControl", "LeftAlt", "LeftShift", "LeftSuper", "Delete"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if buttonOf(desktop.MouseButtonSecondary) != trial.Right || buttonOf(desktop.MouseButtonTertiary) != trial.Middle || buttonOf(desktop.MouseButtonPrimary) != trial.Left {
		t.Error("the buttons are mixed up")
	}
}

// The picture is made to fit where it is shown, so that showing it costs nothing.
func TestTryPictureFits(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[1])
	w.open(t, "rescue")
	w.session.Show(model.Try)
	_, tr := playing(t, w)
	w.until(t, "a picture that fits", func() bool {
		width, height := w.tryPage(t).running.monitor.Room()
		size := tr.Picture.Rect.Size()
		return size.X <= width && size.Y <= height && (size.X >= width-1 || size.Y >= height-1)
	})
}

func TestTryWithoutKVM(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	w.open(t, "rescue")
	w.session.Show(model.Try)
	a, tr := playing(t, w)
	a.say("KVM internal error\n", trial.ErrKVM)
	w.until(t, "the trouble", func() bool { return tr.Trouble != nil })
	if len(w.tryPage(t).running.banner.Objects) != 1 {
		t.Fatal("nothing is said of it")
	}
	w.session.WithoutKVM()
	w.until(t, "the end", func() bool { return tr.State == model.TryStopped && len(w.session.Busy()) == 0 })
	if got := w.session.TryAccel(); got != trial.Emulated() {
		t.Errorf("the next one runs with %v", got)
	}
	if text := w.tryPage(t).ready.accel.Text(); !strings.Contains(text, "translated by QEMU") {
		t.Errorf("the page says %q", text)
	}
}

func TestTryMenuAndPicture(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	w.open(t, "rescue")
	w.session.Show(model.Try)
	a, _ := playing(t, w)
	r := w.tryPage(t).running
	r.keys.Press()
	menu, ok := w.window.Canvas().Overlays().Top().(fyne.Widget)
	if !ok {
		t.Fatal("there is no menu of keys")
	}
	menu.Resize(menu.MinSize())
	w.window.Canvas().Overlays().Remove(menu)
	r.typed(w.session.Trial().Press("LeftControl", "LeftAlt", "Delete"))
	if got := a.all(); !slices.Contains(got, "Delete true") {
		t.Errorf("the guest heard %q", got)
	}
	r.typed(errors.New("a US keyboard, which the guest has, cannot type 'ü'"))
	if m := w.session.Message(); m.Kind != "warning" || !strings.Contains(m.Text, "ü") {
		t.Errorf("told %+v", m)
	}
	r.screenshot()
	if w.window.Canvas().Overlays().Top() == nil {
		t.Error("nobody asks where the picture is to go")
	}
	w.session.Trial().Screenshot("/home/ada/screen.png")
	w.until(t, "the picture", func() bool { return strings.Contains(w.session.Message().Text, "/home/ada/screen.png") })
}

func TestMissingQEMU(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	c := w.frame.c
	for _, command := range []string{"", "sudo apt install qemu-system-x86"} {
		err := fmt.Errorf("try x: %w", &trial.MissingError{What: "QEMU", Command: command})
		banner := c.tryEnd(&model.Trial{State: model.TryFailed, Err: err})
		buttons := 0
		for _, o := range test.LaidOutObjects(banner) {
			if b, ok := o.(*widgets.Button); ok {
				buttons++
				b.Press()
			}
		}
		if (buttons == 1) != (command != "") || command != "" && c.host.Clipboard.Content() != command {
			t.Errorf("with the command %q there are %d buttons; copied %q", command, buttons, c.host.Clipboard.Content())
		}
	}
}
