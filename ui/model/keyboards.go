package model

import (
	"bufio"
	"bytes"
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"github.com/isowright/isowright/assets"
)

// Layout is a keyboard layout of XKB with its variants.
type Layout struct {
	Named
	Variants []Named
}

// keyboardList is where xkb-data keeps its list.
const keyboardList = "usr/share/X11/xkb/rules/evdev.lst"

// maxKeyboards is the size in bytes up to which that list is read.
const maxKeyboards = 1 << 20

// keyboards are the layouts of the system below root, or the built-in ones where
// it has no list.
func keyboards(root string) []Layout {
	if text, err := readSome(filepath.Join(root, keyboardList), maxKeyboards); err == nil {
		if list := parseKeyboards(text); len(list) > 0 {
			return list
		}
	}
	return BuiltInKeyboards()
}

// BuiltInKeyboards are the layouts that travel inside the program.
func BuiltInKeyboards() []Layout { return parseKeyboards([]byte(assets.Keyboards)) }

// parseKeyboards reads the sections "layout" and "variant" of a list as
// xkeyboard-config makes it (rules/evdev.lst): a section begins with "! NAME",
// a layout is "NAME TEXT", a variant "NAME LAYOUT: TEXT".
func parseKeyboards(text []byte) []Layout {
	var list []Layout
	at := map[string]int{}
	section := ""
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, maxKeyboards)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if name, ok := strings.CutPrefix(line, "!"); ok {
			section = strings.TrimSpace(name)
			continue
		}
		name, words, ok := strings.Cut(line, " ")
		words = strings.TrimSpace(words)
		if !ok || words == "" {
			continue
		}
		switch section {
		case "layout":
			if _, again := at[name]; !again && name != "custom" {
				at[name] = len(list)
				list = append(list, Layout{Named: Named{name, words + " · " + name}})
			}
		case "variant":
			layout, words, ok := strings.Cut(words, ": ")
			if i, known := at[layout]; ok && known {
				list[i].Variants = append(list[i].Variants, Named{name, words + " · " + name})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Layout) int { return cmp.Compare(a.words(), b.words()) })
	return list
}

// words are what people call the layout, without its name.
func (l Layout) words() string { return strings.TrimSuffix(l.Text, " · "+l.Value) }

// VariantsOf are the variants of one of the layouts.
func VariantsOf(list []Layout, layout string) []Named {
	for _, l := range list {
		if l.Value == layout {
			return l.Variants
		}
	}
	return nil
}
