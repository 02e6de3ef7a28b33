package model

import (
	"context"
	"errors"
	"image"
	"path/filepath"
	"sync"
	"time"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/builder/trial"
	"github.com/isowright/isowright/internal/progress"
)

// Guest is a machine that tries an image, as trial.Trial documents it.
type Guest interface {
	Accel() trial.Accel
	Frames() <-chan trial.Frame
	Said(from int64) (text string, next int64, more <-chan struct{})
	Trouble() error
	State() (trial.State, error)
	Done() <-chan struct{}
	Key(name string, down bool) error
	Type(text string) error
	ReleaseKeys() error
	Point(x, y float64) error
	Button(button trial.Button, down bool) error
	Pause(context.Context) error
	Resume(context.Context) error
	Reset(context.Context) error
	PowerButton(context.Context) error
	Screenshot(ctx context.Context, path string) error
	Stop() error
}

// extraDisk is the size of the empty disk that a guest may get, in MiB. It takes
// room only as far as it is written to.
const extraDisk = 16 << 10

// endWait bounds how long the end of a session waits for a machine to be off.
const endWait = 3 * time.Second

// TryChoice is what a person chooses for trying an image.
type TryChoice struct {
	// Image is a file that was chosen; empty: the design's last built one.
	Image         string
	Firmware      trial.Firmware
	As            trial.Medium
	MemoryMiB     int
	CPUs          int
	Network, Disk bool
}

// trying is what a session knows of it.
type trying struct {
	choice *TryChoice
	// accel is what the first trial found out.
	accel trial.Accel
	// now is the trial that runs, or was last.
	now *Trial
	// watch is called when there is another picture.
	watch func()
}

// TryState is how a trial stands.
type TryState int

// The states. From TryOff on they are ends.
const (
	TryStarting TryState = iota
	TryRunning
	TryPaused
	TryOff // the guest has switched itself off
	TryStopped
	TryFailed
)

// Trial is a machine that tries an image.
type Trial struct {
	Options trial.Options
	State   TryState
	Accel   trial.Accel
	// Picture is the newest of the screen, nil before the first, as large as
	// Fit wants it; Screen is the size of the guest's own.
	Picture *image.RGBA
	Screen  image.Point
	// Serial are the last lines of the guest's serial line, Said is how many
	// there were in all.
	Serial []string
	Said   int
	// Trouble is why the guest will not come up, Err why there is no guest
	// (any more); nil where all is well.
	Trouble, Err error

	session *Session
	job     *Job
	guest   Guest
	// refit is sent to when fit has changed, taken when a picture was shown.
	refit, taken chan struct{}
	mu           sync.Mutex
	fit          image.Point
	// gone is closed when nothing of the machine is left.
	gone chan struct{}
}

// TryChoice is what was chosen for the next trial.
func (s *Session) TryChoice() TryChoice {
	if s.trying.choice == nil {
		s.trying.choice = &TryChoice{Firmware: trial.UEFI, As: trial.USB, MemoryMiB: trial.DefaultMemory, CPUs: 2, Network: true}
	}
	return *s.trying.choice
}

// ChooseTry changes it.
func (s *Session) ChooseTry(change func(*TryChoice)) {
	c := s.TryChoice()
	change(&c)
	if c != *s.trying.choice {
		s.trying.choice = &c
		s.tell(Change{What: TrialChanged})
	}
}

// TryImage takes an image to the page that boots it.
func (s *Session) TryImage(path string) {
	if path == s.lastBuilt() {
		path = ""
	}
	s.ChooseTry(func(c *TryChoice) { c.Image = path })
	s.Show(Try)
}

// TryTarget is the image that would be tried, "" for none.
func (s *Session) TryTarget() string {
	if image := s.TryChoice().Image; image != "" {
		return image
	}
	return s.lastBuilt()
}

