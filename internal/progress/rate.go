package progress

import "time"

// rateSamples bounds what an Estimator keeps.
const rateSamples = 64

// Estimator tells how fast a step goes and how long it still takes, from what
// was done within a sliding window. Its zero value is not usable; it is not
// safe for several goroutines.
type Estimator struct {
	window  time.Duration
	samples []sample // oldest first, never empty after the first Add
}

type sample struct {
	at   time.Time
	done int64
}

// NewEstimator looks back as far as window.
func NewEstimator(window time.Duration) *Estimator {
	return &Estimator{window: window}
}

// Add tells that done was reached at now. A smaller done than before starts
// the measurement anew.
func (e *Estimator) Add(now time.Time, done int64) {
	n := len(e.samples)
	if n > 0 && done < e.samples[n-1].done {
		e.samples, n = e.samples[:0], 0
	}
	// Samples closer together than this say nothing more about the rate: the
	// newer one takes the older one's place, except for the first.
	if n > 1 && now.Sub(e.samples[n-2].at) < e.window/rateSamples {
		e.samples[n-1] = sample{now, done}
	} else {
		e.samples = append(e.samples, sample{now, done})
	}
	e.forget(now)
}

// forget drops what lies before the window, but keeps one sample from before
// its beginning so that the window is always covered.
func (e *Estimator) forget(now time.Time) {
	begin := now.Add(-e.window)
	drop := 0
	for drop+1 < len(e.samples) && !e.samples[drop+1].at.After(begin) {
		drop++
	}
	e.samples = append(e.samples[:0], e.samples[drop:]...)
}

// Rate is what is done in a second, 0 while unknown. Time without progress
// since the last Add counts.
func (e *Estimator) Rate(now time.Time) float64 {
	if len(e.samples) == 0 {
		return 0
	}
	first, last := e.samples[0], e.samples[len(e.samples)-1]
	begin, done := first.at, float64(first.done)
	if edge := now.Add(-e.window); edge.After(begin) {
		// The oldest sample lies before the window: only the part of its step
		// to the next one that is inside counts.
		begin, done = edge, e.doneAt(edge)
	}
	seconds := now.Sub(begin).Seconds()
	if seconds <= 0 {
		return 0
	}
	return (float64(last.done) - done) / seconds
}

// doneAt interpolates between the samples around at.
func (e *Estimator) doneAt(at time.Time) float64 {
	for i := 1; i < len(e.samples); i++ {
		a, b := e.samples[i-1], e.samples[i]
		if b.at.Before(at) {
			continue
		}
		part := float64(at.Sub(a.at)) / float64(b.at.Sub(a.at))
		return float64(a.done) + part*float64(b.done-a.done)
	}
	return float64(e.samples[len(e.samples)-1].done)
}

// Left is the time until total is reached at the present rate; false while
// that cannot be told.
func (e *Estimator) Left(now time.Time, total int64) (time.Duration, bool) {
	rate := e.Rate(now)
	if rate <= 0 || total <= 0 {
		return 0, false
	}
	todo := float64(total - e.samples[len(e.samples)-1].done)
	if todo <= 0 {
		return 0, true
	}
	seconds := todo / rate
	if seconds > 100*24*3600 {
		return 0, false
	}
	return time.Duration(seconds * float64(time.Second)), true
}
