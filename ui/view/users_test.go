package view

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// Two public keys that were made for these tests.
const (
	keyEd25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAQJ9MbAfU6i5eJFaSqzRyhZgxjYhqHby/Lf8hFCOKpj ada@laptop"
	keyRSA     = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7CfqNUayVuwO2SPxxRSvJ99RfnhkQfnEBGs+TD0Plra6xZBcL5u7xuQpczpWNvBOeNKsHwI1UZfXNRCa9oWqp7sDObN/N5vpyfFKJHJwu0YjUno3s3vfqDXAw/EKB78HFiO5hLOKO8IH3VCF02cXdp9/J8+aiq+cLEj1M9n3WLBBP2agmUTAiM3nW7tM3CyxvSeI5ewZr8B/qk1UDg/u4NV2LXmJWzp9TClEcu6C2V7BgwdEoHxkUOSeUQ2q6NlS34hqZsFPtZCrvAJN4HxvuygbhHp4d7665ZKRGSQs9Ru62DEZ4U86eIhTa6fKr9s706X+mrU0kmMDUXeEOAMMGyRPDmg/PPdqxhRtIduWIs1aXsVPj34Py17j+MRX5ncWhk5Ag24lsKbyZAzWbKCIKVtcO92NBs0QNHDp1SRR9Zmkb4czXB+yeASz1vl0asNO4wAqSSqAHSjd4kG7Gsk60E2too/iQAfcwC7Oop+h6ihd5lhT6roDwKHyTH0JCwhM= ada at work"
)

// hashOfSecret is a hash of "secret".
const hashOfSecret = "$6$abcdefgh$ltjgWl6579NluT/Vi1nwEvcil.G5Nbc4NiXZaNGStk8PSwGfQv72N2CKPPrVACtLtip/cZ/1GM/O6IND4WQhG."

// twoUsers fills the page Users & access.
func twoUsers(d *design.Design) {
	d.Users = []design.User{
		{Name: "ada", FullName: "Ada Lovelace", PasswordHash: hashOfSecret, Groups: []string{"audio", "netdev"}, Sudo: "password", SSHKeys: []string{keyEd25519, keyRSA}},
		{Name: "guest"},
	}
	d.SSH = design.SSH{Enable: true, PasswordLogin: true}
}

// usersScreens are those of the page Users & access.
func usersScreens() []screen {
	return []screen{
		{name: "users-empty", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "nixos-minimal").Edit(model.Act("x"), func(d *design.Design) { d.Users, d.Root, d.SSH = nil, design.Root{}, design.SSH{} })
			w.session.Show(model.Users)
		}},
		{name: "users-filled", shot: "users", golden: true, begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), twoUsers)
			w.session.Show(model.Users)
		}},
		{name: "users-ssh", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), twoUsers)
			w.session.Show(model.Users)
			w.scrollTo(1)
		}},
		{name: "users-problems", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), func(d *design.Design) {
				d.Users = []design.User{{Name: "0bad", Sudo: "password", SSHKeys: []string{"ssh-ed25519 AAAA broken"}, Shell: "zsh"}}
			})
			w.session.Show(model.Users)
		}},
		{name: "users-password", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), twoUsers)
			w.session.Show(model.Users)
			w.settle()
			w.tap(t, "Set another …")
		}},
		{name: "users-own-keys", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), twoUsers)
			w.session.Show(model.Users)
			w.settle()
			l := &keyList{c: w.frame.c, at: func(d *design.Design) *[]string { return &d.Root.SSHKeys }}
			l.offer([]model.KeyFile{{Path: "/home/ada/.ssh/id_ed25519.pub", Keys: []model.Key{model.KeyOf(keyEd25519)}},
				{Path: "/home/ada/.ssh/work.pub", Keys: []model.Key{model.KeyOf(keyRSA)}}})
		}},
	}
}

