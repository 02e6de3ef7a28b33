package view

import (
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// abreastFrom is the width from which the three cards are side by side.
const abreastFrom = 900

// flashReady is what is chosen before anything is written: image, device, how.
type flashReady struct {
	p       *flashPage
	c       *context
	content fyne.CanvasObject
	steps   *widgets.Stages
	image   *fyne.Container
	choose  *widgets.Button
	devices *flashDevices
	verify  *widgets.Check
	full    *widgets.Check
	eject   *widgets.Check
	missing *widgets.Text
	remarks *fyne.Container
	start   *widgets.Button
	// seen is the image that is drawn.
	seen *model.FlashImage
}

func newFlashReady(p *flashPage) *flashReady {
	c := p.c
	r := &flashReady{p: p, c: c, image: container.NewStack(), remarks: container.NewStack(), devices: newFlashDevices(c)}
	r.steps = widgets.Steps(c.say("Image"), c.say("Device"), c.say("Write"))
	r.choose = widgets.Plain(c.say("Choose a file …"), "folder", r.pick)
	r.missing = widgets.Note("")
	r.start = widgets.Primary(c.say("Erase and write"), "flash", func() { p.ask(c.Flashing().Order(model.WriteStick)) })
	r.verify = widgets.NewCheck(c.say("Read back and verify"), r.optionsAre)
	r.full = widgets.NewCheck(c.say("Write everything"), r.optionsAre)
	r.eject = widgets.NewCheck(c.say("Eject at the end"), r.optionsAre)
	write := widgets.Column(12, ticked(r.verify, c.say("Only what was read back counts as verified.")),
		ticked(r.full, c.say("Also what the stick holds already. Slower, and wears the stick.")), atTheEdge(r.eject),
		r.remarks, widgets.Row(0, r.start, widgets.Spring()), r.missing)
	r.content = widgets.PageBody(widgets.Column(widgets.Margin, r.steps, widgets.Abreast(abreastFrom, widgets.Margin,
		widgets.Card(c.say("Image"), "", r.image),
		widgets.Card(c.say("Device"), "", r.devices.content),
		widgets.Card(c.say("Write"), "", write))))
	return r
}

// first is where a person goes on: the image, a drive, or the button.
func (r *flashReady) first() fyne.Focusable {
	switch o := r.c.Flashing().Order(model.WriteStick); {
	case o.Image == "":
		return r.choose
	case len(o.Drives) == 0:
		if tile := r.devices.first(); tile != nil {
			return tile
		}
		return r.choose
	}
	return r.start
}

// pick asks for an image file.
func (r *flashReady) pick() {
	r.c.pickFile([]string{".iso", ".img", ".raw", ".xz", ".gz", ".zst", ".bz2"}, r.c.Flashing().SetImage)
}

// optionsAre takes the ticks.
func (r *flashReady) optionsAre(bool) {
	r.c.Flashing().SetOptions(model.WriteOptions{NoVerify: !r.verify.Checked, Full: r.full.Checked, Eject: r.eject.Checked})
}

// refresh shows what is chosen, and what is missing.
func (r *flashReady) refresh() {
	f := r.c.Flashing()
	o := f.Options()
	r.verify.SetValue(!o.NoVerify)
	r.full.SetValue(o.Full)
	r.eject.SetValue(o.Eject)
	if im := f.Image(); im == nil || im != r.seen {
		r.seen = im
		r.image.Objects = []fyne.CanvasObject{r.imageContent(im)}
		r.image.Refresh()
	}
	r.devices.refresh()
	order := f.Order(model.WriteStick)
	step := 2
	switch {
	case order.Image == "":
		step = 0
		r.missing.SetText(r.c.say("Choose an image first."))
	case len(order.Drives) == 0:
		step = 1
		r.missing.SetText(r.c.say("Choose the stick that it is written to."))
	default:
		r.missing.SetText(r.c.say("What is on the stick is shown once more before anything is written."))
	}
	r.steps.SetCurrent(step)
	if step == 2 {
		r.start.Enable()
	} else {
		r.start.Disable()
	}
	r.remarks.Objects = []fyne.CanvasObject{r.remarksOf(order)}
	r.remarks.Refresh()
}

// remarksOf are what ought to be known before writing and stops nothing.
func (r *flashReady) remarksOf(o model.Order) fyne.CanvasObject {
	f := r.c.Flashing()
	var rows []fyne.CanvasObject
	said := map[flash.Reason]bool{}
	for _, d := range o.Drives {
		for _, a := range f.Against(d) {
			if a.Level >= flash.Warning && !said[a.Reason] {
				said[a.Reason] = true
				rows = append(rows, r.c.remarkRow(a.Level, r.c.refusal(d, a)))
			}
		}
	}
	return widgets.Column(widgets.Gap, rows...)
}

// imageContent is the image in words.
func (r *flashReady) imageContent(im *model.FlashImage) fyne.CanvasObject {
	c := r.c
	if im == nil {
		parts := []fyne.CanvasObject{
			widgets.Body(c.say("The ISO or disk image that is written. It may be compressed (xz, gz, zst, bz2).")),
			widgets.Row(0, r.choose, widgets.Spring()), widgets.Note(c.say("Or drop a file on the window."))}
		return widgets.Column(12, append(parts, r.recent()...)...)
	}
	parts := []fyne.CanvasObject{widgets.Column(2, widgets.Body(filepath.Base(im.Path)).Bold(), widgets.Note(c.short(filepath.Dir(im.Path))))}
	switch {
	case im.Loading:
		parts = append(parts, widgets.Note(c.say("Being looked at …")))
	case im.Err != nil:
		e := c.explainStick(im.Err)
		parts = append(parts, markedRow("error", widgets.ColourDanger, c.say("It cannot be written: %s", e.text)), widgets.Note(sentence(e.hint)))
	default:
		parts = append(parts, c.imageFacts(im)...)
	}
	parts = append(parts, widgets.Row(0, r.choose, widgets.Spring()))
	return widgets.Column(12, append(parts, r.recent()...)...)
}

// imageFacts are what is known of a usable image.
func (c *context) imageFacts(im *model.FlashImage) []fyne.CanvasObject {
	w := c.Words()
	size := w.Size(im.Info.Size)
	switch {
	case im.Info.Compression != "" && im.Info.Size < 0:
		size = c.say("%s, compressed (%s); how large it is shows on the way", w.Size(im.Info.FileSize), im.Info.Compression)
	case im.Info.Compression != "":
		size = c.say("%s, compressed to %s (%s)", size, w.Size(im.Info.FileSize), im.Info.Compression)
	}
	rows := []fyne.CanvasObject{markedRow("disc", widgets.ColourQuiet, size)}
	switch im.Info.Boot {
	case flash.BootDisk:
		rows = append(rows, markedRow("check", widgets.ColourGood, c.say("Boots from sticks and disks")))
	case flash.BootDisc:
		rows = append(rows, markedRow("warning", widgets.ColourWarning, c.say("Boots from discs only, not from sticks")))
	default:
		rows = append(rows, markedRow("warning", widgets.ColourWarning, c.say("Does not look like an image that boots")))
	}
	if im.SHA256 != "" || im.FileSHA256 != "" {
		rows = append(rows, markedRow("check", widgets.ColourGood, c.say("Its checksum lies beside it; it is compared while writing")))
	} else {
		rows = append(rows, markedRow("info", widgets.ColourQuiet, c.say("No checksum lies beside it")))
	}
	return []fyne.CanvasObject{widgets.Column(widgets.Gap, rows...)}
}

// recent offers the images that were built of late.
func (r *flashReady) recent() []fyne.CanvasObject {
	c := r.c
	builds := c.Flashing().Recent()
	if len(builds) == 0 {
		return nil
	}
	rows := []fyne.CanvasObject{widgets.Note(c.say("Built of late"))}
	for _, b := range builds {
		about := c.Words().Size(b.Size) + " · " + c.Words().Ago(b.Ended, c.Env().Now().Truncate(time.Second))
		rows = append(rows, widgets.ContentCard(widgets.Column(2, widgets.Line(filepath.Base(b.Image)).Bold(), widgets.Note(about)),
			func() { c.Flashing().SetImage(b.Image) }))
	}
	return []fyne.CanvasObject{widgets.Column(widgets.Gap, rows...)}
}

// ticked is a box to tick with a note below its text.
func ticked(box *widgets.Check, note string) fyne.CanvasObject {
	return widgets.Column(0, atTheEdge(box), widgets.InsetEach(0, 0, 0, 22, widgets.Note(note)))
}

// markedRow is an icon with a text behind it.
func markedRow(icon string, colour fyne.ThemeColorName, text string) fyne.CanvasObject {
	return widgets.Row(widgets.Gap, widgets.Icon(icon).Coloured(colour), widgets.Fill(widgets.Body(text)))
}

// remarkRow is what stands against a drive, or ought to be known.
func (c *context) remarkRow(level flash.Level, text string) fyne.CanvasObject {
	icon, colour := "warning", widgets.ColourWarning
	switch level {
	case flash.Never:
		icon, colour = "lock", widgets.ColourQuiet
	case flash.Note:
		icon, colour = "info", widgets.ColourQuiet
	}
	return widgets.Row(widgets.Gap, widgets.Icon(icon).Coloured(colour), widgets.Fill(widgets.Note(text)))
}

// short writes a path as people do: the person's folder is "~".
func (c *context) short(path string) string {
	if rest, ok := strings.CutPrefix(path, c.Env().Home+"/"); ok && c.Env().Home != "" {
		return "~/" + rest
	}
	return path
}
