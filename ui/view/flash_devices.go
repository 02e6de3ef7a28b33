package view

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/ui/flashing"
	"github.com/isowright/isowright/ui/widgets"
)

// flashDevices is the list of drives: those that a stick is looked for among, and
// the computer's own disks folded away.
type flashDevices struct {
	c       *context
	content *fyne.Container
	tiles   map[string]*deviceTile
	order   []string
	ours    bool
	fold    *widgets.Button
}

// deviceTile is a drive's card. It stays as it is until its text changes, so that
// it keeps the keyboard.
type deviceTile struct {
	*widgets.Tile
	text string
}

func newFlashDevices(c *context) *flashDevices {
	d := &flashDevices{c: c, content: container.NewStack(), tiles: map[string]*deviceTile{}}
	d.fold = widgets.Link("", "", func() {
		d.ours = !d.ours
		d.refresh()
		widgets.Relayout(c.frame.centre)
	})
	return d
}

// first is the first drive that can be chosen, nil for none.
func (d *flashDevices) first() fyne.Focusable {
	for _, name := range d.order {
		if t := d.tiles[name]; t != nil && !t.Disabled() {
			return t.Tile
		}
	}
	return nil
}

// refresh shows the drives as they are now.
func (d *flashDevices) refresh() {
	c := d.c
	f := c.Flashing()
	listed, err := f.Listed()
	var rows, ours []fyne.CanvasObject
	d.order = nil
	old := d.tiles
	d.tiles = map[string]*deviceTile{}
	for _, drive := range f.Drives() {
		own := f.Ours(drive)
		if own && !d.ours {
			ours = append(ours, nil)
			continue
		}
		tile := d.tile(old[drive.Name], drive)
		d.tiles[drive.Name] = tile
		d.order = append(d.order, drive.Name)
		if own {
			ours = append(ours, tile.Tile)
		} else {
			rows = append(rows, tile.Tile)
		}
	}
	switch {
	case err != nil:
		e := c.explain(err)
		rows = []fyne.CanvasObject{markedRow("error", widgets.ColourDanger, sentence(e.text)),
			widgets.Note(c.say("Without a full list no drive is taken for a free one."))}
	case !listed:
		rows = []fyne.CanvasObject{widgets.Note(c.say("The drives are being looked at …"))}
	case len(rows) == 0:
		rows = []fyne.CanvasObject{widgets.Column(12, widgets.Icon("usb").Coloured(widgets.ColourQuiet).Sized(32),
			widgets.Body(c.say("No stick is plugged in. Plug one in, and it appears here by itself.")))}
	}
	if n := len(ours); n > 0 {
		rows = append(rows, d.foldRow(n))
		if d.ours {
			rows = append(rows, ours...)
		}
	}
	d.content.Objects = []fyne.CanvasObject{widgets.Column(widgets.Gap, rows...)}
	d.content.Refresh()
}

// foldRow is the button that shows or hides the computer's disks.
func (d *flashDevices) foldRow(n int) fyne.CanvasObject {
	if d.ours {
		d.fold.SetText(d.c.say("Hide the disks of this computer"))
		d.fold.SetIcon("fold")
	} else {
		d.fold.SetText(d.c.count(n, "Show %d disk of this computer", "Show %d disks of this computer"))
		d.fold.SetIcon("unfold")
	}
	return widgets.Row(0, d.fold, widgets.Spring())
}

// tile is a drive's card, the old one where it says the same.
func (d *flashDevices) tile(old *deviceTile, drive drives.Drive) *deviceTile {
	f := d.c.Flashing()
	against := f.Against(drive)
	text := fmt.Sprint(drive.Identity(), drive.Parts, drive.Mounted, against, f.Plugged(drive.Name), d.c.fileWords(drive))
	if old == nil || old.text != text {
		fresh := &deviceTile{text: text}
		fresh.Tile = widgets.ContentCard(d.c.deviceContent(drive, against, f.Plugged(drive.Name)), func() {
			f.Choose(drive.Name, !f.Chosen(drive.Name))
		})
		if !f.Writable(drive) {
			fresh.Disable()
		}
		if w := d.c.host.Window; old != nil && w != nil && w.Canvas().Focused() == fyne.Focusable(old.Tile) && !fresh.Disabled() {
			defer d.c.focus(fresh.Tile)
		}
		old = fresh
	}
	old.SetChosen(f.Chosen(drive.Name))
	return old
}

