// Package preview shows a boot menu as GRUB does: it runs its grub.cfg, chooses
// theme, text menu or console as GRUB would, takes keys, and draws.
package preview

import (
	"errors"
	"fmt"
	"image"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/grub/gfx"
	"github.com/isowright/isowright/builder/grub/pf2"
	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/builder/grub/script"
)

// Options are the computer on which a menu is looked at.
type Options struct {
	// Platform is BIOS where it is empty.
	Platform scene.Platform
	// Width and Height are the screen's, in pixels. Where they are 0 they are
	// the first of the menu's gfxmode, or 1024x768 where that is "auto".
	Width, Height int
	// Version is GRUB's, as it stands above the text menu.
	Version string
	// Prefix is $prefix without a device; empty: the configuration's folder.
	Prefix string
	// Generated: the configuration was written by package grub, whose Lint has
	// looked at the timeout and the titles.
	Generated bool
	// Unicode is GRUB's own font (unicode.pf2), for a medium that lacks it.
	Unicode []byte
}

// Screens of computers that say nothing else.
const (
	defaultWidth, defaultHeight = 1024, 768
	// MaxSide is the largest width and height of a screen, in pixels.
	MaxSide = 8192
)

// Session is a menu that somebody looks at. It is for one goroutine.
type Session struct {
	o        Options
	files    fs.FS
	machine  *script.Machine
	renderer *Renderer
	state    scene.State
	selected []int // in each menu, the main one first
	left     int   // seconds of the countdown; -1: none
	// text is that of the edit screen or the command line, row and column the
	// cursor's place in it, in characters.
	text        []string
	row, column int
	top         int // entry or row that is uppermost on the screen
	main        scene.Scene
	booted      string
	// width and height as found out from gfxmode.
	width, height int
	lint          []grub.Warning
}

// Open runs the configuration (a name in files) and shows its menu.
func Open(files fs.FS, config string, o Options) (*Session, error) {
	if o.Platform == "" {
		o.Platform = scene.BIOS
	}
	if o.Width < 0 || o.Height < 0 || o.Width > MaxSide || o.Height > MaxSide {
		return nil, fmt.Errorf("show the boot menu: a screen of %dx%d pixels: at most %dx%d", o.Width, o.Height, MaxSide, MaxSide)
	}
	config = strings.TrimPrefix(config, "/")
	prefix := o.Prefix
	if prefix == "" {
		prefix = path.Dir("/" + config)
	}
	if len(o.Unicode) > 0 {
		name := strings.TrimPrefix(path.Join(prefix, "fonts/unicode.pf2"), "/")
		files = over{files, Files{name: o.Unicode}}
	}
	s := &Session{o: o, files: files, renderer: NewRenderer(files), width: o.Width, height: o.Height}
	var err error
	s.machine, err = script.Run(script.Options{
		Platform: o.Platform, Files: files, Config: config, Prefix: prefix,
		Checks: script.Checks{Font: checkFont, Picture: checkPicture, Terminal: s.terminal},
	})
	if err != nil {
		return nil, fmt.Errorf("show the boot menu: %w", err)
	}
	first := s.machine.Scene()
	s.selected, s.state, s.left = []int{first.Selected}, first.State, first.TimeoutLeft
	if first.State == scene.Console {
		s.console()
	}
	s.scroll()
	s.main = s.Scene()
	s.lint = s.lints(config)
	return s, nil
}

func checkFont(data []byte) error {
	_, err := pf2.Read(data)
	return err
}

func checkPicture(name string, data []byte) error {
	_, err := gfx.Read(name, data)
	return err
}

// terminal is asked when the script turns gfxterm on: the size of the screen is
// that of gfxmode now.
func (s *Session) terminal(fonts []string, get func(string) string) error {
	if s.o.Width == 0 || s.o.Height == 0 {
		s.width, s.height = modeSize(get("gfxmode"))
	}
	set, err := s.renderer.load(fonts)
	if err != nil {
		return err
	}
	return fits(set, get("gfxterm_font"), s.width, s.height)
}

// modeSize is the first size of a gfxmode.
func modeSize(list string) (w, h int) {
	for mode := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == ';' }) {
		parts := strings.Split(mode, "x")
		if len(parts) < 2 {
			continue
		}
		w, errW := strconv.Atoi(parts[0])
		h, errH := strconv.Atoi(parts[1])
		if errW == nil && errH == nil && w >= 320 && h >= 200 && w <= MaxSide && h <= MaxSide {
			return w, h
		}
	}
	return defaultWidth, defaultHeight
}

