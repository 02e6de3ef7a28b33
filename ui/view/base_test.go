package view

import (
	stdcontext "context"
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// canBuild has a computer that can build all, or that has no Nix.
func canBuild(nixVersion string) func(*model.Env) {
	return func(e *model.Env) {
		e.Actions.Able = func(_ stdcontext.Context, distribution string, o builder.Options) (builder.Ability, error) {
			switch {
			case distribution == "debian":
				return builder.Ability{}, nil
			case nixVersion != "":
				return builder.Ability{Program: "/nix/var/nix/profiles/default/bin/nix", Version: nixVersion}, nil
			case o.Nix.Container.Engine != "":
				return builder.Ability{Engine: o.Nix.Container.Engine}, nil
			}
			return builder.Ability{Choices: []builder.Choice{
				{Title: "Build with a Nix that Isowright brings", Possible: true, Engine: builder.Builtin,
					Why: "It is fetched from Debian (about 60 MB) and unpacked into the cache; nothing is installed."},
				{Title: "Build in a container of docker", Engine: "docker", Why: "docker does not run."},
				{Title: "Install Nix", Possible: true, Commands: []string{"sudo apt install nix-setup-systemd"}, Why: "Debian has it."},
			}}, &builder.StepError{Step: "look", Err: errors.New("there is no Nix on this computer")}
		}
	}
}

// baseAt brings the base page of a template to the front.
func baseAt(t *testing.T, w *testWindow, template string) (*model.Document, *base) {
	t.Helper()
	doc := w.open(t, template)
	w.session.Show(model.Base)
	if d := doc.Design().Distribution; w.session.Env().Actions.Able != nil {
		w.until(t, "what this computer can do", func() bool { return w.session.Ability(d).Known })
	}
	return doc, w.frame.pages[model.Base].(*base)
}

func baseScreens() []screen {
	at := func(name, template, nixVersion string, more func(t *testing.T, w *testWindow, p *base)) screen {
		return screen{name: "base-" + name, begin: func(t *testing.T, w *testWindow) {
			w.session.SetActions(canBuild(nixVersion))
			_, p := baseAt(t, w, template)
			if more != nil {
				more(t, w, p)
			}
		}}
	}
	debian := at("debian", "rescue", "", nil)
	debian.golden, debian.shot = true, "base"
	return []screen{
		debian,
		at("graphical", "nixos-macbook", "Nix 2.31.2", nil),
		at("no-nix", "nixos-minimal", "", nil),
		at("advanced", "nixos-installer", "Nix 2.31.2", func(t *testing.T, w *testWindow, p *base) {
			p.Focus("nixos.modules[0].text")
		}),
		at("switched", "nixos-macbook", "Nix 2.31.2", func(t *testing.T, w *testWindow, p *base) { p.switchTo("debian") }),
	}
}

// card is the card with a title.
func (p *picks) card(t *testing.T, value string) *widgets.Tile {
	t.Helper()
	for i, o := range p.options {
		if o.value == value {
			return p.tiles[i]
		}
	}
	t.Fatalf("there is no card %s", value)
	return nil
}

func TestBaseSwitchesTheDistributionInOneStep(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	doc, p := baseAt(t, w, "nixos-macbook")
	before := doc.Design()
	p.Focus("")
	if w.window.Canvas().Focused() != p.distributions.card(t, "nixos") {
		t.Fatal("the chosen distribution has not the focus")
	}
	test.Tap(p.distributions.card(t, "debian"))
	d := doc.Design()
	if d.Distribution != "debian" || d.Release != "trixie" || d.NixOS != nil || d.Desktop != "gnome" || !slices.Equal(d.Drivers, before.Drivers) {
		t.Errorf("it became %+v", d)
	}
	if _, wrong := doc.ProblemAt("base"); !wrong {
		t.Error("that there is no graphical Debian is no problem")
	}
	w.wants(t, "It is a design of Debian now.", "The settings that only NixOS has are left out.", "This version builds no graphical Debian image")
	w.session.Message().Do()
	if design.ID(doc.Design()) != design.ID(before) || w.session.Message().Text != "" {
		t.Errorf("undone it is %+v", doc.Design())
	}
}

func TestBaseBackToNixOSLeavesTheArchiveOut(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	doc, p := baseAt(t, w, "rescue")
	doc.Edit(model.Act("x"), func(d *design.Design) { d.Archive.Components = []string{"contrib"} })
	p.switchTo("nixos")
	if d := doc.Design(); d.Distribution != "nixos" || len(d.Archive.Components) > 0 || d.Release != "26.05" {
		t.Errorf("it became %+v", d)
	}
	if p := doc.Problems(); slices.ContainsFunc(p, func(p design.Problem) bool { return p.Field == "archive" }) {
		t.Errorf("problems %v", p)
	}
	w.wants(t, "The addresses and parts of Debian's archive are left out.")
}

func TestBaseCards(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	doc, p := baseAt(t, w, "nixos-minimal")
	p.bases.card(t, "graphical").TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if d := doc.Design(); d.Base != "graphical" || d.Desktop != "gnome" {
		t.Fatalf("it is %s with %q", d.Base, d.Desktop)
	}
	if doc.UndoText() != "Undo: start from the base graphical" {
		t.Errorf("it can %q", doc.UndoText())
	}
	w.wants(t, "KDE Plasma", "rich in settings", "Graphical installer (Calamares)")
	test.Tap(p.desktops.card(t, "plasma"))
	if d := doc.Design(); d.Desktop != "plasma" || !p.desktops.card(t, "plasma").Chosen() {
		t.Errorf("the desktop is %q", d.Desktop)
	}
	test.Tap(p.bases.card(t, "minimal"))
	if d := doc.Design(); d.Base != "minimal" || d.Desktop != "" || len(doc.Problems()) > 0 {
		t.Errorf("it is %s with %q, %v", d.Base, d.Desktop, doc.Problems())
	}
	test.Tap(p.assemblers.card(t, "isowright"))
	if d := doc.Design(); d.NixOS == nil || d.NixOS.Assembler != "isowright" {
		t.Errorf("put together by %+v", d.NixOS)
	}
	for range 4 {
		doc.Undo()
	}
	if doc.Design().NixOS != nil || doc.Design().Base != "minimal" || doc.UndoText() != "" {
		t.Errorf("undone it is %+v, and can %q", doc.Design(), doc.UndoText())
	}
}

func TestDebianHasOnlyTheMinimalBase(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	doc, p := baseAt(t, w, "rescue")
	test.Tap(p.bases.card(t, "graphical"))
	if doc.Design().Base != "minimal" {
		t.Error("a base that is refused can be chosen")
	}
	w.wants(t, "This version makes it of NixOS only.")
}

func TestBaseTicksOfDebiansArchive(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	doc, _ := baseAt(t, w, "rescue")
	tick := find(w.window.Content(), func(k *widgets.Check) bool { return strings.Contains(k.Text, "non-free-firmware") })
	test.Tap(tick)
	if got := doc.Design().Archive.Components; !slices.Equal(got, []string{"non-free-firmware"}) {
		t.Errorf("ticked it has %v", got)
	}
	test.Tap(tick)
	if got := doc.Design().Archive.Components; len(got) > 0 {
		t.Errorf("unticked it has %v", got)
	}
	doc.Undo()
	if !tick.Checked || len(doc.Problems()) > 0 {
		t.Errorf("undone it is ticked %v, %v", tick.Checked, doc.Problems())
	}
}

func TestPinTheState(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	doc, _ := baseAt(t, w, "rescue")
	newBuilding().replace(w)
	w.press(t, "Look what they are")
	w.until(t, "a plan", func() bool { _, fresh := doc.Plan(); return fresh })
	w.wants(t, "The plan has seen those of 2030-05-01.")
	w.press(t, "Pin the present state")
	if doc.Design().Archive.State != "sha256:00" {
		t.Errorf("it is held to %q", doc.Design().Archive.State)
	}
	w.press(t, "Unpin")
	if doc.Design().Archive.State != "" || doc.UndoText() != "Undo: unpin" {
		t.Errorf("it is held to %q", doc.Design().Archive.State)
	}
}

func TestPinNixpkgs(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	w.session.SetActions(func(e *model.Env) {
		e.Actions.Plan = func(_ stdcontext.Context, d design.Design, _ builder.Options) (plan.Plan, error) {
			p := somePlan(d)
			p.Nix = &plan.Nix{Revision: strings.Repeat("a1", 20), Hash: "sha256-2v9lT4ya59Lh1FqPeLnz1MoX9y/wz2huqfe9RtQZITk="}
			return p, nil
		}
	})
	doc, _ := baseAt(t, w, "nixos-minimal")
	doc.MakePlan()
	w.until(t, "a plan", func() bool { _, fresh := doc.Plan(); return fresh })
	w.press(t, "Pin the present state")
	n := doc.Design().NixOS
	if n == nil || n.Revision != strings.Repeat("a1", 20) || n.Hash == "" || len(doc.Problems()) > 0 {
		t.Fatalf("it is held to %+v, %v", n, doc.Problems())
	}
	w.wants(t, "a1a1a1a1a1a1a1a1a1a…")
	w.press(t, "Unpin")
	if doc.Design().NixOS != nil {
		t.Errorf("left is %+v", doc.Design().NixOS)
	}
}

func TestModulesOfYourOwn(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	doc, p := baseAt(t, w, "nixos-minimal")
	p.Focus("nixos.modules")
	if !p.folded.IsOpen() {
		t.Fatal("the advanced fields stay folded")
	}
	p.modules.add.Press()
	p.modules.add.Press()
	if n := doc.Design().NixOS; n == nil || len(n.Modules) != 2 || n.Modules[1].Name != "module-2" || len(doc.Problems()) > 0 {
		t.Fatalf("there are %+v, %v", n, doc.Problems())
	}
	text := w.window.Canvas().Focused().(*widgets.Entry)
	text.SetText("{ services.gpm.enable = true; }")
	p.Focus("nixos.modules[0].name")
	name := w.window.Canvas().Focused().(*widgets.Entry)
	name.SetText("0 mouse")
	m := doc.Design().NixOS.Modules
	if m[1].Text != "{ services.gpm.enable = true; }" || m[0].Name != "0 mouse" {
		t.Errorf("they are %+v", m)
	}
	if p.modules.rows[0].nameBox.Problem() == "" || p.modules.rows[1].nameBox.Problem() != "" {
		t.Error("the wrong name is not told where it is")
	}
	remove := find(p.modules.rows[0].content, func(b *widgets.Button) bool { return b.Tip() == "Remove this module" })
	remove.Press()
	if m := doc.Design().NixOS.Modules; len(m) != 1 || m[0].Name != "module-2" || len(p.modules.rows) != 1 {
		t.Errorf("left are %+v", m)
	}
	doc.Undo()
	if p.modules.rows[0].name.Text != "0 mouse" {
		t.Errorf("undone the first is %q", p.modules.rows[0].name.Text)
	}
}

func TestNixSettingsAreTypedAsInNixConf(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0])
	doc, p := baseAt(t, w, "nixos-minimal")
	p.Focus("nixos.settings")
	e := w.window.Canvas().Focused().(*widgets.Entry)
	e.SetText("max-jobs = 4\nsubst")
	w.wants(t, "subst is not a setting")
	if doc.Design().NixOS != nil {
		t.Errorf("half a line became %+v", doc.Design().NixOS.Settings)
	}
	w.session.Show(model.Base)
	if e.Text != "max-jobs = 4\nsubst" {
		t.Fatalf("what is being typed became %q", e.Text)
	}
	e.SetText("max-jobs = 4\nsubstituters = https://cache.example.org\n\n")
	if n := doc.Design().NixOS; n == nil || n.Settings["max-jobs"] != 4 || !slices.Equal(n.Settings["substituters"].([]string), []string{"https://cache.example.org"}) {
		t.Fatalf("it became %+v", n)
	}
	if !strings.HasSuffix(e.Text, "\n\n") || len(doc.Problems()) > 0 {
		t.Errorf("the field shows %q, %v", e.Text, doc.Problems())
	}
	doc.Undo()
	if e.Text != "" {
		t.Errorf("undone it shows %q", e.Text)
	}
}

func TestWhatThisComputerCanBuild(t *testing.T) {
	w := newTestWindow(t, 0, sizes()[0], canBuild(""))
	baseAt(t, w, "rescue")
	w.wants(t, "This computer can build images of Debian. Nothing has to be installed for it.")
	baseAt(t, w, "nixos-minimal")
	w.wants(t, "This computer has no Nix", "Build with a Nix that Isowright brings", "sudo apt install nix-setup-systemd")
	if strings.Contains(w.texts(), "docker") {
		t.Error("a way that does not work here is offered")
	}
	w.press(t, "Use it")
	w.until(t, "another look", func() bool { return w.session.Ability("nixos").Known })
	w.wants(t, "with a Nix that is fetched from Debian and unpacked")
	if o := w.session.Options(); o.Nix.Container.Engine != builder.Builtin {
		t.Errorf("builds use %q", o.Nix.Container.Engine)
	}
}
