package model

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/design"
)

// MenuRow is a line of the boot menu as a list has it: submenus are followed by
// what is in them.
type MenuRow struct {
	// Path are the places in each menu, the main one first.
	Path []int
	// Titles are those of the submenus around the entry and its own.
	Titles []string
	// Entry has no entries of its own here.
	Entry design.BootEntry
	// Starts tells that it starts by itself.
	Starts bool
}

// Depth counts the submenus around the entry.
func (r MenuRow) Depth() int { return len(r.Path) - 1 }

// Name is the entry as boot.default names it.
func (r MenuRow) Name() string { return strings.Join(r.Titles, ">") }

// MenuEntries are the entries that a person edits: the design's, or those that
// stand for none.
func MenuEntries(d design.Design) []design.BootEntry {
	if len(d.Boot.Entries) > 0 {
		return d.Boot.Entries
	}
	entries := design.WithDefaults(d).Boot.Entries
	// Of a design without entries only the ticked variants make a submenu.
	entries = slices.DeleteFunc(slices.Clone(entries), func(e design.BootEntry) bool { return e.Kind == "submenu" })
	for i := range entries {
		if entries[i].Class = ""; entries[i].Kind == "live" {
			entries[i].Kind = ""
		}
	}
	return entries
}

// MenuRows are the entries of MenuEntries as a list.
func MenuRows(d design.Design) []MenuRow {
	entries := MenuEntries(d)
	starts, ok := design.EntryPath(entries, d.Boot.Default)
	if d.Boot.Default == "" {
		starts, ok = []int{0}, true
	}
	rows := menuRows(entries, nil, nil)
	for i := range rows {
		rows[i].Starts = ok && slices.Equal(rows[i].Path, starts)
	}
	return rows
}

// StartNames are the names that boot.default can have, the ticked variants
// among them.
func StartNames(d design.Design) []string {
	var names []string
	for _, r := range menuRows(design.WithDefaults(d).Boot.Entries, nil, nil) {
		if r.Entry.Kind != "submenu" {
			names = append(names, r.Name())
		}
	}
	return names
}

func menuRows(entries []design.BootEntry, path []int, titles []string) []MenuRow {
	var rows []MenuRow
	for i, e := range entries {
		r := MenuRow{Path: append(slices.Clone(path), i), Titles: append(slices.Clone(titles), e.Title), Entry: e}
		r.Entry.Entries = nil
		rows = append(append(rows, r), menuRows(e.Entries, r.Path, r.Titles)...)
	}
	return rows
}

// item is a row while rows are put in another order. starts marks the one that
// boot.default names.
type item struct {
	depth  int
	entry  design.BootEntry
	starts bool
}

// arrange changes the order of the entries. What boot.default names stays the
// same entry, whatever it is called afterwards.
func arrange(d *design.Design, change func([]item) []item) {
	var items []item
	for _, r := range MenuRows(*d) {
		items = append(items, item{r.Depth(), r.Entry, r.Starts && d.Boot.Default != ""})
	}
	items = change(items)
	named := slices.ContainsFunc(items, func(i item) bool { return i.starts })
	known := d.Boot.Default != "" && slices.ContainsFunc(MenuRows(*d), func(r MenuRow) bool { return r.Starts })
	d.Boot.Entries, _ = tree(items, 0)
	switch {
	case named:
		d.Boot.Default = nameOf(items)
	case known:
		d.Boot.Default = ""
	}
}

// tree makes menus of items again; it returns what is left behind the menu.
func tree(items []item, depth int) ([]design.BootEntry, []item) {
	var entries []design.BootEntry
	for len(items) > 0 && items[0].depth >= depth {
		e := items[0].entry
		e.Entries, items = tree(items[1:], depth+1)
		entries = append(entries, e)
	}
	return entries, items
}

// nameOf is the name of the item that starts by itself.
func nameOf(items []item) string {
	var titles []string
	for _, i := range items {
		titles = append(titles[:min(i.depth, len(titles))], i.entry.Title)
		if i.starts {
			return strings.Join(titles, ">")
		}
	}
	return ""
}

// end is the index behind what is in the item at i.
func end(items []item, i int) int {
	to := i + 1
	for to < len(items) && items[to].depth > items[i].depth {
		to++
	}
	return to
}

