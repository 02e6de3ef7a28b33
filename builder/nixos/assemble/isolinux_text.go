package assemble

import (
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"

	"github.com/isowright/isowright/builder/grub"
)

// commandLine joins the kernel's words. One with a blank is quoted whole, which
// the kernel understands. (Linux, "The kernel's command-line parameters")
func (w *isolinux) commandLine(e grub.Entry) string {
	words := make([]string, len(e.Parameters))
	for i, p := range e.Parameters {
		if strings.ContainsFunc(p, unicode.IsControl) {
			w.fault("the entry %q has a parameter with a control character: %q", e.Title, p)
		}
		words[i] = p
		if strings.Contains(p, " ") && !strings.Contains(p, `"`) {
			words[i] = `"` + p + `"`
		}
	}
	line := strings.Join(words, " ")
	if len(line) > maxCommandLine {
		w.fault("the entry %q has a command line of %d bytes, the kernel takes %d", e.Title, len(line), maxCommandLine)
	}
	return line
}

// path is one on the medium; isolinux ends it at a blank.
func (w *isolinux) path(p string) string {
	if strings.ContainsFunc(p, func(r rune) bool { return r <= ' ' || r == 0x7F }) {
		w.fault("isolinux cannot name the file %q", p)
	}
	return p
}

// text is a title on one line in code page 437, with its hotkey marked where it
// occurs in it.
func (w *isolinux) text(s, hotkey string) string {
	out := make([]byte, 0, len(s)+1)
	marked := len(hotkey) != 1
	for _, r := range s {
		if r == '^' {
			r = '\''
		}
		c, ok := charmap.CodePage437.EncodeRune(r)
		switch {
		case unicode.IsControl(r):
			c = ' '
		case !ok || c < ' ' || c == 0x7F:
			c = '?'
		}
		if !marked && strings.EqualFold(string(r), hotkey) {
			out, marked = append(out, '^'), true
		}
		out = append(out, c)
	}
	return string(out)
}
