package view

import (
	stdcontext "context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/flash/opener"
	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/internal/recorded"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
	"github.com/isowright/isowright/ui/words"
)

// desk is a recorded computer whose drives are files.
type desk struct {
	w     *testWindow
	root  string
	home  string
	image string
	// opened are the drives that were opened, in order; after are the timers.
	opened []string
	after  []func()
	// write, if set, stands for writing.
	write func(ctx stdcontext.Context, sticks []flash.Stick, im flash.Image, o flash.Options) []flash.Result
}

// sitDown gives a window a recorded computer, and an image of some bytes at
// ~/Images.
func sitDown(t *testing.T, w *testWindow, size int64) *desk {
	t.Helper()
	d := &desk{w: w, home: t.TempDir()}
	d.root, _ = recorded.Lay(t, filepath.Join("..", "..", "flash", "drives", "testdata", "layouts", "desk.txt"))
	d.image = filepath.Join(d.home, "Images", "rescue.iso")
	head := make([]byte, 512)
	copy(head[0x1be:], "\x80\x00\x01\x00\x83")
	head[0x1be+8], head[0x1be+12] = 1, 1
	copy(head[510:], "\x55\xaa")
	writeFile(t, d.image, head)
	if err := os.Truncate(d.image, size); err != nil {
		t.Fatal(err)
	}
	w.session.SetActions(func(e *model.Env) {
		e.Home = d.home
		e.After = func(_ time.Duration, f func()) func() { d.after = append(d.after, f); return func() {} }
		e.Actions.Sticks.Source = drives.Source{FS: os.DirFS(d.root), Recorded: true}
		e.Actions.Sticks.Open = d.open
		if d.write == nil {
			e.Actions.Write = func(ctx stdcontext.Context, sticks []flash.Stick, im flash.Image, o flash.Options) []flash.Result {
				if d.write != nil {
					return d.write(ctx, sticks, im, o)
				}
				return flash.WriteAll(ctx, sticks, im, o)
			}
		}
	})
	return d
}

// open gives a file for each drive.
func (d *desk) open(_ stdcontext.Context, drive drives.Drive, o opener.Options) (flash.Stick, error) {
	d.opened = append(d.opened, drive.Name)
	path := filepath.Join(d.home, drive.Name)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := os.WriteFile(path, make([]byte, 8<<20), 0o644); err != nil {
			return flash.Stick{}, err
		}
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return flash.Stick{}, err
	}
	target, err := flash.OpenFile(f)
	return flash.Stick{Target: target, Same: func() error { return nil }}, err
}

// show shows the page with all drives.
func (d *desk) show(t *testing.T) *flashPage {
	t.Helper()
	d.w.session.Show(model.Flash)
	f := d.w.session.Flashing()
	d.w.until(t, "the drives", func() bool { listed, err := f.Listed(); return listed || err != nil })
	return d.w.frame.pages[model.Flash].(*flashPage)
}

// take chooses the image.
func (d *desk) take(t *testing.T) {
	t.Helper()
	f := d.w.session.Flashing()
	f.SetImage(d.image)
	d.w.until(t, "the image", func() bool { return !f.Image().Loading })
}

// sum puts a checksum beside the image, right or wrong.
func (d *desk) sum(t *testing.T, right bool) {
	t.Helper()
	data, err := os.ReadFile(d.image)
	if err != nil {
		t.Fatal(err)
	}
	if !right {
		data = append(data, 0)
	}
	writeFile(t, d.image+".sha256", fmt.Appendf(nil, "%x  rescue.iso\n", sha256.Sum256(data)))
}

// tick lets a second pass for all timers.
func (d *desk) tick() {
	all := d.after
	d.after = nil
	for _, f := range all {
		f()
	}
}

// exchange puts another stick into the place of sdb.
func (d *desk) exchange(t *testing.T) {
	t.Helper()
	recorded.Put(t, d.root, "run/udev/data/b8:16", "E:ID_BUS=usb\nE:ID_VENDOR=SanDisk\nE:ID_MODEL=Ultra\nE:ID_SERIAL_SHORT=OTHER\nS:disk/by-id/usb-SanDisk_Ultra_OTHER-0:0\n")
}

// key presses keys at whatever has the keyboard.
func (w *testWindow) key(names ...fyne.KeyName) {
	for _, name := range names {
		if name == fyne.KeyTab {
			test.FocusNext(w.window.Canvas())
			continue
		}
		if f := w.window.Canvas().Focused(); f != nil {
			f.TypedKey(&fyne.KeyEvent{Name: name})
		}
	}
}

