package view

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// sideBySide puts a list at the left of what is chosen in it.
func sideBySide(list, chosen fyne.CanvasObject) *fyne.Container {
	return container.New(&masterDetail{}, list, chosen)
}

// masterDetail gives the first object a third of the width, within bounds, and
// the second the rest; its height is that of the higher one.
type masterDetail struct{ width float32 }

// list is how wide the first object is, in device-independent pixels.
func (m *masterDetail) list() float32 { return max(220, min(300, m.width*0.3)) }

func (m *masterDetail) Layout(o []fyne.CanvasObject, size fyne.Size) {
	m.width = size.Width
	from := m.list() + widgets.MarginWide
	place(o[0], 0, 0, m.list(), o[0].MinSize().Height)
	// What wraps knows its height when it knows its width.
	o[1].Resize(fyne.NewSize(max(0, size.Width-from), o[1].Size().Height))
	place(o[1], from, 0, max(0, size.Width-from), o[1].MinSize().Height)
}

func (m *masterDetail) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(m.list()+widgets.MarginWide+b.Width, max(a.Height, b.Height))
}

// userForm has the fields of a user.
func (p *usersPage) userForm(f *form, i int) {
	c := p.c
	// One who has gone meanwhile is nobody.
	user := func(d *design.Design) *design.User {
		if i < len(d.Users) {
			return &d.Users[i]
		}
		return &design.User{}
	}
	at := userField(i)
	f.beside(230, func() {
		f.text(at+".name", c.say("Name"), c.say("Small letters, digits, _ and -."), func(d *design.Design) *string { return &user(d).Name })
		f.text(at+".full_name", c.say("Full name"), "", func(d *design.Design) *string { return &user(d).FullName })
	})
	p.password(f, at+".password_hash", func(d *design.Design) string { return user(d).Name }, func(d *design.Design) *string { return &user(d).PasswordHash })
	f.segments(at+".sudo", c.say("May become root (sudo)"), "",
		[]widgets.Option{{Value: "", Label: c.say("No")}, {Value: "password", Label: c.say("With the password")}, {Value: "nopassword", Label: c.say("Without a password")}},
		func(d *design.Design) *string { return &user(d).Sudo })
	groups := f.tokens(at+".groups", c.say("Groups"), c.say("What else the user may do: audio, video, network settings."), nil,
		func(d *design.Design) *[]string { return &user(d).Groups })
	groups.Suggest = func(prefix string) []string { return groupsLike(c.design().Distribution, prefix, groups.Value()) }
	p.shell(f, at+".shell", func(d *design.Design) *string { return &user(d).Shell })
	newKeyList(c, f, at+".ssh_keys", func(d *design.Design) *[]string { return &user(d).SSHKeys })
	to := widgets.Link(c.say("Start-up"), "next", func() { c.Session.ShowField("startup.autologin") })
	f.when(func(d design.Design) bool {
		return i < len(d.Users) && d.Startup.Autologin == d.Users[i].Name && d.Users[i].Name != ""
	}, func() {
		f.object(widgets.Row(8, widgets.Icon("startup"), widgets.Fill(widgets.Note(c.say("Is logged in by itself when the system starts, without a password."))), to), nil)
	})
}

// userField is a user's place in the design, as problems name it.
func userField(i int) string { return "users[" + strconv.Itoa(i) + "]" }

// rootForm has the fields of root.
func (p *usersPage) rootForm(f *form) {
	c := p.c
	f.note(c.say("root is the administrator. Without a password and keys nobody logs in as root; users with sudo become root when they need to."))
	p.password(f, "root.password_hash", func(*design.Design) string { return "root" }, func(d *design.Design) *string { return &d.Root.PasswordHash })
	newKeyList(c, f, "root.ssh_keys", func(d *design.Design) *[]string { return &d.Root.SSHKeys })
}

// groupsLike are groups that a distribution has and people want, which begin
// with what was typed.
func groupsLike(distribution, prefix string, have []string) []string {
	known := []string{"audio", "cdrom", "dialout", "disk", "docker", "input", "kvm", "libvirtd", "lp", "networkmanager", "plugdev", "render", "video", "wheel"}
	if distribution == "debian" {
		known = []string{"adm", "audio", "bluetooth", "cdrom", "dialout", "dip", "disk", "docker", "input", "kvm", "libvirt", "lpadmin", "netdev", "plugdev", "render", "scanner", "sudo", "video", "wireshark"}
	}
	return slices.DeleteFunc(known, func(g string) bool { return !strings.HasPrefix(g, prefix) || slices.Contains(have, g) })
}

