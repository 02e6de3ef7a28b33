package view

import (
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"golang.org/x/sys/unix"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// holdLimit is how long the goroutine that draws may be busy at a stretch: one
// frame at 60 a second.
const holdLimit = 16 * time.Millisecond

// slower are the actions that still take longer than a frame, and what they may take
// until they are mended; they must not become slower.
var slower = map[string]time.Duration{
	"open Files & offline for the first time": 70 * time.Millisecond,
	"open Packages for the second time":       45 * time.Millisecond,
	"open Boot menu for the first time":       45 * time.Millisecond,
	"open Users & access for the first time":  40 * time.Millisecond,
	"open System for the first time":          30 * time.Millisecond,
	"open Base for the first time":            30 * time.Millisecond,
	"begin with a template":                   30 * time.Millisecond,
	"look at another design":                  25 * time.Millisecond,
	"the start page, time 1":                  45 * time.Millisecond,
	"leave the start page":                    25 * time.Millisecond,
	"undo on Users & access":                  30 * time.Millisecond,
	"tick a package":                          25 * time.Millisecond,
	`search "p"`:                              25 * time.Millisecond,
	"list the problems":                       25 * time.Millisecond,
	"log":                                     25 * time.Millisecond,
}

// watchRuns is how often the scenario is gone through, each time in a new window.
const watchRuns = 4

// watch measures what the goroutine that draws is busy with. It counts the time
// that its thread had on a processor, so that it does not matter what else the
// computer does.
type watch struct {
	*testWindow
	t     *testing.T
	doing string
	done  int
	// worst is the longest stretch by what was done.
	worst map[string]time.Duration
}

// does measures what a person does, and then all that comes back to the window
// because of it.
func (w *watch) does(what string, do func()) {
	if w.done++; w.done%20 == 0 {
		runtime.GC()
	}
	w.doing = what
	w.measure(what, do)
	w.drain(3 * time.Millisecond)
}

// drain runs what was posted until nothing has come for a while.
func (w *watch) drain(quiet time.Duration) {
	for {
		select {
		case f := <-w.posted:
			w.measure(posted(f), f)
		case <-time.After(quiet):
			return
		}
	}
}

// waits runs what is posted until something holds.
func (w *watch) waits(holds func() bool) {
	w.t.Helper()
	limit := time.After(time.Minute)
	for !holds() {
		select {
		case f := <-w.posted:
			w.measure(posted(f), f)
		case <-limit:
			w.t.Fatalf("%s: waited in vain", w.doing)
		}
	}
}

// posted names a function that came back from the background by where it is written.
func posted(f func()) string {
	name := runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name()
	return name[strings.LastIndex(name, "/")+1:]
}

func (w *watch) measure(what string, do func()) {
	began := processorTime(w.t)
	do()
	if took := processorTime(w.t) - began; took > w.worst[what] {
		w.worst[what] = took
	}
}

// processorTime is what this goroutine's thread had of the processors.
func processorTime(t *testing.T) time.Duration {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &now); err != nil {
		t.Fatal(err)
	}
	return time.Duration(now.Nano())
}

// TestNothingHoldsTheWindowUp goes through all pages and does what people do
// there. Whatever keeps the goroutine that draws from drawing for longer than a
// frame is a fault. Each action counts with the shortest of its times in several
// windows: what the runtime does meanwhile is not the window's, and fonts and
// icons are read only once. Painting is not part of it.
func TestNothingHoldsTheWindowUp(t *testing.T) {
	// The collector has the one who allocates help it, the more the larger the
	// test's own data are: it works between the actions instead.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	dir := filepath.Join(t.TempDir(), "catalogue")
	keepLargeShelf(t, dir)
	runs := watchRuns
	if !watched {
		runs = 1
	}
	best := map[string]time.Duration{}
	for i := range runs {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			w := &watch{t: t, worst: map[string]time.Duration{}}
			w.live(offering(dir, nil))
			for what, took := range w.worst {
				if known, ok := best[what]; !ok || took < known {
					best[what] = took
				}
			}
		})
	}
	slowest := slices.SortedFunc(maps.Keys(best), func(a, b string) int { return int(best[b] - best[a]) })
	for i, what := range slowest {
		switch took := best[what].Round(100 * time.Microsecond); {
		case watched && took > max(holdLimit, slower[what]):
			t.Errorf("%s: the window is held up for %v", what, took)
		case i < 12:
			t.Logf("%s: %v", what, took)
		}
	}
}