// asked tells whether a question lies over the window.
func (w *testWindow) asked() bool { return w.window.Canvas().Overlays().Top() != nil }

func TestFlashSystemDiskCannotBeChosen(t *testing.T) {
	w := newTestWindow(t, widgets.Light, fyne.NewSize(1280, 800))
	w.open(t, "rescue")
	d := sitDown(t, w, 1<<20)
	p := d.show(t)
	d.take(t)
	test.Tap(p.ready.devices.fold)
	f := w.session.Flashing()
	for _, name := range []string{"sda", "sde"} {
		tile := p.ready.devices.tiles[name]
		if tile == nil {
			t.Fatalf("%s is not listed", name)
		}
		if !tile.Disabled() {
			t.Errorf("%s can be pressed", name)
		}
		test.Tap(tile.Tile)
		tile.Press()
		tile.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
		if f.Chosen(name) || f.Choose(name, true) {
			t.Errorf("%s was chosen", name)
		}
	}
	// All that the keyboard reaches is pressed; nothing of it chooses them.
	for range 60 {
		w.key(fyne.KeyTab)
		if tile, ok := w.window.Canvas().Focused().(*widgets.Tile); ok {
			w.key(fyne.KeySpace)
			if tile == p.ready.devices.tiles["sda"].Tile {
				t.Error("the keyboard reaches the system's disk")
			}
		}
	}
	if f.Chosen("sda") || f.Chosen("sde") {
		t.Error("the keyboard chose a disk that must not be")
	}
	for _, drive := range f.Order(model.WriteStick).Drives {
		if len(drive.System) > 0 {
			t.Errorf("%s would be written", drive.Path)
		}
	}
}

func TestFlashQuestionIsNotAnsweredByEnter(t *testing.T) {
	w := newTestWindow(t, widgets.Light, fyne.NewSize(1280, 800))
	w.open(t, "rescue")
	d := sitDown(t, w, 1<<20)
	p := d.show(t)
	d.take(t)
	f := w.session.Flashing()
	f.Choose("sdb", true)
	for _, name := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeyEscape, fyne.KeySpace} {
		p.ready.start.Press()
		if !w.asked() {
			t.Fatal("nobody is asked")
		}
		d.tick()
		d.tick()
		w.key(name)
		if w.asked() {
			t.Errorf("%s leaves the question", name)
		}
		if f.Task() != nil || len(d.opened) > 0 {
			t.Fatalf("%s confirms", name)
		}
	}
	// A press within the first two seconds does nothing.
	o := f.Order(model.WriteStick)
	q := &confirm{p: p, order: o, agreed: make([]flash.Consent, 1), left: armAfter, text: "x"}
	q.yes = widgets.Danger("x", "", q.agree)
	q.yes.Disable()
	q.tick()
	q.yes.Press()
	q.agree()
	d.tick()
	q.yes.Press()
	if f.Task() != nil {
		t.Fatal("a press at once confirms")
	}
	d.tick()
	if q.yes.Disabled() || q.yes.Text() != "x" {
		t.Error("after two seconds it cannot be pressed")
	}
}

func TestFlashLargeDriveWantsItsName(t *testing.T) {
	w := newTestWindow(t, widgets.Light, fyne.NewSize(1280, 800))
	w.open(t, "rescue")
	d := sitDown(t, w, 1<<20)
	p := d.show(t)
	d.take(t)
	f := w.session.Flashing()
	if !f.Choose("sdd", true) {
		t.Fatal("the large drive cannot be chosen")
	}
	o := f.Order(model.WriteStick)
	q := &confirm{p: p, order: o, agreed: make([]flash.Consent, 1), text: "x"}
	q.yes = widgets.Danger("x", "", q.agree)
	q.content()
	q.arm()
	if !q.yes.Disabled() {
		t.Error("it is confirmed without the name")
	}
	q.agree()
	if f.Task() != nil {
		t.Fatal("it began without the name")
	}
	q.agreed[0].Typed = "elements 25a2"
	q.arm()
	if q.yes.Disabled() {
		t.Error("with the name it cannot be confirmed")
	}
}

