package desktop

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/internal/need"
)

// patience is how long a person of a test waits for the window.
const patience = 2 * time.Minute

// person sits at a screen of its own with the program's window on it, and has
// nothing but a mouse and a keyboard.
type person struct {
	t       testing.TB
	display string
	home    string
	shots   string
	shot    int

	window *exec.Cmd
	ask    io.WriteCloser
	answer *bufio.Reader
	stderr strings.Builder
	// stalled is the longest time that the drawing goroutine was busy at a
	// stretch, in milliseconds.
	stalled float64
	// opened is how long it took until the window was on the screen.
	opened time.Duration
}

// newPerson starts a screen of the size. Pictures of the steps are kept in the
// test's artifacts.
func newPerson(t testing.TB, width, height int) *person {
	t.Helper()
	need.Tools(t, "Xvfb", "xdotool", "import")
	p := &person{t: t, home: t.TempDir(), shots: t.ArtifactDir()}
	if dir := os.Getenv("ISOWRIGHT_SHOTS"); dir != "" {
		p.shots = filepath.Join(dir, t.Name())
	}
	if err := os.MkdirAll(p.shots, 0o755); err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height), "-nolisten", "tcp")
	server.ExtraFiles = []*os.File{w}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Process.Kill(); server.Wait() })
	w.Close()
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("the X server: %v", err)
	}
	p.display = ":" + strings.TrimSpace(number)
	return p
}

// open starts the program, with files, and waits until its window is there.
func (p *person) open(files ...string) {
	p.t.Helper()
	exe, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	began := time.Now()
	p.window = exec.Command(exe, files...)
	p.window.Env = append(os.Environ(), "ISOWRIGHT_TEST_WINDOW=1", "DISPLAY="+p.display, "LIBGL_ALWAYS_SOFTWARE=1",
		"HOME="+p.home, "XDG_CONFIG_HOME=", "XDG_DATA_HOME=", "LANG=en_US.UTF-8", "LC_ALL=", "FYNE_SCALE=1", "FYNE_THEME=light")
	if os.Getenv("XDG_CACHE_HOME") == "" {
		if dir, err := os.UserCacheDir(); err == nil {
			p.window.Env = append(p.window.Env, "XDG_CACHE_HOME="+dir)
		}
	}
	if p.ask, err = p.window.StdinPipe(); err != nil {
		p.t.Fatal(err)
	}
	out, err := p.window.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	p.answer = bufio.NewReader(out)
	p.window.Stderr = &p.stderr
	if err := p.window.Start(); err != nil {
		p.t.Fatal(err)
	}
	window := p.window
	p.t.Cleanup(func() { window.Process.Kill(); window.Wait() })
	p.do("search", "--sync", "--onlyvisible", "--name", "Isowright")
	p.opened = time.Since(began)
	p.do("search", "--onlyvisible", "--name", "Isowright", "windowfocus")
	p.until("the window's content", func(s seen) bool { return len(s.Texts) > 0 })
}

// do has xdotool do something.
func (p *person) do(args ...string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+p.display)
	out, err := cmd.CombinedOutput()
	if err != nil {
		p.fail("xdotool %v: %v: %s", args, err, out)
	}
	return string(out)
}

// fail ends the test with a picture of how it looks.
func (p *person) fail(format string, args ...any) {
	p.t.Helper()
	p.picture("failed")
	s := p.look("")
	p.t.Fatalf(format+"\non the screen: %q\nfocus: %s %q\n%s", append(args, s.Texts, s.Focused, s.Within, p.stderr.String())...)
}

// question asks the program where things are.
func (p *person) question(line string) seen {
	p.t.Helper()
	var s seen
	if _, err := fmt.Fprintln(p.ask, line); err != nil {
		p.t.Fatalf("the window has gone: %v\n%s", err, p.stderr.String())
	}
	text, err := p.answer.ReadBytes('\n')
	if err != nil {
		p.t.Fatalf("the window has gone: %v\n%s", err, p.stderr.String())
	}
	if err := json.Unmarshal(text, &s); err != nil {
		p.t.Fatalf("the window said %q: %v", text, err)
	}
	p.stalled = max(p.stalled, s.Stalled)
	return s
}

// look is what is on the screen, with the state of a kind of job.
func (p *person) look(kind string) seen { return p.question("state " + kind) }

// until looks until something holds.
func (p *person) until(what string, holds func(seen) bool) seen {
	return p.untilJob(what, "", patience, holds)
}

