package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/isowright/isowright/internal/progress"
)

func TestNumbers(t *testing.T) {
	tests := []struct{ got, want string }{
		{size(0), "0 B"}, {size(1023), "1023 B"}, {size(1024), "1.0 KiB"}, {size(1<<20 - 1), "1.0 MiB"},
		{size(1234567), "1.2 MiB"}, {size(5 << 30), "5.0 GiB"}, {size(1<<63 - 1), "8.0 EiB"}, {size(-2048), "-2.0 KiB"},
		{change(5), "+5 B"}, {change(-5), "-5 B"},
		{duration(0), "0.0 s"}, {duration(9940 * time.Millisecond), "9.9 s"}, {duration(9960 * time.Millisecond), "10 s"},
		{duration(59600 * time.Millisecond), "1:00"}, {duration(61 * time.Second), "1:01"},
		{duration(time.Hour + 62*time.Second), "1:01:02"},
		{group(0), "0"}, {group(999), "999"}, {group(1000), "1,000"}, {group(-1234567), "-1,234,567"}, {group(-123), "-123"},
		{count(1, "problem"), "1 problem"}, {count(1000, "file"), "1,000 files"},
		{plain("a \"b\" \\ ü\x1b[31m\n\xff"), `a "b" \ ü\x1b[31m\n\xff`},
		{shellWord("a/b.iso"), "a/b.iso"}, {shellWord("a b"), "'a b'"}, {shellWord("it's"), `'it'\''s'`},
		{shellWord(""), "''"}, {shellWord("$(x)"), "'$(x)'"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

// stepAt is a step that has come to done at 2 s.
func stepAt(e progress.Event) (*step, time.Time) {
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := &step{Event: e, begin: begin, rate: progress.NewEstimator(rateWindow)}
	now := begin.Add(2 * time.Second)
	s.rate.Add(begin, 0)
	s.rate.Add(now, e.Done)
	return s, now
}

func TestBarLine(t *testing.T) {
	bytes50 := progress.Event{Step: "squashfs", Done: 50 << 20, Total: 200 << 20}
	tests := []struct {
		name  string
		event progress.Event
		width int
		want  string
	}{
		{"wide", bytes50, 110,
			"squashfs   [======>                       ]  25%  6.0 s left  50.0 MiB of 200.0 MiB  25.0 MiB/s"},
		{"usual", bytes50, 79, "squashfs   [==>          ]  25%  6.0 s left  50.0 MiB of 200.0 MiB  25.0 MiB/s"},
		{"narrow", bytes50, 40, "squashfs   [=>       ]  25%  6.0 s left"},
		{"narrowest", bytes50, 12, "squashfs    "},
		{"packages", progress.Event{Step: "install", Done: 100, Total: 100, Unit: "packages"}, 100,
			"install    [==============================] 100%  100 packages of 100 packages  50 packages/s"},
		{"total unknown", progress.Event{Step: "download", Done: 2 << 20}, 79, "download   2.0 MiB  1.0 MiB/s"},
		{"nothing known", progress.Event{Step: "index", Text: "asking\x1b[2J"}, 79, `index      2.0 s  asking\x1b[2J`},
		{"more than all", progress.Event{Step: "x", Done: 3 << 20, Total: 1 << 20}, 60,
			"x          [==========] 100%  3.0 MiB of 1.0 MiB  1.5 MiB/s"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, now := stepAt(tt.event)
			got := barLine(s, now, tt.width)
			if got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			if n := utf8.RuneCountInString(got); n > tt.width {
				t.Errorf("%d columns in %d", n, tt.width)
			}
		})
	}
}

// run reports two steps to a display and ends it, in fake time.
func run(v view, finish func(*display)) {
	d := &display{view: v, ended: map[string]bool{}}
	d.thin = progress.Thin(redraw, time.Second, d.deliver)
	d.report(progress.Event{Step: "one", Text: "first"})
	time.Sleep(1500 * time.Millisecond)
	for i := range 700 {
		d.report(progress.Event{Step: "two", Text: "second", Done: int64(i+1) << 20, Total: 700 << 20})
		// Never at the same moment as the thinner.
		time.Sleep(33700 * time.Microsecond)
	}
	d.report(progress.Event{Step: "one", Text: "late"}) // it has ended: not shown
	finish(d)
}

func TestLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		run(&lineView{out: &out}, (*display).done)
		want := []string{
			"one: first", "one: done in 1.5 s", "two: second",
			"two: 42%, 14 s left, 297.0 MiB of 700.0 MiB, 29.6 MiB/s",
			"two: 84%, 3.6 s left, 594.0 MiB of 700.0 MiB, 29.7 MiB/s",
			"two: done in 24 s",
		}
		if got := strings.Split(strings.TrimSpace(out.String()), "\n"); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// screen is what a terminal shows of carriage returns and erased lines.
func screen(text string) []string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		last := line[strings.LastIndex(line, "\r")+1:]
		lines = append(lines, strings.ReplaceAll(last, "\x1b[K", ""))
	}
	return lines
}

func TestBar(t *testing.T) {
	for name, end := range map[string]struct {
		finish func(*display)
		want   []string
	}{
		"done":    {(*display).done, []string{"one           1.5 s", "two            24 s  700.0 MiB  29.7 MiB/s", ""}},
		"stopped": {(*display).stop, []string{"one           1.5 s", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				run(&barView{out: &out, width: func() int { return 80 }}, end.finish)
				if got := screen(out.String()); strings.Join(got, "\n") != strings.Join(end.want, "\n") {
					t.Errorf("the screen shows %q, want %q", got, end.want)
				}
				// 25 s of ten pictures a second at most.
				if n := strings.Count(out.String(), "\r"); n > 260 || n < 200 {
					t.Errorf("%d pictures", n)
				}
			})
		})
	}
}

func TestJSONEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		run(&jsonView{out: &out}, (*display).done)
		var first, last jsonEvent
		for i, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
			last = jsonEvent{}
			if err := json.Unmarshal([]byte(line), &last); err != nil {
				t.Fatalf("line %q: %v", line, err)
			}
			if i == 0 {
				first = last
			}
		}
		if first.Event != "begin" || first.Step != "one" {
			t.Errorf("the first event is %+v", first)
		}
		if last.Event != "end" || last.Step != "two" || last.Done != 700<<20 || last.Seconds != 23.59 {
			t.Errorf("the last event is %+v", last)
		}
	})
}

func TestLineWatch(t *testing.T) {
	var last string
	w := &lineWatch{sink: func(e progress.Event) { last = e.Text }}
	for _, tt := range []struct{ in, want string }{
		{"Booting", "Booting"},
		{" Linux\r\n", "Booting Linux"},
		{"\n\n", "Booting Linux"},
		{"\x1b[1;32m  OK \x1b[0m\a ready\r\nnext", "next"},
		{" line\nlast one\n", "last one"},
	} {
		w.Write([]byte(tt.in))
		if last != tt.want {
			t.Errorf("after %q: %q, want %q", tt.in, last, tt.want)
		}
	}
}