// TestFlashByKeyboard writes for real to files that stand for sticks, without a
// mouse.
func TestFlashByKeyboard(t *testing.T) {
	w := newTestWindow(t, widgets.Light, fyne.NewSize(1280, 800))
	w.open(t, "rescue")
	d := sitDown(t, w, 3<<20)
	d.sum(t, true)
	p := d.show(t)
	d.take(t)
	f := w.session.Flashing()
	p.Focus("")
	if w.window.Canvas().Focused() == nil {
		t.Fatal("nothing has the keyboard")
	}
	for i := 0; i < 20 && !f.Chosen("sdc"); i++ {
		w.key(fyne.KeyTab)
		if w.window.Canvas().Focused() == fyne.Focusable(p.ready.devices.tiles["sdc"].Tile) {
			w.key(fyne.KeySpace)
		}
	}
	if !f.Chosen("sdc") || w.window.Canvas().Focused() != fyne.Focusable(p.ready.devices.tiles["sdc"].Tile) {
		t.Fatal("the stick is not chosen, or the keyboard is lost")
	}
	for i := 0; i < 20 && w.window.Canvas().Focused() != fyne.Focusable(p.ready.start); i++ {
		w.key(fyne.KeyTab)
	}
	w.key(fyne.KeySpace)
	if !w.asked() {
		t.Fatal("nobody is asked")
	}
	d.tick()
	d.tick()
	w.key(fyne.KeyTab, fyne.KeySpace)
	w.until(t, "the end", func() bool { return f.Task() != nil && f.Task().Job.State != model.Running })
	if j := f.Task().Job; j.State != model.Done {
		t.Fatalf("it ended with %v", j.Err)
	}
	out := f.Task().Job.Result.(model.Outcome)
	if !out.Results[0].Report.Verified {
		t.Error("it is not verified")
	}
	image, _ := os.ReadFile(d.image)
	stick, err := os.ReadFile(filepath.Join(d.home, "sdc"))
	if err != nil || string(stick[:len(image)]) != string(image) {
		t.Errorf("the stick does not hold the image: %v", err)
	}
	if len(d.opened) != 1 || d.opened[0] != "sdc" {
		t.Errorf("opened: %v", d.opened)
	}
	if text := visibleText(w); !strings.Contains(text, "Written and verified") {
		t.Error("it is not said to be verified:\n" + text)
	}
}

func TestFlashExchangedWhileAsked(t *testing.T) {
	w := newTestWindow(t, widgets.Light, fyne.NewSize(1280, 800))
	w.open(t, "rescue")
	d := sitDown(t, w, 1<<20)
	p := d.show(t)
	d.take(t)
	f := w.session.Flashing()
	f.Choose("sdb", true)
	p.ready.start.Press()
	order := f.Order(model.WriteStick)
	d.exchange(t)
	// Whoever confirms before the list has changed is refused when it is looked
	// at once more.
	f.Begin(order, make([]flash.Consent, 1))
	w.until(t, "the refusal", func() bool { return f.Task().Job.State != model.Running })
	if j := f.Task().Job; j.State != model.Failed || !strings.Contains(j.Err.Error(), "is not the drive that was chosen") {
		t.Errorf("it ended with %v", j.Err)
	}
	if len(d.opened) > 0 {
		t.Fatal("the other stick was opened")
	}
	f.Dismiss()
	// And the question goes when the list is there.
	w.until(t, "the question to go", func() bool { return !f.Chosen("sdb") })
	if w.asked() {
		t.Error("the question about a stick that is not there is still to be seen")
	}
	if !strings.Contains(w.session.Message().Text, "was exchanged") {
		t.Errorf("it is not said: %q", w.session.Message().Text)
	}
}

func TestFlashNotVerifiedIsNotGreen(t *testing.T) {
	w := newTestWindow(t, widgets.Light, fyne.NewSize(1280, 800))
	w.open(t, "rescue")
	d := sitDown(t, w, 1<<20)
	d.show(t)
	d.take(t)
	f := w.session.Flashing()
	f.Choose("sdb", true)
	f.SetOptions(model.WriteOptions{NoVerify: true})
	f.Begin(f.Order(model.WriteStick), make([]flash.Consent, 1))
	w.until(t, "the end", func() bool { return f.Task().Job.State == model.Done })
	text := visibleText(w)
	if len(w.notes) != 1 || !strings.Contains(w.notes[0], "not verified") {
		t.Errorf("the notification: %v", w.notes)
	}
	if !strings.Contains(text, "Written, not verified") || strings.Contains(text, "Written and verified") {
		t.Error("it reads:\n" + text)
	}
}

