package view

import (
	"slices"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/words"
)

// to shows a page.
func (f *Frame) to(section string) {
	if f.c.Current() != nil {
		f.c.Session.Show(model.Section(section))
		f.page(f.front).Focus("")
	}
}

// turn shows the page that many further in the sidebar.
func (f *Frame) turn(by int) {
	all := entries()
	at := slices.IndexFunc(all, func(e entry) bool { return e.section == f.front })
	if at >= 0 {
		f.to(string(all[(at+by+len(all))%len(all)].section))
	}
}

// nextDocument brings the next open design to the front.
func (f *Frame) nextDocument() {
	docs := f.c.Documents()
	if at := slices.Index(docs, f.c.Current()); at >= 0 {
		f.c.Select(docs[(at+1)%len(docs)])
	}
}

// languageMenu offers the languages that have a file. The choice holds from the
// next start on.
func (c *context) languageMenu() *fyne.Menu {
	names := map[string]string{"en": "English", "de": "Deutsch"}
	item := func(text, tag string) *fyne.MenuItem {
		i := fyne.NewMenuItem(text, func() {
			c.host.SetLanguage(tag)
			c.Tell(model.Message{Text: c.say("The language changes when Isowright is started again.")})
		})
		i.Checked = c.host.Language() == tag
		return i
	}
	items := []*fyne.MenuItem{item(c.say("As the system"), "")}
	for _, tag := range words.Languages(assets.Words()) {
		name := names[tag]
		if name == "" {
			name = tag
		}
		items = append(items, item(name, tag))
	}
	return fyne.NewMenu("", items...)
}
