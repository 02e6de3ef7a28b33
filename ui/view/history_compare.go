package view

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/diff"
	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
	"github.com/isowright/isowright/ui/words"
)

// comparison is in what two builds differ, from the older to the newer.
func (c *context) comparison(r *model.Comparison, done func(), table *widgets.LogView) fyne.CanvasObject {
	parts := []fyne.CanvasObject{
		widgets.Row(widgets.Gap, widgets.Icon("compare"), widgets.Fill(widgets.Section(c.say("In what they differ"))), widgets.Link(c.say("End comparing"), "close", done)),
		c.facts([]fact{{c.say("From"), c.buildName(r.Old)}, {c.say("To"), c.buildName(r.New)}}),
		widgets.Body(c.differences(r.Result)),
	}
	if len(r.Settings) > 0 {
		var rows []fyne.CanvasObject
		for _, s := range r.Settings {
			rows = append(rows, widgets.Column(2, widgets.Mono(s.Field), widgets.Body(c.settingText(s.Old, s.Secret)+" → "+c.settingText(s.New, s.Secret)).Coloured(widgets.ColourQuiet)))
		}
		parts = append(parts, widgets.Card(c.say("Settings"), "", widgets.Column(widgets.Gap, rows...)))
	}
	column := besideBar(widgets.Column(12, parts...))
	if len(r.Packages) == 0 {
		return widgets.Scroll(column)
	}
	table.SetLines(c.packageTable(r.Packages))
	return widgets.Above(column, widgets.InsetEach(12, 0, 0, 0, c.logPane(c.say("Packages"), table)), 220)
}

// buildName names a build by its number, name and time.
func (c *context) buildName(b store.BuildRecord) string {
	return b.Name + ", " + c.clock(b.Started)
}

// clock is a time as the person's clock has it.
func (c *context) clock(t time.Time) string {
	return t.In(c.Env().Now().Location()).Format("2006-01-02 15:04")
}

// differences sums up a comparison in sentences.
func (c *context) differences(r diff.Result) string {
	if r.Same() {
		return c.say("Design and packages are the same.")
	}
	counts := map[string]int{}
	for _, p := range r.Packages {
		counts[p.Change]++
	}
	var parts []string
	add := func(n int, one, other string) {
		if n > 0 {
			parts = append(parts, c.count(n, one, other))
		}
	}
	add(counts[diff.Added], words.Key("%d package more"), words.Key("%d packages more"))
	add(counts[diff.Removed], words.Key("%d package less"), words.Key("%d packages less"))
	add(counts[diff.Changed], words.Key("%d package in another version"), words.Key("%d packages in another version"))
	add(len(r.Settings), words.Key("%d other setting"), words.Key("%d other settings"))
	text := strings.Join(parts, ", ") + "."
	for _, s := range r.Sizes {
		if s.Of == "image" && s.Old != s.New {
			text += " " + c.say("The image has %s instead of %s (%s).", c.Words().Size(s.New), c.Words().Size(s.Old), c.more(s.New-s.Old))
		}
	}
	return text
}

// more is a difference of sizes.
func (c *context) more(n int64) string {
	if n > 0 {
		return "+" + c.Words().Size(n)
	}
	return strings.Replace(c.Words().Size(n), "-", "−", 1)
}

// settingText is a value of a design.
func (c *context) settingText(value any, secret bool) string {
	switch {
	case value == nil:
		return c.say("not set")
	case secret:
		return c.say("a secret")
	}
	if text, ok := value.(string); ok {
		return text
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}

// packageTable has a package a line, in columns: what became of it, its versions,
// and how much room it takes more.
func (c *context) packageTable(list []diff.Package) []string {
	wide := 0
	for _, p := range list {
		wide = max(wide, len(p.Name))
	}
	wide = min(wide, 32)
	var lines []string
	for _, p := range list {
		mark, versions := "~", p.Old+" → "+p.New
		switch p.Change {
		case diff.Added:
			mark, versions = "+", p.New
		case diff.Removed:
			mark, versions = "−", p.Old
		}
		size := ""
		if p.NewSize != p.OldSize {
			size = c.more(p.NewSize - p.OldSize)
		}
		lines = append(lines, fmt.Sprintf("%s %-*s %9s  %s", mark, wide, p.Name, size, versions))
	}
	return lines
}
