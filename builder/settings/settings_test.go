package settings

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

// full sets everything that can be set together.
const full = `[nix]
command = "/opt/nix/bin/nix"
builders = ["ssh-ng://me@big x86_64-linux,aarch64-linux /home/me/.ssh/id 8 1 kvm,big-parallel", "@/etc/nix/machines"]
max_jobs = 0
store = "ssh-ng://me@big:2222?compress=true"
ssh_options = ["-p", "2222"]
nixpkgs = "github:NixOS/nixpkgs/nixos-25.11"
container = "auto"
image = "docker.io/nixos/nix:2.31.2"
volume = "isowright-nix"
[nix.options]
cores = 4
fallback = true
substituters = ["https://cache.nixos.org", "https://cache.example.org"]
netrc-file = "/etc/nix/netrc"
[debian]
mirror = "https://deb.debian.org/debian"
security_mirror = "http://security.debian.org/debian-security/"
`

func TestParseReadsEveryKey(t *testing.T) {
	got, err := Parse([]byte(full))
	if err != nil {
		t.Fatal(err)
	}
	none := 0
	want := Settings{
		Nix: Nix{
			Command: "/opt/nix/bin/nix",
			Builders: []string{"ssh-ng://me@big x86_64-linux,aarch64-linux /home/me/.ssh/id 8 1 kvm,big-parallel",
				"@/etc/nix/machines"},
			MaxJobs: &none, Store: "ssh-ng://me@big:2222?compress=true", SSHOptions: []string{"-p", "2222"},
			Nixpkgs: "github:NixOS/nixpkgs/nixos-25.11", Container: "auto", Image: "docker.io/nixos/nix:2.31.2",
			Volume: "isowright-nix",
			Options: map[string]string{"cores": "4", "fallback": "true", "netrc-file": "/etc/nix/netrc",
				"substituters": "https://cache.nixos.org https://cache.example.org"},
		},
		Debian: Debian{Mirror: "https://deb.debian.org/debian",
			SecurityMirror: "http://security.debian.org/debian-security/"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%#v\nwant\n%#v", got, want)
	}
	v := reflect.ValueOf(got.Nix)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("%s is not in the test", v.Type().Field(i).Name)
		}
	}
	if got := got.Nix.BuildersLine(); !strings.HasSuffix(got, "big-parallel ; @/etc/nix/machines") {
		t.Errorf("builders for Nix: %s", got)
	}
	if got := got.Nix.SSHLine(); got != "-p 2222" {
		t.Errorf("options for ssh: %s", got)
	}
}

func TestSaveIsCanonicalAndLoadGivesItBack(t *testing.T) {
	s, err := Parse([]byte(full))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "new", "isowright", "settings.toml")
	for range 2 {
		if err := Save(path, s); err != nil {
			t.Fatal(err)
		}
	}
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again, s) {
		t.Errorf("came back as\n%#v\nnot\n%#v", again, s)
	}
	second, err := Encode(again)
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("%v: not canonical:\n%s\n%s", err, first, second)
	}
	if empty, err := Encode(Settings{}); err != nil || string(empty) != header {
		t.Errorf("no settings are %q, %v", empty, err)
	}
	bad := s
	bad.Nix.Volume = "a b"
	if err := Save(path, bad); err == nil {
		t.Error("saved what Load refuses")
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, first) {
		t.Errorf("a refused save changed the file: %v", err)
	}
}

func TestLoadErrors(t *testing.T) {
	dir := t.TempDir()
	if s, err := Load(filepath.Join(dir, "none")); err != nil || !reflect.DeepEqual(s, Settings{}) {
		t.Errorf("missing file: %+v, %v", s, err)
	}
	if _, err := Load(dir); err == nil {
		t.Error("loaded a folder")
	}
	large := filepath.Join(dir, "large")
	if err := os.WriteFile(large, bytes.Repeat([]byte("#"), MaxSize+1), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(large); err == nil || !strings.Contains(err.Error(), "larger") {
		t.Errorf("large file: %v", err)
	}
	if _, err := Load(filepath.Join(large, "under")); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file in a file: %v", err)
	}
}

func TestPath(t *testing.T) {
	for _, c := range []struct{ xdg, home, want string }{
		{"/x", "/h", "/x/isowright/settings.toml"}, {"rel", "/h", "/h/.config/isowright/settings.toml"},
		{"", "/h", "/h/.config/isowright/settings.toml"}, {"", "", ""},
	} {
		env := map[string]string{"XDG_CONFIG_HOME": c.xdg, "HOME": c.home}
		got, err := Path(func(name string) string { return env[name] })
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
	}
}