// lastBuilt is the newest image of the design in front that is still there, as
// far as the history has been read; "" for none.
func (s *Session) lastBuilt() string {
	doc := s.current
	if doc == nil {
		return ""
	}
	if j := s.Job(Build); j != nil && j.Doc == doc && j.State == Done {
		if built, ok := j.Result.(Built); ok {
			return built.Image.Path
		}
	}
	id := design.ID(doc.design)
	for _, b := range s.history.builds {
		if b.Result == store.Done && !b.Gone && (b.DesignID == id || doc.path != "" && b.Design == doc.path) {
			return b.Image
		}
	}
	return ""
}

// Trial is the machine that tries an image or was the last to do so, nil for none.
func (s *Session) Trial() *Trial { return s.trying.now }

// WatchTrial has f called when there is another picture of the screen, instead of
// who asked for that before. It is not told to the observers: it may come 15 times
// a second.
func (s *Session) WatchTrial(f func()) { s.trying.watch = f }

// StartTrial boots the image that is chosen, unless another one runs.
func (s *Session) StartTrial() (*Trial, bool) {
	target := s.TryTarget()
	if target == "" || s.env.Actions.Trial == nil {
		return nil, false
	}
	if now := s.trying.now; now != nil && now.State < TryOff {
		return now, false
	}
	c := s.TryChoice()
	t := &Trial{session: s, refit: make(chan struct{}, 1), taken: make(chan struct{}, 1), gone: make(chan struct{})}
	t.Options = trial.Options{
		Image: target, Firmware: c.Firmware, As: c.As, MemoryMiB: c.MemoryMiB, CPUs: c.CPUs, Network: c.Network, Accel: s.trying.accel,
	}
	if c.Disk {
		t.Options.DiskMiB = extraDisk
	}
	t.Accel = t.Options.Accel
	s.trying.now = t
	t.job, _ = s.StartJob(Try, s.Words().Say("Trial of %s", filepath.Base(target)), t.work)
	return t, true
}

// WithoutKVM has trials do without KVM from now on. A machine that runs is
// stopped, else one is started.
func (s *Session) WithoutKVM() {
	s.trying.accel = trial.Emulated()
	if now := s.trying.now; now != nil && now.State < TryOff {
		now.Stop()
		return
	}
	s.StartTrial()
}

// TryAccel is how fast machines run here, as the last one has found out; the zero
// value before.
func (s *Session) TryAccel() trial.Accel { return s.trying.accel }

// work is the job's.
func (t *Trial) work(ctx context.Context, _ progress.Sink, _ func(string)) (any, error) {
	defer close(t.gone)
	guest, err := t.session.env.Actions.Trial(ctx, t.Options)
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		t.post(func() { t.ended(trial.Failed, err, nil) })
		return nil, err
	}
	t.post(func() { t.begun(guest) })
	var both sync.WaitGroup
	both.Go(func() { t.show(guest) })
	both.Go(func() { t.listen(guest) })
	<-guest.Done()
	both.Wait()
	if err := guest.Stop(); err != nil {
		t.session.env.Log.Warn("clean up after a trial", "error", err)
	}
	state, err := guest.State()
	if state == trial.Stopped {
		err = context.Canceled
	}
	trouble := guest.Trouble()
	t.post(func() { t.ended(state, err, trouble) })
	return nil, err
}

// post has something done on the session's goroutine, of which observers are told.
func (t *Trial) post(do func()) {
	t.session.env.Post(func() {
		do()
		t.session.tell(Change{What: TrialChanged, Job: t.job})
	})
}

// begun takes the guest once it runs.
func (t *Trial) begun(guest Guest) {
	t.guest, t.State, t.Accel = guest, TryRunning, guest.Accel()
	if t.session.trying.accel.Name == "" {
		t.session.trying.accel = t.Accel
	}
}

// ended takes how it ended.
func (t *Trial) ended(state trial.State, err, trouble error) {
	t.guest, t.Trouble = nil, trouble
	switch {
	case state == trial.Off:
		t.State = TryOff
	case errors.Is(err, context.Canceled):
		t.State = TryStopped
	default:
		t.State, t.Err = TryFailed, err
	}
}
