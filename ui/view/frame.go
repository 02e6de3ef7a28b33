package view

import (
	"image/color"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// Frame is the window's content: the sidebar, the top bar, the page in front,
// the sentence above the strip, and the strip.
type Frame struct {
	c       *context
	content *fyne.Container
	sidebar *widgets.Sidebar
	top     *topBar
	strip   *strip
	banner  *fyne.Container
	centre  *fyne.Container
	// pages are those that were opened, for the document in front.
	pages map[model.Section]page
	front model.Section
	// laidBare is how the parts were last put together.
	laidBare bool
	// drawnIn are the grounds that pages were last drawn on.
	drawnIn map[model.Section]color.Color
}

// New makes the frame of a session.
func New(s *model.Session, h Host) *Frame {
	f := &Frame{pages: map[model.Section]page{}, drawnIn: map[model.Section]color.Color{}}
	f.c = &context{Session: s, host: h}
	f.c.frame = f
	f.sidebar = widgets.NewSidebar()
	f.sidebar.OnSelect = func(id string) { s.Show(model.Section(id)) }
	f.top = newTopBar(f.c)
	f.strip = newStrip(f.c)
	f.banner = container.NewStack()
	f.centre = container.NewStack()
	f.content = container.NewStack()
	s.Listen(f.changed)
	f.laidBare = f.bare()
	f.lay()
	f.refresh()
	return f
}

// Content is what the window shows.
func (f *Frame) Content() fyne.CanvasObject { return f.content }

// lay puts the parts together: without a design there is only the start page.
func (f *Frame) lay() {
	// The strip's height is that of its cells.
	f.strip.refresh()
	parts := []fyne.CanvasObject{f.banner, f.centre}
	arrange := framed{}
	if !f.bare() {
		parts = append(parts, f.top.content, f.sidebar, f.strip.content)
		arrange.full = true
	}
	f.content.Objects = []fyne.CanvasObject{container.New(arrange, parts...)}
	f.content.Refresh()
}

// bare tells that a page stands alone, without a design around it.
func (f *Frame) bare() bool { return f.c.Current() == nil || f.c.Place().Section == model.Start }

// changed brings the frame up to date after a change.
func (f *Frame) changed(c model.Change) {
	switch c.What {
	case model.DocumentsChanged:
		f.pages = map[model.Section]page{}
		f.front = ""
		f.laidBare = f.bare()
		f.lay()
		f.refresh()
	case model.PlaceChanged:
		f.show()
	case model.MessageChanged:
		f.tell()
	case model.JobChanged:
		f.notify(c.Job)
	}
	f.top.refresh()
	f.strip.refresh()
	f.badges()
	f.title()
	if p := f.pages[f.front]; p != nil {
		p.Refresh(c)
		widgets.Relayout(f.centre)
	}
}

func (f *Frame) refresh() {
	f.badges()
	f.top.refresh()
	f.strip.refresh()
	f.tell()
	f.show()
}

// show brings the page of the session's place to the front.
func (f *Frame) show() {
	place := f.place()
	if bare := f.bare(); bare != f.laidBare {
		f.laidBare = bare
		f.lay()
	}
	p := f.page(place.Section)
	if f.front != place.Section {
		f.front = place.Section
		f.centre.Objects = []fyne.CanvasObject{f.alone(p.Content())}
		f.colours(place.Section)
		f.sidebar.Select(string(place.Section))
	}
	p.Refresh(model.Change{What: model.PlaceChanged, Doc: f.c.Current()})
	widgets.Relayout(f.centre)
	if place.Field != "" {
		p.Focus(place.Field)
	}
}

// colours draws a page that comes to the front anew where the theme has changed
// since it was there: the toolkit does that with what is to be seen only.
func (f *Frame) colours(section model.Section) {
	now := theme.Color(widgets.ColourGround)
	if before := f.drawnIn[section]; before != nil && before != now {
		f.centre.Refresh()
	}
	f.drawnIn[section] = now
	canvas.Refresh(f.centre)
}

// place is the page to be seen: without a design there is the start page, and
// those that work on any image.
func (f *Frame) place() model.Place {
	place := f.c.Place()
	if f.c.Current() == nil && place.Section != model.Flash && place.Section != model.Try {
		return model.Place{Section: model.Start}
	}
	return place
}

// alone puts a way back above a page that stands without a design.
func (f *Frame) alone(content fyne.CanvasObject) fyne.CanvasObject {
	if !f.bare() || f.front == model.Start {
		return content
	}
	back := widgets.Link(f.c.say("Back to start"), "back", f.c.toStart)
	return container.NewBorder(widgets.InsetEach(12, widgets.Margin, 0, 12, widgets.Row(0, back)), nil, nil, nil, content)
}

// page is a page of the window, made when it is first wanted.
func (f *Frame) page(section model.Section) page {
	if p, ok := f.pages[section]; ok {
		return p
	}
	build := newStart
	for _, e := range entries() {
		if e.section == section {
			build = e.build
		}
	}
	p := build(f.c)
	f.pages[section] = p
	return p
}

// badges tells in the sidebar what lies behind each page.
func (f *Frame) badges() {
	doc := f.c.Current()
	if doc == nil {
		return
	}
	var items []widgets.SidebarItem
	for _, e := range entries() {
		item := widgets.SidebarItem{ID: string(e.section), Icon: e.icon, Text: f.c.say(e.title), Group: f.c.say("Design")}
		if e.deliver {
			item.Group = f.c.say("Deliver")
		}
		if n := len(doc.ProblemsIn(e.section)); n > 0 {
			item.Badge, item.Alarm = f.c.say("%d", n), true
		} else {
			item.Badge = f.badge(e.section, doc.Design())
		}
		items = append(items, item)
	}
	f.sidebar.SetItems(items)
}

// badge is a count of what a page holds, or how its work stands; "" for none.
func (f *Frame) badge(section model.Section, d design.Design) string {
	n := 0
	switch section {
	case model.Packages:
		n = len(d.Packages)
	case model.Drivers:
		n = len(d.Drivers)
	case model.Users:
		n = len(d.Users)
	case model.Files:
		n = len(d.Files)
	case model.Build, model.Try, model.Flash:
		if j := f.c.Job(section); j != nil && j.State == model.Running {
			return "…"
		}
	}
	if n == 0 {
		return ""
	}
	return f.c.say("%d", n)
}

// title names the design in front where the desktop lists windows.
func (f *Frame) title() {
	title := "Isowright"
	if doc := f.c.Current(); doc != nil {
		title = doc.Title() + " – Isowright"
	}
	if f.c.host.Window.Title() != title {
		f.c.host.Window.SetTitle(title)
	}
}

// tell shows the session's sentence above the strip.
func (f *Frame) tell() {
	m := f.c.Message()
	f.banner.Objects = nil
	if m.Text != "" {
		said := widgets.Banner(kindOf(m.Kind), m.Text, m.Action, m.Do)
		dismiss := widgets.IconButton("close", f.c.say("Dismiss"), f.c.Quiet)
		f.banner.Objects = []fyne.CanvasObject{widgets.Inset(widgets.Gap, widgets.Margin, widgets.Row(widgets.Gap, widgets.Fill(said), dismiss))}
	}
	f.banner.Refresh()
	// The sentence takes room from the page.
	widgets.Relayout(f.content)
}

// kindOf is the kind of a session's sentence.
func kindOf(name string) widgets.Kind {
	switch name {
	case "good":
		return widgets.Good
	case "warning":
		return widgets.Warning
	case "danger":
		return widgets.Failure
	}
	return widgets.Neutral
}

// notify tells of work that ended.
func (f *Frame) notify(j *model.Job) {
	if j == nil || j.State == model.Running || j.State == model.Cancelled || f.c.host.Notify == nil {
		return
	}
	text := f.c.say("Done.")
	switch {
	case j.Kind == model.Flash:
		text = f.c.flashNotice(j)
	case j.State == model.Failed:
		text = f.c.explain(j.Err).text
	}
	f.c.host.Notify(j.Title, text)
}

// Begin opens what an earlier run left unsaved, and then what the program was
// called with: files, and a page unless that is "".
func (f *Frame) Begin(page model.Section, files []string) {
	f.c.Recover(func(n int, err error) {
		if err != nil {
			f.c.fail(f.c.say("Unsaved changes of earlier cannot be read"), err)
		}
		if n > 0 {
			f.c.Tell(model.Message{Text: f.c.count(n, "%d design with unsaved changes of last time is open again.", "%d designs with unsaved changes of last time are open again.")})
		}
		f.Open(files...)
		if page != "" {
			f.c.Session.Show(page)
		}
	})
}

// Open opens designs, and takes images to the page that tries them if that is in
// front, else to the one that flashes.
func (f *Frame) Open(files ...string) {
	for _, file := range files {
		switch {
		case filepath.Ext(file) == ".isowright":
			f.c.open(file)
		case f.c.Place().Section == model.Try:
			f.c.TryImage(file)
		default:
			f.c.FlashImage(file)
		}
	}
}

// open opens a design, and tells where that cannot be done.
func (c *context) open(file string) {
	if _, err := c.Session.Open(file); err != nil {
		e := c.explain(err)
		c.Tell(model.Message{Kind: "danger", Text: c.say("%s cannot be opened: %s", filepath.Base(file), e.text)})
	}
}