// MoveEntry takes the row at from, with what is in it, out of the menu and puts
// it back as row to of those that are left, in as many submenus as depth says.
func MoveEntry(d *design.Design, from, to, depth int) {
	arrange(d, func(items []item) []item {
		block := slices.Clone(items[from:end(items, from)])
		by := depth - block[0].depth
		for i := range block {
			block[i].depth += by
		}
		rest := slices.Delete(items, from, from+len(block))
		return slices.Insert(rest, to, block...)
	})
}

// RemoveEntry takes a row out of the menu, with what is in it.
func RemoveEntry(d *design.Design, row int) {
	arrange(d, func(items []item) []item { return slices.Delete(items, row, end(items, row)) })
}

// AddEntry puts an entry behind a row, into it where that is an empty submenu,
// and returns its row. row is -1 where there is none. The title gets a number
// where the menu has it already.
func AddEntry(d *design.Design, row int, e design.BootEntry) int {
	at := 0
	arrange(d, func(items []item) []item {
		depth := 0
		if row >= 0 && row < len(items) {
			depth, at = items[row].depth, end(items, row)
			if items[row].entry.Kind == "submenu" && at == row+1 {
				depth++
			}
		}
		e.Title = freeTitle(items, e.Title)
		added := []item{{depth: depth, entry: e}}
		for _, inner := range menuRows(e.Entries, nil, nil) {
			added = append(added, item{depth: depth + 1 + inner.Depth(), entry: inner.Entry})
		}
		return slices.Insert(items, at, added...)
	})
	return at
}

// CopyEntry puts a copy of a row behind it, and returns the copy's row. Two
// entries with one key would be a fault, so that the copy has none.
func CopyEntry(d *design.Design, row int) int {
	at := row
	arrange(d, func(items []item) []item {
		at = end(items, row)
		block := slices.Clone(items[row:at])
		block[0].entry.Title = freeTitle(items, block[0].entry.Title)
		block[0].entry.Hotkey = ""
		for i := range block {
			block[i].starts = false
		}
		return slices.Insert(items, at, block...)
	})
	return at
}

// freeTitle is a title that no entry has yet.
func freeTitle(items []item, title string) string {
	for n := 1; ; n++ {
		try := title
		if n > 1 {
			try += " " + strconv.Itoa(n)
		}
		if !slices.ContainsFunc(items, func(i item) bool { return i.entry.Title == try }) {
			return try
		}
	}
}

// ChangeEntry changes what a row says, but not what is in it.
func ChangeEntry(d *design.Design, row int, change func(*design.BootEntry)) {
	arrange(d, func(items []item) []item {
		if row >= 0 && row < len(items) {
			change(&items[row].entry)
		}
		return items
	})
}

// SetEntryKind makes a row another kind of entry. What the new kind does not
// have goes; what was in a submenu comes out of it.
func SetEntryKind(d *design.Design, row int, kind string) {
	arrange(d, func(items []item) []item {
		e := &items[row].entry
		if kind != "submenu" {
			last := end(items, row)
			for i := row + 1; i < last; i++ {
				items[i].depth--
			}
		}
		if kind != "live" {
			e.Parameters, e.ToRAM = nil, false
		}
		if kind != "iso" {
			e.Image = ""
		}
		if e.Kind = kind; kind == "live" {
			e.Kind = ""
		}
		return items
	})
}

// StartWith makes a row the one that starts by itself.
func StartWith(d *design.Design, row int) {
	rows := MenuRows(*d)
	d.Boot.Default = ""
	if row > 0 && row < len(rows) {
		d.Boot.Default = rows[row].Name()
	}
}

// TickVariant ticks a further way to start the system, or takes the tick away.
func TickVariant(d *design.Design, name string, on bool) {
	var all []string
	for _, v := range design.VariantNames() {
		if v == name && on || v != name && slices.Contains(d.Boot.Variants, v) {
			all = append(all, v)
		}
	}
	d.Boot.Variants = all
}

// KindOf is an entry's kind, also where the design leaves it out.
func KindOf(e design.BootEntry) string { return cmp.Or(e.Kind, "live") }
