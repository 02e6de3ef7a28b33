package model

import (
	"context"
	"errors"
	"image"
	"slices"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/grub/preview"
	"github.com/isowright/isowright/builder/grub/scene"
)

// LoaderFunc finds the GRUB of a design's image, as builder.FindLoader does.
type LoaderFunc func(context.Context, design.Design) (builder.Loader, error)

// loader finds GRUBs with what is kept on this computer; nil: none can be found.
func (s *Session) loader() LoaderFunc {
	find, cache := s.env.Actions.Loader, s.Options().CacheDir
	if find == nil {
		return nil
	}
	return func(ctx context.Context, d design.Design) (builder.Loader, error) { return find(ctx, d, cache) }
}

// ErrNoMenu is why there is no preview: the image has no boot menu.
var ErrNoMenu = errors.New("this image has no boot menu")

// menuScreen is a menu that somebody looks at: GRUB's, or isolinux's where an
// image of NixOS starts by BIOS. It is for one goroutine at a time.
type menuScreen struct {
	grub     *preview.Session
	isolinux *preview.Isolinux
	// above are the titles of the submenus that were opened.
	above    []string
	warnings []grub.Warning
}

// openMenu shows a design's menu.
func openMenu(ctx context.Context, d design.Design, find LoaderFunc, platform scene.Platform, w, h int) (*menuScreen, error) {
	switch {
	case d.Base == "netboot" || d.NixOS != nil && d.NixOS.Medium == "sd":
		return nil, ErrNoMenu
	case d.Distribution == "nixos" && platform == scene.BIOS:
		s, warnings, err := builder.PreviewIsolinux(d)
		if err != nil {
			return nil, err
		}
		return &menuScreen{isolinux: s, warnings: append(warnings, s.Warnings()...)}, nil
	case find == nil:
		return nil, errors.New("there is no GRUB to show the menu with")
	}
	loader, err := find(ctx, d)
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	s, warnings, err := builder.Preview(d, loader, preview.Options{Platform: platform, Width: w, Height: h})
	if err != nil {
		return nil, err
	}
	return &menuScreen{grub: s, warnings: warnings}, nil
}

func (m *menuScreen) image() (*image.RGBA, error) {
	if m.isolinux != nil {
		return m.isolinux.Image()
	}
	return m.grub.Image(), nil
}

// entries are the titles of the menu on the screen, and the chosen one's place.
func (m *menuScreen) entries() (titles []string, selected int) {
	if m.isolinux != nil {
		titles, selected = m.isolinux.Entries()
		for i := range titles {
			titles[i] = strings.TrimSpace(titles[i])
		}
		return titles, selected
	}
	sc := m.grub.Scene()
	for _, e := range sc.Entries {
		titles = append(titles, e.Title)
	}
	return titles, sc.Selected
}

// titles are those of the chosen entry and of the menus around it.
func (m *menuScreen) titles() []string {
	all := slices.Clone(m.above)
	if titles, at := m.entries(); at < len(titles) {
		all = append(all, titles[at])
	}
	return all
}

func (m *menuScreen) depth() int {
	if m.isolinux != nil {
		return len(m.above) + 1
	}
	return m.grub.Depth()
}

// key does what the menu does at a key.
func (m *menuScreen) key(k preview.Key) error {
	titles, at := m.entries()
	before := m.depth()
	if m.isolinux != nil {
		m.isolinuxKey(k, titles, at)
		return nil
	}
	opened := m.opened(k, titles, at)
	if _, err := m.grub.Key(k); err != nil {
		return err
	}
	switch after := m.grub.Depth(); {
	case after > before:
		m.above = append(m.above, opened)
	case after < before:
		m.above = m.above[:after-1]
	}
	return nil
}

// opened is the title of the menu that a key opens: a hot key opens another one
// than the chosen line is on.
func (m *menuScreen) opened(k preview.Key, titles []string, at int) string {
	for _, e := range m.grub.Entries() {
		if k != preview.KeyEnter && e.Hotkey == string(k) {
			return e.Title
		}
	}
	if at < len(titles) {
		return titles[at]
	}
	return ""
}

// isolinuxKey follows the menus that isolinux opens: it changes nothing else at
// Enter and Esc.
func (m *menuScreen) isolinuxKey(k preview.Key, titles []string, at int) {
	changed := m.isolinux.Key(k)
	switch {
	case changed && k == preview.KeyEnter && at < len(titles):
		m.above = append(m.above, titles[at])
	case changed && k == preview.KeyEscape && len(m.above) > 0:
		m.above = m.above[:len(m.above)-1]
	}
}