func TestFlashTools(t *testing.T) {
	w := newTestWindow(t, widgets.Light, fyne.NewSize(1280, 800))
	w.open(t, "rescue")
	d := sitDown(t, w, 1<<20)
	p := d.show(t)
	for _, i := range p.toolsMenu().Items[:5] {
		if !i.Disabled {
			t.Errorf("%q can be chosen without a stick", i.Label)
		}
	}
	d.take(t)
	f := w.session.Flashing()
	run := func(begin func()) *model.Task {
		t.Helper()
		f.Dismiss()
		f.Choose("sdb", true)
		begin()
		w.until(t, "the end", func() bool { return f.Task() != nil && f.Task().Job.State != model.Running })
		return f.Task()
	}
	if task := run(p.verify); task.Job.State != model.Failed {
		t.Error("an empty stick holds the image")
	}
	if text := visibleText(w); !strings.Contains(text, "failed") {
		t.Error("it reads:\n" + text)
	}
	dir := t.TempDir()
	if task := run(func() { p.saveInto(dir) }); task.Job.State != model.Done {
		t.Errorf("saving: %v", task.Job.Err)
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "sandisk-ultra-*.img")); len(names) != 1 {
		t.Error("there is no copy")
	}
	test1 := run(func() { f.Begin(f.Order(model.TestStick), make([]flash.Consent, 1)) })
	if test1.Job.State != model.Done || !test1.Job.Result.(model.Outcome).Capacity.Genuine {
		t.Errorf("the capacity: %v", test1.Job.Err)
	}
}

func TestFlashCopiesDetails(t *testing.T) {
	w := newTestWindow(t, widgets.Light, fyne.NewSize(1280, 800))
	w.open(t, "rescue")
	d := sitDown(t, w, 1<<20)
	d.sum(t, false)
	d.show(t)
	d.take(t)
	f := w.session.Flashing()
	f.Choose("sdb", true)
	f.Begin(f.Order(model.WriteStick), make([]flash.Consent, 1))
	w.until(t, "the end", func() bool { return f.Task().Job.State != model.Running })
	text := w.frame.c.details(f.Task())
	for _, part := range []string{"4C530001", "rescue.iso", "first MiB blank", "SHA-256"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in\n%s", part, text)
		}
	}
}

func TestFlashWithoutADesign(t *testing.T) {
	w := newTestWindow(t, widgets.Light, fyne.NewSize(1280, 800))
	d := sitDown(t, w, 1<<20)
	w.frame.Open(d.image)
	f := w.session.Flashing()
	w.until(t, "the image", func() bool { return f.Image() != nil && f.Image().Usable() })
	w.until(t, "the drives", func() bool { listed, _ := f.Listed(); return listed })
	if text := visibleText(w); !strings.Contains(text, "rescue.iso") || !strings.Contains(text, "SanDisk Ultra") {
		t.Error("the page is not there:\n" + text)
	}
}

func TestFlashSeveralAndRetry(t *testing.T) {
	w := newTestWindow(t, widgets.Light, fyne.NewSize(1280, 800))
	w.open(t, "rescue")
	d := sitDown(t, w, 1<<20)
	p := d.show(t)
	d.take(t)
	f := w.session.Flashing()
	f.Choose("sdb", true)
	f.Choose("sdc", true)
	d.write = func(_ stdcontext.Context, sticks []flash.Stick, _ flash.Image, _ flash.Options) []flash.Result {
		for _, s := range sticks {
			s.Target.Close()
		}
		return []flash.Result{{Report: flashReport(flash.Succeeded, flash.FirstWritten)},
			{Report: flashReport(flash.Failed, flash.FirstBlank), Err: &flash.Error{Kind: flash.WriteFault, Text: "the stick cannot be written at 3.0 MiB (byte 3145728)", Offset: 3 << 20}}}
	}
	p.ready.start.Press()
	if text := visibleText(w); !strings.Contains(text, "Erase 2 drives and write rescue.iso?") {
		t.Error("the question reads:\n" + text)
	}
	d.tick()
	d.tick()
	w.key(fyne.KeyTab, fyne.KeySpace)
	w.until(t, "the end", func() bool { return f.Task() != nil && f.Task().Job.State == model.Failed })
	text := visibleText(w)
	for _, part := range []string{"Written and verified", "was not written", "worn out", "does not boot"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in\n%s", part, text)
		}
	}
	p.retry(f.Task())
	if !w.asked() || f.Task() != nil {
		t.Error("trying again does not ask again")
	}
}

