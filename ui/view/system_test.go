package view

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// systemScreens are those of the page System.
func systemScreens() []screen {
	filled := func(d *design.Design) {
		d.System = design.System{Hostname: "rescue", Locale: "de_DE.UTF-8", TimeZone: "Europe/Berlin",
			Keyboard: design.Keyboard{Layout: "de", Variant: "nodeadkeys"}}
		d.Network = design.Network{Mode: "static", Interface: "en*", Addresses: []string{"192.0.2.10/24", "2001:db8::2/64"},
			Gateways: []string{"192.0.2.1"}, DNS: []string{"192.0.2.53"}, Search: []string{"example.org"},
			WiFi: []design.WiFi{{SSID: "Office", PSK: "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e"}, {SSID: "Guests", Hidden: true}}}
		d.Texts = design.Texts{BeforeLogin: "Rescue system of ACME\nCall 4711 before you change anything, and write down what you did and why you did it.\n",
			AfterLogin: "Tools: testdisk, ddrescue, smartctl", OnSSH: "Authorised people only.\n"}
	}
	return []screen{
		{name: "system-empty", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal")
			w.session.Show(model.System)
		}},
		{name: "system-filled", shot: "system", golden: true, begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), filled)
			w.session.Show(model.System)
		}},
		{name: "system-network", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), filled)
			w.session.Show(model.System)
			w.scrollTo(0.45)
		}},
		{name: "system-texts", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "nixos-minimal").Edit(model.Act("x"), filled)
			w.session.Show(model.System)
			w.scrollTo(1)
		}},
		{name: "system-problems", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), func(d *design.Design) {
				d.System.Hostname = "not a name!"
				d.System.TimeZone = "posix/Europe/Berlin"
				d.Network = design.Network{Mode: "off", Addresses: []string{"192.0.2.0/24"}}
			})
			w.session.Show(model.System)
		}},
		{name: "system-wifi", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), filled)
			w.session.Show(model.System)
			w.settle()
			(&wifiList{c: w.frame.c}).ask(0)
		}},
	}
}

func TestSystemFieldsAreTypedAndTakenBack(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.at(t, "minimal", model.System, nil)
	before := design.ID(doc.Design())
	e := w.fill(t, "Host name", "rescue")
	if doc.Design().System.Hostname != "rescue" {
		t.Errorf("the host name is %q", doc.Design().System.Hostname)
	}
	undoes(t, doc, before)
	e.CursorColumn = 3
	w.settle()
	if e.CursorColumn != 3 || e.Text != "rescue" {
		t.Errorf("a refresh moved the caret to %d in %q", e.CursorColumn, e.Text)
	}
	w.fill(t, "Host name", "no name!")
	w.settle()
	if f := control[*widgets.Entry](t, w, "Host name"); f != e || !w.shows("\"no name!\" is not a host name") {
		t.Error("the problem is not shown at its field")
	}
}

// shows tells whether a visible text contains another.
func (w *testWindow) shows(part string) bool {
	found := false
	w.parts(func(o fyne.CanvasObject) {
		if x, ok := o.(*widgets.Text); ok && strings.Contains(x.Text(), part) {
			found = true
		}
	})
	return found
}

func TestAnotherLayoutForgetsTheVariant(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.at(t, "minimal", model.System, func(d *design.Design) {
		d.System.Keyboard = design.Keyboard{Layout: "de", Variant: "nodeadkeys"}
	})
	before := design.ID(doc.Design())
	variant := control[*widgets.Choice](t, w, "Keyboard variant")
	if variant.Value() != "nodeadkeys" {
		t.Errorf("the variant shown is %q", variant.Value())
	}
	layout := control[*widgets.Choice](t, w, "Keyboard")
	layout.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	list := w.window.Canvas().Focused().(*widgets.Entry)
	test.Type(list, "French")
	list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	w.settle()
	if k := doc.Design().System.Keyboard; k.Layout != "fr" || k.Variant != "" {
		t.Errorf("the keyboard is %+v", k)
	}
	undoes(t, doc, before)
}

func TestNetworkFieldsFollowTheMode(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.at(t, "minimal", model.System, nil)
	if w.shows("Fixed addresses") {
		t.Error("DHCP asks for addresses")
	}
	pick(t, w, "Addresses", "static")
	if doc.Design().Network.Mode != "static" || !w.shows("Fixed addresses") {
		t.Errorf("the mode is %q", doc.Design().Network.Mode)
	}
	before := design.ID(doc.Design())
	add := control[*widgets.Tokens](t, w, "Fixed addresses").Field().(*widgets.Entry)
	test.Type(add, "192.0.2.10/24,")
	w.settle()
	if got := doc.Design().Network.Addresses; !slices.Equal(got, []string{"192.0.2.10/24"}) {
		t.Errorf("the addresses are %q", got)
	}
	undoes(t, doc, before)
	pick(t, w, "Addresses", "off")
	if w.shows("Name servers (DNS)") || !w.shows("Fixed addresses") {
		t.Error("what is off asks for name servers, or hides the addresses that are a problem now")
	}
}