// shell has the login shell: a usual one, or another path.
func (p *usersPage) shell(f *form, field string, at func(*design.Design) *string) {
	c := p.c
	usual := []widgets.Option{{Value: "/bin/bash"}, {Value: "/bin/sh"}, {Value: "/usr/bin/zsh"}, {Value: "/usr/bin/fish"}, {Value: "/usr/sbin/nologin", Label: c.say("none: cannot log in to a shell") + " · /usr/sbin/nologin"}}
	if c.design().Distribution == "nixos" {
		usual = append([]widgets.Option{{Value: "", Label: c.say("the distribution's choice")}}, usual...)
	}
	const other = "…"
	var choice *widgets.Choice
	offered := append(usual, widgets.Option{Value: other, Label: c.say("Another program …")})
	choice = widgets.NewChoice(offered, func(value string) {
		if value == other {
			shell := *at(new(c.design()))
			choice.SetValue(shell)
			c.askText(c.say("Login shell"), c.say("The path of the program on the image."), shell, func(text string) {
				c.edit(changeOf(c.say("Login shell"), ""), func(d *design.Design) { *at(d) = text })
			})
			return
		}
		c.edit(changeOf(c.say("Login shell"), ""), func(d *design.Design) { *at(d) = value })
	})
	f.control(field, c.say("Login shell"), c.say("A shell other than bash and sh must be among the packages."), choice, choice, func(d, defaults design.Design) {
		if value := *at(&d); value != "" {
			choice.SetValue(value)
		} else {
			choice.SetValue(*at(&defaults))
		}
	})
}

// askText asks for one line.
func (c *context) askText(title, note, text string, done func(string)) {
	e := widgets.NewEntry()
	e.SetValue(text)
	p := c.prompt(title, c.say("Take"), widgets.Field(title, note, e), func() bool {
		done(strings.TrimSpace(e.Text))
		return true
	})
	p.show(c, e)
}

// password has the state of a password and what can be done about it.
func (p *usersPage) password(f *form, field string, who func(*design.Design) string, at func(*design.Design) *string) {
	c := p.c
	state := widgets.Line("")
	set := widgets.Plain(c.say("Set a password …"), "", func() { c.askPassword(who, at) })
	remove := widgets.Plain(c.say("Remove the password"), "", func() {
		c.edit(model.Act("remove the password of %s", who(new(c.design()))), func(d *design.Design) { *at(d) = "" })
	})
	f.control(field, c.say("Password"), "", widgets.Row(8, widgets.Fill(state), set, remove), set, func(d, _ design.Design) {
		hash := *at(&d)
		remove.Hidden = hash == ""
		switch {
		case hash == "":
			state.SetText(c.say("none: no login by password"))
			set.SetText(c.say("Set a password …"))
		case strings.HasPrefix(hash, "$y$"):
			state.SetText(c.say("set, as a hash (%s)", "yescrypt"))
			set.SetText(c.say("Set another …"))
		default:
			state.SetText(c.say("set, as a hash (%s)", "SHA-512"))
			set.SetText(c.say("Set another …"))
		}
	})
}

// askPassword asks for a password twice and keeps what a hash makes of it.
func (c *context) askPassword(who func(*design.Design) string, at func(*design.Design) *string) {
	name := who(new(c.design()))
	first, again, hint := widgets.NewPasswordEntry(), widgets.NewPasswordEntry(), widgets.Note("")
	doc := c.Current()
	p := c.prompt(c.say("Password of %s", name), c.say("Set"), widgets.Column(16,
		widgets.Field(c.say("Password"), "", first), widgets.Field(c.say("Password again"), "", again), hint,
		widgets.Note(c.say("Only a hash of it is kept (yescrypt); it cannot be read back from the design or the image."))), func() bool {
		secret := first.Text
		first.SetValue("")
		again.SetValue("")
		doc.Derive(model.Act("set the password of %s", name), func() (string, error) { return model.HashPassword(secret) },
			func(d *design.Design, hash string) {
				// Somebody else may have come to this place meanwhile.
				if who(d) == name {
					*at(d) = hash
				}
			}, c.derived)
		return true
	})
	look := func(string) {
		text, fine := c.passwordHint(first.Text, again.Text)
		hint.SetText(text)
		p.allow(fine)
	}
	first.OnEdit, again.OnEdit = look, look
	look("")
	p.show(c, first, again)
}

// passwordHint says what is missing, else how good a password is.
func (c *context) passwordHint(first, again string) (text string, fine bool) {
	switch {
	case first == "":
		return c.say("Without a text there is no password. To take one away there is “Remove the password”."), false
	case strings.ContainsAny(first, "\n\x00"):
		return c.say("The password contains a character that cannot be typed."), false
	case again == "":
		return c.strength(first) + " " + c.say("Type it once more."), false
	case first != again:
		return c.say("The two passwords differ."), false
	}
	return c.strength(first), true
}

// strength is how good a password is, in a sentence.
func (c *context) strength(password string) string {
	switch model.StrengthOf(password) {
	case model.Weak:
		return c.say("Weak: quickly found by trying. Better four unusual words.")
	case model.Fair:
		return c.say("Fair: good enough where nobody can try for weeks.")
	}
	return c.say("Strong.")
}
