package model

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"slices"
	"time"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/grub/preview"
	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/internal/safefile"
)

// warnPause is how long the menu is left in peace before it is looked at for
// what will not be shown as it was meant.
const warnPause = 250 * time.Millisecond

// MenuWarning is something of the menu that will not be shown as it was meant.
type MenuWarning struct {
	grub.Warning
	// Field is that of the design which it is about; empty: none.
	Field string
}

// MenuPreview is a design's boot menu on a screen, drawn in the background: one
// picture at a time, and of what comes meanwhile only the newest.
type MenuPreview struct {
	doc *Document
	// Place is what the page shows, which is made anew when a design is saved.
	Place MenuPlace
	// screen belongs, while something is being drawn, to the goroutine that
	// draws.
	screen *menuScreen
	shown  Screen
	// spare is the picture that is drawn into next.
	spare *image.RGBA

	platform      scene.Platform
	width, height int
	// chosen are the titles of the entry with the chosen line; steered says that
	// keys in the preview moved it there.
	chosen  []string
	steered bool
	// stale says that the menu must be made anew, wanted what else is to be
	// done with the screen, in order.
	stale, busy bool
	wanted      []func(*menuScreen) error
	cancel      context.CancelFunc

	warnings []MenuWarning
	looking  context.CancelFunc
	left     int
	playing  *time.Timer
}

// MenuPlace is what of the menu's page is to be seen: its tab, the row of the entry
// whose fields are there, and whether the picture is as large as it is.
type MenuPlace struct {
	Tab    string
	Row    int
	Actual bool
}

// Screen is what is to be seen.
type Screen struct {
	// Picture is nil before the first one is drawn. It must not be kept beyond
	// the next change.
	Picture *image.RGBA
	// Err says why the picture is not that of the design as it is now.
	Err error
	// Booted names what the last Enter would have started.
	Booted string
	// Chosen are the titles of the chosen entry and of the menus around it.
	Chosen []string
	// Isolinux tells that it is isolinux's screen, not GRUB's.
	Isolinux bool
}

// MenuPreview is that of the document's menu.
func (d *Document) MenuPreview() *MenuPreview {
	if d.menu == nil {
		d.menu = &MenuPreview{doc: d, platform: scene.UEFI, stale: true, left: -1}
	}
	return d.menu
}

// Screen is what is to be seen now.
func (p *MenuPreview) Screen() Screen { return p.shown }

// Warnings are those of the menu as last looked at.
func (p *MenuPreview) Warnings() []MenuWarning { return p.warnings }

// Drawn tells that the picture is that of the design as it is now.
func (p *MenuPreview) Drawn() bool { return !p.stale && !p.busy && len(p.wanted) == 0 }

// Looked tells that the warnings are those of the design as it is now.
func (p *MenuPreview) Looked() bool { return p.Drawn() && p.looking == nil }

// Platform is the firmware of the screen's computer.
func (p *MenuPreview) Platform() scene.Platform { return p.platform }

// Size is the screen's in pixels; 0, 0: as the design wishes.
func (p *MenuPreview) Size() (width, height int) { return p.width, p.height }

// SetPlatform shows the menu on another firmware.
func (p *MenuPreview) SetPlatform(f scene.Platform) {
	p.platform = f
	p.Renew()
}

// SetSize shows the menu on another screen.
func (p *MenuPreview) SetSize(width, height int) {
	p.width, p.height = width, height
	p.Renew()
}

// Renew makes the menu anew.
func (p *MenuPreview) Renew() {
	p.stale = true
	p.stop()
	p.Update()
}

// outdated notes that the design is different. It is drawn when somebody looks.
func (p *MenuPreview) outdated() {
	p.stale = true
	p.stop()
	if p.looking != nil {
		p.looking()
		p.looking = nil
	}
}

