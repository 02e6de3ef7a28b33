package model

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/store"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("ISOWRIGHT_TEST_EDITOR"); dir != "" {
		editUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// editUntilKilled is the program that TestKilledWhileEditing kills: it edits and
// saves a design as fast as it can, and says on standard output which edits would
// come back ("kept N") and which are in the file ("saved N").
func editUntilKilled(dir string) {
	l := newLoop()
	s := New(Env{Post: l.post, Home: dir, Library: store.NewLibrary(filepath.Join(dir, "library.db"))})
	doc, err := s.Open(filepath.Join(dir, "a.isowright"))
	if err != nil {
		panic(err)
	}
	numbers := map[string]int{}
	s.Listen(func(c Change) {
		if c.What == LibraryChanged && c.Doc == doc && doc.Kept() != "" {
			fmt.Printf("kept %d\n", numbers[doc.Kept()])
		}
	})
	pace := time.NewTicker(2 * time.Millisecond)
	for n := 1; ; n++ {
		doc.Edit(Act("edit"), func(d *design.Design) { d.Name = fmt.Sprintf("edit %d", n) })
		numbers[design.ID(doc.Design())] = n
		if n%200 == 0 {
			if err := doc.Save(); err != nil {
				panic(err)
			}
			fmt.Printf("saved %d\n", n)
		}
		for waiting := true; waiting; {
			select {
			case f := <-l.posted:
				f()
			case <-pace.C:
				waiting = false
			}
		}
	}
}

// TestKilledWhileEditing kills an editing program at 50 random moments: what it
// said was kept comes back, and the file is always a whole design.
func TestKilledWhileEditing(t *testing.T) {
	const seed = 1
	random := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	path := filepath.Join(dir, "a.isowright")
	d, err := design.Parse([]byte(template(t, "minimal").Text), dir)
	if err != nil {
		t.Fatal(err)
	}
	d.Name = "edit 0"
	if err := design.Save(path, d); err != nil {
		t.Fatal(err)
	}
	rounds := 0
	defer func() {
		if rounds < 5 {
			t.Errorf("only in %d rounds anything was kept before the end", rounds)
		}
	}()
	for round := range 50 {
		said := killedAfter(t, dir, time.Duration(random.IntN(900))*time.Millisecond)
		if said > 0 {
			rounds++
		}
		checkRecovered(t, round, dir, path, said)
	}
}

// killedAfter runs the editor until it is killed, and gives the number of the last
// edit that it had kept or saved.
func killedAfter(t *testing.T, dir string, after time.Duration) int {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "ISOWRIGHT_TEST_EDITOR="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(after, func() { cmd.Process.Kill() })
	defer kill.Stop()
	last := 0
	for r := bufio.NewReader(out); ; {
		line, err := r.ReadString('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		_, number, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, err := strconv.Atoi(number)
		if err != nil {
			t.Fatalf("the editor said %q", line)
		}
		last = max(last, n)
	}
	cmd.Wait()
	return last
}

// checkRecovered opens what the killed editor has left, and then makes the next
// round begin anew.
func checkRecovered(t *testing.T, round int, dir, path string, said int) {
	t.Helper()
	onDisk, err := design.Load(path)
	if err != nil {
		t.Fatalf("round %d: the design's file: %v", round, err)
	}
	l := newLoop()
	library := store.NewLibrary(filepath.Join(dir, "library.db"))
	s := New(Env{Post: l.post, Home: dir, Library: library})
	defer s.End()
	n, err := recovered(t, s, l)
	if err != nil {
		t.Fatalf("round %d: the library: %v", round, err)
	}
	back := onDisk.Name
	if n > 0 {
		back = s.Current().Design().Name
	}
	number, err := strconv.Atoi(strings.TrimPrefix(back, "edit "))
	if err != nil {
		t.Fatalf("round %d: %q came back", round, back)
	}
	fromDisk, _ := strconv.Atoi(strings.TrimPrefix(onDisk.Name, "edit "))
	if max(number, fromDisk) < said {
		t.Errorf("round %d: edit %d was kept, %d came back and %d is in the file", round, said, number, fromDisk)
	}
	drafts, err := library.Drafts()
	if err != nil {
		t.Fatal(err)
	}
	for _, draft := range drafts {
		if err := library.DropDraft(draft.Key); err != nil {
			t.Fatal(err)
		}
	}
	onDisk.Name = "edit 0"
	if err := design.Save(path, onDisk); err != nil {
		t.Fatal(err)
	}
}

// TestDraftFollowsWithinASecond shows by a clock of its own that no edit is older
// than the pause when its draft begins to be written.
func TestDraftFollowsWithinASecond(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		l := newLoop()
		s := New(Env{Post: l.post, Home: dir, Library: store.NewLibrary(filepath.Join(dir, "library.db"))})
		defer s.End()
		doc := fresh(t, s)
		began := time.Now()
		for n := range 10 {
			doc.Edit(Act("x"), func(d *design.Design) { d.Name = fmt.Sprint("name ", n) })
			time.Sleep(draftPause / 5)
			drain(l)
		}
		if !doc.draft.kept {
			t.Errorf("%v after the first edit nothing is kept, because others followed", time.Since(began))
		}
		time.Sleep(2 * draftPause)
		synctest.Wait()
		drain(l)
		synctest.Wait()
		drain(l)
		if doc.Kept() != design.ID(doc.Design()) {
			t.Error("the last edit is not kept")
		}
	})
}