func TestTakeFromThisComputer(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "etc/default"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"locale": "LANG=de_DE.UTF-8\n", "keyboard": "XKBLAYOUT=\"de\"\nXKBVARIANT=\"nodeadkeys\"\n"} {
		if err := os.WriteFile(filepath.Join(root, "etc/default", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	w := newTestWindow(t, widgets.Light, sizes()[0], func(e *model.Env) { e.Root = root })
	doc := w.at(t, "minimal", model.System, nil)
	before := design.ID(doc.Design())
	w.tap(t, "Take from this computer")
	if s := doc.Design().System; s.Locale != "de_DE.UTF-8" || s.Keyboard.Variant != "nodeadkeys" {
		t.Errorf("taken: %+v", s)
	}
	if got := control[*widgets.Choice](t, w, "Keyboard variant").Value(); got != "nodeadkeys" {
		t.Errorf("the variant shown is %q", got)
	}
	undoes(t, doc, before)
	empty := newTestWindow(t, widgets.Light, sizes()[0])
	empty.at(t, "minimal", model.System, nil)
	empty.tap(t, "Take from this computer")
	if got := empty.session.Message().Kind; got != "warning" {
		t.Errorf("where nothing is found the message is %q", got)
	}
}

func TestWiFiKeepsTheKeyAlone(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.at(t, "minimal", model.System, nil)
	before := design.ID(doc.Design())
	w.tap(t, "Add a Wi-Fi network …")
	if !w.button(t, "Add").Disabled() {
		t.Error("an empty network can be added")
	}
	w.fill(t, "Name (SSID)", "IEEE")
	phrase := w.fill(t, "Passphrase", "password")
	w.fill(t, "Passphrase again", "passwort")
	if !w.shows("The two passphrases differ.") || !w.button(t, "Add").Disabled() {
		t.Error("two passphrases that differ are taken")
	}
	again := w.fill(t, "Passphrase again", "password")
	again.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	w.until(t, "the key", func() bool { return len(doc.Design().Network.WiFi) == 1 })
	want := design.WiFi{SSID: "IEEE", PSK: "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e"}
	if got := doc.Design().Network.WiFi[0]; got != want {
		t.Errorf("the network is %+v", got)
	}
	if phrase.Text != "" || again.Text != "" {
		t.Error("the dialog keeps the passphrase")
	}
	text, _ := design.Encode(doc.Design())
	if strings.Contains(string(text), "password\"") {
		t.Error("the design has the passphrase")
	}
	undoes(t, doc, before)
}

func TestWiFiIsChangedAndRemoved(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	key := strings.Repeat("0123456789abcdef", 4)
	doc := w.at(t, "minimal", model.System, func(d *design.Design) { d.Network.WiFi = []design.WiFi{{SSID: "Office", PSK: key}} })
	w.tap(t, "Change …")
	w.fill(t, "Name (SSID)", "Other")
	if !w.shows("The key belongs to the name") || !w.button(t, "Change").Disabled() {
		t.Error("the key of another name is kept")
	}
	w.fill(t, "Name (SSID)", "Office")
	pick(t, w, "Protection", "key")
	w.fill(t, "Key", strings.ToUpper(key[1:])+"F")
	w.tap(t, "Change")
	if got := doc.Design().Network.WiFi[0].PSK; got != key[1:]+"f" {
		t.Errorf("the key is %q", got)
	}
	before := design.ID(doc.Design())
	w.tap(t, "Remove this network")
	if len(doc.Design().Network.WiFi) != 0 {
		t.Error("the network is still there")
	}
	undoes(t, doc, before)
}

func TestConsolePreview(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	w.at(t, "minimal", model.System, func(d *design.Design) {
		d.System.Hostname = "box"
		d.Users = []design.User{{Name: "ada"}}
		d.Texts = design.Texts{BeforeLogin: strings.Repeat("x", 81), AfterLogin: "hello"}
	})
	var lines []string
	w.parts(func(o fyne.CanvasObject) {
		if c, ok := o.(*widgets.Console); ok {
			lines = c.Lines()
		}
	})
	want := []string{strings.Repeat("x", 80), "x", "", "box login: ada", "hello", "ada@box:~$ "}
	if !slices.Equal(lines, want) {
		t.Errorf("the console shows %q", lines)
	}
}
