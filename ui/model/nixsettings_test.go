package model

import (
	"reflect"
	"testing"
)

func TestNixSettings(t *testing.T) {
	for _, c := range []struct {
		text, wrong string
		want        map[string]any
		again       string
	}{
		{text: "", want: nil},
		{text: "# nothing\n\n", want: nil},
		{text: "max-jobs = 4\nkeep-outputs=true\nx = a=b", want: map[string]any{"max-jobs": 4, "keep-outputs": true, "x": "a=b"},
			again: "keep-outputs = true\nmax-jobs = 4\nx = a=b\n"},
		{text: "extra-substituters = https://a", want: map[string]any{"extra-substituters": []string{"https://a"}}, again: "extra-substituters = https://a\n"},
		{text: "features = a  b", want: map[string]any{"features": []string{"a", "b"}}, again: "features = a b\n"},
		{text: "version = 007", want: map[string]any{"version": "007"}, again: "version = 007\n"},
		{text: "a = 1\nhalf", wrong: "half"},
		{text: "= 1", wrong: "= 1"},
		{text: "a =", wrong: "a ="},
	} {
		got, wrong := ParseNixSettings(c.text)
		if wrong != c.wrong || wrong == "" && !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q is %v, wrong %q", c.text, got, wrong)
		}
		if wrong == "" && NixSettingsText(got) != c.again {
			t.Errorf("%q is written %q", c.text, NixSettingsText(got))
		}
	}
}

// FuzzNixSettings: what is written is read as the same.
func FuzzNixSettings(f *testing.F) {
	for _, seed := range []string{"", "a = 1", "a = b c\n# x\nd = true", "=", "a=\x00", "x = -0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		settings, wrong := ParseNixSettings(text)
		if wrong != "" {
			return
		}
		again, wrong := ParseNixSettings(NixSettingsText(settings))
		if wrong != "" || !reflect.DeepEqual(again, settings) {
			t.Errorf("%v is read again as %v, wrong %q", settings, again, wrong)
		}
	})
}
