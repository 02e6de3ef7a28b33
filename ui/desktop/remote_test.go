package desktop

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/builder/design"
	_ "github.com/isowright/isowright/internal/locale"
	"github.com/isowright/isowright/internal/sandbox"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// TestMain makes the test program the window itself when it is asked to, so that
// a test can press real keys and buttons of it.
func TestMain(m *testing.M) {
	sandbox.Child()
	if os.Getenv("ISOWRIGHT_TEST_WINDOW") == "" {
		os.Exit(m.Run())
	}
	d, err := open(Options{Files: os.Args[1:], Getenv: os.Getenv})
	if err == nil {
		go answer(d)
		err = d.run(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// place is where something is on the screen, in pixels, and whether it can be seen
// there.
type place struct {
	X, Y, Width, Height int
	Seen                bool
}

// seen is what a question about the window is answered with.
type seen struct {
	Places []place
	Texts  []string
	// Focused is the kind of what has the keyboard, Within the texts in it, At its
	// place.
	Focused string
	Within  []string
	At      place
	// Design is the ID of the design in front, Packages those that it ticks, Job
	// the state of a job.
	Design, Job string
	Packages    []string
	// Stick is the first drive that is chosen.
	Stick string
	// Monitor is a checksum of the picture on the monitor, 0 for none.
	Monitor uint32
	// Stalled is the longest time that the drawing goroutine was busy at a
	// stretch since the last question, in milliseconds.
	Stalled float64
}

// answer answers questions about the window on standard input: "find TEXT",
// "state". It changes nothing: what is done to the window is done by the X server.
func answer(d *desktop) {
	watch := newWatchdog()
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		word, rest, _ := strings.Cut(in.Text(), " ")
		var s seen
		fyne.DoAndWait(func() {
			switch word {
			case "find":
				s.Places = d.find(rest)
			case "state":
				s = d.state(rest)
			}
		})
		s.Stalled = watch.longest()
		if err := json.NewEncoder(os.Stdout).Encode(s); err != nil {
			return
		}
	}
}

// state tells what is on the screen.
func (d *desktop) state(kind string) seen {
	var s seen
	d.walk(func(o fyne.CanvasObject, text string, _ place) {
		if m, ok := o.(*widgets.Monitor); ok {
			s.Monitor = checksum(m.Picture())
		} else {
			s.Texts = append(s.Texts, text)
		}
	})
	if f := d.window.Canvas().Focused(); f != nil {
		s.Focused = fmt.Sprintf("%T", f)
		if o, ok := f.(fyne.CanvasObject); ok {
			s.At = d.place(o)
			d.visit(o, func(_ fyne.CanvasObject, text string, _ place) { s.Within = append(s.Within, text) })
		}
	}
	if doc := d.session.Current(); doc != nil {
		s.Design, s.Packages = design.ID(doc.Design()), doc.Design().Packages
	}
	if f := d.session.Flashing(); f != nil {
		for _, drive := range f.Drives() {
			if f.Chosen(drive.Name) {
				s.Stick = drive.Path
			}
		}
	}
	if j := d.session.Job(model.Section(kind)); j != nil {
		s.Job = []string{"running", "done", "failed", "cancelled"}[j.State]
		if j.Err != nil {
			s.Job += ": " + j.Err.Error()
		}
	}
	return s
}

// find gives the places of a text, in which "*" stands for anything.
func (d *desktop) find(want string) []place {
	var found []place
	pattern := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(want), `\*`, ".*") + "$")
	d.walk(func(_ fyne.CanvasObject, text string, at place) {
		if text != "" && pattern.MatchString(text) {
			found = append(found, at)
		}
	})
	return found
}

// visitor is told of texts and monitors, and where they are.
type visitor func(o fyne.CanvasObject, text string, at place)

// walk visits what is on the screen: of what lies on top, where anything does.
func (d *desktop) walk(visit visitor) {
	c := d.window.Canvas()
	if overlays := c.Overlays().List(); len(overlays) > 0 {
		d.visit(overlays[len(overlays)-1], visit)
		return
	}
	d.visit(c.Content(), visit)
}

// visit visits an object and what is in it.
func (d *desktop) visit(o fyne.CanvasObject, visit visitor) {
	if o == nil || !o.Visible() {
		return
	}
	switch o := o.(type) {
	case *canvas.Text:
		if o.Text != "" {
			visit(o, o.Text, d.place(o))
		}
	case *fyne.Container:
		for _, inner := range o.Objects {
			d.visit(inner, visit)
		}
	case *container.Scroll:
		d.visit(o.Content, visit)
	case *widgets.Monitor:
		visit(o, "", d.place(o))
	case fyne.Widget:
		for _, inner := range test.WidgetRenderer(o).Objects() {
			d.visit(inner, visit)
		}
	}
}

// place says where an object is. The driver knows how scrollers have moved it.
func (d *desktop) place(o fyne.CanvasObject) place {
	c := d.window.Canvas()
	pos, size, window := d.app.Driver().AbsolutePositionForObject(o), o.Size(), c.Size()
	scale := c.Scale()
	return place{
		X: int(pos.X * scale), Y: int(pos.Y * scale), Width: int(size.Width * scale), Height: int(size.Height * scale),
		// The strip at the bottom lies over what is scrolled below it.
		Seen: pos.X >= 0 && pos.Y >= 0 && pos.X+size.Width <= window.Width+1 && (pos.Y+size.Height <= window.Height-60 || pos.Y > window.Height-56),
	}
}

// checksum is one of a picture's size and pixels, 0 of none.
func checksum(img image.Image) uint32 {
	if img == nil {
		return 0
	}
	sum := crc32.NewIEEE()
	fmt.Fprint(sum, img.Bounds())
	if rgba, ok := img.(*image.RGBA); ok {
		sum.Write(rgba.Pix)
	}
	return sum.Sum32()
}

// watchdog measures how long the drawing goroutine takes to come to what is
// posted to it: while it is busy, that waits.
type watchdog struct{ waits chan float64 }

func newWatchdog() *watchdog {
	w := &watchdog{waits: make(chan float64, 100000)}
	go func() {
		for range time.Tick(5 * time.Millisecond) {
			began := time.Now()
			fyne.DoAndWait(func() {})
			select {
			case w.waits <- time.Since(began).Seconds() * 1000:
			default:
			}
		}
	}()
	return w
}

// longest is the longest wait since the last call, in milliseconds.
func (w *watchdog) longest() float64 {
	longest := 0.0
	for {
		select {
		case ms := <-w.waits:
			longest = max(longest, ms)
		default:
			return longest
		}
	}
}