// Update draws what is not drawn yet. What is being drawn is drawn to its end,
// so that a person who types quickly sees the picture follow.
func (p *MenuPreview) Update() {
	if !p.busy && (p.stale || len(p.wanted) > 0) {
		p.draw()
	}
}

// Steered tells that keys in the preview moved the chosen line last.
func (p *MenuPreview) Steered() bool { return p.steered }

// Choose puts the chosen line on an entry, by the titles of the menus around it
// and its own.
func (p *MenuPreview) Choose(titles []string) {
	p.stop()
	p.chosen, p.steered = titles, false
	if p.stale {
		p.Update()
		return
	}
	p.do(func(s *menuScreen) error { s.choose(titles); return nil })
}

// Aim is Choose for the next time that the menu is made anew.
func (p *MenuPreview) Aim(titles []string) { p.chosen = titles }

// Key does what the menu does at a key. A single character is one that is typed.
func (p *MenuPreview) Key(k preview.Key) {
	p.stop()
	p.steered = true
	p.do(func(s *menuScreen) error { return s.key(k) })
}

// do has something done with the screen, and drawn.
func (p *MenuPreview) do(f func(*menuScreen) error) {
	p.wanted = append(p.wanted, f)
	p.Update()
}

// drawing is what one goroutine draws. Its fields are of no one else meanwhile.
type drawing struct {
	design   design.Design
	platform scene.Platform
	w, h     int
	chosen   []string
	screen   *menuScreen // nil: to be made
	do       []func(*menuScreen) error
	into     *image.RGBA
}

// draw begins to draw.
func (p *MenuPreview) draw() {
	s := p.doc.session
	w := drawing{design: p.doc.design, platform: p.platform, w: p.width, h: p.height, chosen: p.chosen, screen: p.screen, do: p.wanted, into: p.spare}
	if p.stale {
		w.screen = nil
	}
	p.stale, p.busy, p.wanted = false, true, nil
	anew := w.screen == nil
	ctx, cancel := context.WithCancel(s.ctx)
	p.cancel = cancel
	loader := s.loader()
	go func() {
		shown, err := w.work(ctx, loader)
		s.env.Post(func() {
			ended := ctx.Err() != nil
			cancel()
			p.busy = false
			if ended {
				return
			}
			p.take(w, shown, err)
			if anew && !p.stale {
				p.look()
			}
			p.Update()
		})
	}()
}

// take shows what was drawn.
func (p *MenuPreview) take(w drawing, shown Screen, err error) {
	p.screen, p.spare = w.screen, w.into
	if err != nil {
		p.shown.Err = err
	} else {
		p.spare, p.shown = p.shown.Picture, shown
	}
	if p.steered && err == nil && !p.stale {
		p.chosen = shown.Chosen
	}
	p.doc.session.tell(Change{What: PreviewChanged, Doc: p.doc})
}

// work makes the menu, does with it what is wanted, and draws it.
func (w *drawing) work(ctx context.Context, find LoaderFunc) (Screen, error) {
	if w.screen == nil {
		s, err := openMenu(ctx, w.design, find, w.platform, w.w, w.h)
		if err != nil {
			return Screen{}, err
		}
		w.screen = s
		s.choose(w.chosen)
	}
	var err error
	for _, do := range w.do {
		if err = do(w.screen); err != nil {
			return Screen{}, err
		}
	}
	if ctx.Err() != nil {
		return Screen{}, ctx.Err()
	}
	picture, err := w.screen.image()
	if err != nil {
		return Screen{}, err
	}
	w.into = copyPicture(w.into, picture)
	return Screen{Picture: w.into, Booted: w.screen.booted(), Chosen: w.screen.titles(), Isolinux: w.screen.isolinux != nil}, nil
}

// copyPicture copies a picture, into another one where that has its size.
func copyPicture(to, from *image.RGBA) *image.RGBA {
	if to == nil || to.Rect != from.Rect || to.Stride != from.Stride {
		to = &image.RGBA{Pix: make([]byte, len(from.Pix)), Stride: from.Stride, Rect: from.Rect}
	}
	copy(to.Pix, from.Pix)
	return to
}

