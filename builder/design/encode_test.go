package design

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// TestIDs pins the identity of designs: a change here gives every design that
// people already have a new ID and needs a new format.
func TestIDs(t *testing.T) {
	want := map[string]string{
		"minimal":     "f65dba414b4da50da311bc4213a3481f4457cf16919c85ae9676a9518d48fe3e",
		"rescue":      "bda8089e925febed12cdf82573d070b5cffc64722b36932920b62370ee829628",
		"nixos":       "ce1fb3d97ae7bf7c4537cd1ae425b7060b80c7900145ee3c99042161b17a7c60",
		"nixos-small": "d73dbe08f83ac474a4def8c3716ff155130f07c6bdf82566d38b1c1f20b17a99",
	}
	for name, id := range want {
		d, err := Load(filepath.Join("testdata", "good", name+".toml"))
		if err != nil {
			t.Fatal(err)
		}
		if got := ID(d); got != id {
			t.Errorf("%s: ID %q, want %q", name, got, id)
		}
	}
}

func TestIDIgnoresFormAndFolder(t *testing.T) {
	a, err := Parse([]byte("format = 1\nname = 'x'\nbase = \"minimal\"\ndistribution = \"debian\"\npackages = []\nboot = {}\n"), "/a")
	if err != nil {
		t.Fatal(err)
	}
	b, err := Parse([]byte("# comment\r\nname=\"\"\"\nx\"\"\"\ndistribution='debian'\nbase='minimal'\nformat=0x1\n[nixos]\n"), "/b")
	if err != nil {
		t.Fatal(err)
	}
	if ID(a) != ID(b) || ID(a) == "" {
		t.Errorf("two forms of one design have the IDs %s and %s", ID(a), ID(b))
	}
	b.Name = "y"
	if ID(a) == ID(b) {
		t.Error("two designs have one ID")
	}
}

// TestEncodeNastyTexts sends every awkward text through each kind of string
// field and reads it back, with our reader and with the library's.
func TestEncodeNastyTexts(t *testing.T) {
	texts := []string{
		"\"", "\"\"", "\"\"\"", "\"\"\"\"\"\"", "a\n\"\"\"\nb", "a\n\"", "\n", "\n\n", "\na", "a\\\nb", "a\\",
		"a\r\nb", "a\rb", "\t", "a\tb\n", "\x00", "\x1b[0m\n", "\x7f", "\u0085\n", "\u2028\n", "\u202e", "\ufeff",
		"'", "'''", "#", "[x]", "ä€😀\n", "\U0010ffff", " ", "\n ", "trailing \n space \n",
	}
	for _, s := range texts {
		timeout := 0
		d := Design{Format: 1, Name: s, Packages: []string{s, s}, Texts: Texts{BeforeLogin: s, AfterLogin: s},
			Boot:  Boot{Timeout: &timeout, Entries: []BootEntry{{Title: s, Entries: []BootEntry{{Title: s}}}, {}}},
			NixOS: &NixOS{Settings: map[string]any{"x" + s: s, "b": true, "n": -5, "l": []string{s}}, Menu: NixMenu{Append: &s}}}
		data, err := Encode(d)
		if err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		got, err := Parse(data, "")
		if err != nil {
			t.Fatalf("%q: %v\n%s", s, err, data)
		}
		if !reflect.DeepEqual(got, d) {
			t.Errorf("%q comes back as\n%+v", s, got)
		}
		var byLibrary Design
		if err := toml.Unmarshal(data, &byLibrary); err != nil || byLibrary.Texts != d.Texts || byLibrary.Name != s {
			t.Errorf("%q: the library reads %+v, %v", s, byLibrary.Texts, err)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	for name, d := range map[string]Design{
		"text not UTF-8":   {Name: "\xff"},
		"element":          {Packages: []string{"\xff"}},
		"setting's name":   {NixOS: &NixOS{Settings: map[string]any{"\xff": "x"}}},
		"setting of float": {NixOS: &NixOS{Settings: map[string]any{"x": 1.5}}},
		"too large":        {Texts: Texts{AfterLogin: strings.Repeat("x", MaxSize)}},
	} {
		if _, err := Encode(d); err == nil {
			t.Errorf("%s: encoded", name)
		}
		if ID(d) != "" {
			t.Errorf("%s: has an ID", name)
		}
		path := filepath.Join(t.TempDir(), "x.isowright")
		if err := Save(path, d); err == nil {
			t.Errorf("%s: saved", name)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s: left a file", name)
		}
	}
}

func TestSaveAndLoad(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.isowright")
	d := Design{Format: 1, Name: "x", Distribution: "debian", Base: "minimal", Dir: dir}
	if err := Save(path, d); err != nil {
		t.Fatal(err)
	}
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, d) {
		t.Errorf("got %+v, want %+v", got, d)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != ID(d) {
		t.Error("the ID is not the hash of the saved file")
	}
	if err := Save(filepath.Join(dir, "no", "x"), d); err == nil {
		t.Error("saved into a folder that does not exist")
	}
}
