package preview

import (
	"github.com/isowright/isowright/builder/grub/scene"
)

// Key is one that GRUB's menu knows. Others are an entry's hot key, by its name.
type Key string

// Keys of the menu.
const (
	KeyUp       Key = "up"
	KeyDown     Key = "down"
	KeyHome     Key = "home"
	KeyEnd      Key = "end"
	KeyPageUp   Key = "pageup"
	KeyPageDown Key = "pagedown"
	KeyEnter    Key = "enter"
	KeyEscape   Key = "escape"
	KeyEdit     Key = "e"
	KeyConsole  Key = "c"
)

// page is how far the page keys go, in entries.
const page = 10

// prompt is what the command line begins with.
const prompt = "grub> "

// Key does what GRUB does for a key. It reports whether the screen may have
// changed; an error is an entry whose commands do not end.
func (s *Session) Key(k Key) (bool, error) {
	s.booted = ""
	switch s.state {
	case scene.Black:
		// Only Esc stops a countdown that shows no menu.
		if k == KeyEscape {
			s.state, s.left = scene.Menu, -1
			return true, nil
		}
		return s.hotkey(k)
	case scene.Edit, scene.Console:
		if k == KeyEscape && len(s.machine.Scene().Entries) > 0 {
			s.state, s.text = scene.Menu, nil
			return true, nil
		}
		return false, nil
	}
	return s.menuKey(k)
}

func (s *Session) menuKey(k Key) (bool, error) {
	// Every key stops the countdown.
	stopped := s.left >= 0
	s.left = -1
	count := len(s.machine.Scene().Entries)
	at := &s.selected[len(s.selected)-1]
	old := *at
	switch k {
	case KeyUp:
		*at = max(*at-1, 0)
	case KeyDown:
		*at = min(*at+1, count-1)
	case KeyHome:
		*at = 0
	case KeyEnd:
		*at = count - 1
	case KeyPageUp:
		*at = max(*at-page, 0)
	case KeyPageDown:
		*at = min(*at+page, count-1)
	case KeyEnter:
		err := s.enter()
		return true, err
	case KeyEscape:
		if s.machine.Back() {
			s.selected = s.selected[:len(s.selected)-1]
			return true, nil
		}
	case KeyEdit:
		s.state, s.text = scene.Edit, s.machine.Source(*at)
		return true, nil
	case KeyConsole:
		s.state, s.text = scene.Console, []string{prompt}
		return true, nil
	default:
		changed, err := s.hotkey(k)
		return changed || stopped, err
	}
	return stopped || *at != old, nil
}

// hotkey starts the entry that has a key.
func (s *Session) hotkey(k Key) (bool, error) {
	for i, e := range s.machine.Scene().Entries {
		if e.Hotkey != "" && e.Hotkey == string(k) {
			s.selected[len(s.selected)-1] = i
			err := s.enter()
			return true, err
		}
	}
	return false, nil
}
