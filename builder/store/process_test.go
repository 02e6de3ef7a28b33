package store

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// childVariable tells this program, run by its tests, what to be: a word and
// the library's path.
const childVariable = "STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	task, path, ok := strings.Cut(os.Getenv(childVariable), " ")
	if !ok {
		os.Exit(m.Run())
	}
	l := NewLibrary(path)
	l.wait = time.Minute
	if err := children()[task](l); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// children are what processes of the tests do.
func children() map[string]func(*Library) error {
	return map[string]func(*Library) error{
		// Drafts without end, from the number on that the input tells; each is
		// printed when it is kept.
		"drafts": func(l *Library) error {
			var n int
			if _, err := fmt.Scan(&n); err != nil {
				return err
			}
			for ; ; n++ {
				if err := l.PutDraft(draft(n)); err != nil {
					return err
				}
				fmt.Println(n)
			}
		},
		// As many lines in the journal, mixed with drafts and designs.
		"lines": func(l *Library) error {
			for n := range sharedLines {
				d := draft(n)
				d.Key = fmt.Sprint("draft of ", os.Getpid())
				r := recent(n % 7)
				r.Path = fmt.Sprintf("/%d/%s", os.Getpid(), r.Path)
				f := flash(n)
				f.Device = strconv.Itoa(os.Getpid())
				for _, err := range []error{l.PutDraft(d), l.Touch(r), l.AddFlash(f)} {
					if err != nil {
						return err
					}
				}
			}
			return nil
		},
		// Claims and waits for its end.
		"claim": func(l *Library) error {
			_, _, err := l.Claim("design:/a", at(5))
			fmt.Println("claimed", err)
			_, _ = io.Copy(io.Discard, os.Stdin)
			return err
		},
	}
}

const sharedLines = 40

// child is such a process.
func child(t *testing.T, task string, l *Library) (cmd *exec.Cmd, in io.WriteCloser, out *bufio.Reader) {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	cmd = exec.Command(self)
	cmd.Env = append(os.Environ(), childVariable+"="+task+" "+l.path)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	in, err = cmd.StdinPipe()
	must(t, err)
	pipe, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return cmd, in, bufio.NewReader(pipe)
}

// kill ends a process as the worst crash does.
func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	must(t, cmd.Process.Kill())
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("it ended otherwise: %v", err)
	}
}

// TestDraftsOutliveKilling kills a process that keeps drafts, at 50 moments:
// the last one that it told of is there each time, and whole.
func TestDraftsOutliveKilling(t *testing.T) {
	t.Parallel()
	l := newLibrary(t)
	r := rand.New(rand.NewPCG(5, 5))
	kept := 0
	for range 50 {
		cmd, in, out := child(t, "drafts", l)
		fmt.Fprintln(in, kept+1)
		// Some are killed before they have kept anything.
		before := r.IntN(6)
		begun, told := make(chan bool, 2), make(chan int, 1)
		go func() {
			last := kept
			for n := range numbers(out) {
				if last = n; last == kept+before {
					begun <- true
				}
			}
			begun <- false
			told <- last
		}()
		if before > 0 && !<-begun {
			t.Fatal("the process ended by itself")
		}
		time.Sleep(time.Duration(r.IntN(12000)) * time.Microsecond)
		must(t, cmd.Process.Kill())
		last := <-told
		_ = cmd.Wait()
		all, err := l.Drafts()
		if err != nil {
			t.Fatalf("after draft %d: %v", last, err)
		}
		if last == 0 && len(all) == 0 {
			continue
		}
		var got int
		if len(all) == 1 {
			fmt.Sscanf(string(all[0].Text), "# %d", &got)
		}
		// The one after the last may be kept and not told.
		if got < last || got > last+1 || string(all[0].Text) != string(draft(got).Text) {
			t.Fatalf("the last draft was %d, there is %d", last, got)
		}
		kept = got
	}
	if kept < 100 {
		t.Errorf("only %d drafts were kept: the test tests nothing", kept)
	}
}

// numbers reads whole lines with a number each.
func numbers(in *bufio.Reader) iter.Seq[int] {
	return func(yield func(int) bool) {
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			n, err := strconv.Atoi(strings.TrimSpace(line))
			if err != nil || !yield(n) {
				return
			}
		}
	}
}

// TestProcessesLoseNothing has several processes write at once.
func TestProcessesLoseNothing(t *testing.T) {
	t.Parallel()
	l := newLibrary(t)
	const processes = 4
	var all []*exec.Cmd
	for range processes {
		cmd, _, _ := child(t, "lines", l)
		all = append(all, cmd)
	}
	for _, cmd := range all {
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	lines, err := l.Flashes(0)
	must(t, err)
	next := map[string]int{}
	for n := len(lines) - 1; n >= 0; n-- {
		f := flash(next[lines[n].Device])
		f.Device = lines[n].Device
		if lines[n] != f {
			t.Fatalf("got %+v, want %+v", lines[n], f)
		}
		next[f.Device]++
	}
	drafts, err := l.Drafts()
	must(t, err)
	recents, err := l.Recents(0)
	must(t, err)
	if len(lines) != processes*sharedLines || len(drafts) != processes || len(recents) != processes*7 {
		t.Errorf("%d lines, %d drafts, %d designs", len(lines), len(drafts), len(recents))
	}
	for _, d := range drafts {
		if string(d.Text) != string(draft(sharedLines-1).Text) {
			t.Error("an older draft has stayed")
		}
	}
}
