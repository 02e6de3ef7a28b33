package view

import (
	"errors"
	"strings"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/flash/opener"
)

// refusal is what stands against a drive, or ought to be known, in one or two
// sentences.
func (c *context) refusal(d drives.Drive, a flash.Refusal) string {
	text := c.Words().Of(a.Text)
	if a.Reason == flash.SystemDisk {
		var reasons []string
		for _, r := range d.System {
			reasons = append(reasons, c.systemReason(r))
		}
		text = c.say("the running system needs this disk: %s", strings.Join(reasons, "; "))
	}
	text = sentence(text)
	if a.Hint != "" && a.Level == flash.Never {
		text += " " + sentence(c.Words().Of(a.Hint))
	}
	return text
}

// systemReason is why the system needs a disk: what lies where on it.
func (c *context) systemReason(reason string) string {
	if what, through, ok := strings.Cut(reason, " lies on it through "); ok {
		return c.say("%s (through %s)", c.Words().Of(what), through)
	}
	if what, where, ok := strings.Cut(reason, " lies on "); ok {
		return c.say("%s (on %s)", c.Words().Of(what), where)
	}
	return c.Words().Of(reason)
}

// explainStick is an error about a stick or an image in a sentence; what the
// system said about it is in the details only, where the sentence says enough.
func (c *context) explainStick(err error) explained {
	w := c.Words()
	var opening *opener.Error
	var e *flash.Error
	switch {
	case errors.As(err, &opening):
		text := w.Of(opening.Text)
		if opening.Problem == opener.Failed && opening.Err != nil {
			text += ": " + opening.Err.Error()
		}
		return explained{text: text, hint: w.Of(opening.Advice)}
	case errors.As(err, &e):
		text, where, placed := strings.Cut(e.Text, " at ")
		if placed = placed && e.Offset >= 0; !placed {
			text = e.Text
		}
		text = w.Of(text)
		if placed {
			text = c.say("%s, at %s", text, where)
		}
		switch e.Kind {
		case flash.ImageFault, flash.FileFault, flash.Unfit, flash.EjectFault:
			if e.Err != nil {
				text += ": " + w.Of(e.Err.Error())
			}
		}
		return explained{text: text, hint: w.Of(e.Advice)}
	}
	return c.explain(err)
}
