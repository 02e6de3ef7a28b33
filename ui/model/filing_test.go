package model

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

// saved is a design that lies in a folder with files.
func saved(t *testing.T, s *Session, files map[string]string) (*Document, string) {
	t.Helper()
	dir := computer(t, files, "")
	doc := fresh(t, s)
	if err := doc.SaveAs(filepath.Join(dir, "x.isowright")); err != nil {
		t.Fatal(err)
	}
	return doc, dir
}

// placed waits for where paths lie.
func placed(t *testing.T, l *loop, doc *Document, paths ...string) Placed {
	t.Helper()
	var p *Placed
	doc.Place(paths, func(found Placed) { p = &found })
	l.until(t, "the places", func() bool { return p != nil })
	return *p
}

func TestPlace(t *testing.T) {
	s, l := begin(t, Actions{})
	doc, dir := saved(t, s, map[string]string{"tools/run.sh": "x", "id": "-----BEGIN OPENSSH PRIVATE KEY-----\n"})
	other := computer(t, map[string]string{"elsewhere.txt": "x"}, "")
	outside := filepath.Join(other, "elsewhere.txt")
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	p := placed(t, l, doc, filepath.Join(dir, "tools"), filepath.Join(dir, "tools/run.sh"), outside,
		filepath.Join(dir, "link"), filepath.Join(dir, "id"), filepath.Join(dir, "missing"))
	if !slices.Equal(p.Inside, []string{"tools", "tools/run.sh"}) {
		t.Errorf("inside: %q", p.Inside)
	}
	if !slices.Equal(p.Outside, []string{outside, filepath.Join(dir, "link")}) {
		t.Errorf("outside: %q", p.Outside)
	}
	if len(p.Refused) != 2 || !p.Refused[0].Secret || p.Refused[1].Err == nil {
		t.Errorf("refused: %+v", p.Refused)
	}
}

func TestAddFilesIsOneStepWithTargetsOfTheirOwn(t *testing.T) {
	s, _ := begin(t, Actions{})
	doc, _ := saved(t, s, map[string]string{"a/x": "1", "b/x": "2"})
	doc.AddFiles([]string{"a/x", "b/x"})
	want := []design.File{{Source: "a/x", Target: "/opt/x"}, {Source: "b/x", Target: "/opt/x-2"}}
	if !slices.Equal(doc.Design().Files, want) {
		t.Errorf("added %+v", doc.Design().Files)
	}
	if p := doc.Problems(); len(p) > 0 {
		t.Errorf("problems: %v", p)
	}
	if got := doc.UndoText(); got != "Undo: add 2 files" {
		t.Errorf("undo says %q", got)
	}
	doc.Undo()
	if len(doc.Design().Files) > 0 {
		t.Error("one undo does not take both back")
	}
	doc.AddFiles(nil)
	if doc.UndoText() != "" {
		t.Error("adding nothing is a step")
	}
}

// copied waits until a copy has come to an end.
func copied(t *testing.T, l *loop, s *Session, doc *Document, paths ...string) (sources []string, j *Job) {
	t.Helper()
	if !doc.CopyBeside(paths, func(names []string) { sources = names }) {
		t.Fatal("the copy did not begin")
	}
	l.until(t, "the copy", func() bool { return s.Job(Files).State != Running })
	return sources, s.Job(Files)
}

func TestCopyBeside(t *testing.T) {
	s, l := begin(t, Actions{})
	doc, dir := saved(t, s, map[string]string{"files/data.txt": "already here"})
	other := computer(t, map[string]string{"data.txt": "from elsewhere", "tree/deep/x.sh": "#!/bin/sh\n"}, "")
	if err := os.Chmod(filepath.Join(other, "tree/deep/x.sh"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("deep/x.sh", filepath.Join(other, "tree/link")); err != nil {
		t.Fatal(err)
	}
	sources, j := copied(t, l, s, doc, filepath.Join(other, "data.txt"), filepath.Join(other, "tree"))
	if j.State != Done || !slices.Equal(sources, []string{"files/data-2.txt", "files/tree"}) {
		t.Fatalf("copied %q: %v", sources, j.Err)
	}
	doc.AddFiles(sources)
	for name, want := range map[string]string{"files/data.txt": "already here", "files/data-2.txt": "from elsewhere", "files/tree/deep/x.sh": "#!/bin/sh\n", "files/tree/link": "#!/bin/sh\n"} {
		if got := textOf(t, filepath.Join(dir, name)); got != want {
			t.Errorf("%s holds %q", name, got)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "files/tree/deep/x.sh")); err != nil || info.Mode().Perm()&0o111 == 0 {
		t.Errorf("the script is no longer one: %v %v", info.Mode(), err)
	}
	if p := design.CheckFiles(doc.Design()); len(p) > 0 {
		t.Errorf("the design's files have faults: %v", p)
	}
	if p := j.Phase(); p == nil || p.Done != p.Total || p.Total == 0 {
		t.Errorf("the progress ended at %+v", p)
	}
}

func TestACopyThatFailsLeavesNothing(t *testing.T) {
	s, l := begin(t, Actions{})
	doc, dir := saved(t, s, nil)
	other := computer(t, map[string]string{"tree/a": "x", "tree/key": "-----BEGIN OPENSSH PRIVATE KEY-----\n"}, "")
	sources, j := copied(t, l, s, doc, filepath.Join(other, "tree"))
	if j.State != Failed || sources != nil || !strings.Contains(j.Err.Error(), "private key") {
		t.Errorf("a folder with a private key: %v, %q", j.Err, sources)
	}
	entries, _ := os.ReadDir(filepath.Join(dir, "files"))
	if len(entries) > 0 {
		t.Errorf("left over: %v", entries)
	}
}

func TestACopyThatIsCancelledLeavesNothing(t *testing.T) {
	s, l := begin(t, Actions{})
	doc, dir := saved(t, s, nil)
	other := computer(t, map[string]string{"big": ""}, "")
	// Without blocks of its own, and far more than is copied before the cancel.
	if err := os.Truncate(filepath.Join(other, "big"), 1<<36); err != nil {
		t.Fatal(err)
	}
	called := false
	if !doc.CopyBeside([]string{filepath.Join(other, "big")}, func([]string) { called = true }) {
		t.Fatal("the copy did not begin")
	}
	s.Job(Files).Cancel()
	l.until(t, "the end", func() bool { return s.Job(Files).State != Running })
	entries, _ := os.ReadDir(filepath.Join(dir, "files"))
	if s.Job(Files).State != Cancelled || called || len(entries) > 0 {
		t.Errorf("state %d, called %t, left over %v", s.Job(Files).State, called, entries)
	}
}

func TestMeasureFiles(t *testing.T) {
	s, l := begin(t, Actions{})
	doc, _ := saved(t, s, map[string]string{"tools/a": "12345", "tools/b/c": "123", "one": "x"})
	doc.AddFiles([]string{"tools", "one", "missing"})
	if _, known := doc.Measured("one"); known {
		t.Error("a size is known that nobody has asked for")
	}
	told := false
	s.Listen(func(c Change) { told = told || c.What == FilesMeasured })
	doc.MeasureFiles()
	l.until(t, "the sizes", func() bool { return told })
	tools, _ := doc.Measured("tools")
	one, _ := doc.Measured("one")
	missing, known := doc.Measured("missing")
	if tools != (Measure{Size: 8, Files: 2, Dir: true}) || one != (Measure{Size: 1, Files: 1}) {
		t.Errorf("measured %+v and %+v", tools, one)
	}
	if !known || missing.Err == nil {
		t.Errorf("a file that is not there measures %+v", missing)
	}
}
