package widgets

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// control is one of the controls with something in it, and what takes its focus.
type control struct {
	name  string
	o     fyne.CanvasObject
	focus fyne.Focusable
}

func controls() []control {
	entry := NewEntry()
	entry.SetValue("debian-trixie")
	sort := NewSortList()
	sort.SetRows([]SortRow{{ID: "a", Title: "Debian GNU/Linux", Note: "default", Icon: IconResource("computer")},
		{ID: "b", Title: "Advanced options", Group: true, Icon: IconResource("folder")},
		{ID: "c", Depth: 1, Title: "Debian GNU/Linux, recovery mode, with a title that is too long", Note: "kernel 6.12"},
		{ID: "d", Title: "Power off"}})
	sort.Choose(2)
	list := NewTickList(func() int { return 68_000 }, galleryRowFor)
	list.Choose(1)
	tokens := NewTokens("Add a package")
	tokens.Check = func(s string) error {
		if s == "Bad Name" {
			return errors.New("“Bad Name” has a space; names of packages have none.")
		}
		return nil
	}
	tokens.SetValue([]string{"vim", "openssh-server", "Bad Name", "network-manager-gnome"})
	tokens.Refresh()
	log := NewLogView()
	for i := range 300 {
		log.Append(fmt.Sprintf("%06d Unpacking libfoo%d:amd64 (1.2.3-%d) over what was there before ...", i, i%77, i))
	}
	choice := NewChoice(cities, nil)
	choice.SetValue("Europe/Berlin")
	seg := NewSegments(Options("Fit", "1:1", "2:1"), nil)
	seg.SetValue("1:1")
	on := NewSwitch("Ask before starting", nil)
	on.SetValue(true)
	colour := NewColourField(three, nil)
	colour.SetValue("#0f766e")
	swatches := NewSwatches(three, []string{"red", "green", "blue"}, 1, nil)
	monitor := NewMonitor("")
	monitor.SetImage(pattern(320, 200))
	empty := NewMonitor("Nothing to show yet.")
	return []control{
		{"entry", entry, entry}, {"sortlist", sort, sort}, {"ticklist", list, list}, {"tokens", tokens, tokens.entry},
		{"log", log, log}, {"choice", choice, choice}, {"segments", seg, seg}, {"switch", on, on},
		{"check", NewCheck("Recommended packages", nil), nil}, {"colour", colour, colour.swatch},
		{"swatches", swatches, swatches}, {"monitor", monitor, monitor}, {"monitor-empty", empty, empty},
	}
}

// TestFocusIsVisible holds that a person sees where the focus is: the picture of
// a control with it differs from the one without it, in both looks.
func TestFocusIsVisible(t *testing.T) {
	folder := os.Getenv(lookEnv)
	for mode, look := range map[Mode]string{Light: "light", Dark: "dark"} {
		drawn(t, mode, func() fyne.CanvasObject { return Line("") }, fyne.NewSize(20, 20)) // for the look
		for _, k := range controls() {
			back := newPanel(ColourGround, ColourNone, 0)
			c := shown(t, container.NewStack(back, Inset(8, 8, container.NewStack(k.o))), 420, 260).Canvas()
			before := c.Capture()
			if folder != "" {
				save(t, filepath.Join(folder, "control-"+k.name+"-"+look+".png"), c)
			}
			if k.focus == nil {
				continue
			}
			c.Focus(k.focus)
			if folder != "" {
				save(t, filepath.Join(folder, "control-"+k.name+"-"+look+"-focused.png"), c)
			}
			if n := differing(before, c.Capture()); n < 60 {
				t.Errorf("%s, %s: the focus changes %d pixels", k.name, look, n)
			}
		}
	}
}
