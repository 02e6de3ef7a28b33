package view

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// usersPage has the accounts: at the left who there is, at the right one of
// them, below the ssh server.
type usersPage struct {
	c       *context
	content *fyne.Container
	list    *widgets.SortList
	// person is the form of who is chosen, detail what holds it; shown is its
	// place in the design, len(users) for root.
	person *form
	detail *fyne.Container
	shown  int
	ssh    *form
	copy   *widgets.Button
	remove *widgets.Button
	// open tells of accounts that everybody gets into.
	open *widgets.Text
}

func newUsers(c *context) page {
	p := &usersPage{c: c, list: widgets.NewSortList(), shown: -1, detail: widgets.Column(0), ssh: c.newForm()}
	p.list.OnSelect = p.choose
	p.list.OnOpen = func(int) { p.person.focus("") }
	p.list.OnMove = p.move
	p.list.OnRemove = p.removeUser
	p.server()
	p.copy = widgets.IconButton("copy", c.say("Duplicate this user"), p.duplicate)
	p.remove = widgets.IconButton("trash", c.say("Remove this user"), func() { p.removeUser(p.shown) })
	add := widgets.Plain(c.say("Add a user"), "plus", p.add)
	p.open = widgets.Note(c.say("Without accounts of its own the image keeps those of the NixOS installer: nixos and root, both without a password."))
	left := widgets.Column(12, p.list, widgets.Row(4, widgets.Fill(add), p.copy, p.remove), p.open)
	body := widgets.Column(32, sideBySide(left, p.detail), p.ssh.content())
	p.content = widgets.Page(c.say("Users & access"), c.say("Who can log in to the running system, and how."), nil, widgets.PageBody(body))
	return p
}

func (p *usersPage) Content() fyne.CanvasObject { return p.content }

// Refresh shows who there is. The rows of the list are the users in their order
// and root behind them.
func (p *usersPage) Refresh(model.Change) {
	d := p.c.design()
	rows := make([]widgets.SortRow, 0, len(d.Users)+1)
	for i, u := range d.Users {
		name := u.Name
		if name == "" {
			name = p.c.say("new user")
		}
		rows = append(rows, widgets.SortRow{ID: fmt.Sprint(i), Title: name, Note: p.access(u.PasswordHash, u.SSHKeys), Icon: widgets.IconResource("person")})
	}
	rows = append(rows, widgets.SortRow{ID: "root", Title: "root", Note: p.access(d.Root.PasswordHash, d.Root.SSHKeys), Icon: widgets.IconResource("key")})
	if !slices.EqualFunc(rows, p.list.Rows(), sameRow) {
		p.list.SetRows(rows)
	}
	at := p.list.Chosen()
	if at < 0 || at >= len(rows) {
		at = 0
	}
	if at != p.list.Chosen() {
		p.list.Choose(at)
	}
	p.show(at)
	p.person.refresh()
	p.ssh.refresh()
	p.open.Hidden = ownAccounts(d)
}

// ownAccounts tells whether a design decides who gets in; where a NixOS design
// does not, the installer's own accounts stay.
func ownAccounts(d design.Design) bool {
	return d.Distribution != "nixos" || len(d.Users) > 0 || d.Root.PasswordHash != "" || len(d.Root.SSHKeys) > 0
}

// sameRow tells whether two rows look the same.
func sameRow(a, b widgets.SortRow) bool {
	return a.ID == b.ID && a.Title == b.Title && a.Note == b.Note
}

// access is how somebody logs in, in a few words.
func (p *usersPage) access(hash string, keys []string) string {
	var parts []string
	if hash != "" {
		parts = append(parts, p.c.say("password"))
	}
	if len(keys) > 0 {
		parts = append(parts, p.c.say("keys"))
	}
	if len(parts) == 0 {
		return p.c.say("cannot log in")
	}
	return strings.Join(parts, ", ")
}

// choose brings somebody to the right.
func (p *usersPage) choose(i int) {
	p.show(i)
	p.person.refresh()
	widgets.Relayout(p.content)
}

// show makes the form of who is at a place, where it is not there already.
func (p *usersPage) show(i int) {
	users := len(p.c.design().Users)
	root := i >= users
	setEnabled(p.copy, !root)
	setEnabled(p.remove, !root)
	at := i
	if root {
		at = -1
	}
	if p.person != nil && p.shown == at {
		return
	}
	p.shown = at
	p.person = p.c.newForm()
	if root {
		p.rootForm(p.person)
	} else {
		p.userForm(p.person, i)
	}
	p.detail.Objects = []fyne.CanvasObject{p.person.content()}
	p.detail.Refresh()
}

