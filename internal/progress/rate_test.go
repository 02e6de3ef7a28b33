package progress_test

import (
	"math"
	"testing"
	"time"

	"github.com/isowright/isowright/internal/progress"
)

var start = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func at(seconds float64) time.Time {
	return start.Add(time.Duration(seconds * float64(time.Second)))
}

func TestRate(t *testing.T) {
	type point struct {
		at   float64
		done int64
	}
	tests := []struct {
		name   string
		points []point
		now    float64
		total  int64
		rate   float64
		left   time.Duration
		known  bool
	}{
		{name: "nothing yet", now: 1, total: 100},
		{name: "one point", points: []point{{0, 0}}, now: 0, total: 100},
		{name: "steady", points: []point{{0, 0}, {1, 10}, {2, 20}}, now: 2, total: 100,
			rate: 10, left: 8 * time.Second, known: true},
		{name: "starts above zero", points: []point{{0, 500}, {2, 520}}, now: 2, total: 540,
			rate: 10, left: 2 * time.Second, known: true},
		{name: "only the window counts", points: []point{{0, 0}, {10, 1000}, {20, 1010}}, now: 20, total: 1020,
			rate: 1, left: 10 * time.Second, known: true},
		{name: "window cuts a step", points: []point{{0, 0}, {20, 200}}, now: 20, total: 300,
			rate: 10, left: 10 * time.Second, known: true},
		{name: "a stall slows it", points: []point{{0, 0}, {5, 100}}, now: 10, total: 200,
			rate: 10, left: 10 * time.Second, known: true},
		{name: "a long stall stops it", points: []point{{0, 0}, {5, 100}}, now: 60, total: 200},
		{name: "start over", points: []point{{0, 0}, {1, 1000}, {2, 0}, {3, 5}}, now: 3, total: 10,
			rate: 5, left: time.Second, known: true},
		{name: "total unknown", points: []point{{0, 0}, {1, 10}}, now: 1, rate: 10},
		{name: "done", points: []point{{0, 0}, {1, 10}}, now: 1, total: 10, rate: 10, known: true},
		{name: "more than the total", points: []point{{0, 0}, {1, 20}}, now: 1, total: 10, rate: 20, known: true},
		{name: "years", points: []point{{0, 0}, {10, 1}}, now: 10, total: 1 << 40, rate: .1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := progress.NewEstimator(10 * time.Second)
			for _, p := range tt.points {
				e.Add(at(p.at), p.done)
			}
			if got := e.Rate(at(tt.now)); math.Abs(got-tt.rate) > 1e-9 {
				t.Errorf("rate %v, want %v", got, tt.rate)
			}
			left, known := e.Left(at(tt.now), tt.total)
			if known != tt.known || (left-tt.left).Abs() > time.Millisecond {
				t.Errorf("left %v %v, want %v %v", left, known, tt.left, tt.known)
			}
		})
	}
}

// Reports come as often as the workers like: the estimate stays exact and the
// work per report small.
func TestRateOfManyReports(t *testing.T) {
	e := progress.NewEstimator(10 * time.Second)
	for i := range 200_000 {
		e.Add(at(float64(i)/10_000), int64(i))
	}
	if got := e.Rate(at(20)); math.Abs(got-10_000) > 100 {
		t.Errorf("rate %v, want 10000", got)
	}
}
