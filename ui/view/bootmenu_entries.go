package view

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
	"github.com/isowright/isowright/ui/words"
)

// menuEntries are the menu's lines, to be put in order, and the fields of the
// chosen one.
type menuEntries struct {
	menuForm
	list *widgets.SortList
	// rows are those of the list, row the chosen one.
	rows []model.MenuRow
	row  int
	note *widgets.Text
	// buttons add, copy and remove.
	buttons fyne.CanvasObject
	copy    *widgets.Button
	// remove takes the chosen row away; starts has it start by itself.
	remove *widgets.Button
	starts *widgets.Check
	// from is the form's first row of the entry's fields.
	from int
	// icons are those of the kinds.
	icons map[string]fyne.Resource
}

func newMenuEntries(c *context) *menuEntries {
	e := &menuEntries{menuForm: menuForm{form: c.newForm()}, list: widgets.NewSortList(), icons: map[string]fyne.Resource{}}
	for _, k := range kindWords() {
		e.icons[k.value] = widgets.IconResource(k.icon)
	}
	e.list.MaxRows = 7
	e.list.OnMove = e.move
	e.list.OnSelect = e.choose
	e.list.OnOpen = func(int) { e.c.focus(e.form.rows[e.from].focus) }
	e.list.OnRemove = func(int) { e.delete() }
	e.note = widgets.Note("")
	e.copy = widgets.IconButton("copy", c.say("Duplicate the chosen entry"), e.duplicate)
	e.remove = widgets.IconButton("trash", c.say("Remove the chosen entry"), e.delete)
	e.buttons = widgets.Row(widgets.Gap,
		widgets.Plain(c.say("Add entry"), "plus", func() { e.add(design.BootEntry{Title: e.name(c.say("New entry"))}) }),
		widgets.Plain(c.say("Add submenu"), "menu", func() {
			e.add(design.BootEntry{Title: c.say("More"), Kind: "submenu", Entries: []design.BootEntry{{Title: e.name(c.say("New entry"))}}})
		}), widgets.Spring(), e.copy, e.remove)
	upper := widgets.Column(widgets.Gap, e.note, e.list, e.buttons)
	e.form.add(formRow{object: upper, focus: e.list})
	e.fields()
	e.done()
	return e
}

// name is a title for a new entry: the design's own name tells more than "New
// entry" where it has one.
func (e *menuEntries) name(otherwise string) string {
	if name := e.c.design().Name; name != "" {
		return name
	}
	return otherwise
}

// kindWords say what entries do.
func kindWords() []menuWord {
	return []menuWord{
		{"live", words.Key("Starts this system"), "play"}, {"submenu", words.Key("Opens a submenu"), "menu"},
		{"firmware", words.Key("Opens the firmware's settings (UEFI)"), "chip"}, {"disk", words.Key("Starts from this computer's disk"), "disc"},
		{"memtest", words.Key("Tests the memory"), "system"}, {"iso", words.Key("Starts another image on the medium"), "image"},
		{"reboot", words.Key("Restarts the computer"), "refresh"}, {"poweroff", words.Key("Turns the computer off"), "stop"},
	}
}

// menuWord is a value, what people read for it, and its icon.
type menuWord struct{ value, text, icon string }

// fields are those of the chosen entry.
func (e *menuEntries) fields() {
	c := e.c
	e.from = len(e.form.rows)
	e.form.when(e.is(""), func() {
		e.text("title", c.say("Title"), "", func(b *design.BootEntry) *string { return &b.Title })
		e.whatItDoes()
	})
	e.starts = widgets.NewCheck(c.say("Starts by itself when the time is over"), func(bool) {
		c.edit(model.Act("start %s by itself", e.title()), func(d *design.Design) { model.StartWith(d, e.row) })
		e.refresh()
	})
	e.form.when(func(d design.Design) bool { return e.is("")(d) && !e.is("submenu")(d) }, func() {
		e.form.control("", "", "", e.starts, e.starts, nil)
	})
	e.form.when(e.is("live"), e.parameters)
	e.form.when(e.is("iso"), func() {
		e.text("image", c.say("Image"), c.say("Its path on the medium, like /images/other.iso. The page Files puts it there."),
			func(b *design.BootEntry) *string { return &b.Image })
	})
	e.form.when(e.is(""), func() {
		e.text("hotkey", c.say("Key"), c.say("Starts the entry at once: a letter, a digit, or one of f1 to f12, tab, delete, insert, backspace."),
			func(b *design.BootEntry) *string { return &b.Hotkey })
		e.text("class", c.say("Icon"), c.say("The name of an icon in a theme, like debian. Empty: the one that fits."),
			func(b *design.BootEntry) *string { return &b.Class })
	})
}

