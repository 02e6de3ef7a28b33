package theme

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/isowright/isowright/builder/grub/gfx"
)

// valueKind is what a property's value may be.
type valueKind int

const (
	anyText   valueKind = iota
	fontName            // of a loaded font
	style               // a box's pictures, with "*" for the slice
	bitmap              // a picture that may be missing
	file                // a picture without which the theme is lost
	colour              //
	number              // begins with digits
	dimension           // a sum of pixels and percents
	template            // a text with at most one %d
	noEffect            // documented, but GRUB does nothing with it
)

// properties are those that a kind of component has, beside those of all; nil
// for a kind that does not exist.
func properties(kind string) map[string]valueKind {
	switch kind {
	case "canvas", "hbox", "vbox":
		return map[string]valueKind{}
	case "label":
		return map[string]valueKind{"text": template, "font": fontName, "color": colour, "align": anyText, "visible": anyText}
	case "image":
		return map[string]valueKind{"file": file}
	case "progress_bar":
		return map[string]valueKind{"text": template, "font": fontName, "text_color": colour, "border_color": colour,
			"bg_color": colour, "fg_color": colour, "bar_style": style, "highlight_style": style,
			"highlight_overlay": anyText, "show_text": noEffect, "align": noEffect}
	case "circular_progress":
		return map[string]valueKind{"num_ticks": number, "start_angle": number, "ticks_disappear": anyText,
			"center_bitmap": bitmap, "tick_bitmap": bitmap}
	case "boot_menu":
		return map[string]valueKind{"item_font": fontName, "selected_item_font": fontName, "item_color": colour,
			"selected_item_color": colour, "icon_width": number, "icon_height": number, "item_height": number,
			"item_padding": number, "item_icon_space": number, "item_spacing": number, "visible": anyText,
			"menu_pixmap_style": style, "item_pixmap_style": style, "selected_item_pixmap_style": style,
			"scrollbar": anyText, "scrollbar_frame": style, "scrollbar_thumb": style,
			"scrollbar_thumb_overlay": anyText, "scrollbar_width": number, "scrollbar_slice": anyText,
			"scrollbar_left_pad": number, "scrollbar_right_pad": number, "scrollbar_top_pad": number,
			"scrollbar_bottom_pad": number, "max_items_shown": noEffect}
	}
	return nil
}

// common are the properties that every component has.
func common(name string) (valueKind, bool) {
	switch name {
	case "left", "top", "width", "height":
		return dimension, true
	case "id":
		return anyText, true
	}
	return anyText, false
}

// check looks at the components as GRUB does when it makes them: the error is
// what loses the theme, the problems are what GRUB passes over.
func (t *Theme) check(n *Node) (problems []Problem, err error) {
	known := properties(n.Kind)
	if known == nil {
		return nil, t.lost(n.Line, fmt.Sprintf("GRUB knows no component %q", n.Kind),
			"use label, image, progress_bar, circular_progress, boot_menu, canvas, hbox or vbox")
	}
	for _, p := range n.Properties {
		kind, ok := common(p.Name)
		if !ok {
			kind, ok = known[p.Name]
		}
		if !ok || kind == noEffect {
			problems = append(problems, Problem{File: t.Path, Line: p.Line,
				What: fmt.Sprintf("GRUB does nothing with %s of a %s", p.Name, n.Kind), Fix: "take it away"})
			continue
		}
		if err := t.checkValue(kind, p); err != nil {
			return problems, err
		}
	}
	for _, child := range n.Children {
		more, err := t.check(child)
		problems = append(problems, more...)
		if err != nil {
			return problems, err
		}
	}
	return problems, nil
}

// checkValue finds values that lose the theme.
func (t *Theme) checkValue(kind valueKind, p Property) error {
	var err error
	fix := "correct the value"
	switch kind {
	case colour:
		if p.Value == "inherit" && strings.HasPrefix(p.Name, "selected_") {
			return nil
		}
		_, err = gfx.ParseColour(p.Value)
	case dimension:
		_, err = ParseDimension(p.Value)
	case number:
		if _, ok := integer(p.Value); !ok {
			err = fmt.Errorf("%q is no number", p.Value)
		}
	case template:
		err, fix = checkTemplate(p.Value), "write %% for a percent sign"
	case file:
		fix, err = t.checkPicture(p.Value)
	}
	if err == nil {
		return nil
	}
	return t.lost(p.Line, p.Name+": "+err.Error(), fix)
}

func (t *Theme) lost(line int, what, fix string) *Problem {
	return &Problem{File: t.Path, Line: line, Lost: true, What: what, Fix: fix}
}

// checkTemplate wants one %d at most and no other use of the percent sign.
func checkTemplate(text string) error {
	rest := strings.ReplaceAll(text, "%%", "")
	rest = strings.Replace(rest, "%d", "", 1)
	if strings.Contains(rest, "%") {
		return fmt.Errorf("%q has a percent sign that is neither %%%% nor the only %%d", text)
	}
	return nil
}

// checkPicture says why GRUB cannot show a picture of a theme, and what to do.
func (t *Theme) checkPicture(name string) (fix string, err error) {
	data, err := fs.ReadFile(t.Files, t.path(name))
	if err != nil {
		return "put the file beside theme.txt, or correct its name", errors.New("the picture " + name + " cannot be read: " + reason(err))
	}
	_, err = gfx.Read(t.path(name), data)
	if fault := (*gfx.PictureError)(nil); errors.As(err, &fault) {
		return fault.Fix, fmt.Errorf("GRUB cannot show %s: %s", name, fault.Why)
	}
	return "save it as a PNG of 8 bits a channel, not interlaced", err
}
