package preview

import (
	"fmt"
	"image"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/grub/vesamenu"
)

// Isolinux is a menu of isolinux that somebody looks at: what BIOS machines show
// of an image of NixOS. It is for one goroutine.
type Isolinux struct {
	files   fs.FS
	dir     string
	config  *vesamenu.Config
	screens []vesamenu.Screen // the main menu first
	draw    error             // of the picture drawn last
}

// OpenIsolinux reads a configuration (a name in files).
func OpenIsolinux(files fs.FS, config string) (*Isolinux, error) {
	c, err := vesamenu.Parse(files, config)
	if err != nil {
		return nil, err
	}
	s := &Isolinux{files: files, dir: path.Dir(config), config: c, screens: []vesamenu.Screen{c.First()}}
	if _, err := s.Image(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Isolinux) screen() *vesamenu.Screen { return &s.screens[len(s.screens)-1] }

// Image draws the screen.
func (s *Isolinux) Image() (*image.RGBA, error) {
	var picture *image.RGBA
	picture, s.draw = vesamenu.Render(s.config, s.files, s.dir, *s.screen())
	if picture == nil {
		return nil, s.draw
	}
	return picture, nil
}

// Warnings are what isolinux does not show as it was meant.
func (s *Isolinux) Warnings() []grub.Warning {
	var all []grub.Warning
	for _, w := range s.config.Warnings {
		all = append(all, grub.Warning{Place: fmt.Sprintf("%s:%d", w.File, w.Line), Text: w.Text, Hint: "correct the line"})
	}
	if s.draw != nil {
		all = append(all, grub.Warning{Place: "background", Text: s.draw.Error(), Hint: "choose another picture"})
	}
	return all
}

// SetTimeout sets the seconds that the countdown has left; -1 stops it.
func (s *Isolinux) SetTimeout(left int) { s.screen().TimeoutLeft = max(left, -1) }

// Entries are the titles of the menu on the screen; Selected is the chosen one.
func (s *Isolinux) Entries() (titles []string, selected int) {
	for _, e := range s.config.Menus[s.screen().Menu].Entries {
		titles = append(titles, e.Title)
	}
	return titles, s.screen().Selected
}

// Key moves the chosen line, opens a submenu or leaves it. It reports whether
// the screen may have changed.
func (s *Isolinux) Key(k Key) bool {
	now := s.screen()
	entries := s.config.Menus[now.Menu].Entries
	to := now.Selected
	switch k {
	case KeyUp:
		to--
	case KeyDown:
		to++
	case KeyHome:
		to = 0
	case KeyEnd:
		to = len(entries) - 1
	case KeyEscape:
		if len(s.screens) > 1 {
			s.screens = s.screens[:len(s.screens)-1]
			return true
		}
		return false
	case KeyEnter:
		if now.Selected >= len(entries) || entries[now.Selected].Kind != vesamenu.Submenu || len(s.screens) >= len(s.config.Menus) {
			return false
		}
		s.screens = append(s.screens, s.config.Open(entries[now.Selected].Menu))
		return true
	default:
		return false
	}
	step := 1
	if to < now.Selected {
		step = -1
	}
	for to > 0 && to < len(entries)-1 && !chosen(entries[to]) {
		to += step
	}
	if to < 0 || to >= len(entries) || !chosen(entries[to]) {
		return false
	}
	*now = s.config.Choose(*now, to)
	return true
}

// chosen says whether the chosen line may stand on an entry.
func chosen(e vesamenu.Entry) bool { return !e.Disabled && e.Kind != vesamenu.Separator }

// Select chooses an entry of the menu on the screen by its number from 0, its
// label or its title.
func (s *Isolinux) Select(name string) error {
	now := s.screen()
	left := now.TimeoutLeft
	for i, e := range s.config.Menus[now.Menu].Entries {
		if (e.Label == name || strings.TrimSpace(e.Title) == name || strconv.Itoa(i) == name) && chosen(e) {
			*now = s.config.Choose(*now, i)
			now.TimeoutLeft = left
			return nil
		}
	}
	titles, _ := s.Entries()
	return fmt.Errorf("the menu has no entry %q: it has %q", name, titles)
}

// Submenu opens a submenu by titles, labels or numbers with ">" between them.
func (s *Isolinux) Submenu(path string) error {
	for name := range strings.SplitSeq(path, ">") {
		if err := s.Select(name); err != nil {
			return err
		}
		if !s.Key(KeyEnter) {
			return fmt.Errorf("the entry %q opens no menu", name)
		}
	}
	return nil
}
