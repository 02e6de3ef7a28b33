package model

import (
	"image"
	"strings"
	"time"

	"golang.org/x/image/draw"
)

const (
	// frameEvery is the shortest time between two pictures of the screen.
	frameEvery = time.Second / 15
	// serialEvery is that between two reports of the serial line, serialPause how
	// long a line without an end waits for it.
	serialEvery = time.Second / 10
	serialPause = time.Second / 2
	// maxPart bounds a line without an end, in bytes.
	maxPart = 4096
)

// Fit has pictures made no larger than this from now on, in pixels; the zero size
// leaves them as large as the guest's screen.
func (t *Trial) Fit(width, height int) {
	size := image.Pt(width, height)
	t.mu.Lock()
	changed := t.fit != size
	t.fit = size
	t.mu.Unlock()
	if changed {
		signal(t.refit)
	}
}

// signal sends what need not be sent twice.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// show passes the screen on: the newest picture only, at most one in frameEvery,
// and none before the last one was taken.
func (t *Trial) show(guest Guest) {
	signal(t.taken)
	var screen *image.RGBA
	frames := guest.Frames()
	for {
		select {
		case <-t.taken:
		case <-guest.Done():
		}
		select {
		case f, ok := <-frames:
			if !ok {
				return
			}
			screen = f.Picture
		case <-t.refit:
		}
		if screen == nil {
			signal(t.taken)
			continue
		}
		t.mu.Lock()
		fit := t.fit
		t.mu.Unlock()
		picture, size := shrunk(screen, fit), screen.Rect.Size()
		t.session.env.Post(func() {
			t.Picture, t.Screen = picture, size
			signal(t.taken)
			if t.session.trying.watch != nil {
				t.session.trying.watch()
			}
		})
		select {
		case <-time.After(frameEvery):
		case <-guest.Done():
		}
	}
}

// shrunk is a picture made small enough to fit, or itself. Above twice the size it
// is halved first, so that thin lines do not vanish.
func shrunk(src *image.RGBA, fit image.Point) *image.RGBA {
	size := src.Rect.Size()
	if fit.X < 1 || fit.Y < 1 || size.X <= fit.X && size.Y <= fit.Y {
		return src
	}
	to := image.Pt(fit.X, size.Y*fit.X/size.X)
	if to.Y > fit.Y {
		to = image.Pt(size.X*fit.Y/size.Y, fit.Y)
	}
	to.X, to.Y = max(to.X, 1), max(to.Y, 1)
	for size.X >= 2*to.X && size.Y >= 2*to.Y {
		size = size.Div(2)
		src = scaled(src, size)
	}
	if size == to {
		return src
	}
	return scaled(src, to)
}

func scaled(src *image.RGBA, size image.Point) *image.RGBA {
	dst := image.NewRGBA(image.Rectangle{Max: size})
	draw.ApproxBiLinear.Scale(dst, dst.Rect, src, src.Rect, draw.Src, nil)
	return dst
}

// listen passes on what the guest says on its serial line, and with that what goes
// wrong in it.
func (t *Trial) listen(guest Guest) {
	var at int64
	var part string
	cut := false // a line was passed on before its end came
	for ended := false; ; {
		text, next, more := guest.Said(at)
		at = next
		lines := strings.Split(part+text, "\n")
		part = lines[len(lines)-1]
		lines = lines[:len(lines)-1]
		if cut && len(lines) > 0 && lines[0] == "" {
			lines = lines[1:]
		}
		cut = cut && text == ""
		if part != "" && (text == "" || ended || len(part) > maxPart) {
			lines, part, cut = append(lines, part), "", true
		}
		if len(lines) > 0 {
			trouble := guest.Trouble()
			t.post(func() { t.said(lines, trouble) })
		}
		if ended {
			return
		}
		ended = waitForMore(guest, more, part != "")
	}
}

// waitForMore waits until the guest says more, or a line without an end has waited
// for it. It says whether the guest has ended.
func waitForMore(guest Guest, more <-chan struct{}, pending bool) (ended bool) {
	var late <-chan time.Time
	if pending {
		late = time.After(serialPause)
	}
	select {
	case <-late:
		return false
	case <-guest.Done():
		return true
	case <-more:
	}
	select {
	case <-time.After(serialEvery):
		return false
	case <-guest.Done():
		return true
	}
}

// said takes lines of the serial line.
func (t *Trial) said(lines []string, trouble error) {
	t.Serial = append(t.Serial, lines...)
	if over := len(t.Serial) - maxLog; over > 0 {
		t.Serial = t.Serial[over:]
	}
	t.Said += len(lines)
	t.Trouble = trouble
}
