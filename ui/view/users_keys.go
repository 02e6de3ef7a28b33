package view

import (
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// keyList are the public ssh keys of somebody.
type keyList struct {
	c    *context
	at   func(*design.Design) *[]string
	rows *rowList
	// known are keys that were read, by their lines.
	known map[string]model.Key
}

// newKeyList puts a list of keys into a form.
func newKeyList(c *context, f *form, field string, at func(*design.Design) *[]string) {
	l := &keyList{c: c, at: at, known: map[string]model.Key{}}
	l.rows = newRowList(8, l.row)
	paste := widgets.Plain(c.say("Paste …"), "plus", l.paste)
	file := widgets.Plain(c.say("File …"), "file", l.file)
	own := widgets.Plain(c.say("This computer …"), "computer", l.own)
	f.control(field, c.say("ssh keys"), c.say("Public keys: whoever has the private half gets in."),
		widgets.Column(8, l.rows.box, widgets.Row(8, paste, file, own)), paste,
		func(d, _ design.Design) { l.rows.refresh(len(*at(&d))) })
}

// keys are the lines in the design in front.
func (l *keyList) keys() []string { return *l.at(new(l.c.design())) }

// key reads the line at a place, once.
func (l *keyList) key(i int) model.Key {
	keys := l.keys()
	if i >= len(keys) {
		return model.Key{}
	}
	k, ok := l.known[keys[i]]
	if !ok {
		k = model.KeyOf(keys[i])
		l.known[keys[i]] = k
	}
	return k
}

// row shows one key.
func (l *keyList) row(i int) listRow {
	c := l.c
	kind, print, fault := widgets.Line("").Bold(), widgets.Mono("").Sized(widgets.SizeNote), widgets.Note("").Coloured(widgets.ColourDanger)
	remove := widgets.IconButton("trash", c.say("Remove this key"), func() {
		c.edit(model.Act("remove an ssh key"), func(d *design.Design) {
			if list := l.at(d); i < len(*list) {
				*list = slices.Delete(*list, i, i+1)
			}
		})
	})
	words := widgets.Column(2, kind, print, fault)
	return listRow{object: widgets.Card("", "", widgets.Row(12, widgets.Icon("key"), widgets.Fill(words), remove)), focus: remove, refresh: func() {
		k := l.key(i)
		kind.SetText(c.keyTitle(k))
		print.SetText(k.Fingerprint)
		fault.SetText(c.problemText(k.Fault))
		print.Hidden, fault.Hidden = k.Fingerprint == "", k.Fault.Text == ""
	}}
}

// keyTitle names a key.
func (c *context) keyTitle(k model.Key) string {
	switch {
	case k.Type == "":
		return c.say("not a public key")
	case k.Comment == "":
		return k.Type
	}
	return k.Comment + " · " + k.Type
}

// take adds keys and tells what was not taken, and why.
func (l *keyList) take(keys []model.Key) {
	c := l.c
	_, added := model.WithKeys(l.keys(), keys)
	if added > 0 {
		a := model.Act("add %d ssh keys", added)
		if added == 1 {
			a = model.Act("add an ssh key")
		}
		c.edit(a, func(d *design.Design) { *l.at(d), _ = model.WithKeys(*l.at(d), keys) })
	}
	var bad []model.Key
	for _, k := range keys {
		if k.Fault.Text != "" {
			bad = append(bad, k)
		}
	}
	switch {
	case len(bad) > 0:
		c.Tell(model.Message{Kind: "warning", Text: c.count(len(bad), "%d line was not taken.", "%d lines were not taken.") + " " + c.problemText(bad[0].Fault)})
	case added == 0:
		c.Tell(model.Message{Text: c.say("There was no key that is not there already.")})
	}
}

// refuse tells of a private key, of which nothing is shown or kept.
func (c *context) refuseSecret() {
	c.Tell(model.Message{Kind: "danger", Text: c.say("This is a private key. It stays where it is: an image is readable by everyone who holds it. Take the public half, the file that ends in .pub.")})
}

// paste asks for lines.
func (l *keyList) paste() {
	c := l.c
	e, fault := widgets.NewMultiEntry(6), widgets.Note("").Coloured(widgets.ColourDanger)
	e.SetPlaceHolder("ssh-ed25519 AAAA… name")
	p := c.prompt(c.say("Paste public keys"), c.say("Add"), widgets.Column(12,
		widgets.Field(c.say("Public keys, one a line"), c.say("What a file ending in .pub holds."), e), fault), func() bool {
		keys, secret := model.ReadKeys(e.Text)
		e.SetValue("")
		if secret {
			c.refuseSecret()
			return true
		}
		l.take(keys)
		return true
	})
	e.OnEdit = func(text string) {
		keys, secret := model.ReadKeys(text)
		if secret {
			// Nothing of it may stay anywhere, also not on the screen.
			e.SetValue("")
			fault.SetText(c.say("That was a private key. It was not taken, and nothing of it is kept. Take the public half, the file that ends in .pub."))
			p.allow(false)
			return
		}
		text, fine := c.keysHint(keys)
		fault.SetText(text)
		p.allow(fine)
	}
	p.allow(false)
	p.show(c, e)
}

// keysHint says what is wrong with lines, and whether any of them is a key.
func (c *context) keysHint(keys []model.Key) (text string, fine bool) {
	for i, k := range keys {
		if k.Fault.Text == "" {
			fine = true
		} else if text == "" {
			text = c.say("Line %d: %s", i+1, c.problemText(k.Fault))
		}
	}
	return text, fine
}

// file asks for a file of keys.
func (l *keyList) file() {
	l.c.pickFile(nil, func(path string) { l.c.Session.ReadKeyFile(path, l.read) })
}

// read takes what was in a file.
func (l *keyList) read(f model.KeyFile) {
	c := l.c
	switch {
	case f.Err != nil:
		c.fail(c.say("The file cannot be read"), f.Err)
	case f.Secret:
		c.refuseSecret()
	case len(f.Keys) == 0:
		c.Tell(model.Message{Kind: "warning", Text: c.say("%s holds no key.", filepath.Base(f.Path))})
	default:
		l.take(f.Keys)
	}
}

// own offers the keys of this computer.
func (l *keyList) own() {
	l.c.Session.OwnKeys(l.offer)
}

// offer lets a person tick among this computer's keys.
func (l *keyList) offer(files []model.KeyFile) {
	c := l.c
	if len(files) == 0 {
		c.Tell(model.Message{Kind: "warning", Text: c.say("There are no public keys in %s. ssh-keygen makes one.", filepath.Join(c.Env().Home, ".ssh"))})
		return
	}
	var rows []fyne.CanvasObject
	var ticks []*widgets.Check
	var keys []model.Key
	for _, f := range files {
		for _, k := range f.Keys {
			t := widgets.NewCheck(filepath.Base(f.Path)+" · "+c.keyTitle(k), nil)
			t.SetValue(k.Fault.Text == "")
			ticks, keys = append(ticks, t), append(keys, k)
			note := widgets.Mono(k.Fingerprint).Sized(widgets.SizeNote).Coloured(widgets.ColourQuiet)
			rows = append(rows, widgets.Column(0, t, widgets.InsetEach(0, 0, 0, 36, note)))
		}
	}
	p := c.prompt(c.say("Keys of this computer"), c.say("Add"), widgets.Column(12, rows...), func() bool {
		var chosen []model.Key
		for i, t := range ticks {
			if t.Checked {
				chosen = append(chosen, keys[i])
			}
		}
		l.take(chosen)
		return true
	})
	p.show(c)
	c.focus(ticks[0])
}
