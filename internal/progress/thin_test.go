package progress_test

import (
	"reflect"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isowright/isowright/internal/progress"
)

const tenth = time.Second / 10

// collect records what is delivered and when.
type collect struct {
	mu    sync.Mutex
	calls [][]progress.Event
	times []time.Duration
	begin time.Time
}

func (c *collect) deliver(events []progress.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, events)
	c.times = append(c.times, time.Since(c.begin))
}

func TestThinPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &collect{begin: time.Now()}
		th := progress.Thin(tenth, time.Hour, c.deliver)
		for i := range 1000 { // one each millisecond
			th.Report(progress.Event{Step: "a", Done: int64(i)})
			time.Sleep(time.Millisecond)
		}
		th.Stop()
		if n := len(c.calls); n < 10 || n > 12 {
			t.Errorf("%d deliveries in a second, want about ten", n)
		}
		for i := 1; i < len(c.times)-1; i++ { // the last one comes at Stop
			if d := c.times[i] - c.times[i-1]; d < tenth {
				t.Errorf("delivery %d came %v after the one before", i, d)
			}
		}
		if got := lastOf(c.calls); got.Done != 999 {
			t.Errorf("last delivered %d, want 999", got.Done)
		}
	})
}

func lastOf(calls [][]progress.Event) progress.Event {
	all := slices.Concat(calls...)
	return all[len(all)-1]
}

// The newest report of every step arrives, in the order in which the steps
// began to report, even if all of it happens within one interval.
func TestThinKeepsEveryStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &collect{}
		th := progress.Thin(tenth, time.Hour, c.deliver)
		th.Report(progress.Event{Step: "first"})
		synctest.Wait() // delivered at once: nothing was shown before
		if len(c.calls) != 1 {
			t.Fatalf("%d deliveries, want 1 at once", len(c.calls))
		}
		for _, e := range []progress.Event{
			{Step: "first", Done: 7}, {Step: "b", Done: 1}, {Step: "a", Done: 1}, {Step: "b", Done: 2},
		} {
			th.Report(e)
		}
		time.Sleep(tenth)
		synctest.Wait()
		want := []progress.Event{{Step: "first", Done: 7}, {Step: "b", Done: 2}, {Step: "a", Done: 1}}
		if len(c.calls) != 2 || !reflect.DeepEqual(c.calls[1], want) {
			t.Errorf("delivered %v, want %v", c.calls, want)
		}
		th.Stop()
	})
}

// A slow screen does not make the workers wait.
func TestThinNeverBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var last progress.Event
		th := progress.Thin(tenth, time.Hour, func(es []progress.Event) {
			time.Sleep(time.Minute)
			if len(es) > 0 {
				last = es[len(es)-1]
			}
		})
		begin := time.Now()
		for i := range 10_000 {
			th.Report(progress.Event{Step: "a", Done: int64(i)})
		}
		if d := time.Since(begin); d != 0 {
			t.Errorf("the worker waited %v", d)
		}
		th.Stop()
		th.Report(progress.Event{Step: "a", Done: -1}) // dropped
		th.Stop()
		if last.Done != 9999 {
			t.Errorf("last delivered %d, want 9999", last.Done)
		}
	})
}

func TestThinTicks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &collect{begin: time.Now()}
		th := progress.Thin(tenth, time.Second, c.deliver)
		time.Sleep(3500 * time.Millisecond)
		th.Stop()
		// Three ticks and the last call.
		if len(c.calls) != 4 {
			t.Errorf("%d calls in 3.5 s, want 4: %v", len(c.calls), c.times)
		}
	})
}
