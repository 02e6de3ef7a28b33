package model

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/isowright/isowright/assets"
)

// Named is a value of the design with what people call it.
type Named struct{ Value, Text string }

// Locales are those of glibc for UTF-8, named in the person's language and
// sorted by that.
func (s *Session) Locales() []Named {
	tag := language.Make(s.Words().Language())
	names := display.Tags(tag)
	list := []Named{}
	for line := range strings.Lines(assets.Locales) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		value := localeValue(line)
		text := s.Words().Say("no language, plain English")
		if line != "C" {
			text = localeName(names, line)
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

// localeName is a locale's language and territory in words. A modifier that
// names a script is part of the language's tag.
func localeName(names display.Namer, locale string) string {
	base, modifier, _ := strings.Cut(locale, "@")
	scripts := map[string]string{"latin": "Latn", "cyrillic": "Cyrl", "devanagari": "Deva"}
	tag, err := language.Parse(strings.ReplaceAll(base, "_", "-"))
	if err != nil {
		return locale
	}
	if script, ok := scripts[modifier]; ok {
		if t, err := language.Compose(tag, language.MustParseScript(script)); err == nil {
			tag, modifier = t, ""
		}
	}
	name := names.Name(tag)
	if name == "" {
		name = locale
	}
	if modifier != "" {
		name += ", " + modifier
	}
	return name
}

// Zones are the time zones, by their names, with the country's name.
func (s *Session) Zones() []Named {
	countries := display.Regions(language.Make(s.Words().Language()))
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
