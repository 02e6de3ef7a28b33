package model

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/ui/flashing"
)

// What can be done to sticks, as the journal calls it.
const (
	WriteStick   = "flash"
	VerifyStick  = "verify"
	RestoreStick = "restore"
	SaveStick    = "save"
	TestStick    = "capacity"
)

// Order is a piece of work on sticks as a person is asked about it. It does not
// change when the drives do: what is done is done to these or to none.
type Order struct {
	Action string
	// Image is the file that is written, or compared with; File the one that
	// a stick is saved to.
	Image, File string
	Drives      []drives.Drive
	WriteOptions
	// Label of the empty file system.
	Label string
}

// Order is the work on what is chosen.
func (f *Flashing) Order(action string) Order {
	o := Order{Action: action, Drives: slices.Clone(f.drives.chosen), WriteOptions: f.options}
	if f.image.Usable() {
		o.Image = f.image.Path
	}
	return o
}

// Against are what stands against an order's drive.
func (f *Flashing) AgainstOrder(o Order, d drives.Drive) []flash.Refusal {
	info := anyImage()
	if o.Action == WriteStick {
		info = f.imageInfo()
	}
	return flash.Check(d, info, drives.Identity{})
}

// Current tells that the order's drives are still those that are chosen.
func (f *Flashing) Current(o Order) bool {
	return slices.EqualFunc(o.Drives, f.drives.chosen, func(a, b drives.Drive) bool {
		return a.Name == b.Name && a.Identity() == b.Identity()
	})
}

// Task is work on sticks that runs, or ran last.
type Task struct {
	Order
	Job     *Job
	agreed  []flash.Consent
	sticks  *stickStates
	session *Session
}

// Outcome is the result of a Task's job. What it is filled with depends on the
// action; Results are in the order of the drives.
type Outcome struct {
	Results    []flash.Result
	Comparison flash.Comparison
	Saved      flash.Saved
	Capacity   flash.Capacity
}

// Task is the work on sticks to be seen, nil for none.
func (f *Flashing) Task() *Task { return f.task }

// Busy tells that sticks are worked on.
func (f *Flashing) Busy() bool { return f.task != nil && f.task.Job.State == Running }

// Dismiss goes back to choosing.
func (f *Flashing) Dismiss() {
	if f.Busy() {
		return
	}
	f.task = nil
	f.session.tell(Change{What: DrivesChanged})
}

// Begin does what a person agreed to; agreed are in the order of the drives. The
// drives are looked at once more before anything is opened.
func (f *Flashing) Begin(o Order, agreed []flash.Consent) (*Job, bool) {
	s := f.session
	if f.Busy() || len(o.Drives) == 0 || len(agreed) != len(o.Drives) {
		return nil, false
	}
	f.rest()
	t := &Task{Order: o, agreed: agreed, session: s, sticks: newStickStates(len(o.Drives), s.env.Now)}
	f.task = t
	// A job is seen to have begun while it is started: the task has to be there.
	t.Job = &Job{State: Running, Title: t.title()}
	j, ok := s.StartJob(Flash, t.title(), t.work)
	t.Job = j
	s.tell(Change{What: JobChanged, Job: j, Doc: j.Doc})
	return j, ok
}

// title names the work.
func (t *Task) title() string {
	w, d := t.session.Words(), t.Drives[0]
	name := cmp.Or(flashing.DriveName(d), d.Path)
	switch t.Action {
	case VerifyStick:
		return w.Say("Comparing %s", name)
	case RestoreStick:
		return w.Say("Restoring %s", name)
	case SaveStick:
		return w.Say("Saving %s", name)
	case TestStick:
		return w.Say("Testing %s", name)
	}
	return w.Say("Writing %s", filepath.Base(t.Image))
}

// ended is called at the end of the task's job.
func (f *Flashing) ended() {
	if f.task.Job.State == Done {
		f.drives.chosen = nil
	}
	if f.session.place.Section == Flash && f.unwatch == nil {
		f.watch()
		f.readLibrary()
	}
}

// work is the job's.
func (t *Task) work(ctx context.Context, sink progress.Sink, log func(string)) (any, error) {
	var out Outcome
	var err error
	began := t.session.env.Now()
	switch t.Action {
	case WriteStick:
		return t.write(ctx, sink, log)
	case VerifyStick:
		out, err = t.verify(ctx, sink, log)
	case RestoreStick:
		out, err = t.restore(ctx, sink, log)
	case SaveStick:
		out, err = t.save(ctx, sink, log)
	default:
		var sticks []flash.Stick
		if sticks, err = t.open(ctx, anyImage(), false); err != nil {
			return out, err
		}
		out.Capacity, err = flash.CheckCapacity(ctx, sticks[0].Target,
			flash.CapacityOptions{Full: t.Full, Progress: sink, Seed: uint64(began.UnixNano())})
		t.note(log, flashing.Record(TestStick, t.Drives[0], began, t.session.env.Now(), err))
	}
	return out, err
}

// open opens the drives to write them.
func (t *Task) open(ctx context.Context, info flash.ImageInfo, eject bool) ([]flash.Stick, error) {
	chosen := make([]flashing.Chosen, len(t.Drives))
	for i, d := range t.Drives {
		chosen[i] = flashing.Chosen{Drive: d, Consent: t.agreed[i]}
	}
	return t.session.env.Actions.Sticks.OpenSticks(ctx, chosen, info, eject)
}

