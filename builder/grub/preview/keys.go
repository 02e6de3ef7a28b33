package preview

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/builder/grub/script"
)

// Key is one that GRUB knows by this name; a single character is one that is
// typed. "e" and "c" of the menu and an entry's hot key are such characters.
type Key string

// Keys of the menu, the edit screen and the command line.
const (
	KeyUp        Key = "up"
	KeyDown      Key = "down"
	KeyLeft      Key = "left"
	KeyRight     Key = "right"
	KeyHome      Key = "home"
	KeyEnd       Key = "end"
	KeyPageUp    Key = "pageup"
	KeyPageDown  Key = "pagedown"
	KeyEnter     Key = "enter"
	KeyEscape    Key = "escape"
	KeyBackspace Key = "backspace"
	KeyDelete    Key = "delete"
	KeyEdit      Key = "e"
	KeyConsole   Key = "c"
)

// page is how far the page keys go, in entries.
const page = 10

// prompt is what the command line begins with.
const prompt = "grub> "

// Bounds of what is typed.
const (
	maxLine  = 4096 // characters
	maxLines = 1000
)

// Key does what GRUB does for a key. It reports whether the screen may have
// changed; an error is an entry whose commands do not end.
func (s *Session) Key(k Key) (bool, error) {
	state, depth := s.state, len(s.selected)
	changed, err := s.key(k)
	if s.state != state || len(s.selected) != depth {
		s.top = 0
	}
	if changed {
		s.scroll()
	}
	return changed, err
}

func (s *Session) key(k Key) (bool, error) {
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
		if k == KeyEnter && s.state == scene.Console {
			return true, s.command()
		}
		return s.typed(k), nil
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
		return stopped || s.back(), nil
	case KeyEdit:
		s.state, s.text, s.row, s.column = scene.Edit, s.machine.Source(*at), 0, 0
		return true, nil
	case KeyConsole:
		s.console()
		return true, nil
	default:
		changed, err := s.hotkey(k)
		return changed || stopped, err
	}
	return stopped || *at != old, nil
}

// back leaves a submenu. GRUB shows the menu above anew, with its default
// chosen.
func (s *Session) back() bool {
	if !s.machine.Back() {
		return false
	}
	s.selected = s.selected[:len(s.selected)-1]
	s.selected[len(s.selected)-1], _ = s.machine.Default()
	return true
}

// console opens the command line.
func (s *Session) console() {
	s.state, s.text = scene.Console, []string{prompt}
	s.row, s.column = 0, len(prompt)
}

// command runs what was typed on the command line.
func (s *Session) command() error {
	line := s.text[len(s.text)-1][len(prompt):]
	printed, out, err := s.machine.Command(line)
	if err != nil {
		return err
	}
	if out == script.Opened {
		next := s.machine.Scene()
		s.selected = append(s.selected, next.Selected)
		s.state, s.left = next.State, next.TimeoutLeft
		return nil
	}
	if out == script.Boots {
		s.booted = line
	}
	s.text = append(s.text, append(printed, prompt)...)
	if over := len(s.text) - maxLines; over > 0 {
		s.text = slices.Clone(s.text[over:])
	}
	s.row, s.column = len(s.text)-1, len(prompt)
	return nil
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

// typed moves the cursor or changes the text at it.
func (s *Session) typed(k Key) bool {
	line := []rune(s.text[s.row])
	begin := 0
	if s.state == scene.Console {
		begin = len(prompt)
	}
	switch k {
	case KeyLeft:
		s.column = max(s.column-1, begin)
	case KeyRight:
		s.column = min(s.column+1, len(line))
	case KeyHome:
		s.column = begin
	case KeyEnd:
		s.column = len(line)
	case KeyBackspace:
		switch {
		case s.column > begin:
			line = slices.Delete(line, s.column-1, s.column)
			s.column--
		case s.state == scene.Edit && s.row > 0:
			s.row--
			s.column = utf8.RuneCountInString(s.text[s.row])
			return s.join()
		}
	case KeyDelete:
		switch {
		case s.column < len(line):
			line = slices.Delete(line, s.column, s.column+1)
		case s.state == scene.Edit && s.row+1 < len(s.text):
			return s.join()
		}
	case KeyUp, KeyDown, KeyEnter:
		return s.state == scene.Edit && s.move(k, line)
	default:
		r, size := utf8.DecodeRuneInString(string(k))
		if size != len(k) || !unicode.IsPrint(r) || len(line) >= maxLine {
			return false
		}
		line = slices.Insert(line, s.column, r)
		s.column++
	}
	s.text[s.row] = string(line)
	return true
}

// join puts the next line behind that of the cursor.
func (s *Session) join() bool {
	s.text[s.row] += s.text[s.row+1]
	s.text = slices.Delete(s.text, s.row+1, s.row+2)
	return true
}

// move goes to another line of the edit screen, or makes one.
func (s *Session) move(k Key, line []rune) bool {
	switch {
	case k == KeyUp && s.row > 0:
		s.row--
	case k == KeyDown && s.row+1 < len(s.text):
		s.row++
	case k == KeyEnter && len(s.text) < maxLines:
		s.text[s.row] = string(line[:s.column])
		s.row++
		s.text = slices.Insert(s.text, s.row, string(line[s.column:]))
		s.column = 0
	default:
		return false
	}
	s.column = min(s.column, utf8.RuneCountInString(s.text[s.row]))
	return true
}
