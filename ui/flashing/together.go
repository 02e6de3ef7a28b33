package flashing

import (
	"fmt"
	"slices"
	"sync"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/internal/progress"
)

// Together makes one progress of several sticks': that of the step which the
// slowest is in, with the bytes of all.
type Together struct {
	report progress.Sink

	mu   sync.Mutex
	last []progress.Event
}

// NewTogether is that of n sticks.
func NewTogether(n int, report progress.Sink) *Together {
	return &Together{report: report, last: make([]progress.Event, n)}
}

// Underway leaves out how a flash ended: that is told as its result.
func Underway(report progress.Sink) progress.Sink {
	return func(e progress.Event) {
		switch flash.State(e.Step) {
		case flash.Succeeded, flash.Failed, flash.Cancelled:
		default:
			report(e)
		}
	}
}

// Sink is that of one stick.
func (t *Together) Sink(i int) progress.Sink {
	if len(t.last) == 1 {
		return Underway(t.report)
	}
	return func(e progress.Event) {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.last[i] = e
		if sum, ok := t.sum(); ok {
			Underway(t.report)(sum)
		}
	}
}

// sum adds up; false until every stick has begun.
func (t *Together) sum() (progress.Event, bool) {
	slowest, sum := len(Steps()), progress.Event{}
	for _, e := range t.last {
		at := slices.Index(Steps(), flash.State(e.Step))
		if at < 0 {
			return sum, false
		}
		slowest = min(slowest, at)
	}
	sum.Step = string(Steps()[slowest])
	n := 0
	for _, e := range t.last {
		if e.Step == sum.Step {
			sum.Text, sum.Unit = e.Text, e.Unit
			sum.Done, sum.Total = sum.Done+e.Done, sum.Total+e.Total
			n++
		}
	}
	sum.Text = fmt.Sprintf("%s (%d of %d sticks)", sum.Text, n, len(t.last))
	return sum, true
}

// Steps are the states in the order in which a stick goes through them.
func Steps() []flash.State {
	return []flash.State{flash.Preparing, flash.Writing, flash.Flushing, flash.Verifying, flash.Finishing,
		flash.Succeeded, flash.Failed, flash.Cancelled}
}
