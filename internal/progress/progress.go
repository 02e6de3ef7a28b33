// Package progress carries how far a long piece of work has come from the
// worker to whoever shows it. It draws nothing.
package progress

import (
	"io"
	"sync/atomic"
)

// Event is one report. Done and Total are bytes unless Unit says otherwise;
// Total is 0 while it is unknown.
type Event struct {
	// Step is the phase's stable name ("download", "squashfs").
	Step string
	// Text tells a person what is being done right now.
	Text  string
	Done  int64
	Total int64
	// Unit is empty for bytes, else the plural of what is counted
	// ("packages").
	Unit string
}

// Sink takes reports. It must not block and may be called from any goroutine.
type Sink func(Event)

// Report calls the sink if there is one.
func (s Sink) Report(e Event) {
	if s != nil {
		s(e)
	}
}

// Counter adds up work done by several goroutines and reports each addition.
type Counter struct {
	sink  Sink
	event Event
	done  atomic.Int64
}

// NewCounter starts counting towards e.Total and reports the start.
func NewCounter(sink Sink, e Event) *Counter {
	c := &Counter{sink: sink, event: e}
	c.done.Store(e.Done)
	sink.Report(e)
	return c
}

// Add counts n more.
func (c *Counter) Add(n int64) {
	e := c.event
	e.Done = c.done.Add(n)
	c.sink.Report(e)
}

// Reader counts what is read through it.
func (c *Counter) Reader(r io.Reader) io.Reader {
	return countingReader{r, c}
}

type countingReader struct {
	r io.Reader
	c *Counter
}

func (r countingReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if n > 0 {
		r.c.Add(int64(n))
	}
	return n, err
}
