package model

import (
	"slices"
	"strings"
	"testing"
)

func TestConsoleLines(t *testing.T) {
	long := strings.Repeat("0123456789", 8)
	for text, want := range map[string][]string{
		"":              {""},
		"one\n":         {"one"},
		"one\n\ntwo":    {"one", "", "two"},
		long:            {long},
		long + "x":      {long, "x"},
		long + "\nnext": {long, "next"},
		"a\tb":          {"a       b"},
		"12345678\tb":   {"12345678        b"},
		"日本":            {"日本"},
	} {
		if got := ConsoleLines(text, 80); !slices.Equal(got, want) {
			t.Errorf("%q is shown as %q, not %q", text, got, want)
		}
	}
	if got := ConsoleLines("日本語", 5); !slices.Equal(got, []string{"日本", "語"}) {
		t.Errorf("wide characters: %q", got)
	}
}

func FuzzConsoleLines(f *testing.F) {
	f.Add("a\tb\n日本")
	f.Fuzz(func(t *testing.T, text string) {
		for _, line := range ConsoleLines(text, 10) {
			if n := len([]rune(line)); n > 10 {
				t.Errorf("a line has %d characters: %q", n, line)
			}
		}
	})
}
