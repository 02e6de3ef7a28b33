package progress

import (
	"sync"
	"time"
)

// Thinner passes reports on at a pace that a person can follow, however often
// the workers report. The newest report of every step always arrives.
type Thinner struct {
	interval, idle time.Duration
	deliver        func([]Event)

	mu      sync.Mutex
	pending []Event        // the newest of each step, steps in order of arrival
	place   map[string]int // of a step in pending
	stopped bool

	wake chan struct{}
	quit chan struct{}
	gone chan struct{}
	once sync.Once
}

// Thin starts a goroutine that calls deliver with the reports since the last
// call, at most one for each step, no more often than every interval. Where no
// report comes it calls deliver with none every idle, so that a clock on the
// screen goes on. Stop ends it.
func Thin(interval, idle time.Duration, deliver func([]Event)) *Thinner {
	t := &Thinner{
		interval: interval,
		idle:     idle,
		deliver:  deliver,
		place:    map[string]int{},
		wake:     make(chan struct{}, 1),
		quit:     make(chan struct{}),
		gone:     make(chan struct{}),
	}
	go t.run()
	return t
}

// Report is the Sink. It never waits for deliver. What comes after Stop is
// dropped.
func (t *Thinner) Report(e Event) {
	t.mu.Lock()
	if t.stopped {
		t.mu.Unlock()
		return
	}
	if i, ok := t.place[e.Step]; ok {
		t.pending[i] = e
	} else {
		t.place[e.Step] = len(t.pending)
		t.pending = append(t.pending, e)
	}
	t.mu.Unlock()
	select {
	case t.wake <- struct{}{}:
	default: // it is awake already
	}
}

// Stop delivers what is left and returns when that is done. It may be called
// more than once.
func (t *Thinner) Stop() {
	t.once.Do(func() {
		t.mu.Lock()
		t.stopped = true
		t.mu.Unlock()
		close(t.quit)
	})
	<-t.gone
}

func (t *Thinner) run() {
	defer close(t.gone)
	idle := time.NewTicker(t.idle)
	defer idle.Stop()
	for {
		select {
		case <-t.wake:
		case <-idle.C:
		case <-t.quit:
			t.flush()
			return
		}
		t.flush()
		idle.Reset(t.idle)
		select {
		case <-time.After(t.interval):
		case <-t.quit:
			t.flush()
			return
		}
	}
}

// flush hands over what has come. An empty list is a tick of the clock.
func (t *Thinner) flush() {
	t.mu.Lock()
	events := t.pending
	t.pending = nil
	clear(t.place)
	t.mu.Unlock()
	t.deliver(events)
}