// look finds out what of the menu will not be shown as it was meant, a while
// after the last edit.
func (p *MenuPreview) look() {
	if p.looking != nil {
		p.looking()
	}
	s, seen, loader := p.doc.session, p.doc.design, p.doc.session.loader()
	var screenWarnings []grub.Warning
	if p.screen != nil {
		screenWarnings = slices.Clone(p.screen.warnings)
	}
	ctx, cancel := context.WithCancel(s.ctx)
	p.looking = cancel
	go func() {
		select {
		case <-time.After(warnPause):
		case <-ctx.Done():
			return
		}
		found := append(screenWarnings, lookAt(ctx, seen, loader)...)
		fields := warningFields(seen, found)
		s.env.Post(func() {
			if ctx.Err() != nil {
				return
			}
			cancel()
			p.looking = nil
			p.warnings = fields
			s.tell(Change{What: PreviewChanged, Doc: p.doc})
		})
	}()
}

// lookAt are the warnings of a menu; of one that cannot be made there are none.
func lookAt(ctx context.Context, d design.Design, find LoaderFunc) []grub.Warning {
	var l builder.Loader
	if find != nil {
		// Without the font the menu's text is looked at all the same.
		l, _ = find(ctx, d)
	}
	if ctx.Err() != nil {
		return nil
	}
	warnings, err := builder.MenuWarnings(d, l)
	if err != nil {
		return nil
	}
	return warnings
}

// Play shows the seconds before the default entry starts by itself.
func (p *MenuPreview) Play() {
	p.stop()
	seconds := *design.WithDefaults(p.doc.design).Boot.Timeout
	if seconds <= 0 {
		return
	}
	p.chosen, p.stale, p.steered = nil, true, true
	p.tick(seconds)
}

// Playing tells how many seconds are left; -1: the count-down is not played.
func (p *MenuPreview) Playing() int {
	if p.playing == nil {
		return -1
	}
	return p.left
}

// tick shows one second of the count-down, and has the next one follow.
func (p *MenuPreview) tick(left int) {
	p.left = left
	p.do(func(s *menuScreen) error { s.setTimeout(left); return nil })
	var t *time.Timer
	t = time.AfterFunc(time.Second, func() {
		p.doc.session.env.Post(func() {
			if p.playing != t {
				return
			}
			if left > 0 {
				p.tick(left - 1)
				return
			}
			p.stop()
			p.do(func(s *menuScreen) error { return s.key(preview.KeyEnter) })
		})
	})
	p.playing = t
	p.doc.session.tell(Change{What: PreviewChanged, Doc: p.doc})
}

// stop ends the count-down.
func (p *MenuPreview) stop() {
	if p.playing != nil {
		p.playing.Stop()
	}
	p.playing = nil
}

// end ends what goes on.
func (p *MenuPreview) end() {
	p.stop()
	for _, cancel := range []context.CancelFunc{p.cancel, p.looking} {
		if cancel != nil {
			cancel()
		}
	}
}

// SavePicture writes what is to be seen as a PNG, in the background, and tells
// so.
func (p *MenuPreview) SavePicture(path string) {
	s := p.doc.session
	if p.shown.Picture == nil {
		return
	}
	picture := copyPicture(nil, p.shown.Picture)
	go func() {
		err := writePNG(path, picture)
		s.env.Post(func() {
			if err != nil {
				s.Tell(Message{Kind: "danger", Text: s.Words().Say("The picture is not saved: %s", err.Error())})
				return
			}
			s.Tell(Message{Kind: "good", Text: s.Words().Say("Saved: %s", path)})
		})
	}()
}

func writePNG(path string, picture image.Image) error {
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return fmt.Errorf("write the picture: %w", err)
	}
	return safefile.Write(path, 0o644, b.Bytes())
}
