package cli

import (
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/isowright/isowright/internal/progress"
)

const (
	// redraw is the shortest time between two pictures of the bar.
	redraw = time.Second / 10
	// rateWindow is how far back the rate looks.
	rateWindow = 10 * time.Second
	// lineEvery is the time between two lines about one step where the bar
	// cannot be drawn.
	lineEvery = 10 * time.Second
)

// step is a phase of the work as it is shown.
type step struct {
	progress.Event
	begin time.Time
	rate  *progress.Estimator
}

// view is one of the forms progress is shown in. Steps come one after another.
type view interface {
	begin(s *step)
	// show is called at most ten times a second, and once a second where
	// nothing was reported.
	show(s *step, now time.Time, reported bool)
	end(s *step, now time.Time)
	// clear removes what is unfinished from the screen.
	clear()
}

// display shows the progress of one piece of work.
type display struct {
	thin    *progress.Thinner
	view    view
	current *step
	ended   map[string]bool
}

// startProgress shows what is reported until done or stop is called.
func (a *app) startProgress() *display {
	d := &display{view: a.view(), ended: map[string]bool{}}
	if d.view != nil {
		d.thin = progress.Thin(redraw, time.Second, d.deliver)
	}
	return d
}

// view chooses the form: none, JSON, a bar on a terminal, else lines.
func (a *app) view() view {
	switch width, ok := terminalWidth(a.Stderr); {
	case a.quiet:
		return nil
	case a.json:
		return &jsonView{out: a.Stderr}
	case ok && a.Getenv("TERM") != "dumb":
		return &barView{out: a.Stderr, width: width}
	}
	return &lineView{out: a.Stderr}
}

// terminalWidth asks for the terminal's width at each call, since people resize
// windows; false where w is no terminal.
func terminalWidth(w io.Writer) (func() int, bool) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil, false
	}
	return func() int {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
		return 80
	}, true
}

// report is the progress.Sink.
func (d *display) report(e progress.Event) {
	if d.thin != nil {
		d.thin.Report(e)
	}
}

// done ends the last step as finished.
func (d *display) done() {
	d.stop()
	if d.view != nil && d.current != nil {
		d.view.end(d.current, time.Now())
		d.current = nil
	}
}

// stop takes unfinished progress off the screen. It does nothing after done.
func (d *display) stop() {
	if d.thin != nil {
		d.thin.Stop()
		d.view.clear()
	}
}

// deliver takes what was reported since the last time.
func (d *display) deliver(events []progress.Event) {
	now := time.Now()
	for _, e := range events {
		d.update(now, e)
	}
	if d.current != nil {
		d.view.show(d.current, now, len(events) > 0)
	}
}

// update notes one report. A step ends where the next one begins; what it
// reports after that is not shown.
func (d *display) update(now time.Time, e progress.Event) {
	if d.ended[e.Step] {
		return
	}
	if d.current == nil || d.current.Step != e.Step {
		if d.current != nil {
			d.ended[d.current.Step] = true
			d.view.end(d.current, now)
		}
		d.current = &step{Event: e, begin: now, rate: progress.NewEstimator(rateWindow)}
		d.view.begin(d.current)
	}
	d.current.Event = e
	d.current.rate.Add(now, e.Done)
}

// amount is a number of the step's unit.
func (s *step) amount(n int64) string {
	if s.Unit == "" {
		return size(n)
	}
	return group(n) + " " + s.Unit
}
