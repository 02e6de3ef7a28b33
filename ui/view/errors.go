package view

import (
	"errors"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
)

// explained is an error as people read it: what failed and why, and what to do.
type explained struct{ text, hint, tail string }

// explain is the one place where errors become texts of the window.
func (c *context) explain(err error) explained {
	var step *builder.StepError
	var problems design.Problems
	var hinted interface{ Hint() string }
	switch {
	case err == nil:
		return explained{}
	case errors.As(err, &problems) && len(problems) > 0:
		e := explained{text: c.Words().Of(problems[0].Text), hint: c.Words().Of(problems[0].Hint)}
		if problems[0].Field != "" {
			e.text = problems[0].Field + ": " + e.text
		}
		if n := len(problems) - 1; n > 0 {
			e.hint = c.count(n, "%d more problem.", "%d more problems.") + " " + e.hint
		}
		return e
	case errors.As(err, &step):
		return explained{c.Words().Of(step.Error()), c.Words().Of(step.Hint), step.Tail}
	case errors.As(err, &hinted):
		return explained{c.Words().Of(err.Error()), c.Words().Of(hinted.Hint()), ""}
	}
	return explained{text: c.Words().Of(err.Error())}
}