// TestRefusals: each text has exactly one fault, told with its line and key.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		text, field string
		line        int
		says        string
	}{
		{"[nix]\nstoer = \"x\"", "nix.stoer", 2, "no such key"},
		{"[nix]\n[nixx]", "nixx", 2, "no such section"},
		{"nix = 3", "nix", 1, "must be a section"},
		{"[nix]\n\nmax_jobs = \"4\"", "nix.max_jobs", 3, "whole number"},
		{"[nix]\nmax_jobs = 4.5", "nix.max_jobs", 2, "a number with a fraction"},
		{"[nix]\nstore = true", "nix.store", 2, "must be a text"},
		{"[nix]\nbuilders = \"ssh://a\"", "nix.builders", 2, "list of texts"},
		{"[nix]\nbuilders = [\n\"ssh://a\",\n4]", "nix.builders[1]", 4, "must be a text"},
		{"[nix]\nbuilders = [\"ssh://a ; ssh://b\"]", "nix.builders[0]", 2, "more than one machine"},
		{"[nix]\nbuilders = [\"http://a\"]", "nix.builders[0]", 2, "ssh-ng://"},
		{"[nix]\nbuilders = [\"\"]", "nix.builders[0]", 2, "empty"},
		{"[nix]\nbuilders = [\"@machines\"]", "nix.builders[0]", 2, "absolute"},
		{"[nix]\nmax_jobs = -1", "nix.max_jobs", 2, "between"},
		{"[nix]\nmax_jobs = 0", "nix.max_jobs", 2, "nothing could be built"},
		{"[nix]\nstore = \"https://x\"", "nix.store", 2, "ssh-ng://"},
		{"[nix]\nstore = \"ssh-ng://\"", "nix.store", 2, "no host"},
		{"[nix]\ncommand = \"nix\"", "nix.command", 2, "absolute"},
		{"[nix]\ncommand = \"/a\\nb\"", "nix.command", 2, "line break"},
		{"[nix]\nssh_options = [\"-o Port=3\"]", "nix.ssh_options[0]", 2, "space"},
		{"[nix]\nnixpkgs = \"./nixpkgs\"", "nix.nixpkgs", 2, "flake reference"},
		{"[nix]\nnixpkgs = \"path:nixpkgs\"", "nix.nixpkgs", 2, "flake reference"},
		{"[nix]\ncontainer = \"lxc\"", "nix.container", 2, "not known"},
		{"[nix]\nimage = \"a b\"", "nix.image", 2, "image"},
		{"[nix]\nimage = \"-v\"", "nix.image", 2, "image"},
		{"[nix]\nvolume = \"/nix\"", "nix.volume", 2, "volume"},
		{"[nix]\ncontainer = \"podman\"\nstore = \"ssh://a\"", "nix.store", 3, "container"},
		{"[nix]\ncontainer = \"docker\"\nbuilders = [\"ssh://a\"]", "nix.builders", 3, "container"},
		{"[nix]\ncontainer = \"docker\"\ncommand = \"/n\"", "nix.command", 3, "container"},
		{"[nix]\ncontainer = \"builtin\"\ncommand = \"/n\"", "nix.command", 3, "container"},
		{"[nix]\naccess-tokens = \"github.com=x\"", "nix.access-tokens", 2, "secrets"},
		{"[nix]\nmax-jobs = 3", "nix.max-jobs", 2, "no such key"},
		{"[nix.options]\naccess-tokens = \"github.com=x\"", "nix.options.access-tokens", 2, "secret"},
		{"[nix.options]\nimpure-env = \"T=ghp_0123456789012345678901234567890123456789\"", "nix.options.impure-env", 2, "secrets"},
		{"[nix.options]\nmax-jobs = 3", "nix.options.max-jobs", 2, "by Isowright itself"},
		{"[nix.options]\n\"a b\" = 3", `nix.options."a b"`, 2, "name of a setting"},
		{"[nix.options]\ncores = 1979-05-27", "nix.options.cores", 2, "not a date"},
		{"[nix]\noptions = 3", "nix.options", 2, "must be a section"},
		{"[debian]\nmirror = \"https://me:pass@host/debian\"", "debian.mirror", 2, "secrets"},
		{"[debian]\nmirror = \"ftp://host/debian\"", "debian.mirror", 2, "archive"},
		{"[debian]\nmirror = \"https://host/debian?token=abc\"", "debian.mirror", 2, "secrets"},
		{"[debian]\n= 3", "", 2, "not TOML"},
		{"[nix]\nstore = \"a\"\nstore = \"b\"", "", 3, "not TOML"},
	} {
		_, err := Parse([]byte(c.text))
		var ps design.Problems
		if !errors.As(err, &ps) || len(ps) != 1 {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		p := ps[0]
		if p.Field != c.field && c.says != "not TOML" || p.Line != c.line || !strings.Contains(p.Text, c.says) || p.Hint == "" && c.says != "not a date" {
			t.Errorf("%q: line %d, %s: %s (%s)", c.text, p.Line, p.Field, p.Text, p.Hint)
		}
	}
}

