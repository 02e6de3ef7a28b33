package design

import (
	"encoding/pem"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// smallest is a design without faults.
func smallest() Design {
	return Design{Format: 1, Name: "x", Distribution: "debian", Base: "minimal"}
}

// fieldsWith lists the fields that have problems.
func fieldsWith(ps Problems) []string {
	var fields []string
	for _, p := range ps {
		fields = append(fields, p.Field)
	}
	return fields
}

// TestValidateValues tries single values: each must be taken, or refused for
// its own field and no other.
func TestValidateValues(t *testing.T) {
	hash := "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$3jqFjmCn6lvxu/JOlErX8yUWJcQPO4fBiat3GkMiKrD"
	for field, c := range map[string]struct {
		set       func(d *Design, s string)
		good, bad []string
	}{
		"name": {func(d *Design, s string) { d.Name = s },
			[]string{"Résumé 日本", "$(id) `x` \" ' \\ }"}, []string{"", " ", "a\nb", "a\x00", "a\u2066b", strings.Repeat("x", 101), "\xff"}},
		"volume_label": {func(d *Design, s string) { d.VolumeLabel = s },
			[]string{"", "A", "A-B.C_1", strings.Repeat("A", 32)}, []string{"a", "A B", "Ä", strings.Repeat("A", 33), "A\n"}},
		"output": {func(d *Design, s string) { d.Output = s },
			[]string{"", "x.iso", "My image 1.iso"}, []string{"x", ".iso", "../x.iso", "a/b.iso", "a\\b.iso", "x.iso\n", "-o.iso"}},
		"packages[0]": {func(d *Design, s string) { d.Packages = []string{s} },
			[]string{"g++", "libstdc++6", "0ad", "a2"}, []string{"", "a", "A1", "a b", "a;b", "-n", "a:amd64", "$(id)", "a\n"}},
		"drivers[0]": {func(d *Design, s string) { d.Drivers = []string{s} }, []string{"broadcom_sta", "r8168"}, []string{"", "a b", "../a"}},
		"kernel.parameters[0]": {func(d *Design, s string) { d.Kernel.Parameters = []string{s} },
			[]string{"quiet", "a=b c", "x=$y", "ä", "a;b"}, []string{"", "a\"b", "a'b", "a\\b", "a\nb", "a\x7f", "live.nixos.password=x"}},
		"system.hostname": {func(d *Design, s string) { d.System.Hostname = s },
			[]string{"a", "a-1", "1a", strings.Repeat("a", 63)}, []string{"-a", "a-", "a_b", "a.b", strings.Repeat("a", 64), "a\n"}},
		"system.locale": {func(d *Design, s string) { d.System.Locale = s },
			[]string{"C", "C.UTF-8", "POSIX", "de_DE.UTF-8", "sr_RS.UTF-8@latin", "eo.UTF-8", "ru_RU.KOI8-R", "de_DE.ISO-8859-15"},
			[]string{"de_DE", "de_DE.utf8", "german", "de_de.UTF-8", "../x", "de_DE.ISO-8859-17", "de_DE.UTF-8\n"}},
		"system.keyboard.layout": {func(d *Design, s string) { d.System.Keyboard.Layout = s },
			[]string{"us", "de,us", "cz(qwerty)"}, []string{"US", "a;b", "de,", ",de", "a,b,c,d,e", "$(x)"}},
		"system.time_zone": {func(d *Design, s string) { d.System.TimeZone = s },
			[]string{"UTC", "Etc/GMT+5", "America/Argentina/Ushuaia", "EST5EDT"}, []string{"/UTC", "..", "a/../b", "Europe/", "a/b/c/d", "posix/UTC", "a b"}},
		"users[0].name": {func(d *Design, s string) { d.Users = []User{{Name: s}} },
			[]string{"anna", "a1-_", strings.Repeat("a", 32)}, []string{"", "root", "daemon", "Anna", "1a", "-a", "a.b", "a$", "_apt", "systemd-x", "nixbld3", strings.Repeat("a", 33), "ann:a"}},
		"users[0].password_hash": {func(d *Design, s string) { d.Users = []User{{Name: "a", PasswordHash: s}} },
			[]string{"", hash}, []string{"x", hash + "x", hash + "\n", " " + hash, "$6$a$b", "*", "!" + hash, "$gy$j9T$a$b"}},
		"users[0].groups[0]": {func(d *Design, s string) { d.Users = []User{{Name: "a", Groups: []string{s}}} },
			[]string{"sudo", "plugdev"}, []string{"", "A", "a b", "a,b", "a:b"}},
		"users[0].shell": {func(d *Design, s string) { d.Users = []User{{Name: "a", Shell: s}} },
			[]string{"", "/bin/zsh"}, []string{"zsh", "/", "/bin/../sh", "/bin/a:b", "/bin/sh\n"}},
		"root.ssh_keys[0]": {func(d *Design, s string) { d.Root.SSHKeys = []string{s} },
			[]string{edKey, edKey + "\t", "restrict " + edKey, `from="10.0.0.1,host",no-pty ` + edKey},
			[]string{"", "x", edKey + "\n", edKey + "\nx", "# " + edKey, "bogus " + edKey, `from="a ` + edKey, strings.Replace(edKey, "ssh-ed25519 ", "ssh-rsa ", 1)}},
		"texts.after_login": {func(d *Design, s string) { d.Texts.AfterLogin = s },
			[]string{"a\n\tb\\e\n", "$(id) 'x' \" }"}, []string{"\x1b[1m", "\r\n", "\x00", "\u0085", "\u202e", strings.Repeat("x", maxText+1)}},
		"startup.autologin": {func(d *Design, s string) { d.Startup.Autologin = s }, []string{"", "root"}, []string{"anna", "nixos"}},
		"startup.command":   {func(d *Design, s string) { d.Startup.Command = s }, []string{"top -d 1 'x' | tee /x"}, []string{" ", "a\nb", "a\x00", "a\x1b"}},
		"network.interface": {func(d *Design, s string) { d.Network.Interface = s }, []string{"enp3s0", "en*", "wl[0-9]"}, []string{"lo", "a b", "a/b", "abcdefghijklmnop", "a\n"}},
		"network.wifi[0].ssid": {func(d *Design, s string) { d.Network.WiFi = []WiFi{{SSID: s}} },
			[]string{"Büro \"x\" $y", strings.Repeat("x", 32)}, []string{"", strings.Repeat("x", 33), "a\nb"}},
		"network.wifi[0].psk": {func(d *Design, s string) { d.Network.WiFi = []WiFi{{SSID: "x", PSK: s}} },
			[]string{"", strings.Repeat("aF09", 16)}, []string{"passphrase", strings.Repeat("0", 63), strings.Repeat("0", 65), strings.Repeat("0", 64) + "\n"}},
		"boot.resolution": {func(d *Design, s string) { d.Boot.Resolution = s },
			[]string{"auto", "1024x768", "1920x1080x32;auto"}, []string{"1024", "1024x768,", "0x0", "auto\n", "$x"}},
		"boot.colours.normal": {func(d *Design, s string) { d.Boot.Colours.Normal = s }, []string{"light-gray/black"}, []string{"black", "/", "black/", "grey/black", "a/b/c"}},
		"boot.entries[0].hotkey": {func(d *Design, s string) { d.Boot.Entries = []BootEntry{{Title: "x", Hotkey: s}} },
			[]string{"a", "Z", "5", "f12", "tab"}, []string{"e", "c", "v", "ab", "ä", "f13", "\n", "'"}},
		"boot.entries[0].class": {func(d *Design, s string) { d.Boot.Entries = []BootEntry{{Title: "x", Class: s}} }, []string{"gnu-linux"}, []string{"a b", "-a", "'", "../x"}},
		"files[0].source": {func(d *Design, s string) { d.Files = []File{{Source: s, Target: "/a"}} },
			[]string{"a", "./a/b", "ä b", "."}, []string{"", "/a", "..", "a/../../b", "~/a", "a\x00"}},
		"files[0].target": {func(d *Design, s string) { d.Files = []File{{Source: "a", Target: s}} },
			[]string{"/a", "/etc/ä b/$x", "/procfs"}, []string{"", "a", "/", "/a/", "//a", "/a/../b", "/a\nb", "/proc/1", "/dev", "/" + strings.Repeat("x", 256)}},
		"files[0].mode":    {func(d *Design, s string) { d.Files = []File{{Source: "a", Target: "/a", Mode: s}} }, []string{"", "0755", "644", "4755"}, []string{"0o755", "8", "755x", "07555", "-1"}},
		"files[0].owner":   {func(d *Design, s string) { d.Files = []File{{Source: "a", Target: "/a", Owner: s}} }, []string{"", "anna", "anna:users", "1000:0"}, []string{":", "a:", "A", "a b", "a:b:c", "-1"}},
		"archive.mirror":   {func(d *Design, s string) { d.Archive.Mirror = s }, []string{"http://ftp.debian.org/debian", "https://[2001:db8::1]:8080/x/"}, []string{"x", "file:///x", "ftp://a/b", "http://", "http://a@b/", "http://a:b@c/", "http://a/?x", "http://a/#x", "http://a b/", "http://a/\n", "http://a/$(id)'"}},
		"archive.state":    {func(d *Design, s string) { d.Archive.State = s }, []string{"sha256:" + strings.Repeat("0a", 32)}, []string{"x", "sha256:", strings.Repeat("0a", 32)}},
		"nixos.flake.url":  {func(d *Design, s string) { nixOf(d).Flake = NixFlake{URL: s, Host: "h"} }, []string{"github:a/b", "git+ssh://git@host/x?ref=main", ".", "./a", "path:/x"}, []string{"x", "./../a", "github:a/b'", "git+https://h/?token=x", "git+https://u:p@h/x"}},
		"nixos.image_name": {func(d *Design, s string) { nixOf(d).ImageName = s }, []string{"acme-1.0_x"}, []string{"a b", ".a", "a/b", strings.Repeat("a", 130)}},
		"nixos.modules[0].text": {func(d *Design, s string) { nixOf(d).Modules = []NixModule{{"a", s}} },
			[]string{"{ }", "{ users.users.a.hashedPassword = \"x\"; }"}, []string{"", "\x00", "{ users.users.a.initialPassword = \"x\"; }"}},
	} {
		for _, s := range c.good {
			d := smallest()
			c.set(&d, s)
			if ps := Validate(d); len(ps) > 0 {
				t.Errorf("%s = %q is refused: %v", field, clip(s), ps)
			}
		}
		for _, s := range c.bad {
			d := smallest()
			c.set(&d, s)
			ps := Validate(d)
			if len(ps) == 0 || slices.ContainsFunc(fieldsWith(ps), func(f string) bool { return f != field }) {
				t.Errorf("%s = %q: problems %v", field, clip(s), ps)
			}
			for _, p := range ps {
				if p.Text == "" || p.Hint == "" {
					t.Errorf("%s = %q: no reason or no hint: %+v", field, clip(s), p)
				}
			}
		}
	}
}

const edKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRkkxBIL8/yRfdc6uuhtyqbTsaXqTEn1rubI5s2QRzM anna@example"

// nixOf makes a design one for NixOS.
func nixOf(d *Design) *NixOS {
	d.Distribution, d.NixOS = "nixos", &NixOS{}
	return d.NixOS
}

// TestValidateNumbers does the same for numbers.
func TestValidateNumbers(t *testing.T) {
	for field, c := range map[string]struct {
		set       func(d *Design, n int)
		good, bad []int
	}{
		"boot.timeout":           {func(d *Design, n int) { d.Boot.Timeout = &n }, []int{-1, 0, 3600}, []int{-2, 3601}},
		"ssh.port":               {func(d *Design, n int) { d.SSH = SSH{Enable: true, Port: n} }, []int{0, 1, 65535}, []int{-1, 65536}},
		"compression.level":      {func(d *Design, n int) { d.Compression.Level = n }, []int{0, 1, 22}, []int{-1, 23}},
		"compression.block_size": {func(d *Design, n int) { d.Compression.BlockSize = n }, []int{0, 4096, 1 << 20}, []int{-4096, 2048, 5000, 1 << 21}},
	} {
		for i, n := range append(slices.Clone(c.good), c.bad...) {
			d := smallest()
			c.set(&d, n)
			ps := Validate(d)
			if bad := i >= len(c.good); bad != (len(ps) == 1 && ps[0].Field == field) {
				t.Errorf("%s = %d: problems %v", field, n, ps)
			}
		}
	}
}

// TestNoSecretIsTakenOrRepeated puts a private key into every text of two full
// designs, one at a time.
func TestNoSecretIsTakenOrRepeated(t *testing.T) {
	key := string(pem.EncodeToMemory(&pem.Block{Type: "OPENSSH PRIVATE KEY", Bytes: []byte("not a real one")}))
	for _, name := range []string{"rescue", "nixos"} {
		d, err := Load("testdata/good/" + name + ".toml")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		eachText(reflect.ValueOf(&d).Elem(), "", func(field string, v reflect.Value) {
			n++
			before := v.String()
			v.SetString("x " + key)
			ps := Validate(d)
			if !slices.Contains(fieldsWith(ps), field) {
				t.Errorf("%s: the private key is not refused", field)
			}
			if strings.Contains(ps.Error(), "BEGIN") {
				t.Errorf("%s: the private key is repeated: %v", field, ps)
			}
			v.SetString(before)
		})
		if n < 40 {
			t.Errorf("%s has only %d texts", name, n)
		}
	}
}

// eachText calls f with every text of a design that can be set.
func eachText(v reflect.Value, field string, f func(string, reflect.Value)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			eachText(v.Elem(), field, f)
		}
	case reflect.Struct:
		for _, k := range keysOf(v.Type()) {
			eachText(v.Field(k.index), join(field, k.name), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachText(v.Index(i), element(field, i), f)
		}
	case reflect.String:
		f(field, v)
	}
}

