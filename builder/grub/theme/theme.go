// Package theme reads, draws and checks GRUB's graphical themes. What the
// properties are called is documented in GRUB's manual ("Theme file format");
// what they do to which pixel, and which mistakes lose a theme, was found by
// comparing pictures of GRUB 2.06 and 2.12.
package theme

import (
	"errors"
	"fmt"
	"image/color"
	"io/fs"
	"path"
	"strings"

	"github.com/isowright/isowright/builder/grub/gfx"
)

// Theme is a theme that GRUB would take.
type Theme struct {
	// Path is the theme.txt among Files.
	Path  string
	Files fs.FS
	File  *File

	titleText, titleFont, terminalFont, terminalBox string
	titleColour, desktopColour                      color.RGBA
	desktopImage                                    string
	method                                          gfx.Method
	hAlign, vAlign                                  gfx.Align
	left, top, width, height                        *Dimension // of the terminal; nil: in the middle, 70 %
	border                                          int        // of the terminal, in pixels
}

// Load reads a theme as GRUB does when a menu is shown. An error means that
// GRUB gives the theme up and shows the text menu; it names the line, in a
// *Problem. Problems are what GRUB passes over.
func Load(files fs.FS, name string) (*Theme, []Problem, error) {
	name = clean(name)
	text, err := readLimited(files, name)
	if err != nil {
		return nil, nil, &Problem{File: name, Lost: true, What: "the theme cannot be read: " + reason(err), Fix: "name a theme.txt that is on the medium"}
	}
	t := &Theme{Path: name, Files: files, titleText: "GRUB Boot Menu", titleColour: black, desktopColour: white,
		terminalFont: "Fixed 10", border: usualBorder}
	t.File, err = Parse(text)
	if syntax := (*SyntaxError)(nil); errors.As(err, &syntax) {
		return nil, nil, &Problem{File: name, Line: syntax.Line, Lost: true, What: syntax.Reason, Fix: "write it as GRUB's manual says"}
	}
	for _, p := range t.File.Globals {
		if err := t.set(p); err != nil {
			return nil, nil, err
		}
	}
	problems, err := t.check(t.File.Root)
	return t, problems, err
}

// readLimited reads a file that is no longer than a theme may be.
func readLimited(files fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(files, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("it has %d bytes: at most %d are read", info.Size(), maxFile)
	}
	return fs.ReadFile(files, name)
}

// set takes a property of the whole theme.
func (t *Theme) set(p Property) error {
	texts := map[string]*string{"title-text": &t.titleText, "title-font": &t.titleFont, "terminal-font": &t.terminalFont,
		"terminal-box": &t.terminalBox, "message-font": nil}
	colours := map[string]*color.RGBA{"title-color": &t.titleColour, "desktop-color": &t.desktopColour,
		"message-color": nil, "message-bg-color": nil}
	dimensions := map[string]**Dimension{"terminal-left": &t.left, "terminal-top": &t.top,
		"terminal-width": &t.width, "terminal-height": &t.height}
	var err error
	if to, ok := texts[p.Name]; ok {
		if to != nil {
			*to = p.Value
		}
	} else if to, ok := colours[p.Name]; ok {
		var c color.NRGBA
		if c, err = gfx.ParseColour(p.Value); err == nil && to != nil {
			*to = opaque(c)
		}
	} else if to, ok := dimensions[p.Name]; ok {
		*to = new(Dimension)
		**to, err = ParseDimension(p.Value)
	} else {
		err = t.setDesktop(p)
	}
	if err != nil {
		return t.lost(p.Line, p.Name+": "+err.Error(), "correct it, or take the line away")
	}
	return nil
}

// setDesktop takes the properties of the desktop, and the terminal's border.
func (t *Theme) setDesktop(p Property) (err error) {
	switch p.Name {
	case "desktop-image":
		t.desktopImage = t.path(p.Value)
		_, err = t.checkPicture(p.Value)
	case "desktop-image-scale-method":
		t.method, err = choose[gfx.Method](p.Value, "stretch", "crop", "padding", "fitwidth", "fitheight")
	case "desktop-image-h-align":
		t.hAlign, err = choose[gfx.Align](p.Value, "left", "center", "right")
	case "desktop-image-v-align":
		t.vAlign, err = choose[gfx.Align](p.Value, "top", "center", "bottom")
	case "terminal-border":
		n, ok := integer(p.Value)
		if !ok {
			return fmt.Errorf("%q is no number", p.Value)
		}
		t.border = n
	default:
		err = errors.New("GRUB knows no such property")
	}
	return err
}

// choose is the number of a word among those that are allowed.
func choose[T ~int](word string, allowed ...string) (T, error) {
	for i, a := range allowed {
		if a == word {
			return T(i), nil
		}
	}
	return 0, fmt.Errorf("%q is none of %s", word, strings.Join(allowed, ", "))
}

// path is the file that a theme names: beside theme.txt, or from the root.
func (t *Theme) path(name string) string {
	if strings.HasPrefix(name, "/") || strings.HasPrefix(name, "(") {
		return clean(name)
	}
	return clean(path.Join(path.Dir(t.Path), name))
}

// clean makes a path of GRUB one of fs.FS: without a device, from the root.
func clean(name string) string {
	if strings.HasPrefix(name, "(") {
		_, name, _ = strings.Cut(name, ")")
	}
	return strings.TrimPrefix(path.Clean("/"+name), "/")
}
