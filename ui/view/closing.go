package view

import (
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// AskToClose closes the window, and asks before only where something would be
// lost: work that runs. What is unsaved stays as a draft.
func (f *Frame) AskToClose(quit func()) {
	c := f.c
	busy := c.Busy()
	if len(busy) == 0 {
		quit()
		return
	}
	c.ask(c.say("Stop what is running?"), c.whatRuns(busy[0]), c.say("Stop and close"), quit)
}

// whatRuns says what would be lost by an end of the work.
func (c *context) whatRuns(j *model.Job) string {
	switch j.Kind {
	case model.Flash:
		return c.say("A stick is being written. It will not be usable until it is written again or restored.")
	case model.Try:
		return c.say("A virtual machine is running. It will be switched off.")
	}
	return c.say("%s is not finished. What was done so far is kept where that helps the next build.", j.Title)
}

// askToCloseDocument closes a design, and asks before where it is not saved.
func (f *Frame) askToCloseDocument(doc *model.Document, then func()) {
	c := f.c
	if !doc.Dirty() {
		c.Session.Close(doc)
		then()
		return
	}
	cancel := widgets.Plain(c.say("Cancel"), "", nil)
	discard := widgets.Danger(c.say("Discard changes"), "", func() {
		c.Session.Close(doc)
		then()
	})
	save := widgets.Primary(c.say("Save"), "save", func() {
		c.Select(doc)
		c.saveThen(func() {
			c.Session.Close(doc)
			then()
		})
	})
	widgets.Ask(c.host.Window.Canvas(), c.say("Save %s before closing?", doc.Title()),
		c.say("There are changes that are not saved. Without saving they are lost."), nil, cancel, discard, save)
}
