// Package look makes the files of a design's boot theme: of a theme of
// Isowright's own, drawn for the design, or of one in a folder or archive, made
// ready for GRUB. It writes nothing.
package look

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/grub/theme"
	"github.com/isowright/isowright/builder/grub/themes"
)

// Folder is the theme's place on the medium.
const Folder = "/boot/grub/theme"

// maxPicture is the most that is read of a background picture, in bytes.
const maxPicture = 64 << 20

// Theme is what a design's theme puts into Folder.
type Theme struct {
	// Files by their names in the folder, theme.txt among them.
	Files map[string][]byte
	// Notes tell a person what of the theme was changed or left out.
	Notes []string
}

// Names are those of the files, sorted.
func (t Theme) Names() []string { return slices.Sorted(maps.Keys(t.Files)) }

// Fonts are the places on the medium of the fonts that GRUB must load.
func (t Theme) Fonts() []string {
	var all []string
	for _, name := range t.Names() {
		if at := path.Join(Folder, name); IsFont(at) {
			all = append(all, at)
		}
	}
	return all
}

// IsFont says whether a place on the medium is that of a font of the theme.
func IsFont(target string) bool {
	return strings.HasPrefix(target, Folder+"/") && path.Ext(target) == ".pf2"
}

// Of makes the theme of a design; the zero Theme where it has none. The same
// design and files give the same bytes. A theme that cannot be used, or that
// GRUB would not show, is an error of the type design.Problems.
func Of(d design.Design) (Theme, error) {
	d = design.WithDefaults(d)
	if d.Boot.Theme == "" {
		return Theme{}, nil
	}
	if name, own := design.OwnTheme(d.Boot.Theme); own {
		return ownTheme(d, name)
	}
	in, err := theme.ImportPath(local(d, d.Boot.Theme))
	if err != nil {
		return Theme{}, fault("boot.theme", err.Error(), "choose the folder or archive of a theme for GRUB that is complete")
	}
	for name, data := range in.Files {
		if strings.ContainsFunc(name, unicode.IsControl) {
			return Theme{}, fault("boot.theme", fmt.Sprintf("its file %q has a control character in its name", name), "rename it")
		}
		if design.HoldsSecret(data[:min(len(data), 4096)]) {
			return Theme{}, fault("boot.theme", fmt.Sprintf("its file %q is a private key, which an image would give to everybody who has it", name), "take it out of the theme")
		}
	}
	for _, p := range in.Problems {
		if p.Lost {
			return Theme{}, fault("boot.theme", fmt.Sprintf("GRUB would show its text menu instead of the theme: %s:%d: %s", p.File, p.Line, p.What), p.Fix)
		}
	}
	return Theme{Files: in.Files, Notes: in.Notes}, nil
}

func fault(field, text, hint string) design.Problems {
	return design.Problems{{Field: field, Text: text, Hint: hint}}
}

// ownTheme draws one of Isowright's themes.
func ownTheme(d design.Design, name string) (Theme, error) {
	b := d.Boot
	o := themes.Options{Title: Title(b.Title), Left: b.Look.Layout == "left"}
	o.Width, o.Height = screen(b.Resolution)
	if b.Look.Accent != "" {
		accent, err := webColour(b.Look.Accent)
		if err != nil {
			return Theme{}, fault("boot.look.accent", err.Error(), "write it like #c02050")
		}
		o.Accent = accent
	}
	if b.Background != "" {
		picture, err := readPicture(local(d, b.Background))
		if err != nil {
			return Theme{}, fault("boot.background", err.Error(), "choose another picture")
		}
		o.Background = picture
	}
	files, err := themes.Theme(name, o)
	if err != nil {
		return Theme{}, fault("boot.theme", err.Error(), "choose another theme or resolution")
	}
	return Theme{Files: files}, nil
}

// Title is a title as a theme can have it: the file's format knows no way to
// write a straight quotation mark within a text. They become curly in pairs.
func Title(s string) string {
	var b strings.Builder
	for i, part := range strings.Split(s, `"`) {
		switch {
		case i%2 == 1:
			b.WriteRune('\u201c')
		case i > 0:
			b.WriteRune('\u201d')
		}
		b.WriteString(part)
	}
	return b.String()
}

// screen is the first size in a list of GRUB's gfxmode, in pixels; 0 and 0
// where it begins with "auto".
func screen(resolution string) (width, height int) {
	first := strings.FieldsFunc(resolution, func(r rune) bool { return r == ',' || r == ';' })
	if len(first) == 0 {
		return 0, 0
	}
	sides := strings.Split(first[0], "x")
	if len(sides) < 2 {
		return 0, 0
	}
	width, _ = strconv.Atoi(sides[0])
	height, _ = strconv.Atoi(sides[1])
	return width, height
}

// webColour reads "#rrggbb".
func webColour(s string) (color.Color, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 24)
	if err != nil || len(s) != len("#rrggbb") {
		return nil, fmt.Errorf("%q is not a colour", s)
	}
	return color.NRGBA{R: uint8(n >> 16), G: uint8(n >> 8), B: uint8(n), A: 0xff}, nil
}

// readPicture reads a picture as the menu's background has it.
func readPicture(name string) (image.Image, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxPicture {
		return nil, fmt.Errorf("%s has %d MiB: at most %d are taken", name, info.Size()>>20, maxPicture>>20)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if data, err = grub.Background(data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return png.Decode(bytes.NewReader(data))
}

// local is a file that a design names.
func local(d design.Design, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(d.Dir, filepath.FromSlash(name))
}
