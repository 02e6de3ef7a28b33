package nix

import (
	"strings"

	"github.com/isowright/isowright/internal/progress"
)

// Steps that calls report.
const (
	StepEvaluate = "evaluate"
	StepInputs   = "inputs"
	StepFetch    = "fetch"
	StepBuild    = "build"
	StepImage    = "image"
	StepCopy     = "copy"
)

// listener follows one call from what it writes to standard error. Its lines
// come from one goroutine.
type listener struct {
	watch  Watch
	copies string

	activities map[uint64]*activity
	byType     map[int]*tally
	logs       tails
	realising  bool
	// building are the builds under way, in order of their start.
	building []*activity
	last     progress.Event

	// messages are nix's own, plain, without errors; faults are the errors.
	messages []string
	faults   []message
	// outside is what ssh or git told before nix failed.
	outside *Error
	// machine is the last remote builder that could not be used.
	machine *Error
}

// message is an error or a warning of nix.
type message struct {
	text string
	file string
	line int
}

// activity is something nix does.
type activity struct {
	id   uint64
	kind int
	text string
	// subject is the derivation, path or URL, place the machine or cache.
	subject, place string
	phase          string
	done, expected int64
	// complete: all of its parts have ended well.
	complete bool
	promised map[int]int64
}

// tally adds up the activities of one type, as nix's own progress bar does.
type tally struct {
	done, expected int64 // of those that ended; expected as promised
	live           map[uint64]*activity
}

func newListener(c command) *listener {
	copies := c.copies
	if copies == "" {
		copies = StepFetch
	}
	return &listener{watch: c.watch, copies: copies, activities: map[uint64]*activity{}, byType: map[int]*tally{}}
}

// line takes one line of standard error.
func (l *listener) line(text string) {
	r, ok := parseRecord(text)
	if !ok {
		l.text(plain(text))
		return
	}
	switch r.Action {
	case "start":
		l.start(r)
	case "stop":
		l.stop(r)
	case "result":
		l.result(r)
	case "msg":
		l.message(r)
	}
}

func (l *listener) start(r record) {
	a := &activity{id: r.ID, kind: r.Type, text: plain(r.Text), subject: r.text(0), place: r.text(1)}
	l.activities[a.id] = a
	l.tally(a.kind).live[a.id] = a
	switch a.kind {
	case actRealise:
		l.realising = true
	case actBuild:
		l.building = append(l.building, a)
		l.reportBuild()
	case actSubstitute, actCopyPath:
		l.reportCopies(a)
	case actFetchTree, actFetchToStore:
		l.report(progress.Event{Step: StepInputs, Text: a.text})
	case actFileTransfer:
		l.reportTransfer(a)
	case 0:
		if !l.realising && strings.HasPrefix(a.text, "evaluating") {
			l.report(progress.Event{Step: StepEvaluate, Text: a.text})
		}
	}
}

func (l *listener) stop(r record) {
	a := l.activities[r.ID]
	if a == nil {
		return
	}
	delete(l.activities, a.id)
	t := l.tally(a.kind)
	delete(t.live, a.id)
	if rest := a.expected - a.done; a.kind == actCopyPath && rest > 0 && rest < copyStep {
		a.done = a.expected
	}
	t.done += a.done
	for kind, n := range a.promised {
		l.tally(kind).expected -= n
	}
	if a.kind == actBuild {
		for i, b := range l.building {
			if b == a {
				l.building = append(l.building[:i:i], l.building[i+1:]...)
				break
			}
		}
		l.logs.close(a.subject)
	}
}

func (l *listener) result(r record) {
	a := l.activities[r.ID]
	switch r.Type {
	case resBuildLogLine, resPostBuildLogLine:
		l.buildLine(a, plain(r.text(0)))
	}
	if a == nil {
		return
	}
	switch r.Type {
	case resSetPhase:
		a.phase = plain(r.text(0))
		l.reportBuild()
	case resSetExpected:
		l.promise(a, int(r.number(0)), r.number(1))
	case resProgress:
		a.done, a.expected = r.number(0), r.number(1)
		a.complete = a.expected > 0 && a.done == a.expected && r.number(2) == 0 && r.number(3) == 0
		switch a.kind {
		case actCopyPath, actCopyPaths:
			l.reportCopies(a)
		case actFileTransfer:
			l.reportTransfer(a)
		case actBuilds:
			l.reportBuild()
		}
	}
}

// copyStep is how many bytes nix copies, at most, between two reports: the last
// ones of a path, and so all of a small path, are not reported.
const copyStep = 64 << 10

// promise notes how much of a kind an activity will bring.
func (l *listener) promise(a *activity, kind int, n int64) {
	if a.promised == nil {
		a.promised = map[int]int64{}
	}
	l.tally(kind).expected += n - a.promised[kind]
	a.promised[kind] = n
}

func (l *listener) tally(kind int) *tally {
	t := l.byType[kind]
	if t == nil {
		t = &tally{live: map[uint64]*activity{}}
		l.byType[kind] = t
	}
	return t
}

// sum is what was done of a kind and what is expected in all, which is never
// less.
func (l *listener) sum(kind int) (done, expected int64) {
	t := l.tally(kind)
	done = t.done
	expected = t.done
	for _, a := range t.live {
		done += a.done
		expected += a.expected
	}
	return done, max(done, expected, t.expected)
}

// buildLine passes on a line of a build's log.
func (l *listener) buildLine(a *activity, line string) {
	if a == nil {
		l.log(line)
		return
	}
	if a.kind == actBuild {
		l.logs.add(a.subject, line)
	}
	if name := storeName(a.subject); name != "" {
		l.log(name + "> " + line)
	} else {
		l.log(line)
	}
	if a.kind == actBuild && isImage(a.subject) {
		l.reportPacking(a, line)
	}
}
