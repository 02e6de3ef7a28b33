package nix

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/isowright/isowright/internal/progress"
)

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
