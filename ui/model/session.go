package model

import (
	"context"
	"io/fs"
	"log/slog"
	"slices"
	"time"

	"github.com/isowright/isowright/builder/settings"
	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/ui/words"
)

// Poster runs a function on the goroutine that the model belongs to, soon, and
// in the order of the calls.
type Poster func(func())

// Env is what a session sees of the world.
type Env struct {
	Post    Poster
	Now     func() time.Time
	Words   *words.Words
	Log     *slog.Logger
	Library *store.Library
	Actions Actions
	// CacheDir is that of builder.Options; Home the person's folder, Images the
	// one that images are built into.
	CacheDir, Home, Images string
	// Root is the folder that the running system's settings are read from;
	// empty: "/".
	Root   string
	Getenv func(string) string
	// Inhibit keeps the computer awake while work runs, until release is
	// called; nil: it may sleep.
	Inhibit func(ctx context.Context, why string) (release func(), err error)
	// Devices is this computer's root folder, where its devices are read; nil:
	// they cannot be.
	Devices fs.FS
	// After calls f on the model's goroutine after a time, unless stop is
	// called before; nil: by the clock.
	After func(d time.Duration, f func()) (stop func())
	// Settings are what holds for this computer.
	Settings settings.Settings
}

// What sorts changes.
type What int

// The changes that observers are told of.
const (
	// DocumentsChanged: a design was opened, closed, saved or brought to the
	// front.
	DocumentsChanged What = iota
	// DesignChanged: something in a design is different.
	DesignChanged
	// ProblemsChanged, PlanChanged: something else is known of a design.
	ProblemsChanged
	PlanChanged
	// PlaceChanged: another page is to be seen.
	PlaceChanged
	// JobChanged: work has begun, come further or ended.
	JobChanged
	// LibraryChanged: recent designs, builds or flashes.
	LibraryChanged
	// CatalogueChanged: the offer of a distribution is there, or is not.
	CatalogueChanged
	// DevicesChanged: the devices of this computer were looked at.
	DevicesChanged
	// DrivesChanged: drives have come or gone.
	DrivesChanged
	// FilesMeasured: the sizes of a design's files are known.
	FilesMeasured
	// PreviewChanged: the picture of a design's boot menu.
	PreviewChanged
	// MessageChanged: the one sentence above the strip.
	MessageChanged
	// TrialChanged: the machine that tries an image, or what is to be tried.
	TrialChanged
	// HistoryChanged: what is known or chosen of the builds of earlier.
	HistoryChanged
	// RecentsChanged: the recent designs were read.
	RecentsChanged
	// AbilityChanged: it is known what this computer can build.
	AbilityChanged
)

// Change is one of them. Doc and Job are nil where it is about none.
type Change struct {
	What What
	Doc  *Document
	Job  *Job
}

// Session is one window.
type Session struct {
	env       Env
	ctx       context.Context
	end       context.CancelFunc
	observers []*observer
	docs      []*Document
	current   *Document
	place     Place
	jobs      []*Job
	flashing  *Flashing
	message   Message
	trying    trying
	history   Past
	recents   recents
	abilities map[string]*Ability
	offers    map[string]*Offer
	devices   Devices
	labels    labels
	themes    themePictures
}

type observer struct{ f func(Change) }

// New begins a session. End must follow.
func New(env Env) *Session {
	if env.Now == nil {
		env.Now = time.Now
	}
	if env.Log == nil {
		env.Log = slog.New(slog.DiscardHandler)
	}
	if env.Words == nil {
		env.Words = words.English()
	}
	if env.Getenv == nil {
		env.Getenv = func(string) string { return "" }
	}
	s := &Session{env: env, place: Place{Section: Start}, offers: map[string]*Offer{}}
	s.ctx, s.end = context.WithCancel(context.Background())
	return s
}

// Env is what the session was begun with.
func (s *Session) Env() Env { return s.env }

// Words is the language of the session.
func (s *Session) Words() *words.Words { return s.env.Words }

// End cancels all work, waits until a machine that runs is off, and lets others
// have what was open here.
func (s *Session) End() {
	s.end()
	s.closeOffers()
	if t := s.trying.now; t != nil {
		select {
		case <-t.gone:
		case <-time.After(endWait):
		}
	}
	for _, d := range s.docs {
		d.release()
		if d.draft.unclaim != nil {
			d.draft.unclaim()
		}
	}
}

// After calls f after a time, unless stop is called before.
func (s *Session) After(d time.Duration, f func()) (stop func()) {
	if s.env.After != nil {
		return s.env.After(d, f)
	}
	ctx, cancel := context.WithCancel(s.ctx)
	time.AfterFunc(d, func() {
		s.env.Post(func() {
			if ctx.Err() == nil {
				cancel()
				f()
			}
		})
	})
	return cancel
}

// Listen has f called after each change until stop is called.
func (s *Session) Listen(f func(Change)) (stop func()) {
	o := &observer{f}
	s.observers = append(s.observers, o)
	return func() {
		s.observers = slices.DeleteFunc(s.observers, func(other *observer) bool { return other == o })
	}
}

// tell calls the observers. One may stop listening while it is called.
func (s *Session) tell(c Change) {
	if c.What == LibraryChanged {
		s.recents.fresh = false
	}
	for _, o := range slices.Clone(s.observers) {
		o.f(c)
	}
}

// Message is a sentence about what just happened.
type Message struct {
	// Kind is "" (told), "good", "warning" or "danger".
	Kind, Text string
	// Action is a button's text, Do what it does; nil: there is none.
	Action string
	Do     func()
}

// Message is the one that is to be seen; none has no text.
func (s *Session) Message() Message { return s.message }

// Tell shows a sentence until the next one or Quiet.
func (s *Session) Tell(m Message) {
	s.message = m
	s.tell(Change{What: MessageChanged})
}

// Quiet takes the sentence away.
func (s *Session) Quiet() {
	if s.message.Text != "" {
		s.Tell(Message{})
	}
}