func TestUsersAreAddedDuplicatedMovedAndRemoved(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.at(t, "minimal", model.Users, func(d *design.Design) { d.Users = nil })
	w.tap(t, "Add a user")
	name := control[*widgets.Entry](t, w, "Name")
	if w.window.Canvas().Focused() != name || name.Text != "user" {
		t.Errorf("a new user is called %q; the keyboard is at %T", name.Text, w.window.Canvas().Focused())
	}
	w.fill(t, "Name", "ada")
	w.fill(t, "Full name", "Ada Lovelace")
	pick(t, w, "May become root (sudo)", "nopassword")
	want := design.User{Name: "ada", FullName: "Ada Lovelace", Sudo: "nopassword"}
	if got := doc.Design().Users; len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Fatalf("the users are %+v", got)
	}
	before := design.ID(doc.Design())
	w.tap(t, "Duplicate this user")
	if got := doc.Design().Users; len(got) != 2 || got[1].Name != "ada2" || got[1].Sudo != "nopassword" || got[1].FullName != "" {
		t.Errorf("the copy is %+v", got)
	}
	undoes(t, doc, before)
	w.settle()
	before = design.ID(doc.Design())
	p := w.frame.pages[model.Users].(*usersPage)
	p.move(0, 1, 0)
	if got := doc.Design().Users[1].Name; got != "ada" {
		t.Errorf("moved, the second is %q", got)
	}
	undoes(t, doc, before)
	before = design.ID(doc.Design())
	w.tap(t, "Remove this user")
	if len(doc.Design().Users) != 1 {
		t.Errorf("the users are %+v", doc.Design().Users)
	}
	undoes(t, doc, before)
	p.removeUser(9)
	p.list.OnSelect(1)
	w.settle()
	if !w.button(t, "Remove this user").Disabled() || !w.shows("root is the administrator") {
		t.Error("root can be removed, or is not shown")
	}
}

func TestPasswordsAreHashedAndKeptNowhere(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.at(t, "minimal", model.Users, func(d *design.Design) { d.Users = []design.User{{Name: "ada"}} })
	before := design.ID(doc.Design())
	w.tap(t, "Set a password …")
	first := w.fill(t, "Password", "correct horse battery")
	w.fill(t, "Password again", "correct horse batery")
	if !w.shows("The two passwords differ.") || !w.button(t, "Set").Disabled() {
		t.Error("two passwords that differ are taken")
	}
	again := w.fill(t, "Password again", "correct horse battery")
	if !w.shows("Strong.") {
		t.Error("the strength is not told")
	}
	again.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	w.until(t, "the hash", func() bool { return doc.Design().Users[0].PasswordHash != "" })
	w.settle()
	if first.Text != "" || again.Text != "" {
		t.Error("the dialog keeps the password")
	}
	text, err := design.Encode(doc.Design())
	if err != nil || strings.Contains(string(text), "correct") || !strings.Contains(string(text), "$y$") {
		t.Errorf("the design is (%v)\n%s", err, text)
	}
	if !w.shows("set, as a hash (yescrypt)") {
		t.Error("the page does not say that there is a password")
	}
	undoes(t, doc, before)
	w.settle()
	before = design.ID(doc.Design())
	w.tap(t, "Remove the password")
	if doc.Design().Users[0].PasswordHash != "" || !w.shows("none: no login by password") {
		t.Error("the password is still there")
	}
	undoes(t, doc, before)
}

// keysOf is the list of keys of somebody on a page.
func keysOf(w *testWindow) *keyList {
	return &keyList{c: w.frame.c, at: func(d *design.Design) *[]string { return &d.Users[0].SSHKeys }}
}

func TestKeysArePastedOneALine(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.at(t, "minimal", model.Users, func(d *design.Design) { d.Users = []design.User{{Name: "ada"}} })
	before := design.ID(doc.Design())
	w.tap(t, "Paste …")
	box := control[*widgets.Entry](t, w, "Public keys, one a line")
	box.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard(keyEd25519 + "\nssh-rsa broken\n" + keyRSA + "\n")})
	if !w.shows("Line 2: This is not a public ssh key") {
		t.Error("the broken line is not told")
	}
	w.tap(t, "Add")
	if got := doc.Design().Users[0].SSHKeys; !slices.Equal(got, []string{keyEd25519, keyRSA}) {
		t.Errorf("the keys are %q", got)
	}
	if !w.shows("ada@laptop · ssh-ed25519") || !w.shows(model.KeyOf(keyRSA).Fingerprint) || w.session.Message().Kind != "warning" {
		t.Error("the keys are not shown, or the broken line is not told")
	}
	undoes(t, doc, before)
	w.settle()
	before = design.ID(doc.Design())
	w.tap(t, "Remove this key")
	if got := doc.Design().Users[0].SSHKeys; !slices.Equal(got, []string{keyRSA}) {
		t.Errorf("after removing the first the keys are %q", got)
	}
	undoes(t, doc, before)
}