// is tells whether the chosen entry is of a kind, of any with "".
func (e *menuEntries) is(kind string) func(design.Design) bool {
	return func(design.Design) bool {
		return e.row >= 0 && e.row < len(e.rows) && (kind == "" || model.KindOf(e.rows[e.row].Entry) == kind)
	}
}

// whatItDoes chooses the entry's kind.
func (e *menuEntries) whatItDoes() {
	c := e.c
	var kinds []widgets.Option
	for _, k := range kindWords() {
		kinds = append(kinds, widgets.Option{Value: k.value, Label: c.say(k.text)})
	}
	kind := widgets.NewSelect(kinds, func(value string) {
		c.edit(model.Act("change %s", c.say("What it does")), func(d *design.Design) { model.SetEntryKind(d, e.row, value) })
	})
	e.field("kind", c.say("What it does"), "", kind, kind, func(b design.BootEntry) { kind.SetValue(model.KindOf(b)) })
}

// parameters are the fields of entries that start a kernel.
func (e *menuEntries) parameters() {
	c := e.c
	t := widgets.NewTokens(c.say("like nomodeset"))
	t.SetUndo(c.undo, c.redo)
	t.OnChange = func(list []string) {
		e.change(changeOf(c.say("Kernel parameters"), ""), func(b *design.BootEntry) { b.Parameters = list })
	}
	e.field("parameters", c.say("Kernel parameters"), c.say("Added to those of the page Drivers & firmware, for this entry only."), t, t.Field(),
		func(b design.BootEntry) { t.SetValue(b.Parameters) })
	ram := widgets.NewCheck(c.say("Copy the system to memory"), func(on bool) {
		e.change(tickOf(c.say("Copy the system to memory"), on), func(b *design.BootEntry) { b.ToRAM = on })
	})
	e.field("to_ram", "", c.say("Takes longer to start; then the medium can be taken out."), ram, ram, func(b design.BootEntry) { ram.SetValue(b.ToRAM) })
}

// text is a field of one line of the entry.
func (e *menuEntries) text(name, label, note string, at func(*design.BootEntry) *string) {
	w := widgets.NewEntry()
	e.c.bind(w)
	w.OnEdit = func(text string) {
		e.change(changeOf(label, model.EntryField(e.path())+"."+name), func(b *design.BootEntry) { *at(b) = text })
	}
	e.field(name, label, note, w, w, func(b design.BootEntry) { w.SetValue(*at(&b)) })
}

// field is any field of the entry.
func (e *menuEntries) field(name, label, note string, control fyne.CanvasObject, focus fyne.Focusable, show func(design.BootEntry)) {
	i := len(e.form.rows)
	e.form.control("", label, note, control, focus, func(design.Design, design.Design) {
		e.form.rows[i].field = ""
		if e.row >= 0 {
			e.form.rows[i].field = model.EntryField(e.path()) + "." + name
			show(e.rows[e.row].Entry)
		}
	})
}

// path is the chosen entry's place.
func (e *menuEntries) path() []int {
	if e.row < 0 || e.row >= len(e.rows) {
		return nil
	}
	return e.rows[e.row].Path
}

func (e *menuEntries) title() string {
	if e.row < 0 || e.row >= len(e.rows) {
		return ""
	}
	return e.rows[e.row].Entry.Title
}

// change changes the chosen entry.
func (e *menuEntries) change(a model.Action, change func(*design.BootEntry)) {
	e.c.edit(a, func(d *design.Design) { model.ChangeEntry(d, e.row, change) })
}

// refresh shows the entries and the fields of the chosen one.
func (e *menuEntries) refresh() {
	d := e.c.design()
	e.rows = model.MenuRows(d)
	e.row = min(max(e.row, 0), len(e.rows)-1)
	if rows := e.sortRows(); !slices.Equal(rows, e.list.Rows()) {
		e.list.SetRows(rows)
	}
	if e.list.Chosen() != e.row {
		e.list.Choose(e.row)
	}
	e.tell(d)
	if e.row >= 0 {
		e.starts.SetValue(e.rows[e.row].Starts)
		if e.rows[e.row].Starts {
			e.starts.Disable()
		} else {
			e.starts.Enable()
		}
	}
	for _, b := range []*widgets.Button{e.copy, e.remove} {
		if e.row < 0 {
			b.Disable()
		} else {
			b.Enable()
		}
	}
	e.menuForm.refresh()
	e.point()
}