// TestSecretsAreNotRepeated: a refused secret is not shown on the screen.
func TestSecretsAreNotRepeated(t *testing.T) {
	const token = "ghp_0123456789012345678901234567890123456789"
	for _, text := range []string{
		"[nix]\nnixpkgs = \"git+https://me:hunter2@host/n\"",
		"[nix]\nnixpkgs = \"github:o/r?access_token=hunter2\"",
		"[nix]\nbuilders = [\"ssh://me:hunter2@host\"]",
		"[nix.options]\nsubstituters = \"https://a:hunter2@host\"",
		"[nix.options]\nx = \"" + token + "\"",
		"[nix]\nimage = \"" + token + "\"",
		"[nix]\ntoken = \"" + token + "\"",
	} {
		_, err := Parse([]byte(text))
		if err == nil || !strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), token) {
			t.Errorf("repeats the secret: %v", err)
		}
	}
	for _, fine := range []string{"[nix.options]\nsecret-key-files = \"/etc/nix/key\"", "[nix.options]\nnetrc-file = \"/n\"",
		"[nix.options]\ntrusted-public-keys = \"cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=\""} {
		if _, err := Parse([]byte(fine)); err != nil {
			t.Errorf("%q: %v", fine, err)
		}
	}
}

// TestDocumentHasEveryKey: docs/settings.md has a row for each key, in order.
func TestDocumentHasEveryKey(t *testing.T) {
	data, err := os.ReadFile("../../docs/settings.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented, known []string
	section := ""
	for line := range strings.Lines(string(data)) {
		if m := regexp.MustCompile("^## `\\[(.+)\\]`").FindStringSubmatch(line); m != nil {
			section = m[1]
		}
		if m := regexp.MustCompile("^\\| `([a-z_]+)` \\|").FindStringSubmatch(line); m != nil {
			documented = append(documented, section+"."+m[1])
		}
	}
	for _, s := range []any{Nix{}, Debian{}} {
		typ := reflect.TypeOf(s)
		for _, key := range keysOf(typ) {
			if key != "options" { // a section of its own, with free keys
				known = append(known, strings.ToLower(typ.Name())+"."+key)
			}
		}
	}
	if !slices.Equal(documented, known) {
		t.Errorf("the document has\n%v\nthe program\n%v", documented, known)
	}
	example := regexp.MustCompile("(?s)```toml\n(.*?)```").FindSubmatch(data)
	if example == nil {
		t.Fatal("the document has no example")
	}
	if _, err := Parse(example[1]); err != nil {
		t.Errorf("the document's example: %v", err)
	}
}

// FuzzParse: no text makes the reader panic; whatever parses comes back from
// its canonical form unchanged.
func FuzzParse(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte("[nix]\noptions.x = \"\\u007f\"\nbuilders = [\"a b\"]\n"))
	f.Add([]byte("[nix.options]\na = [[1]]\n"))
	f.Add([]byte("[[nix]]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(data)
		if err != nil {
			var ps design.Problems
			if !errors.As(err, &ps) || len(ps) == 0 {
				t.Fatalf("the error is no list of problems: %v", err)
			}
			return
		}
		encoded, err := Encode(s)
		if err != nil {
			t.Fatalf("parsed, but cannot be encoded: %v\n%#v", err, s)
		}
		again, err := Parse(encoded)
		if err != nil || !reflect.DeepEqual(again, s) {
			t.Fatalf("round trip: %v\n%#v\n%#v\n%s", err, s, again, encoded)
		}
	})
}
