package nix

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
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

// message takes what nix itself says.
func (l *listener) message(r record) {
	m := message{text: r.Msg}
	if r.RawMsg != nil {
		m.text = *r.RawMsg
	}
	m.text = plain(m.text)
	// Nix's suggestions are in the long form only.
	if _, near, ok := strings.Cut(plain(r.Msg), "Did you mean "); ok && !strings.Contains(m.text, "Did you mean ") {
		m.text += "\nDid you mean " + near
	}
	m.file, m.line = r.place()
	l.log(plain(r.Msg))
	whole := message{text: plain(r.Msg), file: m.file, line: m.line}
	switch {
	case r.Level == levelError && (r.RawMsg != nil || strings.HasPrefix(plain(r.Msg), "error:")):
		l.faults = append(l.faults, m)
	case r.Level <= levelWarn && l.warning(whole):
	default:
		l.messages = append(l.messages, m.text)
	}
}

// text takes a line that is no record: ssh, a crash, an older Nix.
func (l *listener) text(line string) {
	l.log(line)
	switch {
	case strings.HasPrefix(line, "error:"):
		l.faults = append(l.faults, message{text: strings.TrimSpace(strings.TrimPrefix(line, "error:"))})
	case len(l.faults) > 0 && strings.HasPrefix(line, "  "):
		// What belongs to an error is indented.
		l.faults[len(l.faults)-1].text += "\n" + line
	case outside.MatchString(line):
		l.outside = classifyKnown(message{text: line})
		l.messages = append(l.messages, line)
	default:
		if !l.warning(message{text: line}) {
			l.messages = append(l.messages, line)
		}
	}
}

// outside are the words of ssh and git, which say more than nix does of their
// failure.
var outside = regexp.MustCompile(`^(?:ssh: |Host key verification failed|\S+: Permission denied \(|fatal: (?:unable to access|Could not read from))`)

// warning passes on a warning that a person should know of.
func (l *listener) warning(m message) bool {
	e, ok := classifyWarning(m)
	if ok && e.Kind == KindRemote {
		l.machine = e
	}
	if ok && l.watch.Warn != nil {
		l.watch.Warn(e)
	}
	return ok
}

func (l *listener) log(line string) {
	if l.watch.Log != nil {
		l.watch.Log(line)
	}
}

// report drops what says nothing new.
func (l *listener) report(e progress.Event) {
	if e != l.last {
		l.last = e
		l.watch.Progress.Report(e)
	}
}

func (l *listener) reportBuild() {
	done, total := l.sum(actBuilds)
	e := progress.Event{Step: StepBuild, Text: "building", Done: done, Total: total, Unit: "derivations"}
	if len(l.building) > 0 {
		a := l.building[len(l.building)-1]
		e.Text = "building " + storeName(a.subject)
		if a.place != "" {
			e.Text += " on " + host(a.place)
		}
		if a.phase != "" {
			e.Text += " (" + strings.TrimSuffix(a.phase, "Phase") + ")"
		}
		if isImage(a.subject) && len(l.building) == 1 {
			l.report(progress.Event{Step: StepImage, Text: "packing " + storeName(a.subject)})
			return
		}
	}
	if total > 0 || len(l.building) > 0 {
		l.report(e)
	}
}

// reportCopies counts unpacked bytes: they are known for every kind of store.
func (l *listener) reportCopies(a *activity) {
	done, total := l.sum(actCopyPath)
	e := progress.Event{Step: l.copies, Text: l.last.Text, Done: done, Total: total}
	switch {
	case a.kind == actSubstitute && a.subject != "":
		e.Text = "fetching " + storeName(a.subject) + " from " + host(a.place)
	case a.kind == actCopyPath && a.subject != "" && l.copies == StepCopy:
		e.Text = "copying " + storeName(a.subject) + " from " + host(a.place)
	case a.kind == actCopyPath && a.subject != "":
		e.Text = "fetching " + storeName(a.subject) + " from " + host(a.place)
	case a.complete && a.kind == actCopyPaths && total > 0:
		e.Done = total
	case l.last.Step != l.copies && done == 0:
		return // nothing to copy
	case l.last.Step != l.copies:
		e.Text = "fetching"
	}
	l.report(e)
}

// reportTransfer counts what is downloaded to evaluate. Downloads of a build
// are counted as they are unpacked.
func (l *listener) reportTransfer(a *activity) {
	if l.realising || strings.HasSuffix(a.subject, ".narinfo") || strings.HasSuffix(a.subject, "/nix-cache-info") {
		return
	}
	l.report(progress.Event{Step: StepInputs, Text: "downloading " + a.subject, Done: a.done, Total: a.expected})
}

// percent is xorriso's "xorriso : UPDATE :  12.34% done".
var percent = regexp.MustCompile(`(\d{1,3})(?:\.\d+)?% done`)

// reportPacking reads how far an image's packing is where its program says.
func (l *listener) reportPacking(a *activity, line string) {
	m := percent.FindStringSubmatch(line)
	if m == nil {
		return
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n > 100 {
		return
	}
	l.report(progress.Event{Step: StepImage, Text: "packing " + storeName(a.subject), Done: int64(n), Total: 100, Unit: "percent"})
}

// isImage tells whether a derivation packs an image, which takes minutes and
// reports little.
func isImage(drv string) bool {
	name := storeName(drv)
	return strings.HasSuffix(name, ".iso") || strings.HasSuffix(name, ".img") || strings.HasSuffix(name, ".iso.zst") ||
		strings.Contains(name, "squashfs")
}

// host is what a person calls a store: its host where it has one.
func host(store string) string {
	if u, err := url.Parse(store); err == nil && u.Host != "" {
		return u.Host
	}
	return store
}

// tails keeps the last lines of builds, also of some that ended, since their
// failure may be told later.
type tails struct {
	lines map[string][]string
	ended []string
}

const (
	tailLines  = 40
	tailBuilds = 64
	tailWidth  = 4096 // bytes of a line
)

func (t *tails) add(drv, line string) {
	if t.lines == nil {
		t.lines = map[string][]string{}
	}
	if len(line) > tailWidth {
		line = fmt.Sprintf("%s… (%d bytes)", strings.ToValidUTF8(line[:tailWidth], ""), len(line))
	}
	kept := append(t.lines[drv], line)
	if len(kept) > tailLines {
		kept = append(kept[:0:0], kept[len(kept)-tailLines:]...)
	}
	t.lines[drv] = kept
}

func (t *tails) close(drv string) {
	if _, ok := t.lines[drv]; !ok {
		return
	}
	if t.ended = append(t.ended, drv); len(t.ended) > tailBuilds {
		delete(t.lines, t.ended[0])
		t.ended = t.ended[1:]
	}
}

// of gives the kept lines of a derivation.
func (t *tails) of(drv string) string { return strings.Join(t.lines[drv], "\n") }
