package view

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// startupScreens are those of the page Start-up.
func startupScreens() []screen {
	return []screen{
		{name: "startup-empty", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal")
			w.session.Show(model.Startup)
		}},
		{name: "startup-filled", golden: true, shot: "startup", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "nixos-minimal").Edit(model.Act("x"), func(d *design.Design) {
				twoUsers(d)
				d.Startup = design.Startup{Autologin: "ada", Command: "cage -- firefox --kiosk https://example.org", CommandUser: "guest"}
				nix(d).PostBoot = "echo 1 > /sys/module/snd_hda_intel/parameters/power_save\n"
			})
			w.session.Show(model.Startup)
		}},
		{name: "startup-problems", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), func(d *design.Design) {
				d.Startup = design.Startup{Autologin: "nobody-here", CommandUser: "ada"}
			})
			w.session.Show(model.Startup)
		}},
	}
}

func TestStartSentences(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	w.open(t, "minimal")
	user := []design.User{{Name: "ada"}}
	for want, d := range map[string]design.Design{
		"After the start the first console asks for a login.":                                                 {Distribution: "debian"},
		"After the start the installer's own user nixos is logged in on the first console.":                   {Distribution: "nixos"},
		"After the start ada is logged in on the first console and sees a shell.":                             {Distribution: "debian", Users: user, Startup: design.Startup{Autologin: "ada"}},
		"After the start ada is logged in and sees the desktop.":                                              {Distribution: "debian", Base: "graphical", Users: user, Startup: design.Startup{Autologin: "ada"}},
		"After the start the desktop's login screen asks who is there.":                                       {Distribution: "debian", Base: "graphical"},
		"After the start “htop” runs on the first console as root; when it ends, it is started again.":        {Distribution: "debian", Startup: design.Startup{Command: "htop"}},
		"After the start “htop” runs on the first console as ada; when it has ended, ada is logged in there.": {Distribution: "debian", Users: user, Startup: design.Startup{Command: "htop", Autologin: "ada"}},
	} {
		if got := w.frame.c.startSentence(d); got != want {
			t.Errorf("the sentence is %q, not %q", got, want)
		}
	}
}

func TestExamplesAreOneStep(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.at(t, "minimal", model.Startup, nil)
	before := design.ID(doc.Design())
	var cards []*widgets.Tile
	w.parts(func(o fyne.CanvasObject) {
		if c, ok := o.(*widgets.Tile); ok {
			cards = append(cards, c)
		}
	})
	if len(cards) != len(examples("debian")) {
		t.Fatalf("there are %d examples", len(cards))
	}
	cards[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	w.settle()
	d := doc.Design()
	if !strings.HasPrefix(d.Startup.Command, "cage -- firefox-esr") || !slices.Contains(d.Packages, "cage") || !slices.Contains(d.Packages, "firefox-esr") {
		t.Errorf("the command is %q, the packages are %q", d.Startup.Command, d.Packages)
	}
	if got := doc.UndoText(); got != "Undo: take the example Kiosk" {
		t.Errorf("undo says %q", got)
	}
	undoes(t, doc, before)
}

func TestAutologinIsChosenAmongTheUsers(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.at(t, "nixos-minimal", model.Startup, twoUsers)
	before := design.ID(doc.Design())
	choice := control[*widgets.Choice](t, w, "Log in by itself")
	choice.Open()
	list := w.window.Canvas().Focused().(*widgets.Entry)
	test.Type(list, "guest")
	list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	w.settle()
	if got := doc.Design().Startup.Autologin; got != "guest" {
		t.Errorf("logged in is %q", got)
	}
	undoes(t, doc, before)
	before = design.ID(doc.Design())
	w.fill(t, "Commands late in the start", "echo hello")
	if got := doc.Design().NixOS.PostBoot; got != "echo hello" {
		t.Errorf("the commands are %q", got)
	}
	undoes(t, doc, before)
}