func drain(l *loop) {
	for len(l.posted) > 0 {
		(<-l.posted)()
	}
}

func TestDraftsComeBackAndGo(t *testing.T) {
	dir := t.TempDir()
	library := store.NewLibrary(filepath.Join(dir, "library.db"))
	session := func() (*Session, *loop) {
		l := newLoop()
		return New(Env{Post: l.post, Home: dir, Library: library}), l
	}
	s, _ := session()
	doc := fresh(t, s)
	doc.Edit(Act("x"), func(d *design.Design) { d.Packages = []string{"git"} })
	id := design.ID(doc.Design())
	if err := s.KeepDrafts(); err != nil {
		t.Fatal(err)
	}
	s.End()

	s, l := session()
	if n, err := recovered(t, s, l); n != 1 || err != nil {
		t.Fatalf("%d came back, %v", n, err)
	}
	if got := s.Current(); design.ID(got.Design()) != id || !got.Dirty() || got.Recovered().IsZero() {
		t.Error("it is not the design that was kept")
	}
	if n, _ := recovered(t, s, l); n != 0 {
		t.Error("it comes back twice")
	}
	if err := s.Current().SaveAs(filepath.Join(dir, "b.isowright")); err != nil {
		t.Fatal(err)
	}
	l.until(t, "the draft to be dropped", func() bool {
		drafts, err := library.Drafts()
		return err == nil && len(drafts) == 0
	})
	s.End()
}

// recovered waits until the drafts that were left are open.
func recovered(t *testing.T, s *Session, l *loop) (n int, err error) {
	t.Helper()
	done := false
	s.Recover(func(many int, why error) { n, err, done = many, why, true })
	l.until(t, "the drafts of earlier", func() bool { return done })
	return n, err
}

// A draft is left alone as long as the window that has it is open.
func TestDraftsOfAnotherWindowAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	session := func() (*Session, *loop) {
		l := newLoop()
		s := New(Env{Post: l.post, Home: dir, Library: store.NewLibrary(filepath.Join(dir, "library.db"))})
		t.Cleanup(s.End)
		return s, l
	}
	first, l := session()
	doc := fresh(t, first)
	doc.Edit(Act("x"), func(d *design.Design) { d.Name = "of the first window" })
	l.until(t, "the draft", func() bool { return doc.Kept() == design.ID(doc.Design()) })

	second, k := session()
	if n, err := recovered(t, second, k); n != 0 || err != nil {
		t.Fatalf("%d drafts of the open window were taken, %v", n, err)
	}
	if n, err := recovered(t, first, l); n != 0 || err != nil {
		t.Errorf("the window has taken %d of its own drafts, %v", n, err)
	}
	first.End()
	if n, err := recovered(t, second, k); n != 1 || err != nil || second.Current().Title() != "of the first window" {
		t.Errorf("after the first was closed %d came back, %v", n, err)
	}
	third, m := session()
	if n, err := recovered(t, third, m); n != 0 || err != nil {
		t.Errorf("a third window took %d of the second's, %v", n, err)
	}
	second.Close(second.Current())
	k.until(t, "the draft to be dropped", func() bool {
		drafts, err := third.Env().Library.Drafts()
		return err == nil && len(drafts) == 0
	})
}

func TestAnotherWindowWithTheSameDesignIsToldOf(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.isowright")
	d, err := design.Parse([]byte(template(t, "minimal").Text), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := design.Save(path, d); err != nil {
		t.Fatal(err)
	}
	open := func() (*Session, *loop) {
		l := newLoop()
		s := New(Env{Post: l.post, Home: dir, Library: store.NewLibrary(filepath.Join(dir, "library.db"))})
		t.Cleanup(s.End)
		if _, err := s.Open(path); err != nil {
			t.Fatal(err)
		}
		l.until(t, "the claim", func() bool { return s.Current().unclaim != nil || s.Message().Text != "" })
		return s, l
	}
	first, _ := open()
	second, _ := open()
	if first.Message().Text != "" || !strings.Contains(second.Message().Text, "another window") {
		t.Errorf("told %q and %q", first.Message().Text, second.Message().Text)
	}
	second.Close(second.Current())
	first.Close(first.Current())
	if third, _ := open(); third.Message().Text != "" {
		t.Errorf("after both were closed: %q", third.Message().Text)
	}
}
