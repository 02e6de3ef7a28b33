package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// facts are what is known about a step's progress, in the order in which they
// are left out where there is no room, the last one first.
func (s *step) facts(now time.Time) []string {
	if s.Done == 0 && s.Total == 0 {
		return []string{duration(now.Sub(s.begin))}
	}
	var facts []string
	if s.Total > 0 {
		percent := min(100, float64(s.Done)/float64(s.Total)*100)
		facts = append(facts, fmt.Sprintf("%3.0f%%", float64(int(percent))))
	}
	if left, ok := s.rate.Left(now, s.Total); ok && s.Done < s.Total {
		facts = append(facts, duration(left)+" left")
	}
	amount := s.amount(s.Done)
	if s.Total > 0 {
		amount += " of " + s.amount(s.Total)
	}
	facts = append(facts, amount)
	if rate := s.rate.Rate(now); rate >= 1 {
		facts = append(facts, s.amount(int64(rate))+"/s")
	}
	return facts
}

// barView draws one line again and again.
type barView struct {
	out   io.Writer
	width func() int
	drawn bool
}

func (v *barView) begin(*step) {}

func (v *barView) show(s *step, now time.Time, _ bool) {
	v.draw(barLine(s, now, v.width()-1))
}

func (v *barView) draw(line string) {
	fmt.Fprintf(v.out, "\r%s\x1b[K", line)
	v.drawn = true
}

func (v *barView) end(s *step, now time.Time) {
	v.draw(endLine(s, now) + "\n")
	v.drawn = false
}

func (v *barView) clear() {
	if v.drawn {
		v.draw("")
		v.drawn = false
	}
}

// barLine is a step's line in at most width columns.
func barLine(s *step, now time.Time, width int) string {
	const barMost, barLeast = 30, 8
	line := fmt.Sprintf("%-10s", plain(s.Step))
	facts := s.facts(now)
	room := func() int { return width - utf8.RuneCountInString(line+"  "+strings.Join(facts, "  ")) }
	if s.Total > 0 {
		for len(facts) > 1 && room() < barLeast+3 {
			facts = facts[:len(facts)-1]
		}
		if columns := min(barMost, room()-3); columns >= barLeast {
			line += " " + bar(s.Done, s.Total, columns)
		}
	}
	line += " " + strings.Join(facts, "  ")
	if text := plain(s.Text); text != "" && width-utf8.RuneCountInString(line) > 10 {
		line += "  " + text
	}
	return cut(line, width)
}

// bar is a bar with columns places between its brackets.
func bar(done, total int64, columns int) string {
	full := int(float64(columns) * min(1, float64(done)/float64(total)))
	inside := strings.Repeat("=", full)
	if full > 0 && full < columns {
		inside = inside[1:] + ">"
	}
	return fmt.Sprintf("[%-*s]", columns, inside)
}

// cut shortens a line to width columns.
func cut(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	return string([]rune(s)[:max(0, width)])
}

// endLine is what stays of a finished step.
func endLine(s *step, now time.Time) string {
	took := now.Sub(s.begin)
	line := fmt.Sprintf("%-10s %8s", plain(s.Step), duration(took))
	if s.Done > 0 {
		line += "  " + s.amount(s.Done)
		if rate := float64(s.Done) / took.Seconds(); took > time.Second && rate >= 1 {
			line += "  " + s.amount(int64(rate)) + "/s"
		}
	}
	return line
}

// lineView writes whole lines, for logs.
type lineView struct {
	out  io.Writer
	last time.Time
}

func (v *lineView) begin(s *step) {
	v.last = s.begin
	line := plain(s.Step)
	if s.Text != "" {
		line += ": " + plain(s.Text)
	}
	fmt.Fprintln(v.out, line)
}

func (v *lineView) show(s *step, now time.Time, _ bool) {
	if now.Sub(v.last) < lineEvery {
		return
	}
	v.last = now
	fmt.Fprintf(v.out, "%s: %s\n", plain(s.Step), strings.TrimSpace(strings.Join(s.facts(now), ", ")))
}

func (v *lineView) end(s *step, now time.Time) {
	fmt.Fprintf(v.out, "%s: done in %s\n", plain(s.Step), duration(now.Sub(s.begin)))
}

func (v *lineView) clear() {}

// jsonView writes one object a line.
type jsonView struct{ out io.Writer }

// jsonEvent is one line of progress. Done and total are bytes unless unit says
// otherwise, total is 0 while unknown, rate is per second.
type jsonEvent struct {
	Event   string   `json:"event"` // "begin", "progress" or "end"
	Step    string   `json:"step"`
	Text    string   `json:"text,omitempty"`
	Done    int64    `json:"done"`
	Total   int64    `json:"total"`
	Unit    string   `json:"unit,omitempty"`
	Rate    float64  `json:"rate,omitempty"`
	Left    *float64 `json:"seconds_left,omitempty"`
	Seconds float64  `json:"seconds"`
}

func (v *jsonView) begin(s *step) { v.write("begin", s, s.begin) }

func (v *jsonView) show(s *step, now time.Time, reported bool) {
	if reported {
		v.write("progress", s, now)
	}
}

func (v *jsonView) end(s *step, now time.Time) { v.write("end", s, now) }
func (v *jsonView) clear()                     {}

func (v *jsonView) write(kind string, s *step, now time.Time) {
	e := jsonEvent{
		Event: kind, Step: s.Step, Text: s.Text, Done: s.Done, Total: s.Total, Unit: s.Unit,
		Rate: s.rate.Rate(now), Seconds: now.Sub(s.begin).Seconds(),
	}
	if left, ok := s.rate.Left(now, s.Total); ok {
		seconds := left.Seconds()
		e.Left = &seconds
	}
	line, err := json.Marshal(e)
	if err != nil {
		return // numbers and texts only: cannot happen
	}
	v.out.Write(append(line, '\n'))
}
