package vm

import (
	"bytes"
	"context"
	"errors"
	"image"
	"slices"
	"strings"
	"testing"
	"time"
)

// menuScript is a menu of three entries: one asks for a line, one changes the
// resolution, one restarts.
const menuScript = `set timeout=-1
menuentry ask { echo ASK; read line; echo "GOT <$line>"; read line }
menuentry resolution {
	insmod all_video
	set gfxmode=800x600
	terminal_output gfxterm serial
	echo SMALL
	set gfxmode=1024x768
	terminal_output serial
	terminal_output gfxterm serial
	echo LARGE
	read line
}
menuentry restart { reboot }
echo READY
`

// watcher follows a guest's screen for a test.
type watcher struct {
	t      *testing.T
	frames <-chan Frame
	last   Frame
}

// until takes frames until one is as it should be. Each must be what its
// predecessor was, but for the part that is said to have changed.
func (w *watcher) until(what string, good func(*image.RGBA) bool) {
	w.t.Helper()
	for deadline := time.After(time.Minute); ; {
		select {
		case frame, ok := <-w.frames:
			if !ok {
				w.t.Fatalf("the stream ended before %s", what)
			}
			w.check(frame)
			w.last = frame
			if good(frame.Picture) {
				return
			}
		case <-deadline:
			w.t.Fatalf("there was no picture with %s", what)
		}
	}
}

// check holds a frame against the one before.
func (w *watcher) check(frame Frame) {
	w.t.Helper()
	before, now := w.last.Picture, frame.Picture
	if before == nil || before.Rect != now.Rect {
		if frame.Changed != now.Rect {
			w.t.Errorf("of a new screen of %v only %v is said to be new", now.Rect, frame.Changed)
		}
		return
	}
	for y := range now.Rect.Dy() {
		row := func(img *image.RGBA, from, to int) []byte { return img.Pix[img.PixOffset(from, y):][:4*(to-from)] }
		left, right := frame.Changed.Min.X, frame.Changed.Max.X
		if y < frame.Changed.Min.Y || y >= frame.Changed.Max.Y {
			left, right = 0, 0
		}
		if !bytes.Equal(row(before, 0, left), row(now, 0, left)) ||
			!bytes.Equal(row(before, right, now.Rect.Max.X), row(now, right, now.Rect.Max.X)) {
			w.t.Fatalf("something differs in row %d outside of %v", y, frame.Changed)
		}
	}
}

// lightRow is the first row of pixels which is light along most of its length, as
// a chosen entry of a menu is; -1 if there is none.
func lightRow(img *image.RGBA) int {
	for y := range img.Rect.Dy() {
		light := 0
		for x := range img.Rect.Dx() {
			if img.RGBAAt(x, y).G > 0x80 {
				light++
			}
		}
		// The frame of the menu is a thin line; the rows below it are looked at.
		if light > img.Rect.Dx()/2 && y+8 < img.Rect.Dy() && img.RGBAAt(img.Rect.Dx()/2, y+8).G > 0x80 {
			return y
		}
	}
	return -1
}

func sized(width, height int) func(*image.RGBA) bool {
	return func(img *image.RGBA) bool { return img.Rect.Size() == image.Pt(width, height) }
}

// TestWatchAndType sees a menu, moves in it, types into the guest, and follows
// its resolution.
func TestWatchAndType(t *testing.T) {
	m := boot(t, Config{Image: grubImage(t, menuScript), Firmware: BIOS, As: CD, Display: Stream, Restarts: true})
	ctx := within(t, 2*time.Minute)
	frames, err := m.Watch(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	w := &watcher{t: t, frames: frames}
	first := -1
	w.until("a menu", func(img *image.RGBA) bool { first = lightRow(img); return first > 0 })
	press := func(key string) {
		t.Helper()
		for _, down := range []bool{true, false} {
			if err := m.Key(ctx, key, down); err != nil {
				t.Fatal(err)
			}
			time.Sleep(typingTime)
		}
	}
	press("Down")
	w.until("the next entry chosen", func(img *image.RGBA) bool { return lightRow(img) == first+16 })
	press("Up")
	w.until("the first entry chosen", func(img *image.RGBA) bool { return lightRow(img) == first })
	press("Return")
	if err := m.Expect(ctx, "ASK\n"); err != nil {
		t.Fatal(err)
	}
	const all = "aZ09 ~!@#$%^&*()_+{}|:\"<>?`-=[]\\;',./"
	if err := m.Type(ctx, all+"\n"); err != nil {
		t.Fatal(err)
	}
	if err := m.Expect(ctx, all+"GOT <"); err != nil {
		t.Fatal(err)
	}
	if err := m.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	w.until("the firmware's or an empty screen", func(img *image.RGBA) bool { return lightRow(img) != first })
	w.until("the menu after a reset", func(img *image.RGBA) bool { return lightRow(img) == first })
	press("Down")
	press("Return")
	w.until("the larger resolution", sized(1024, 768))
	screen, err := m.Screen(ctx)
	if err != nil {
		t.Fatal(err)
	}
	same := func(img *image.RGBA) bool { return slices.Equal(img.Pix, screen.(*image.RGBA).Pix) }
	if !same(w.last.Picture) {
		w.until("what a screendump shows", same)
	}
}

func TestWatchEnds(t *testing.T) {
	cfg := Config{Image: blankImage(t), Display: Stream}
	m := boot(t, cfg)
	ctx, cancel := context.WithCancel(t.Context())
	one, err := m.Watch(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	two, err := m.Watch(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	<-one
	<-two
	cancel()
	for range one { // ends
	}
	if err := m.Pause(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := m.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := m.Stop(); err != nil {
		t.Fatal(err)
	}
	for range two { // ends
	}
	if _, err := m.Watch(t.Context(), 0); !errors.Is(err, errQMPGone) {
		t.Errorf("Watch after the end: %v", err)
	}
	m = boot(t, Config{Image: cfg.Image})
	if _, err := m.Watch(t.Context(), 0); err == nil || !strings.Contains(err.Error(), "not started as a stream") {
		t.Errorf("Watch without a stream: %v", err)
	}
}