func TestFlashCancelSaysWhatTheStickIsThen(t *testing.T) {
	w := newTestWindow(t, widgets.Light, fyne.NewSize(1280, 800))
	w.open(t, "rescue")
	d := sitDown(t, w, 1<<20)
	p := d.show(t)
	flashUntil(t, d, "sdb")
	p.running.cancel.Press()
	if text := visibleText(w); !strings.Contains(text, "will not be usable until it is written again or restored") {
		t.Error("the question reads:\n" + text)
	}
	w.key(fyne.KeyReturn)
	j := w.session.Flashing().Task().Job
	if w.asked() || j.State != model.Running {
		t.Error("Enter cancels")
	}
	for _, c := range []struct{ action, step, text string }{
		{model.WriteStick, "verifying", "was written, but not checked"}, {model.VerifyStick, "verifying", "Safe to cancel"},
		{model.TestStick, "writing", "put back first"}, {model.RestoreStick, "writing", "not be usable"},
	} {
		task := *w.session.Flashing().Task()
		job := *task.Job
		task.Job, task.Action = &job, c.action
		job.Phases = []model.Phase{{Event: progress.Event{Step: c.step}}}
		if _, text := w.frame.c.cancelTexts(&task); !strings.Contains(text, c.text) {
			t.Errorf("%s, %s: %s", c.action, c.step, text)
		}
	}
	p.running.cancel.Press()
	w.key(fyne.KeyTab, fyne.KeySpace)
	w.until(t, "the end", func() bool { return j.State != model.Running })
}

func TestFlashHidesTheTimeLeftAtFirst(t *testing.T) {
	w := newTestWindow(t, widgets.Light, fyne.NewSize(1280, 800))
	p := &model.Phase{Event: progress.Event{Step: "writing", Done: 1, Total: 2}, Rate: 1e6, Left: time.Minute}
	for ago, shown := range map[time.Duration]bool{time.Second: false, 6 * time.Second: true} {
		p.Began = testNow().Add(-ago)
		if text := w.frame.c.stickRate(p); strings.Contains(text, "left") != shown {
			t.Errorf("after %v it reads %q", ago, text)
		}
	}
}

func TestFlashRefusalsInGerman(t *testing.T) {
	german, err := words.New(assets.Words(), "de")
	if err != nil {
		t.Fatal(err)
	}
	w := newTestWindow(t, widgets.Light, fyne.NewSize(1280, 800), func(e *model.Env) { e.Words = german })
	w.open(t, "rescue")
	d := sitDown(t, w, 1<<20)
	p := d.show(t)
	test.Tap(p.ready.devices.fold)
	text := visibleText(w)
	for _, part := range []string{"Das laufende System braucht", "(auf sda2)", "schreibgeschützt", "kein Wechsel"} {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), part) {
			t.Errorf("%q is not in the window:\n%s", part, text)
		}
	}
}

// visibleText is all text in the window.
func visibleText(w *testWindow) string { return test.RenderToMarkup(w.window.Canvas()) }

// flashScreens are the page's states.
func flashScreens() []screen {
	at := func(state string, begin func(t *testing.T, w *testWindow, d *desk, p *flashPage)) screen {
		return screen{name: "flash-" + state, begin: func(t *testing.T, w *testWindow) {
			w.open(t, "rescue")
			d := sitDown(t, w, 429_000_000)
			begin(t, w, d, d.show(t))
		}}
	}
	chosen := at("chosen", func(t *testing.T, w *testWindow, d *desk, p *flashPage) {
		writeFile(t, d.image+".sha256", []byte(strings.Repeat("ab", 32)+"  rescue.iso\n"))
		d.take(t)
		w.session.Flashing().Choose("sdb", true)
	})
	chosen.shot = "flash"
	return []screen{
		at("empty", func(t *testing.T, w *testWindow, d *desk, p *flashPage) {}),
		chosen,
		at("disks", func(t *testing.T, w *testWindow, d *desk, p *flashPage) {
			d.take(t)
			test.Tap(p.ready.devices.fold)
		}),
		at("asked", func(t *testing.T, w *testWindow, d *desk, p *flashPage) {
			d.take(t)
			w.session.Flashing().Choose("sdc", true)
			p.ready.start.Press()
		}),
		at("asked-large", func(t *testing.T, w *testWindow, d *desk, p *flashPage) {
			d.take(t)
			w.session.Flashing().Choose("sdd", true)
			p.ready.start.Press()
		}),
		at("journal", func(t *testing.T, w *testWindow, d *desk, p *flashPage) {
			keepJournal(t, d)
			w.session.Show(model.Overview)
			d.tick()
			w.session.Show(model.Flash)
			w.until(t, "the journal", func() bool { return len(w.session.Flashing().Journal()) > 0 })
			p.showJournal()
		}),
		at("running", func(t *testing.T, w *testWindow, d *desk, p *flashPage) { flashUntil(t, d, "sdb") }),
		at("running-two", func(t *testing.T, w *testWindow, d *desk, p *flashPage) { flashUntil(t, d, "sdb", "sdc") }),
		at("verified", func(t *testing.T, w *testWindow, d *desk, p *flashPage) {
			flashTo(t, d, flash.Result{Report: flashReport(flash.Succeeded, flash.FirstWritten)})
		}),
		at("unverified", func(t *testing.T, w *testWindow, d *desk, p *flashPage) {
			r := flashReport(flash.Succeeded, flash.FirstWritten)
			r.Verified, r.ReadBack = false, 0
			flashTo(t, d, flash.Result{Report: r})
		}),
		at("failed", func(t *testing.T, w *testWindow, d *desk, p *flashPage) {
			r := flashReport(flash.Failed, flash.FirstBlank)
			r.Verified = false
			flashTo(t, d, flash.Result{Report: r, Err: &flash.Error{Kind: flash.Gone, Text: "the stick was pulled out while it was written", Advice: "plug it in and try again"}})
		}),
	}
}

