package nixpkgs

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

func attrs(packages []Package) []string {
	var out []string
	for _, p := range packages {
		out = append(out, p.Attr)
	}
	return out
}

func TestSearch(t *testing.T) {
	_, _, cat := fetched(t)
	for query, want := range map[string][]string{
		"fire": {"firefox", "firefox-esr"}, "rg": {"ripgrep"}, "TLS ssl": {"openssl"}, "lens": {"haskellPackages.lens"},
		"web browser": {"firefox", "google-chrome", "firefox-esr"}, "browser": {"firefox", "google-chrome", "firefox-esr"}, "chrome-stable": {"google-chrome"}, "nonesuch": nil,
	} {
		if got := attrs(cat.Search(query, 10)); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
	all := few(t)
	if got := cat.Search("openssl", 1); len(got) != 1 || !reflect.DeepEqual(got[0], all["openssl"]) {
		t.Errorf("found %+v\nwant %+v", got, all["openssl"])
	}
	options := cat.SearchOptions("openssh", 10)
	if len(options) != 2 || options[0].Name != "services.openssh.enable" || options[0].Default != "false" {
		t.Errorf("options: %+v", options)
	}
	if got := cat.NearOptions("services.opensh.enable"); len(got) == 0 || got[0] != "services.openssh.enable" {
		t.Errorf("near an option: %q", got)
	}
	if _, ok := cat.Option("services.nonesuch"); ok {
		t.Error("an option that is not there is found")
	}
}

func TestCheck(t *testing.T) {
	_, _, cat := fetched(t)
	names := []string{
		"firefox", "fierfox", "google-chrome", "ventoy", "brokenthing", "maconly", "openssl.dev", "openssl.none",
		"linuxPackages.broadcom_sta", "haskellPackages.lenz", "rg",
	}
	got := cat.Check(names)
	want := []Finding{
		{},
		{Unknown: true, Near: []string{"firefox"}},
		{Unfree: true, Reasons: []string{"its licence is not free: unfree"}},
		{Insecure: true, Reasons: []string{"known to be insecure: Ventoy uses binary blobs", "known to be insecure: second"}},
		{Broken: true, Reasons: []string{"nixpkgs has marked it as broken: it does not build", "removal: Will be removed in 26.11"}},
		{Unavailable: true, Reasons: []string{"nixpkgs does not have maconly for x86_64-linux"}},
		{},
		{Unlisted: true},
		{Unlisted: true},
		{Unknown: true, Near: []string{"haskellPackages.lens"}},
		{Unknown: true, Near: []string{"ripgrep"}},
	}
	for i := range want {
		want[i].Attr = names[i]
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("got %+v\nwant %+v", got[i], want[i])
		}
	}
	if !got[0].Fine() || !got[6].Fine() || got[1].Fine() || got[2].Fine() {
		t.Error("Fine is wrong")
	}
	if f := BuiltIn().Check([]string{"nonesuch"})[0]; f.Unknown || !f.Unlisted {
		t.Errorf("the built-in list calls something unknown: %+v", f)
	}
}

func TestInfoIs(t *testing.T) {
	a, b := strings.Repeat("a", 40), strings.Repeat("b", 40)
	for _, tt := range []struct {
		have, want string
		is         bool
	}{{a, a, true}, {a, b, false}, {"", b, true}, {a, "", true}} {
		if got := (Info{Revision: tt.have}).Is(tt.want); got != tt.is {
			t.Errorf("%.3s of %.3s: %v", tt.have, tt.want, got)
		}
	}
}

// The list inside the program is sound and can be searched like a channel's.
func TestBuiltIn(t *testing.T) {
	seen := map[string]bool{}
	groups := map[string]int{}
	n := 0
	for p := range Groups() {
		n++
		groups[p.Group]++
		switch {
		case seen[p.Attr]:
			t.Errorf("%s is there twice", p.Attr)
		case p.Group == "" || p.Summary == "" || strings.ContainsAny(p.Attr, "()[]*\t") || strings.ContainsAny(p.Summary, "[]{}\t") || strings.HasPrefix(p.Summary, "("):
			t.Errorf("a line is not as it should be: %+v", p)
		}
		seen[p.Attr] = true
	}
	if n < 400 || len(groups) < 12 {
		t.Errorf("only %d packages in %d groups", n, len(groups))
	}
	cat := BuiltIn()
	if cat.Info().Packages != n || !cat.Info().BuiltIn {
		t.Errorf("%+v", cat.Info())
	}
	for query, want := range map[string]string{
		"firefox": "firefox", "rg": "ripgrep", "browser": "firefox", "wireguard": "wireguard-tools", "gpart": "gparted", "broadcom": "b43Firmware_5_1_138",
	} {
		if got := cat.Search(query, 3); len(got) == 0 || !slices.Contains(attrs(got), want) {
			t.Errorf("%q: %q", query, attrs(got))
		}
	}
	if p, ok := cat.Package("vscode"); !ok || !p.Unfree || p.Command != "code" || p.Group != "Editors" {
		t.Errorf("vscode: %+v", p)
	}
	if _, ok := cat.Option("services.openssh.enable"); ok || cat.SearchOptions("ssh", 3) != nil || cat.NearOptions("ssh") != nil {
		t.Error("the built-in list has options")
	}
	if err := cat.Close(); err != nil {
		t.Error(err)
	}
}