// setEnabled lets a button be pressed, or not.
func setEnabled(b *widgets.Button, on bool) {
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}

// Focus leads to a field of whom it belongs to.
func (p *usersPage) Focus(field string) {
	switch {
	case field == "" || field == "users":
		p.c.focus(p.list)
	case strings.HasPrefix(field, "ssh"):
		p.ssh.focus(field)
	default:
		at := len(p.c.design().Users)
		if n := 0; strings.HasPrefix(field, "users[") {
			if _, err := fmt.Sscanf(field, "users[%d]", &n); err == nil {
				at = n
			}
		}
		p.list.Choose(at)
		p.choose(at)
		p.person.focus(field)
	}
}

// add makes a new user and leads to the name.
func (p *usersPage) add() {
	at := len(p.c.design().Users)
	p.c.edit(model.Act("add a user"), func(d *design.Design) {
		d.Users = append(d.Users, design.User{Name: freeUser(*d, "user")})
	})
	p.goTo(at)
}

// duplicate makes another user like the chosen one, but with no password.
func (p *usersPage) duplicate() {
	from := p.shown
	if users := p.c.design().Users; from < 0 || from >= len(users) {
		return
	}
	p.c.edit(model.Act("duplicate %s", p.c.design().Users[from].Name), func(d *design.Design) {
		u := d.Users[from]
		u.Name, u.FullName, u.PasswordHash = freeUser(*d, u.Name), "", ""
		if u.Sudo == "password" {
			u.Sudo = ""
		}
		u.Groups, u.SSHKeys = slices.Clone(u.Groups), slices.Clone(u.SSHKeys)
		d.Users = slices.Insert(d.Users, from+1, u)
	})
	p.goTo(from + 1)
}

// goTo chooses a user and leads to the name.
func (p *usersPage) goTo(i int) {
	p.list.Choose(i)
	p.shown = -2
	p.choose(i)
	p.person.focus("")
}

// freeUser is a name that no user of the design has.
func freeUser(d design.Design, name string) string {
	taken := func(name string) bool {
		return slices.ContainsFunc(d.Users, func(u design.User) bool { return u.Name == name })
	}
	if !taken(name) {
		return name
	}
	for n := 2; ; n++ {
		if next := fmt.Sprintf("%s%d", name, n); !taken(next) {
			return next
		}
	}
}

// removeUser takes a user away; root stays.
func (p *usersPage) removeUser(i int) {
	users := p.c.design().Users
	if i < 0 || i >= len(users) {
		return
	}
	p.shown = -2
	p.c.edit(model.Act("remove %s", users[i].Name), func(d *design.Design) {
		d.Users = slices.Delete(d.Users, i, i+1)
	})
}

// move puts a user at another place of the list; root stays the last.
func (p *usersPage) move(from, to, _ int) {
	users := p.c.design().Users
	if from >= len(users) {
		return
	}
	to = min(to, len(users)-1)
	p.shown = -2
	p.c.edit(model.Act("move %s", users[from].Name), func(d *design.Design) {
		u := d.Users[from]
		d.Users = slices.Insert(slices.Delete(d.Users, from, from+1), to, u)
	})
	p.list.Choose(to)
	p.choose(to)
}

// server has the fields of the ssh server.
func (p *usersPage) server() {
	c, f := p.c, p.ssh
	f.heading(c.say("Access over the network (SSH)"))
	on := widgets.NewSwitch(c.say("ssh server"), func(on bool) {
		c.edit(tickOf(c.say("ssh server"), on), func(d *design.Design) {
			d.SSH.Enable = on
			if !on {
				d.SSH = design.SSH{}
			}
		})
	})
	f.control("ssh.enable", "", c.say("Everyone who has a key or password above can log in from another computer."), on, on,
		func(d, _ design.Design) { on.SetValue(d.SSH.Enable) })
	f.when(func(d design.Design) bool { return d.SSH.Enable || d.SSH.Port != 0 || d.SSH.PasswordLogin }, func() {
		f.number("ssh.port", c.say("Port"), "", "22", func(d *design.Design) *int { return &d.SSH.Port })
		f.tick("ssh.password_login", c.say("Let people log in by password"), c.say("Without this, only those with a key get in."),
			func(d *design.Design) *bool { return &d.SSH.PasswordLogin })
	})
	f.when(func(d design.Design) bool { return d.SSH.PasswordLogin }, func() {
		f.object(widgets.Banner(widgets.Warning, c.say("Anybody in the network can try passwords. Take this only where the passwords are long, or where nobody else is in the network."), "", nil), nil)
	})
}