// keepLargeShelf has a catalogue of the size of Debian's kept in a folder.
func keepLargeShelf(t *testing.T, dir string) {
	env := model.Env{}
	offering(dir, largeShelf(68_000))(&env)
	c, _, err := env.Actions.Catalogue(t.Context(), design.WithDefaults(design.Design{Distribution: "debian"}), builder.Options{}, builder.Want{Everything: true})
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}

// live goes through a window.
func (w *watch) live(catalogue func(*model.Env)) {
	b := newBuilding()
	// The window is not there yet, so nothing holds it up.
	func() {
		w.testWindow = newTestWindow(w.t, widgets.Light, sizes()[0], withLibrary(w.t, someRecents(w.t)), recordedLoader, catalogue, b.actions,
			func(e *model.Env) { e.Devices = recordedMachine(w.t, "macbookpro11") })
	}()
	w.doing = "open the window"
	w.drain(50 * time.Millisecond)
	w.does("begin with a template", func() { w.open(w.t, "rescue") })
	w.does("fill the design", func() { w.frame.c.edit(model.Act("x"), filledDesign) })
	w.visits()
	w.searches()
	w.changes()
	w.builds(b)
	w.flashes()
	w.does("look at another design", func() { w.open(w.t, "nixos-offline") })
	w.does("go back to the first design", func() { w.session.Select(w.session.Documents()[0]) })
	for _, n := range []int{1, 2} {
		w.does(fmt.Sprintf("the start page, time %d", n), func() { w.frame.c.toStart() })
		w.does("leave the start page", func() { w.session.Select(w.session.Documents()[0]) })
	}
}

// filledDesign has something on every page.
func filledDesign(d *design.Design) {
	twoUsers(d)
	for i := range 6 {
		d.Users = append(d.Users, design.User{Name: fmt.Sprintf("user%d", i), Groups: []string{"audio", "netdev"}, SSHKeys: []string{keyEd25519}})
	}
	d.System = design.System{Hostname: "rescue", Locale: "de_DE.UTF-8", TimeZone: "Europe/Berlin",
		Keyboard: design.Keyboard{Layout: "de", Variant: "nodeadkeys"}}
	d.Network = design.Network{Mode: "static", Interface: "en*", Addresses: []string{"192.0.2.10/24", "2001:db8::2/64"},
		Gateways: []string{"192.0.2.1"}, DNS: []string{"192.0.2.53"}, Search: []string{"example.org"}}
	d.Texts = design.Texts{BeforeLogin: strings.Repeat("Rescue system of ACME\n", 12), AfterLogin: "Tools: testdisk, ddrescue, smartctl", OnSSH: "Authorised people only.\n"}
	for i := range 12 {
		d.Boot.Entries = append(d.Boot.Entries, design.BootEntry{Title: fmt.Sprintf("Start with the parameters of number %d", i)})
		d.Files = append(d.Files, design.File{Source: fmt.Sprintf("files/%d", i), Target: fmt.Sprintf("/srv/%d", i)})
	}
}

// visits opens each page for the first time and again.
func (w *watch) visits() {
	for _, time := range []string{"first", "second"} {
		for _, e := range entries() {
			w.does(fmt.Sprintf("open %s for the %s time", e.title, time), func() { w.frame.to(string(e.section)) })
		}
	}
}

// searches types into the field that searches, and ticks what is found.
func (w *watch) searches() {
	w.does("open Packages", func() { w.frame.to("packages") })
	w.waits(func() bool { return w.session.Catalogue().State == model.OfferReady })
	p := w.frame.pages[model.Packages].(*packages)
	for _, query := range []string{"python", "disk tools", "lib"} {
		for i, r := range query {
			w.does(fmt.Sprintf("search %q", query[:i+1]), func() { p.search.TypedRune(r) })
		}
		w.does("tick a package", func() { p.list.OnTick(0, true) })
		w.does("look at a package", func() { p.list.OnSelect(3) })
		w.does("empty the search", func() { p.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) })
	}
	w.does("show what is ticked", func() { p.filtered(model.FilterTicked) })
	w.does("show all packages", func() { p.filtered(model.FilterAll) })
}

