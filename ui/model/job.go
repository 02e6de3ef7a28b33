package model

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/isowright/isowright/internal/progress"
)

// The pace of reports, and how far back a rate looks.
const (
	reportEvery = time.Second / 10
	idleEvery   = time.Second
	rateWindow  = 10 * time.Second
)

// maxLog is how many lines of a job's log are kept.
const maxLog = 20000

// JobState is how a piece of work stands.
type JobState int

// The states.
const (
	Running JobState = iota
	Done
	Failed
	Cancelled
)

// Phase is one step of a job.
type Phase struct {
	progress.Event
	Began, Ended time.Time
	// Rate is in units a second, 0 while unknown; Left is negative then.
	Rate float64
	Left time.Duration

	estimate *progress.Estimator
}

// Job is a piece of work that takes long. It goes on whatever page is shown.
type Job struct {
	// Kind is the page that it belongs to: Build, Try, Flash.
	Kind Section
	Doc  *Document
	// Design is what is built, as it was then: its ID and name.
	DesignID, Title string

	Began, Ended time.Time
	State        JobState
	Err          error
	// Result is what the work gave: builder.Image, []flash.Result …
	Result any
	Phases []Phase
	Log    []string

	session *Session
	cancel  context.CancelFunc
}

// Work is what a job does. It reports to sink, and writes lines for people who
// look closer with log; both may be called from any goroutine.
type Work func(ctx context.Context, sink progress.Sink, log func(line string)) (any, error)

// StartJob begins work. A job of the same kind that still runs must be ended
// before: then it gives that one, and false.
func (s *Session) StartJob(kind Section, title string, work Work) (*Job, bool) {
	if j := s.Job(kind); j != nil && j.State == Running {
		return j, false
	}
	ctx, cancel := context.WithCancel(s.ctx)
	j := &Job{Kind: kind, Doc: s.current, Title: title, Began: s.env.Now(), session: s, cancel: cancel}
	s.jobs = append(slices.DeleteFunc(s.jobs, func(o *Job) bool { return o.Kind == kind }), j)
	lines := &lineBuffer{}
	thin := progress.Thin(reportEvery, idleEvery, func(events []progress.Event) {
		text := lines.take()
		s.env.Post(func() { j.report(events, text) })
	})
	s.tell(Change{What: JobChanged, Job: j, Doc: j.Doc})
	go func() {
		release := s.stayAwake(ctx, title)
		result, err := work(ctx, thin.Report, lines.add)
		release()
		thin.Stop()
		text := lines.take()
		s.env.Post(func() {
			j.report(nil, text)
			j.finish(ctx, result, err)
		})
	}()
	return j, true
}

// stayAwake keeps the computer from going to sleep. That it fails stops nothing.
func (s *Session) stayAwake(ctx context.Context, why string) (release func()) {
	if s.env.Inhibit == nil {
		return func() {}
	}
	release, err := s.env.Inhibit(ctx, why)
	if err != nil {
		s.env.Log.Info("the computer may go to sleep", "error", err)
		return func() {}
	}
	return release
}

// Job is the newest of a kind, nil for none.
func (s *Session) Job(kind Section) *Job {
	for _, j := range s.jobs {
		if j.Kind == kind {
			return j
		}
	}
	return nil
}

// Busy are the jobs that run.
func (s *Session) Busy() []*Job {
	return slices.DeleteFunc(slices.Clone(s.jobs), func(j *Job) bool { return j.State != Running })
}

// Cancel asks the work to end. It has ended when its state says so.
func (j *Job) Cancel() { j.cancel() }

// Phase is the one that is worked on, or was last; nil before the first.
func (j *Job) Phase() *Phase {
	if len(j.Phases) == 0 {
		return nil
	}
	return &j.Phases[len(j.Phases)-1]
}

// report takes what has happened since the last time.
func (j *Job) report(events []progress.Event, lines []string) {
	if j.State != Running {
		return
	}
	now := j.session.env.Now()
	for _, e := range events {
		j.advance(e, now)
	}
	if p := j.Phase(); p != nil {
		p.measure(now)
	}
	j.Log = append(j.Log, lines...)
	if over := len(j.Log) - maxLog; over > 0 {
		j.Log = slices.Delete(j.Log, 0, over)
	}
	j.session.tell(Change{What: JobChanged, Job: j, Doc: j.Doc})
}

// advance brings a report to its phase, and ends the one before a new one.
func (j *Job) advance(e progress.Event, now time.Time) {
	for i := range j.Phases {
		if j.Phases[i].Step == e.Step {
			j.Phases[i].Event = e
			j.Phases[i].estimate.Add(now, e.Done)
			return
		}
	}
	if p := j.Phase(); p != nil && p.Ended.IsZero() {
		p.Ended = now
	}
	p := Phase{Event: e, Began: now, Left: -1, estimate: progress.NewEstimator(rateWindow)}
	p.estimate.Add(now, e.Done)
	j.Phases = append(j.Phases, p)
}

// measure brings rate and time left up to date.
func (p *Phase) measure(now time.Time) {
	if !p.Ended.IsZero() {
		return
	}
	p.Rate, p.Left = p.estimate.Rate(now), -1
	if left, ok := p.estimate.Left(now, p.Total); ok && p.Total > 0 {
		p.Left = left
	}
}

// finish is the end of the work.
func (j *Job) finish(ctx context.Context, result any, err error) {
	j.Ended = j.session.env.Now()
	if p := j.Phase(); p != nil && p.Ended.IsZero() {
		p.Ended = j.Ended
	}
	j.Result, j.Err = result, err
	switch {
	case err == nil:
		j.State = Done
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		j.State = Cancelled
	default:
		j.State = Failed
	}
	j.cancel()
	j.session.tell(Change{What: JobChanged, Job: j, Doc: j.Doc})
}