// write writes the image to all drives. The file is looked at anew: it may be
// another one since it was chosen.
func (t *Task) write(ctx context.Context, sink progress.Sink, log func(string)) (any, error) {
	im := FlashImage{Path: t.Image}
	im.look(ctx, t.session.env.Actions.Sticks.Source)
	if im.Err != nil {
		return Outcome{}, im.Err
	}
	sticks, err := t.open(ctx, im.Info, t.Eject)
	if err != nil {
		return Outcome{}, err
	}
	together := flashing.NewTogether(len(sticks), sink)
	for i := range sticks {
		sum := together.Sink(i)
		sticks[i].Progress = func(e progress.Event) {
			t.sticks.add(i, e)
			sum(e)
		}
	}
	began := t.session.env.Now()
	write := t.session.env.Actions.Write
	if write == nil {
		write = flash.WriteAll
	}
	results := write(ctx, sticks, im.Image, flash.Options{
		Full: t.Full, NoVerify: t.NoVerify, SHA256: im.SHA256, FileSHA256: im.FileSHA256})
	for i, r := range results {
		t.note(log, flashing.FlashRecord(WriteStick, t.Image, t.Drives[i], r, began, t.session.env.Now()))
		if err == nil {
			err = r.Err
		}
	}
	return Outcome{Results: results}, err
}

// verify compares the stick with the image.
func (t *Task) verify(ctx context.Context, sink progress.Sink, log func(string)) (out Outcome, err error) {
	im := FlashImage{Path: t.Image}
	im.look(ctx, t.session.env.Actions.Sticks.Source)
	if im.Err != nil {
		return out, im.Err
	}
	target, err := t.session.env.Actions.Sticks.OpenToRead(ctx, t.Drives[0])
	if err != nil {
		return out, err
	}
	began := t.session.env.Now()
	out.Comparison, err = flash.Verify(ctx, target, im.Image, flash.VerifyOptions{SHA256: im.SHA256, FileSHA256: im.FileSHA256, Progress: sink})
	out.Results = []flash.Result{flashing.VerifyResult(out.Comparison, err)}
	t.note(log, flashing.FlashRecord(VerifyStick, t.Image, t.Drives[0], out.Results[0], began, t.session.env.Now()))
	return out, err
}

// restore makes the stick an empty one.
func (t *Task) restore(ctx context.Context, sink progress.Sink, log func(string)) (out Outcome, err error) {
	sticks, err := t.open(ctx, anyImage(), false)
	if err != nil {
		return out, err
	}
	sticks[0].Progress = flashing.Underway(sink)
	began := t.session.env.Now()
	report, err := flash.Restore(ctx, sticks[0], flash.RestoreOptions{Label: t.Label})
	out.Results = []flash.Result{{Report: report, Err: err}}
	t.note(log, flashing.Record(RestoreStick, t.Drives[0], began, t.session.env.Now(), err))
	return out, err
}

// save copies the stick to a file.
func (t *Task) save(ctx context.Context, sink progress.Sink, log func(string)) (out Outcome, err error) {
	target, err := t.session.env.Actions.Sticks.OpenToRead(ctx, t.Drives[0])
	if err != nil {
		return out, err
	}
	began := t.session.env.Now()
	out.Saved, err = flash.Save(ctx, target, t.File, flash.SaveOptions{Progress: sink})
	record := flashing.Record(SaveStick, t.Drives[0], began, t.session.env.Now(), err)
	record.Image, record.Size, record.SHA256 = t.File, out.Saved.Size, out.Saved.SHA256
	t.note(log, record)
	return out, err
}

// note writes the journal. That it cannot be written does not undo what was done.
func (t *Task) note(log func(string), f store.Flash) {
	if library := t.session.env.Library; library != nil {
		if err := library.AddFlash(f); err != nil {
			log("the work is not in the journal: " + err.Error())
		}
	}
}

// EjectStick lets go of a drive after work, in the background.
func (f *Flashing) EjectStick(d drives.Drive) {
	s := f.session
	sticks := s.env.Actions.Sticks
	if sticks.Eject == nil {
		return
	}
	go func() {
		err := sticks.Eject(s.ctx, d, sticks.Options)
		s.env.Post(func() {
			name := cmp.Or(flashing.DriveName(d), d.Path)
			if err != nil {
				s.Tell(Message{Kind: "danger", Text: s.Words().Say("%s could not be ejected: %s", name, s.Words().Of(err.Error()))})
				return
			}
			s.Tell(Message{Kind: "good", Text: s.Words().Say("%s can be pulled out.", name)})
		})
	}()
}

// StickState is how far one of several sticks is.
type StickState struct {
	progress.Event
	Rate float64
}

// Sticks are how far each stick is, in the order of the drives.
func (t *Task) Sticks() []StickState { return t.sticks.all() }

// stickStates are filled in from the goroutines that write.
type stickStates struct {
	now func() time.Time

	mu    sync.Mutex
	state []StickState
	rates []*progress.Estimator
}

func newStickStates(n int, now func() time.Time) *stickStates {
	s := &stickStates{now: now, state: make([]StickState, n)}
	for range n {
		s.rates = append(s.rates, progress.NewEstimator(rateWindow))
	}
	return s
}

func (s *stickStates) add(i int, e progress.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state[i].Step != e.Step {
		s.rates[i] = progress.NewEstimator(rateWindow)
	}
	s.state[i].Event = e
	s.rates[i].Add(s.now(), e.Done)
}

func (s *stickStates) all() []StickState {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.state {
		s.state[i].Rate = s.rates[i].Rate(s.now())
	}
	return slices.Clone(s.state)
}

// SaveName is the name of the file that a stick is saved to by default.
func SaveName(d drives.Drive, now time.Time) string {
	return cmp.Or(design.Slug(flashing.DriveName(d)), "stick") + "-" + now.Format("2006-01-02-150405") + ".img"
}
