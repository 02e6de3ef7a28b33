package view

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// wifiList are the wireless networks that the system joins.
type wifiList struct {
	c    *context
	rows *rowList
}

// newWiFi puts the list into a form.
func newWiFi(c *context, f *form) {
	l := &wifiList{c: c}
	l.rows = newRowList(8, l.row)
	add := widgets.Plain(c.say("Add a Wi-Fi network …"), "plus", func() { l.ask(-1) })
	f.when(netOr(func(n design.Network) bool { return n.Mode != "off" || len(n.WiFi) > 0 }), func() {
		f.control("network.wifi", c.say("Wi-Fi"), c.say("Joined when they are in reach. Of a passphrase only the key that comes of it is kept."),
			widgets.Column(8, l.rows.box, widgets.Row(8, add)), add,
			func(d, _ design.Design) { l.rows.refresh(len(d.Network.WiFi)) })
	})
}

// at is a network of the design in front, an empty one where it is gone.
func (l *wifiList) at(i int) design.WiFi {
	if list := l.c.design().Network.WiFi; i < len(list) {
		return list[i]
	}
	return design.WiFi{}
}

// row shows one network.
func (l *wifiList) row(i int) listRow {
	c := l.c
	name, note := widgets.Line("").Bold(), widgets.Note("")
	hidden := widgets.NewCheck(c.say("Hidden"), func(on bool) {
		c.edit(tickOf(c.say("Hidden"), on), func(d *design.Design) {
			if i < len(d.Network.WiFi) {
				d.Network.WiFi[i].Hidden = on
			}
		})
	})
	change := widgets.Plain(c.say("Change …"), "", func() { l.ask(i) })
	remove := widgets.IconButton("trash", c.say("Remove this network"), func() {
		c.edit(model.Act("remove the network %s", l.at(i).SSID), func(d *design.Design) {
			if i < len(d.Network.WiFi) {
				d.Network.WiFi = slices.Delete(d.Network.WiFi, i, i+1)
			}
		})
	})
	row := widgets.Row(12, widgets.Icon("wifi"), widgets.Fill(widgets.Column(2, name, note)), hidden, change, remove)
	return listRow{object: widgets.Card("", "", row), focus: change, refresh: func() {
		w := l.at(i)
		name.SetText(w.SSID)
		note.SetText(c.say("open: everybody near can read along"))
		if w.PSK != "" {
			note.SetText(c.say("with a key"))
		}
		hidden.SetValue(w.Hidden)
	}}
}

// wifiForm is the dialog for one network.
type wifiForm struct {
	c *context
	// at is the network that is changed, -1 for a new one; kept what it was.
	at                          int
	kept                        design.WiFi
	ssid, phrase, again, key    *widgets.Entry
	how                         *widgets.Segments
	hidden                      *widgets.Check
	phraseBox, againBox, hexBox *widgets.Labelled
	hint                        *widgets.Text
	body                        *fyne.Container
	prompt                      *prompt
}

// ask asks for a network's name and its key.
func (l *wifiList) ask(i int) {
	c := l.c
	w := &wifiForm{c: c, at: i, ssid: widgets.NewEntry(), phrase: widgets.NewPasswordEntry(),
		again: widgets.NewPasswordEntry(), key: widgets.NewPasswordEntry(), hint: widgets.Note("")}
	ways := []widgets.Option{{Value: "phrase", Label: c.say("Passphrase")}, {Value: "key", Label: c.say("Key")}, {Value: "open", Label: c.say("Open")}}
	title, yes, way := c.say("Add a Wi-Fi network"), c.say("Add"), "phrase"
	if i >= 0 {
		w.kept = l.at(i)
		title, yes = c.say("Change a Wi-Fi network"), c.say("Change")
		if w.kept.PSK != "" {
			ways, way = append([]widgets.Option{{Value: "keep", Label: c.say("Keep the key")}}, ways...), "keep"
		} else {
			way = "open"
		}
	}
	w.how = widgets.NewSegments(ways, func(string) { w.look() })
	w.how.SetValue(way)
	w.hidden = widgets.NewCheck(c.say("Hidden: the network does not tell its name"), nil)
	w.hidden.SetValue(w.kept.Hidden)
	w.ssid.SetValue(w.kept.SSID)
	w.phraseBox = widgets.Field(c.say("Passphrase"), c.say("8 to 63 characters. The key is made of it at once; the passphrase itself is kept nowhere."), w.phrase)
	w.againBox = widgets.Field(c.say("Passphrase again"), "", w.again)
	w.hexBox = widgets.Field(c.say("Key"), c.say("64 hexadecimal digits, as wpa_passphrase prints them."), w.key)
	for _, e := range []*widgets.Entry{w.ssid, w.phrase, w.again, w.key} {
		e.OnEdit = func(string) { w.look() }
	}
	w.body = widgets.Column(16, widgets.Field(c.say("Name (SSID)"), "", w.ssid), widgets.Field(c.say("Protection"), "", w.how),
		w.phraseBox, w.againBox, w.hexBox, w.hidden, w.hint)
	w.prompt = c.prompt(title, yes, w.body, w.done)
	w.look()
	w.prompt.show(c, w.ssid, w.phrase, w.again, w.key)
}