// choose puts the chosen line on an entry, as far as there is one. The count-down
// goes on only where that is the entry which starts by itself.
func (m *menuScreen) choose(titles []string) {
	if len(titles) == 0 || slices.Equal(titles, m.titles()) {
		return
	}
	if m.grub != nil && m.grub.Scene().State != scene.Menu {
		m.grub.Show(scene.Menu)
	}
	shared := 0
	for shared < len(m.above) && shared < len(titles)-1 && m.above[shared] == titles[shared] {
		shared++
	}
	for range len(m.above) - shared {
		m.setTimeout(-1)
		m.key(preview.KeyEscape)
	}
	for i, title := range titles[shared:] {
		all, _ := m.entries()
		at := slices.Index(all, title)
		if at < 0 {
			return
		}
		m.selectRow(at)
		m.setTimeout(-1)
		if shared+i < len(titles)-1 {
			m.key(preview.KeyEnter)
		}
	}
}

func (m *menuScreen) selectRow(at int) {
	name := strconv.Itoa(at)
	if m.isolinux != nil {
		m.isolinux.Select(name)
		return
	}
	m.grub.Select(name)
}

func (m *menuScreen) setTimeout(left int) {
	if m.isolinux != nil {
		m.isolinux.SetTimeout(left)
		return
	}
	m.grub.SetTimeout(left)
}

func (m *menuScreen) booted() string {
	if m.grub != nil {
		return m.grub.Booted()
	}
	return ""
}

// warningFields finds the fields of the design that warnings are about.
func warningFields(d design.Design, warnings []grub.Warning) []MenuWarning {
	var all []MenuWarning
	for _, w := range warnings {
		known := MenuWarning{Warning: w, Field: warningField(d, w.Place)}
		if !slices.Contains(all, known) {
			all = append(all, known)
		}
	}
	return all
}

// warningField is the field that a place in the menu comes from.
func warningField(d design.Design, place string) string {
	word, rest, _ := strings.Cut(place, " ")
	if path, ok := entryPath(word); ok {
		return entryField(d, path, rest)
	}
	if name, _, indexed := strings.Cut(word, "["); indexed {
		word = name
	}
	fields := map[string]string{
		"timeout": "boot.timeout", "default": "boot.default", "background": "boot.background", "theme": "boot.theme",
		"fonts": "boot.fonts", "theme_fonts": "boot.theme", "title": "boot.title",
	}
	return fields[word]
}

// entryPath reads "entries[1].entries[0]".
func entryPath(place string) ([]int, bool) {
	var path []int
	for part := range strings.SplitSeq(place, ".") {
		number, ok := strings.CutPrefix(part, "entries[")
		n, err := strconv.Atoi(strings.TrimSuffix(number, "]"))
		if !ok || err != nil || n < 0 {
			return nil, false
		}
		path = append(path, n)
	}
	return path, true
}

// entryField finds the person's own entry of one in the menu that comes of it;
// the ticked variants are only in the latter.
func entryField(d design.Design, path []int, part string) string {
	var titles []string
	entries := design.WithDefaults(d).Boot.Entries
	for _, i := range path {
		if i >= len(entries) {
			return "boot.entries"
		}
		titles = append(titles, entries[i].Title)
		entries = entries[i].Entries
	}
	for _, r := range MenuRows(d) {
		if slices.Equal(r.Titles, titles) {
			field := EntryField(r.Path)
			if part != "" {
				field += "." + part
			}
			return field
		}
	}
	return "boot.variants"
}

// EntryField is the name of an entry among the design's fields.
func EntryField(path []int) string {
	field := "boot"
	for _, i := range path {
		field += ".entries[" + strconv.Itoa(i) + "]"
	}
	return field
}

// EntryOf is the row of a field of an entry, and the rest of the field's name;
// -1 where it is none of an entry.
func EntryOf(d design.Design, field string) (row int, rest string) {
	row = -1
	for i, r := range MenuRows(d) {
		name := EntryField(r.Path)
		if field == name || strings.HasPrefix(field, name+".") {
			row, rest = i, strings.TrimPrefix(strings.TrimPrefix(field, name), ".")
		}
	}
	return row, rest
}