// changes edits on every page, and takes it back.
func (w *watch) changes() {
	edits := map[model.Section]func(*design.Design){
		model.Overview: func(d *design.Design) { d.Name += "x" },
		model.Base:     func(d *design.Design) { d.Base = "graphical" },
		model.Packages: func(d *design.Design) { d.Packages = append(d.Packages, "unheard-of") },
		model.Drivers:  func(d *design.Design) { d.Kernel.Parameters = append(d.Kernel.Parameters, "quiet") },
		model.System:   func(d *design.Design) { d.System.Hostname += "x" },
		model.Users:    func(d *design.Design) { d.Users = append(d.Users, design.User{Name: "another"}) },
		model.BootMenu: func(d *design.Design) { d.Boot.Entries[0].Title += "x" },
		model.Files:    func(d *design.Design) { d.Files[0].Target += "x" },
	}
	for _, e := range entries() {
		change := edits[e.section]
		if change == nil {
			continue
		}
		w.does("open "+e.title, func() { w.frame.to(string(e.section)) })
		w.does("edit on "+e.title, func() { w.frame.c.edit(model.Act("x"), change) })
		w.does("put many faults on "+e.title, func() { w.frame.c.edit(model.Act("x"), breakEverything) })
		w.does("undo on "+e.title, w.frame.c.undo)
		w.does("undo more on "+e.title, w.frame.c.undo)
		w.does("a message on "+e.title, func() { w.frame.c.Tell(model.Message{Kind: "good", Text: "Something was done."}) })
		w.does("no message on "+e.title, w.frame.c.Quiet)
	}
	w.does("put many faults in", func() { w.frame.c.edit(model.Act("x"), breakEverything) })
	w.does("list the problems", w.frame.c.showProblems)
	w.window.Canvas().Overlays().Top().Hide()
	w.does("undo", w.frame.c.undo)
	w.does("list the shortcuts", w.frame.c.showShortcuts)
	w.window.Canvas().Overlays().Top().Hide()
	w.does("make the window narrow", func() { w.window.Resize(sizes()[1]) })
	w.does("make the window wide", func() { w.window.Resize(sizes()[0]) })
}

// builds builds, with ten reports a second and a long log.
func (w *watch) builds(b *building) {
	w.does("open Build", func() { w.frame.to("build") })
	w.does("plan", w.session.Current().MakePlan)
	w.waits(func() bool { p, _ := w.session.Current().Plan(); return p != nil })
	var j *model.Job
	w.does("begin to build", func() { j, _ = w.session.Build(model.BuildOptions{}) })
	for i := range int64(10) {
		w.does("a report", func() {
			b.report <- progress.Event{Step: "squashfs", Text: "Packing the root file system", Done: i * 81_000_000, Total: 812_000_000}
		})
	}
	w.does("log", func() {
		for i := range 3000 {
			b.report <- progress.Event{Step: "squashfs", Text: fmt.Sprintf("Packed file %d of many in a folder of a name of some length", i), Done: int64(i), Total: 3000}
		}
	})
	w.does("open Packages while it builds", func() { w.frame.to("packages") })
	w.does("a report elsewhere", func() { b.report <- progress.Event{Step: "checksum", Text: "Checking", Done: 1, Total: 3} })
	w.does("open Build while it builds", func() { w.frame.to("build") })
	w.does("end of the build", func() { b.end <- nil })
	w.waits(func() bool { return j.State != model.Running })
}

// flashes looks at the drives and chooses.
func (w *watch) flashes() {
	d := sitDown(w.t, w.testWindow, 8<<20)
	w.does("open Flash", func() { w.session.Show(model.Flash) })
	f := w.session.Flashing()
	w.does("choose an image", func() { f.SetImage(d.image) })
	w.waits(func() bool { return !f.Image().Loading })
	w.waits(func() bool { listed, err := f.Listed(); return listed || err != nil })
	for _, drive := range f.Drives() {
		w.does("choose a drive", func() { f.Choose(drive.Name, true) })
	}
}