// tell says what the entries are where they are not the design's own.
func (e *menuEntries) tell(d design.Design) {
	text := ""
	switch {
	case nixMakes(d):
		text = e.c.say("nixpkgs makes the menu of this image, with an entry for the system and one for each specialisation. Entries here count only where Isowright puts the image together (assembler = \"isowright\").")
	case len(d.Boot.Entries) == 0:
		text = e.c.say("These are the entries of a design that names none. Changing one makes them the design's own.")
	}
	e.note.SetText(text)
	e.note.Hidden = text == ""
	for _, o := range []fyne.CanvasObject{e.list, e.buttons} {
		if nixMakes(d) && len(e.rows) == 0 {
			o.Hide()
		} else {
			o.Show()
		}
	}
}

// sortRows are the rows as the list shows them.
func (e *menuEntries) sortRows() []widgets.SortRow {
	var list []widgets.SortRow
	for _, r := range e.rows {
		kind := model.KindOf(r.Entry)
		list = append(list, widgets.SortRow{ID: idOf(r.Path), Depth: r.Depth(), Group: kind == "submenu", Title: r.Entry.Title, Note: e.noteOf(r), Icon: e.icons[kind]})
	}
	return list
}

// noteOf is what the list says of an entry beside its title.
func (e *menuEntries) noteOf(r model.MenuRow) string {
	var parts []string
	if r.Starts && r.Entry.Kind != "submenu" {
		parts = append(parts, e.c.say("starts by itself"))
	}
	if r.Entry.Hotkey != "" {
		parts = append(parts, e.c.say("key %s", r.Entry.Hotkey))
	}
	return strings.Join(parts, ", ")
}

func idOf(path []int) string {
	var parts []string
	for _, i := range path {
		parts = append(parts, strconv.Itoa(i))
	}
	return strings.Join(parts, ".")
}

// choose shows the fields of a row, and marks it in the preview.
func (e *menuEntries) choose(row int) {
	e.row = row
	e.refresh()
	if doc := e.c.Current(); doc != nil && e.row >= 0 {
		doc.MenuPreview().Choose(e.rows[e.row].Titles)
	}
}

// point has the preview mark the chosen row when it is drawn anew.
func (e *menuEntries) point() {
	doc := e.c.Current()
	if doc == nil {
		return
	}
	doc.MenuPreview().Place.Row = e.row
	if e.row >= 0 && !doc.MenuPreview().Drawn() {
		doc.MenuPreview().Aim(e.rows[e.row].Titles)
	}
}

// follow chooses the row that keys in the preview went to.
func (e *menuEntries) follow() {
	doc := e.c.Current()
	if doc == nil || !doc.MenuPreview().Steered() || !doc.MenuPreview().Drawn() {
		return
	}
	name := strings.Join(doc.MenuPreview().Screen().Chosen, ">")
	for i, r := range e.rows {
		if r.Name() == name && i != e.row {
			e.row = i
			e.refresh()
			return
		}
	}
}

// move puts a row elsewhere.
func (e *menuEntries) move(from, to, depth int) {
	title := e.rows[from].Entry.Title
	e.row = to
	e.c.edit(model.Act("move %s", title), func(d *design.Design) { model.MoveEntry(d, from, to, depth) })
	e.choose(to)
}

// add puts a new entry behind the chosen one.
func (e *menuEntries) add(b design.BootEntry) {
	at := 0
	e.c.edit(model.Act("add %s", b.Title), func(d *design.Design) { at = model.AddEntry(d, e.row, b) })
	e.choose(at)
	e.c.focus(e.form.rows[e.from].focus)
}

func (e *menuEntries) duplicate() {
	at := 0
	e.c.edit(model.Act("duplicate %s", e.title()), func(d *design.Design) { at = model.CopyEntry(d, e.row) })
	e.choose(at)
}

func (e *menuEntries) delete() {
	if e.row < 0 {
		return
	}
	row := e.row
	e.c.edit(model.Act("remove %s", e.title()), func(d *design.Design) { model.RemoveEntry(d, row) })
	e.choose(min(row, len(e.rows)-1))
	e.c.focus(e.list)
}

// focus leads to a field of an entry, which is chosen for it.
func (e *menuEntries) focus(field string) bool {
	if row, _ := model.EntryOf(e.c.design(), field); row >= 0 && row != e.row {
		e.choose(row)
	}
	for _, r := range e.form.rows[e.from:] {
		if r.field != "" && r.field == field && r.focus != nil {
			e.c.focus(r.focus)
			return true
		}
	}
	e.c.focus(e.list)
	return true
}