// Scene is what is on the screen.
func (s *Session) Scene() scene.Scene {
	sc := s.machine.Scene()
	sc.Version, sc.Width, sc.Height = s.o.Version, s.width, s.height
	if sc.Width == 0 || sc.Height == 0 {
		sc.Width, sc.Height = defaultWidth, defaultHeight
	}
	if !sc.Graphics && sc.Platform == scene.BIOS {
		sc.Width, sc.Height = 720, 400 // of VGA's text mode, with 9x16 pixels a character
	}
	sc.State, sc.TimeoutLeft, sc.Top = s.state, s.left, s.top
	if sc.State != scene.Menu && sc.State != scene.Black {
		sc.TimeoutLeft = -1
	}
	if len(sc.Entries) > 0 {
		sc.Selected = s.selected[len(s.selected)-1]
	}
	sc.Text, sc.CursorRow, sc.CursorColumn = nil, 0, 0
	if s.state == scene.Edit || s.state == scene.Console {
		sc.Text, sc.CursorRow, sc.CursorColumn = slices.Clone(s.text), s.row, s.column
	}
	return sc
}

// Image draws the screen. The picture is the session's until the next call.
func (s *Session) Image() *image.RGBA { return s.renderer.Draw(s.Scene()) }

// Booted names what the last Enter started; empty if it started nothing.
func (s *Session) Booted() string { return s.booted }

// Warnings are what is wrong with the menu: what its script does that GRUB does
// not do, and what does not look as it was meant.
func (s *Session) Warnings() []grub.Warning {
	var all []grub.Warning
	for _, w := range s.machine.Warnings() {
		all = append(all, grub.Warning{Place: fmt.Sprintf("%s:%d", w.File, w.Line), Text: w.Text, Hint: w.Hint})
	}
	return append(all, s.lint...)
}

// SetTimeout sets the seconds that the countdown has left; -1 stops it.
func (s *Session) SetTimeout(left int) {
	s.left = max(left, -1)
	if s.left < 0 && s.state == scene.Black {
		s.state = scene.Menu
	}
}

// Select chooses an entry of the menu on the screen: a number from 0, an ID or
// a title.
func (s *Session) Select(name string) error {
	at, ok := s.machine.Find(name)
	if !ok {
		return fmt.Errorf("the menu has no entry %q: it has %s", name, s.titles())
	}
	s.selected[len(s.selected)-1] = at
	s.scroll()
	return nil
}

// scroll finds what is uppermost on the screen now.
func (s *Session) scroll() {
	sc := s.Scene()
	if sc.State == scene.Menu || sc.State == scene.Edit {
		s.top = s.renderer.top(sc)
	}
}

// Submenu opens a submenu by the path that $default has: IDs, titles or numbers
// with ">" between them.
func (s *Session) Submenu(path string) error {
	for rest := path; rest != ""; {
		var head string
		head, rest = script.SplitPath(rest)
		if err := s.Select(head); err != nil {
			return err
		}
		s.show()
		depth := len(s.selected)
		if err := s.enter(); err != nil {
			return err
		}
		if len(s.selected) == depth {
			return fmt.Errorf("the entry %q opens no menu", head)
		}
	}
	return nil
}

func (s *Session) titles() string {
	var all []string
	for i, e := range s.machine.Scene().Entries {
		if i == 10 {
			all = append(all, "…")
			break
		}
		all = append(all, strconv.Quote(e.Title))
	}
	return strings.Join(all, ", ")
}

// Show goes to a state of the screen from wherever it is.
func (s *Session) Show(state scene.State) error {
	switch state {
	case scene.Edit:
		if len(s.machine.Scene().Entries) == 0 {
			return errors.New("there is no entry to edit")
		}
		s.show()
		s.Key(KeyEdit)
	case scene.Console:
		s.show()
		s.Key(KeyConsole)
	default:
		s.state = state
	}
	return nil
}

// show brings the menu on the screen.
func (s *Session) show() {
	if len(s.machine.Scene().Entries) > 0 {
		s.state = scene.Menu
	}
}

func (s *Session) enter() error {
	at := s.selected[len(s.selected)-1]
	s.left, s.booted = -1, ""
	out, err := s.machine.Enter(at)
	switch {
	case err != nil:
		return err
	case out == script.Boots:
		s.booted = s.machine.Scene().Entries[at].Title
	case out == script.Opened:
		next := s.machine.Scene()
		s.selected = append(s.selected, next.Selected)
		s.state, s.left = next.State, next.TimeoutLeft
	}
	return nil
}

// Depth counts the menus on top of each other; 1 is the main one.
func (s *Session) Depth() int { return len(s.selected) }

// Default is the place of the entry that starts by itself, in the main menu.
func (s *Session) Default() int { return s.main.Selected }

// Entries are the titles of the menu on the screen.
func (s *Session) Entries() []scene.Entry { return slices.Clone(s.machine.Scene().Entries) }
