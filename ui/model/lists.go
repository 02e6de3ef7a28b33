package model

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/isowright/isowright/assets"
)

// Named is a value of the design with what people call it.
type Named struct{ Value, Text string }

// Offers are what a system's settings are chosen from.
type Offers struct {
	// Locales are those of glibc for UTF-8 and Zones the tz database's, named in
	// the person's language; Layouts are this computer's, or the built-in ones.
	Locales, Zones []Named
	Layouts        []Layout
}

// Offers hands over what there is to choose from. Naming it all takes some time,
// so it is done in the background.
func (s *Session) Offers(then func(Offers)) {
	root, tag := s.root(), language.Make(s.Words().Language())
	plain := s.Words().Say("no language, plain English")
	background(s, func(context.Context) Offers {
		return Offers{locales(tag, plain), zones(tag), keyboards(root)}
	}, then)
}

// locales are sorted by their names in a language. plain names the one that has
// none.
func locales(tag language.Tag, plain string) []Named {
	names := localeNames{display.Languages(tag), display.Regions(tag), display.Scripts(tag)}
	list := []Named{}
	for line := range strings.Lines(assets.Locales) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		value, text := localeValue(line), plain
		if line != "C" {
			text = names.of(line)
		}
		list = append(list, Named{value, text + " · " + value})
	}
	slices.SortFunc(list, func(a, b Named) int { return cmp.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)) })
	return list
}

// localeValue puts the character set between name and modifier.
func localeValue(name string) string {
	base, modifier, found := strings.Cut(name, "@")
	if found {
		return base + ".UTF-8@" + modifier
	}
	return base + ".UTF-8"
}

// localeNames are names in the person's language.
type localeNames struct{ languages, regions, scripts display.Namer }

// of is a locale in words: "German (Austria)", "Serbian (Latin, Serbia)".
func (n localeNames) of(locale string) string {
	base, modifier, _ := strings.Cut(locale, "@")
	code, territory, _ := strings.Cut(base, "_")
	name, inside := code, []string{}
	if l, err := language.ParseBase(code); err == nil {
		name = cmp.Or(n.languages.Name(l), code)
	}
	if modifier != "" {
		scripts := map[string]string{"latin": "Latn", "cyrillic": "Cyrl", "devanagari": "Deva"}
		if script, err := language.ParseScript(scripts[modifier]); err == nil {
			modifier = cmp.Or(n.scripts.Name(script), modifier)
		}
		inside = append(inside, modifier)
	}
	if region, err := language.ParseRegion(territory); err == nil {
		inside = append(inside, cmp.Or(n.regions.Name(region), territory))
	}
	if len(inside) == 0 {
		return name
	}
	return name + " (" + strings.Join(inside, ", ") + ")"
}

// zones are sorted by their names, with the country's in a language.
func zones(tag language.Tag) []Named {
	countries := display.Regions(tag)
	list := []Named{{"Etc/UTC", "Etc/UTC"}}
	for line := range strings.Lines(assets.Zones) {
		country, name, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			continue
		}
		text := name
		if region, err := language.ParseRegion(country); err == nil {
			text += " · " + countries.Name(region)
		}
		list = append(list, Named{name, text})
	}
	return list
}
