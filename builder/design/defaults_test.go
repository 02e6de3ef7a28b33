package design

import (
	"reflect"
	"strings"
	"testing"
)

func TestWithDefaultsDebian(t *testing.T) {
	in := Design{Name: "Größte Rescue  Stick №1!", Distribution: "debian", Base: "minimal", Users: []User{{Name: "a"}},
		Files: []File{{Source: "a", Target: "/a"}}, Startup: Startup{Command: "top", Autologin: "a"}, SSH: SSH{Enable: true}}
	got := WithDefaults(in)
	five := 5
	want := in
	want.Format = 1
	want.Release = "trixie"
	want.Architecture = "amd64"
	want.VolumeLabel = "GR__TE_RESCUE__STICK__1_"
	want.Output = "gr-te-rescue-stick-1.iso"
	want.System = System{Hostname: "gr-te-rescue-stick-1", Locale: "C.UTF-8", Keyboard: Keyboard{Layout: "us"}, TimeZone: "Etc/UTC"}
	want.Users = []User{{Name: "a", Shell: "/bin/bash"}}
	want.SSH.Port = 22
	want.Network.Mode = "dhcp"
	want.Startup.CommandUser = "a"
	want.Boot = Boot{Title: in.Name, Timeout: &five, TimeoutStyle: "menu", Resolution: "auto", Entries: []BootEntry{
		{Title: in.Name, Kind: "live"}, {Title: in.Name + " (copy to RAM)", Kind: "live", ToRAM: true},
		{Title: "UEFI firmware settings", Kind: "firmware"}}}
	want.Files = []File{{Source: "a", Target: "/a", On: "root"}}
	want.Compression = Compression{Method: "zstd", Level: 15, BlockSize: 131072}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	if in.Users[0].Shell != "" || in.Files[0].On != "" {
		t.Error("the original was changed")
	}
}

func TestWithDefaultsNixOS(t *testing.T) {
	d := WithDefaults(Design{Name: "x y", Distribution: "nixos", Base: "minimal", Users: []User{{Name: "a"}}})
	want := NixOS{Channel: "nixos-26.05", Medium: "iso", Assembler: "nix", Kernel: "default", StateVersion: "26.05", ImageName: "x-y"}
	if d.Release != "26.05" || !reflect.DeepEqual(*d.NixOS, want) {
		t.Errorf("release %s, %+v", d.Release, *d.NixOS)
	}
	if d.Users[0].Shell != "" || len(d.Boot.Entries) != 0 {
		t.Errorf("NixOS's own defaults are overridden: %+v %+v", d.Users, d.Boot.Entries)
	}
	d = WithDefaults(Design{Name: "x", Distribution: "nixos", Base: "netboot", NixOS: &NixOS{Channel: "nixos-unstable-small", Assembler: "isowright"}})
	if d.Release != "unstable" || d.NixOS.StateVersion != "" || d.Output != "x-netboot" || len(d.Boot.Entries) != 3 {
		t.Errorf("unstable netboot: %+v %+v", d, *d.NixOS)
	}
}

func TestWithDefaultsKeepsWhatIsThere(t *testing.T) {
	for _, path := range designs(t, "good") {
		d, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		full := WithDefaults(d)
		if again := WithDefaults(full); !reflect.DeepEqual(again, full) {
			t.Errorf("%s: a second time changes\n%+v\nto\n%+v", path, full, again)
		}
		if ps := Validate(full); len(ps) > 0 {
			t.Errorf("%s: with defaults it has problems:\n%v", path, ps)
		}
		keeps(t, path, reflect.ValueOf(d), reflect.ValueOf(full))
	}
}

// keeps checks that everything that was said before is said after.
func keeps(t *testing.T, field string, before, after reflect.Value) {
	t.Helper()
	switch before.Kind() {
	case reflect.Struct:
		for _, k := range keysOf(before.Type()) {
			keeps(t, join(field, k.name), before.Field(k.index), after.Field(k.index))
		}
	case reflect.Pointer:
		if !before.IsNil() {
			keeps(t, field, before.Elem(), after.Elem())
		}
	case reflect.Slice:
		for i := range before.Len() {
			keeps(t, element(field, i), before.Index(i), after.Index(i))
		}
	default:
		if !before.IsZero() && !reflect.DeepEqual(before.Interface(), after.Interface()) {
			t.Errorf("%s: %v became %v", field, before, after)
		}
	}
}

func TestNames(t *testing.T) {
	long := strings.Repeat("Ab ", 40)
	for _, c := range []struct{ name, slug, label, host string }{
		{"Rescue", "rescue", "RESCUE", "rescue"},
		{"  a--b  ", "a-b", "__A--B__", "a-b"},
		{"日本", "", "ISOWRIGHT", ""},
		{"", "", "ISOWRIGHT", ""},
		{"v1.2", "v1-2", "V1.2", "v1-2"},
		{long, strings.TrimSuffix(strings.Repeat("ab-", 40), "-"), strings.Repeat("AB_", 11)[:32], strings.Repeat("ab-", 21)[:62]},
	} {
		if got := Slug(c.name); got != c.slug {
			t.Errorf("Slug(%q) = %q", c.name, got)
		}
		if got := labelOf(c.name); got != c.label {
			t.Errorf("labelOf(%q) = %q", c.name, got)
		}
		if got := hostnameOf(Slug(c.name)); got != c.host {
			t.Errorf("hostnameOf(%q) = %q", c.name, got)
		}
	}
}