// keepJournal notes some work in a library.
func keepJournal(t *testing.T, d *desk) {
	t.Helper()
	library := store.NewLibrary(filepath.Join(d.home, "library.db"))
	for i, f := range []store.Flash{
		{Action: model.SaveStick, Model: "DataTraveler 3.0", Image: "/home/ada/datatraveler.img", Result: "done"},
		{Action: model.WriteStick, Model: "Ultra", Image: "/home/ada/rescue.iso", Result: "failed", Error: "the stick does not confirm what was written"},
		{Action: model.WriteStick, Model: "Ultra", Image: "/home/ada/rescue.iso", Result: "written, not verified"},
		{Action: model.WriteStick, Model: "Ultra", Image: "/home/ada/rescue.iso", Result: "verified"},
	} {
		f.Ended, f.DriveSize = testNow().Add(time.Duration(i-30)*time.Hour), 32_010_928_128
		if err := library.AddFlash(f); err != nil {
			t.Fatal(err)
		}
	}
	d.w.session.SetActions(func(e *model.Env) { e.Library = library })
}

func flashReport(state flash.State, first flash.FirstMiB) flash.Report {
	return flash.Report{State: state, Size: 429_000_000, SHA256: strings.Repeat("ab", 32), Written: 301_000_000, Kept: 128_000_000,
		ReadBack: 301_000_000, Verified: true, FirstMiB: first, Ejected: true, Took: map[flash.State]float64{flash.Verifying: 7.5}}
}

// flashUntil writes to sticks as far as the middle.
func flashUntil(t *testing.T, d *desk, names ...string) {
	t.Helper()
	d.take(t)
	d.write = func(ctx stdcontext.Context, sticks []flash.Stick, _ flash.Image, _ flash.Options) []flash.Result {
		for i, s := range sticks {
			s.Progress(progress.Event{Step: string(flash.Preparing), Text: "Preparing the stick"})
			s.Progress(progress.Event{Step: string(flash.Writing), Text: "Writing", Done: int64(212_000_000 - 60_000_000*i), Total: 429_000_000})
			defer s.Target.Close()
		}
		<-ctx.Done()
		return make([]flash.Result, len(sticks))
	}
	f := d.w.session.Flashing()
	for _, name := range names {
		f.Choose(name, true)
	}
	agreed := make([]flash.Consent, len(names))
	for i := range agreed {
		agreed[i].Unmount = true
	}
	f.Begin(f.Order(model.WriteStick), agreed)
	d.w.until(t, "writing", func() bool {
		p := f.Task().Job.Phase()
		return p != nil && p.Step == string(flash.Writing) && p.Done > 0 && (len(names) == 1 || p.Done == 364_000_000)
	})
}

// flashTo writes to one stick and ends with a result.
func flashTo(t *testing.T, d *desk, r flash.Result) {
	t.Helper()
	d.take(t)
	d.write = func(_ stdcontext.Context, sticks []flash.Stick, _ flash.Image, _ flash.Options) []flash.Result {
		sticks[0].Target.Close()
		return []flash.Result{r}
	}
	f := d.w.session.Flashing()
	f.Choose("sdb", true)
	f.Begin(f.Order(model.WriteStick), make([]flash.Consent, 1))
	d.w.until(t, "the end", func() bool { return f.Task().Job.State != model.Running })
}