// clipboard has a text in it.
func clipboard(text string) fyne.Clipboard {
	c := test.NewClipboard()
	c.SetContent(text)
	return c
}

func TestPrivateKeysAreRefusedAndNotShown(t *testing.T) {
	const private = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n-----END OPENSSH PRIVATE KEY-----\n"
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.at(t, "minimal", model.Users, func(d *design.Design) { d.Users = []design.User{{Name: "ada"}} })
	before := design.ID(doc.Design())
	w.tap(t, "Paste …")
	box := control[*widgets.Entry](t, w, "Public keys, one a line")
	box.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard(private)})
	if box.Text != "" || !w.shows("That was a private key.") || !w.button(t, "Add").Disabled() {
		t.Errorf("of a private key the field shows %q", box.Text)
	}
	w.tap(t, "Cancel")
	file := filepath.Join(t.TempDir(), "id")
	if err := os.WriteFile(file, []byte(private), 0o600); err != nil {
		t.Fatal(err)
	}
	w.session.ReadKeyFile(file, keysOf(w).read)
	w.until(t, "the refusal", func() bool { return w.session.Message().Kind == "danger" })
	if design.ID(doc.Design()) != before {
		t.Error("the design has changed")
	}
}

func TestKeysOfThisComputerAreOffered(t *testing.T) {
	home := t.TempDir()
	if err := os.MkdirAll(filepath.Join(home, ".ssh"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, ".ssh", "id.pub"), []byte(keyEd25519+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newTestWindow(t, widgets.Light, sizes()[0], func(e *model.Env) { e.Home = home })
	doc := w.at(t, "minimal", model.Users, func(d *design.Design) { d.Users = []design.User{{Name: "ada"}} })
	w.tap(t, "This computer …")
	w.until(t, "the offer", func() bool { return w.window.Canvas().Overlays().Top() != nil })
	w.tap(t, "Add")
	if got := doc.Design().Users[0].SSHKeys; !slices.Equal(got, []string{keyEd25519}) {
		t.Errorf("the keys are %q", got)
	}
	keysOf(w).take([]model.Key{model.KeyOf(keyEd25519)})
	if m := w.session.Message().Text; m != "There was no key that is not there already." {
		t.Errorf("the message is %q", m)
	}
}

func TestSSHServer(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.at(t, "minimal", model.Users, func(d *design.Design) { d.SSH = design.SSH{} })
	if w.shows("Port") {
		t.Error("a server that is off has a port")
	}
	var on *widgets.Switch
	w.parts(func(o fyne.CanvasObject) {
		if s, ok := o.(*widgets.Switch); ok {
			on = s
		}
	})
	on.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	w.settle()
	w.fill(t, "Port", "2222")
	test.Tap(control[*widgets.Check](t, w, "Let people log in by password"))
	w.settle()
	if got := doc.Design().SSH; got != (design.SSH{Enable: true, Port: 2222, PasswordLogin: true}) {
		t.Errorf("the server is %+v", got)
	}
	if !w.shows("Anybody in the network can try passwords") {
		t.Error("there is no warning")
	}
	before := design.ID(doc.Design())
	on.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if got := doc.Design().SSH; got != (design.SSH{}) {
		t.Errorf("switched off, the server is %+v", got)
	}
	undoes(t, doc, before)
}

func TestAnotherShellIsAskedFor(t *testing.T) {
	w := newTestWindow(t, widgets.Light, sizes()[0])
	doc := w.at(t, "minimal", model.Users, func(d *design.Design) { d.Users = []design.User{{Name: "ada"}} })
	shell := control[*widgets.Choice](t, w, "Login shell")
	if shell.Value() != "/bin/bash" {
		t.Errorf("the shell shown is %q", shell.Value())
	}
	shell.OnPick("…")
	e := w.fill(t, "Login shell", "/usr/bin/nu")
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	w.settle()
	if got := doc.Design().Users[0].Shell; got != "/usr/bin/nu" || shell.Value() != got {
		t.Errorf("the shell is %q, shown is %q", got, shell.Value())
	}
}
