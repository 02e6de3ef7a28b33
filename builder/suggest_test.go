package builder

import (
	"errors"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

func TestSuggest(t *testing.T) {
	d := design.Design{Name: "x", Distribution: "nixos", Base: "minimal", Packages: []string{"htop", "fierfox", "qqqqqqqqqq"}}
	o := Options{CacheDir: t.TempDir()}
	given := design.Problems{
		{Field: "packages[0]", Text: "not free", Hint: "consent"},
		{Field: "packages[1]", Text: "no such attribute", Hint: "check it"},
		{Field: "packages[2]", Text: "no such attribute"},
		{Field: "packages[3]", Text: "no field of this design"},
		{Field: "kernel", Text: "fierfox"},
	}
	var got design.Problems
	if !errors.As(suggest(t.Context(), d, o, given), &got) || len(got) != len(given) {
		t.Fatalf("got %v", got)
	}
	for i, p := range got {
		want := given[i]
		if i == 1 {
			want.Hint = "check it; did you mean firefox?"
		}
		if p != want {
			t.Errorf("got %+v, want %+v", p, want)
		}
	}
	if given[1].Hint != "check it" {
		t.Error("the problems that were given are changed")
	}

	other := errors.New("no network")
	if got := suggest(t.Context(), d, o, other); got != other {
		t.Errorf("another error becomes %v", got)
	}
	d.Distribution = "debian"
	if got := suggest(t.Context(), d, o, given); strings.Contains(got.Error(), "firefox") {
		t.Errorf("Debian: %v", got)
	}
}

func TestWithNames(t *testing.T) {
	for _, tt := range []struct {
		hint  string
		names []string
		want  string
	}{
		{"", nil, ""},
		{"check it", nil, "check it"},
		{"", []string{"a1", "b2"}, "did you mean a1, b2?"},
		{"check it", []string{"a1"}, "check it; did you mean a1?"},
		{"did you mean firefox?", []string{"firefox"}, "did you mean firefox?"},
		{"did you mean rgb?", []string{"ripgrep", "rgb"}, "did you mean rgb? The catalogue also has ripgrep."},
	} {
		if got := withNames(tt.hint, tt.names); got != tt.want {
			t.Errorf("%q and %q: %q, want %q", tt.hint, tt.names, got, tt.want)
		}
	}
}