// look shows the fields that the chosen way has, and what is still missing.
func (w *wifiForm) look() {
	way := w.how.Value()
	w.phraseBox.Hidden, w.againBox.Hidden, w.hexBox.Hidden = way != "phrase", way != "phrase", way != "key"
	fault := w.fault()
	w.hint.SetText(fault)
	w.prompt.allow(fault == "")
	w.body.Refresh()
	w.prompt.dialog.Refresh()
}

// fault says what is missing, "" for nothing.
func (w *wifiForm) fault() string {
	c := w.c
	switch way := w.how.Value(); {
	case w.ssid.Text == "":
		return c.say("The name of the network is missing.")
	case len(w.ssid.Text) > 32:
		return c.say("The name is longer than 32 bytes.")
	case way == "keep" && w.ssid.Text != w.kept.SSID:
		return c.say("The key belongs to the name: with another name the passphrase is needed again.")
	case way == "phrase" && w.phrase.Text == "":
		return c.say("The passphrase is missing.")
	case way == "phrase" && !model.IsPassphrase(w.phrase.Text):
		return c.say("A passphrase has 8 to 63 characters, of those that every keyboard has.")
	case way == "phrase" && w.again.Text == "":
		return c.say("Type the passphrase once more.")
	case way == "phrase" && w.again.Text != w.phrase.Text:
		return c.say("The two passphrases differ.")
	case way == "key" && !isKey(w.key.Text):
		return c.say("A key has 64 hexadecimal digits; there are %d now.", len(strings.TrimSpace(w.key.Text)))
	}
	return ""
}

// isKey tells whether a text is a 256-bit key in hexadecimal digits.
func isKey(s string) bool {
	s = strings.TrimSpace(s)
	return len(s) == 64 && strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""
}

// done takes the network over; of a passphrase first its key is made.
func (w *wifiForm) done() bool {
	doc := w.c.Current()
	if doc == nil {
		return true
	}
	n := design.WiFi{SSID: w.ssid.Text, Hidden: w.hidden.Checked}
	a := model.Act("add the network %s", n.SSID)
	if w.at >= 0 {
		a = model.Act("change the network %s", n.SSID)
	}
	switch w.how.Value() {
	case "phrase":
		phrase := w.phrase.Text
		doc.Derive(a, func() (string, error) { return model.WPAKey(n.SSID, phrase) }, func(d *design.Design, key string) {
			n.PSK = key
			w.put(d, n)
		}, w.c.derived)
	case "key":
		n.PSK = strings.ToLower(strings.TrimSpace(w.key.Text))
		doc.Edit(a, func(d *design.Design) { w.put(d, n) })
	case "keep":
		n.PSK = w.kept.PSK
		doc.Edit(a, func(d *design.Design) { w.put(d, n) })
	default:
		doc.Edit(a, func(d *design.Design) { w.put(d, n) })
	}
	w.phrase.SetValue("")
	w.again.SetValue("")
	w.key.SetValue("")
	return true
}

// put writes the network in its place, where that is still the one it was.
func (w *wifiForm) put(d *design.Design, n design.WiFi) {
	if w.at < 0 {
		d.Network.WiFi = append(d.Network.WiFi, n)
	} else if w.at < len(d.Network.WiFi) && d.Network.WiFi[w.at].SSID == w.kept.SSID {
		d.Network.WiFi[w.at] = n
	}
}

// derived tells where nothing could be made of a secret.
func (c *context) derived(err error) {
	if err != nil {
		c.fail(c.say("The secret cannot be taken"), err)
	}
}