// fileWords is what lies on a drive, for telling whether that changed.
func (c *context) fileWords(d drives.Drive) string { return strings.Join(c.partLines(d), "\n") }

// deviceContent is a drive in words: its name, its size with what lies on it, and
// what stands against it.
func (c *context) deviceContent(d drives.Drive, against []flash.Refusal, plugged bool) fyne.CanvasObject {
	colour := widgets.ColourText
	icon := "usb"
	never := len(against) > 0 && against[0].Level == flash.Never
	if never {
		colour = widgets.ColourQuiet
	}
	switch {
	case d.Optical:
		icon = "disc"
	case c.Flashing().Ours(d):
		icon = "computer"
	}
	head := []fyne.CanvasObject{widgets.Icon(icon).Coloured(colour), widgets.Fill(widgets.Line(c.driveTitle(d)).Bold().Coloured(colour))}
	if plugged {
		head = append(head, widgets.Pill(c.say("new"), widgets.Accent))
	}
	if d.Size > 0 {
		head = append(head, widgets.Number(c.Words().Size(d.Size)).Coloured(colour))
	}
	rows := []fyne.CanvasObject{widgets.Row(widgets.Gap, head...)}
	if len(d.Parts) > 0 && d.Size > 0 {
		rows = append(rows, widgets.SizeBar(partShares(d, never)))
	}
	for _, line := range c.partLines(d) {
		rows = append(rows, widgets.Note(line))
	}
	for _, a := range against {
		switch {
		case a.Level == flash.Unmount:
			rows = append(rows, c.remarkRow(a.Level, c.say("It is in use, and will be unmounted before it is written.")))
		case a.Level <= flash.TypeName:
			rows = append(rows, c.remarkRow(a.Level, c.refusal(d, a)))
		}
	}
	return widgets.Column(6, rows...)
}

// driveTitle is what stands on a drive, and its path.
func (c *context) driveTitle(d drives.Drive) string {
	if name := flashing.DriveName(d); name != "" {
		return name
	}
	return d.Path
}

// partShares are the partitions as parts of the whole.
func partShares(d drives.Drive, quiet bool) []widgets.SizePart {
	var parts []widgets.SizePart
	for i, p := range d.Parts {
		kind := widgets.Accent
		if quiet || i%2 == 1 {
			kind = widgets.Neutral
		}
		parts = append(parts, widgets.SizePart{Share: float64(p.Size) / float64(d.Size), Kind: kind})
	}
	return parts
}

// partLines are a drive's path and what lies on it, a line each.
func (c *context) partLines(d drives.Drive) []string {
	first := d.Path
	if d.Serial != "" {
		first = c.say("%s, serial number %s", d.Path, d.Serial)
	}
	lines := []string{first}
	if len(d.Parts) == 0 && d.Size > 0 && !d.Optical {
		return append(lines, c.say("Nothing is known to be on it."))
	}
	for _, p := range d.Parts {
		lines = append(lines, c.partLine(p))
	}
	return lines
}

// partLine is a partition in words.
func (c *context) partLine(p drives.Part) string {
	name := cmp.Or(p.Label, p.Name)
	text := c.say("%s: %s, %s", name, cmp.Or(c.fileSystem(p.FileSystem), c.say("unknown content")), c.Words().Size(p.Size))
	if len(p.Mounts) > 0 {
		text += c.say(", mounted at %s", strings.Join(p.Mounts, ", "))
	}
	return text
}

// fileSystem is a file system by the name that people know.
func (c *context) fileSystem(name string) string {
	switch name {
	case "vfat":
		return "FAT"
	case "exfat":
		return "exFAT"
	case "ntfs":
		return "NTFS"
	case "iso9660":
		return "ISO 9660"
	case "crypto_LUKS":
		return c.say("encrypted (LUKS)")
	case "LVM2_member":
		return "LVM"
	case "swap":
		return c.say("swap space")
	}
	return name
}

// sentence begins with a capital letter and ends with a full stop.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	// Paths keep their beginning.
	if first, size := utf8.DecodeRuneInString(text); unicode.IsLetter(first) {
		text = string(unicode.ToUpper(first)) + text[size:]
	}
	return fullStop(text)
}

// fullStop ends a text as a sentence.
func fullStop(text string) string {
	if text == "" || strings.HasSuffix(text, ".") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}
