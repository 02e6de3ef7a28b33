package view

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
)

// recordedMachine is the root of a machine that package hardware has on record, as far
// as a window shows it.
func recordedMachine(t *testing.T, name string) fs.FS {
	t.Helper()
	text, err := os.ReadFile("../../builder/hardware/testdata/machines/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	_, lines, _ := strings.Cut(string(text), "-- machine --\n")
	lines, _, _ = strings.Cut(lines, "\n-- ")
	root := fstest.MapFS{"sys/bus/platform": {Mode: fs.ModeDir}}
	file := func(name, text string) { root[name] = &fstest.MapFile{Data: []byte(text)} }
	ids := map[string]string{}
	for line := range strings.Lines(lines) {
		w := strings.Fields(line)
		switch w[0] {
		case "cpu":
			file("proc/cpuinfo", "processor\t: 0\nvendor_id\t: "+w[1]+"\nflags\t\t: fpu vme\n")
		case "dmi":
			file("sys/class/dmi/id/"+w[1], strings.Join(w[2:], " ")+"\n")
		case "pci":
			u := fmt.Sprintf("PCI_CLASS=%s\nPCI_ID=%s\nPCI_SLOT_NAME=%s\n", strings.ToUpper(strings.TrimLeft(w[3], "0")), strings.ToUpper(w[2]), w[1])
			if len(w) > 4 {
				u = "DRIVER=" + w[4] + "\n" + u
			}
			file("sys/bus/pci/devices/"+w[1]+"/uevent", u)
		case "usb":
			v, p, _ := strings.Cut(w[2], ":")
			ids[w[1]] = strings.TrimLeft(v, "0") + "/" + strings.TrimLeft(p, "0") + "/100"
			file("sys/bus/usb/devices/"+w[1]+"/uevent", "DEVTYPE=usb_device\nDRIVER=usb\nPRODUCT="+ids[w[1]]+"\nTYPE=0/0/0\n")
			file("sys/bus/usb/devices/"+w[1]+"/product", strings.Join(w[3:], " ")+"\n")
		case "if":
			device, _, _ := strings.Cut(w[1], ":")
			class, err := strconv.ParseUint(w[2], 16, 24)
			if err != nil {
				t.Fatal(err)
			}
			if rest, ok := strings.CutSuffix(device, "-0"); ok {
				device = "usb" + rest
			}
			u := fmt.Sprintf("DEVTYPE=usb_interface\nPRODUCT=%s\nINTERFACE=%d/%d/%d\n", ids[device], class>>16, class>>8&255, class&255)
			if len(w) > 3 {
				u += "DRIVER=" + w[3] + "\n"
			}
			file("sys/bus/usb/devices/"+w[1]+"/uevent", u)
		}
	}
	return root
}

// toDrivers brings the page of drivers to the front, on a recorded machine.
func toDrivers(t *testing.T, w *testWindow, template, machine string) *drivers {
	t.Helper()
	w.session.SetActions(func(e *model.Env) { e.Devices = recordedMachine(t, machine) })
	w.open(t, template)
	w.frame.to("drivers")
	return w.frame.pages[model.Drivers].(*drivers)
}

// find has the machine looked at.
func (w *testWindow) find(t *testing.T) {
	t.Helper()
	w.session.LookAtComputer()
	w.until(t, "the devices", func() bool { return w.session.Devices().Seen })
}

func driversScreens() []screen {
	at := func(state, template, machine string, more func(t *testing.T, w *testWindow, p *drivers)) screen {
		return screen{name: "drivers-" + state, begin: func(t *testing.T, w *testWindow) {
			more(t, w, toDrivers(t, w, template, machine))
		}}
	}
	found := at("found", "nixos-minimal", "macbookpro11", func(t *testing.T, w *testWindow, p *drivers) { w.find(t) })
	found.golden, found.shot = true, "drivers"
	return []screen{
		at("unsearched", "nixos-minimal", "macbookpro11", func(*testing.T, *testWindow, *drivers) {}),
		found,
		at("consent", "nixos-minimal", "macbookpro11", func(t *testing.T, w *testWindow, p *drivers) {
			w.find(t)
			p.computer.takeAll()
		}),
		at("debian", "rescue", "thinkpad", func(t *testing.T, w *testWindow, p *drivers) {
			w.find(t)
			p.computer.takeAll()
			w.button(t, "Take 8 drivers").Press()
		}),
		at("nothing", "nixos-minimal", "microvm", func(t *testing.T, w *testWindow, p *drivers) {
			w.session.SetActions(func(e *model.Env) { delete(e.Devices.(fstest.MapFS), "proc/cpuinfo") })
			w.find(t)
		}),
		at("all", "nixos-macbook", "macbookpro11", func(t *testing.T, w *testWindow, p *drivers) {
			p.show(viewDrivers)
			w.frame.c.browsingDrivers().Chosen = "broadcom_sta"
			p.show(viewDrivers)
		}),
		at("searching", "rescue", "thinkpad", func(t *testing.T, w *testWindow, p *drivers) {
			p.show(viewDrivers)
			w.frame.c.focus(p.all.search)
			test.Type(p.all.search, "intel")
		}),
		at("kernel", "nixos-macbook", "macbookpro11", func(t *testing.T, w *testWindow, p *drivers) {
			w.frame.c.edit(model.Act("x"), func(d *design.Design) { d.Kernel.Parameters = []string{"ibt=off"} })
			p.show(viewKernel)
		}),
		at("strange", "nixos-minimal", "macbookpro11", func(t *testing.T, w *testWindow, p *drivers) {
			w.frame.c.edit(model.Act("x"), func(d *design.Design) { d.Drivers = []string{"wifi"} })
			w.session.ShowField("drivers[0]")
		}),
	}
}

func TestDriversOfThisComputer(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	p := toDrivers(t, w, "nixos-minimal", "macbookpro11")
	if w.window.Canvas().Focused() != p.computer.find {
		t.Fatal("the button that finds them has not the focus")
	}
	p.computer.find.Press()
	if !w.session.Devices().Looking {
		t.Fatal("nobody looks")
	}
	w.until(t, "the devices", func() bool { return w.session.Devices().Seen })
	doc := w.session.Current()
	first := design.ID(doc.Design())
	n := len(p.computer.missing())
	if n < 3 {
		t.Fatalf("only %d drivers are recommended", n)
	}
	p.computer.all.Press()
	if len(doc.Design().Drivers) != 0 {
		t.Fatal("nobody was asked")
	}
	w.button(t, fmt.Sprintf("Take %d drivers", n)).Press()
	d := doc.Design()
	if !slices.Contains(d.Drivers, "broadcom_sta") || len(d.Drivers) != n || d.NixOS == nil || !slices.Contains(d.NixOS.Unfree, "broadcom-sta") {
		t.Errorf("%v, %+v", d.Drivers, d.NixOS)
	}
	if p.computer.all.Visible() || !p.computer.ticks[0].check.Checked {
		t.Error("the page does not show that they are taken")
	}
	doc.Undo()
	if design.ID(doc.Design()) != first {
		t.Error("it was more than one step")
	}
	if p.computer.ticks[0].check.Checked {
		t.Error("the tick stays")
	}
}

func TestDriversTickOne(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	p := toDrivers(t, w, "rescue", "thinkpad")
	w.find(t)
	tick := p.computer.ticks[0]
	tick.check.OnPick(true)
	w.button(t, "Cancel").Press()
	doc := w.session.Current()
	if tick.label.Has(doc.Design()) || tick.check.Checked {
		t.Error("it is ticked though nobody agreed")
	}
	tick.check.OnPick(true)
	w.button(t, "Tick "+tick.label.Driver).Press()
	d := doc.Design()
	if !slices.Contains(d.Packages, tick.label.Driver) || !slices.Contains(d.Archive.Components, "non-free-firmware") || !tick.check.Checked {
		t.Errorf("%v with %v", d.Packages, d.Archive.Components)
	}
	tick.check.OnPick(false)
	if tick.label.Has(doc.Design()) {
		t.Error("the tick cannot be taken away")
	}
	tick.check.OnPick(true)
	if !tick.label.Has(doc.Design()) {
		t.Error("it asks twice")
	}
}

func TestDriversByKeyboard(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	p := toDrivers(t, w, "nixos-minimal", "macbookpro11")
	w.frame.c.focus(p.views)
	press(p.views, fyne.KeyRight)
	p.Focus("")
	canvas := w.window.Canvas()
	if canvas.Focused() != p.all.search {
		t.Fatalf("the focus is at %T", canvas.Focused())
	}
	test.Type(canvas.Focused(), "fingerprint")
	press(canvas.Focused(), fyne.KeyDown, fyne.KeySpace)
	if got := w.session.Current().Design().Drivers; len(got) != 0 {
		t.Fatalf("Space in the field ticks %v", got)
	}
	test.Type(p.all.search, "")
	press(p.all.list, fyne.KeySpace)
	if got := w.session.Current().Design().Drivers; !slices.Equal(got, []string{"fingerprint"}) {
		t.Errorf("ticked %v", got)
	}
	test.Type(p.all.list, "s")
	if p.all.search.Text != "fingerprints" {
		t.Errorf("typed %q", p.all.search.Text)
	}
	press(p.all.search, fyne.KeyEscape)
	if len(p.all.labels) < 50 {
		t.Errorf("%d drivers after Escape", len(p.all.labels))
	}
	w.frame.c.undo()
	if len(w.session.Current().Design().Drivers) != 0 {
		t.Error("it cannot be undone")
	}
}

func TestDriversThatDoNotExist(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	p := toDrivers(t, w, "nixos-minimal", "macbookpro11")
	w.frame.c.edit(model.Act("x"), func(d *design.Design) { d.Drivers = []string{"wifi"} })
	w.session.ShowField("drivers[0]")
	if p.view() != viewDrivers || len(p.all.labels) != 1 || !p.all.row(0).Alarm {
		t.Fatalf("%s, %+v", p.view(), p.all.labels)
	}
	w.button(t, "Take the tick away").Press()
	if len(w.session.Current().Design().Drivers) != 0 {
		t.Error("it stays")
	}
}

func TestDriversKernelForm(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	p := toDrivers(t, w, "nixos-minimal", "macbookpro11")
	w.session.ShowField("nixos.kernel_modules")
	if p.view() != viewKernel {
		t.Fatalf("the field leads to %s", p.view())
	}
	test.Type(w.window.Canvas().Focused(), "kvm-intel,")
	doc := w.session.Current()
	if n := doc.Design().NixOS; n == nil || !slices.Equal(n.KernelModules, []string{"kvm-intel"}) {
		t.Errorf("%+v", n)
	}
	doc.Undo()
	if n := doc.Design().NixOS; n != nil && len(n.KernelModules) > 0 {
		t.Error("it cannot be undone")
	}
	w.frame.c.edit(model.Act("x"), func(d *design.Design) { d.Distribution, d.Release, d.NixOS = "debian", "trixie", nil })
	if n := len(p.kernel.form.rows); n != 1 {
		t.Errorf("Debian has %d fields of NixOS's", n-1)
	}
}

func TestDriversOfABareRoot(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	w.session.SetActions(func(e *model.Env) { e.Devices = fstest.MapFS{} })
	w.open(t, "minimal")
	w.frame.to("drivers")
	w.session.LookAtComputer()
	w.until(t, "the failure", func() bool { return w.session.Devices().Err != nil })
	w.button(t, "Try again")
}