func TestCommandLineLength(t *testing.T) {
	d := smallest()
	d.Kernel.Parameters = []string{strings.Repeat("a", 1000)}
	d.Boot.Entries = []BootEntry{{Title: "x", Parameters: []string{strings.Repeat("b", 1000)}}}
	if got := fieldsWith(Validate(d)); !slices.Equal(got, []string{"boot.entries[0].parameters"}) {
		t.Errorf("problems with %v", got)
	}
	d.Boot.Entries = nil
	d.Kernel.Parameters = []string{strings.Repeat("a", 1793)}
	if got := fieldsWith(Validate(d)); !slices.Equal(got, []string{"kernel.parameters"}) {
		t.Errorf("problems with %v", got)
	}
}

func TestEntryPath(t *testing.T) {
	entries := []BootEntry{
		{Title: "a"},
		{Title: "b", Entries: []BootEntry{{Title: "c>d"}, {Title: "c", Entries: []BootEntry{{Title: "e"}}}}},
		{Title: "b>x"},
	}
	for title, want := range map[string][]int{
		"a": {0}, "b": {1}, "b>c>d": {1, 0}, "b>c>e": {1, 1, 0}, "b>x": {2}, "c": nil, "": nil, "a>": nil, "b>": nil,
	} {
		got, ok := EntryPath(entries, title)
		if ok != (want != nil) || !slices.Equal(got, want) {
			t.Errorf("EntryPath(%q) = %v, %v", title, got, ok)
		}
	}
}

func TestLocateTakesTheNearestTable(t *testing.T) {
	data := []byte("format = 1\n[network]\nmode = \"static\"\n[[users]]\n")
	got := Locate(data, Problems{{Field: "users[0].name"}, {Field: "network.addresses"}, {Field: "base"}, {Field: "x", Line: 9}})
	want := []int{1, 2, 4, 9}
	for i, p := range got {
		if p.Line != want[i] {
			t.Errorf("%s: line %d, want %d", p.Field, p.Line, want[i])
		}
	}
}
