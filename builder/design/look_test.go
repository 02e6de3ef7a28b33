package design

import (
	"slices"
	"strings"
	"testing"
)

func TestBootThemes(t *testing.T) {
	for theme, want := range map[string]string{
		"isowright:calm-dark": "", "isowright:line-light": "", "themes/mine.tar.gz": "", "": "",
		"isowright:calm": "no theme", "isowright:clam-dark": "did you mean isowright:calm-dark?", "isowright:": "no theme",
		"/usr/share/theme": "not relative", "../theme": "leaves",
	} {
		d := Design{Format: Format, Name: "x", Distribution: "debian", Base: "minimal", Boot: Boot{Theme: theme}}
		ps := Validate(d)
		if (len(ps) == 0) != (want == "") || !strings.Contains(ps.Error(), want) {
			t.Errorf("%q: %v, want %q", theme, ps, want)
		}
	}
}

func TestBootLook(t *testing.T) {
	for _, c := range []struct {
		theme string
		look  BootLook
		want  []string
	}{
		{"isowright:calm-dark", BootLook{Accent: "#C02050", Layout: "left"}, nil},
		{"isowright:calm-dark", BootLook{Accent: "red"}, []string{"boot.look.accent"}},
		{"isowright:calm-dark", BootLook{Layout: "right"}, []string{"boot.look.layout"}},
		{"theme", BootLook{Layout: "left"}, []string{"boot.look"}},
		{"", BootLook{Accent: "#c02050"}, []string{"boot.look"}},
	} {
		d := Design{Format: Format, Name: "x", Distribution: "debian", Base: "minimal", Boot: Boot{Theme: c.theme, Look: c.look}}
		if got := fieldsWith(Validate(d)); !slices.Equal(got, c.want) {
			t.Errorf("%q %+v: %v, want %v", c.theme, c.look, got, c.want)
		}
	}
}

func TestFontsClashOnTheMedium(t *testing.T) {
	for _, c := range []struct {
		fonts []string
		want  []string
	}{
		{[]string{"a.ttf", "b.otf", "c.pf2"}, nil},
		{[]string{"a.ttf", "a.otf"}, []string{"boot.fonts[1]"}},
		{[]string{"x/a.pf2", "y/A.TTF"}, []string{"boot.fonts[1]"}},
		{[]string{"a.pf2", "a.pf2"}, []string{"boot.fonts[1]"}},
		{[]string{"fonts/unicode.pf2"}, []string{"boot.fonts[0]"}},
		{[]string{"Unicode.otf"}, []string{"boot.fonts[0]"}},
	} {
		d := Design{Format: Format, Name: "x", Distribution: "debian", Base: "minimal", Boot: Boot{Fonts: c.fonts}}
		if got := fieldsWith(Validate(d)); !slices.Equal(got, c.want) {
			t.Errorf("%q: %v, want %v", c.fonts, got, c.want)
		}
	}
}

func TestIconsOfOwnThemes(t *testing.T) {
	entries := []BootEntry{{Title: "a"}, {Title: "b", ToRAM: true}, {Title: "c", Parameters: []string{"nomodeset"}}, {Title: "d", Class: "mine"},
		{Title: "e", Kind: "submenu", Entries: []BootEntry{{Title: "f", Kind: "poweroff"}, {Title: "g", Kind: "iso"}, {Title: "h", Parameters: []string{"debug"}}}}}
	classes := func(theme string) (all []string) {
		got := WithDefaults(Design{Distribution: "debian", Boot: Boot{Theme: theme, Entries: entries}}).Boot.Entries
		for _, e := range append(got, got[4].Entries...) {
			all = append(all, e.Class)
		}
		return all
	}
	want := []string{"debian", "ram", "safe", "mine", "submenu", "poweroff", "live", "debug"}
	if got := classes("isowright:calm-dark"); !slices.Equal(got, want) {
		t.Errorf("own theme: %q, want %q", got, want)
	}
	want = []string{"", "", "", "mine", "", "", "", ""}
	if got := classes("theme"); !slices.Equal(got, want) {
		t.Errorf("another theme: %q, want %q", got, want)
	}
	if entries[0].Class != "" || entries[4].Entries[0].Class != "" {
		t.Error("the design itself was changed")
	}
}