// untilJob is until for a kind of job, with a patience of its own.
func (p *person) untilJob(what, kind string, patience time.Duration, holds func(seen) bool) seen {
	p.t.Helper()
	limit := time.Now().Add(patience)
	for {
		s := p.look(kind)
		if holds(s) {
			return s
		}
		if time.Now().After(limit) {
			p.fail("waited in vain for %s", what)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// sees waits until a text is on the screen.
func (p *person) sees(text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("the text %q", text), func(s seen) bool {
		for _, t := range s.Texts {
			if strings.Contains(t, text) {
				return true
			}
		}
		return false
	})
}

// find waits until a text can be seen, and gives its place; the nth of several,
// from 0. It turns the mouse's wheel over the page where the text is out of sight.
func (p *person) find(text string, nth int) place {
	p.t.Helper()
	limit := time.Now().Add(patience)
	for {
		if found := p.question("find " + text).Places; len(found) > nth {
			at := found[nth]
			if at.Seen {
				return at
			}
			button := "5"
			if at.Y < 100 {
				button = "4"
			}
			p.do("mousemove", "700", "400", "click", "--repeat", "3", button)
		}
		if time.Now().After(limit) {
			p.fail("there is no %q to be seen", text)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// clicks clicks on a text.
func (p *person) clicks(text string) { p.t.Helper(); p.clicksBeside(text, 0, 0, 0) }

// clicksBeside clicks that many pixels beside the middle of the nth such text.
func (p *person) clicksBeside(text string, nth, dx, dy int) {
	p.t.Helper()
	at := p.find(text, nth)
	p.clickAt(at.X+at.Width/2+dx, at.Y+at.Height/2+dy)
}

// clickAt clicks at a place.
func (p *person) clickAt(x, y int) {
	p.t.Helper()
	p.do("mousemove", strconv.Itoa(x), strconv.Itoa(y), "click", "1")
}

// types types a text.
func (p *person) types(text string) { p.t.Helper(); p.do("type", "--delay", "15", "--", text) }

// presses presses keys one after the other ("Tab", "ctrl+s").
func (p *person) presses(keys ...string) {
	p.t.Helper()
	p.do(append([]string{"key", "--delay", "30"}, keys...)...)
}

// mostControls is more than there are on any page.
const mostControls = 120

// tabsTo presses Tab until what has the keyboard holds a text.
func (p *person) tabsTo(text string) {
	p.t.Helper()
	p.tabsUntil(fmt.Sprintf("%q", text), func(s seen) bool {
		return slices.ContainsFunc(s.Within, func(t string) bool { return strings.Contains(t, text) })
	})
}

// tabsBelow presses Tab until the field below a label has the keyboard.
func (p *person) tabsBelow(label string) {
	p.t.Helper()
	p.tabsUntil("the field "+label, func(s seen) bool {
		for _, at := range p.question("find " + label).Places {
			if dx, dy := s.At.X-at.X, s.At.Y-at.Y; dx > -20 && dx < 20 && dy > 0 && dy < 60 {
				return true
			}
		}
		return false
	})
}

// tabsUntil presses Tab until something holds. It waits until each Tab has arrived:
// one that is still on its way would lead past what was looked for.
func (p *person) tabsUntil(what string, holds func(seen) bool) {
	p.t.Helper()
	s := p.look("")
	for range mostControls {
		if holds(s) {
			return
		}
		p.presses("Tab")
		from, limit := s, time.Now().Add(tabPatience)
		for s = p.look(""); s.focus() == from.focus() && time.Now().Before(limit); s = p.look("") {
			time.Sleep(20 * time.Millisecond)
		}
	}
	p.fail("Tab does not lead to %s", what)
}

// tabPatience is how long a Tab may take to show; where there is only one control
// it shows never.
const tabPatience = 3 * time.Second

// focus tells what has the keyboard apart from all else.
func (s seen) focus() string { return fmt.Sprint(s.Focused, s.At.X, s.At.Y, s.At.Width, s.Within) }

// picture keeps what is on the screen.
func (p *person) picture(name string) {
	p.t.Helper()
	p.shot++
	path := filepath.Join(p.shots, fmt.Sprintf("%02d-%s.png", p.shot, name))
	cmd := exec.Command("import", "-display", p.display, "-window", "root", path)
	if out, err := cmd.CombinedOutput(); err != nil {
		p.t.Errorf("take a picture: %v: %s", err, out)
	}
}

// quits closes the window and waits for the end of the program.
func (p *person) quits() {
	p.t.Helper()
	p.presses("ctrl+q")
	done := make(chan error, 1)
	go func() { done <- p.window.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			p.t.Errorf("the program ended with %v\n%s", err, p.stderr.String())
		}
	case <-time.After(patience):
		p.fail("the program does not end")
	}
}
