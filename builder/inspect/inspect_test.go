package inspect

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/tree"
	"github.com/isowright/isowright/internal/progress"
)

func TestParseMenu(t *testing.T) {
	tests := []struct {
		name, config string
		want         []MenuEntry
	}{
		{"empty", "", nil},
		{"no entries", "set timeout=5\nfunction f {\n echo hi\n}\n", nil},
		{"one", "menuentry 'A' {\n linux /x\n}", []MenuEntry{{Title: "A"}}},
		{"options", "menuentry --class x --hotkey=a --unrestricted \"B c\" --id z {\n}", []MenuEntry{{Title: "B c"}}},
		{"option with its title behind", "menuentry --users '' 'C' {\n}", []MenuEntry{{Title: "C"}}},
		{"quotes joined", `menuentry 'It'"'"'s' { true; }`, []MenuEntry{{Title: "It's"}}},
		{"escapes", `menuentry "a\"b\$c\n" { }`, []MenuEntry{{Title: `a"b$c\n`}}},
		{"brace in a title", "menuentry 'a } b {' {\n}\nmenuentry c {\n}", []MenuEntry{{Title: "a } b {"}, {Title: "c"}}},
		{"comment", "# menuentry 'x' {\nmenuentry y { # }\n}", []MenuEntry{{Title: "y"}}},
		{"joined lines", "menuentry \\\n z {\n}", []MenuEntry{{Title: "z"}}},
		{"submenus", "submenu a {\n menuentry b {\n }\n submenu c {\n menuentry d {\n}\n}\n}\nmenuentry e {\n}",
			[]MenuEntry{{Title: "a", Entries: []MenuEntry{{Title: "b"}, {Title: "c", Entries: []MenuEntry{{Title: "d"}}}}}, {Title: "e"}}},
		{"in a condition", "if true; then\n menuentry f {\n }\nfi", []MenuEntry{{Title: "f"}}},
		{"in a function", "function g {\n menuentry h {\n }\n}", []MenuEntry{{Title: "h"}}},
		{"cut short", "menuentry 'i", nil},
		{"block cut short", "menuentry 'i' {\n linux", []MenuEntry{{Title: "i"}}},
		{"empty title", "menuentry '' {\n}", []MenuEntry{{}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := ParseMenu(tt.config); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func FuzzParseMenu(f *testing.F) {
	for _, seed := range []string{"menuentry 'a' { }", "submenu \"b\\\"\" {\nmenuentry c {}\n}", "{{{{}}}}", "\\", "'", "# x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, config string) {
		// Quoting a whole text and naming an entry with it gives it back.
		title := strings.ReplaceAll(config, "'", `'"'"'`)
		got := ParseMenu("menuentry '" + title + "' {\n}")
		if len(config) > 0 && config[0] != '-' && (len(got) != 1 || got[0].Title != config) {
			t.Errorf("title %q was read as %+v", config, got)
		}
		ParseMenu(config)
	})
}

func TestParsePackages(t *testing.T) {
	list, err := parseList(strings.NewReader("a\t1.0\t2048\n\n# c\nb:amd64 2\nc\n"))
	want := []catalog.Package{
		{Name: "a", Version: "1.0", Installed: 2048}, {Name: "b", Architecture: "amd64", Version: "2"}, {Name: "c"},
	}
	if err != nil || !reflect.DeepEqual(list, want) {
		t.Errorf("list: %+v, %v", list, err)
	}
	if _, err := parseList(strings.NewReader(strings.Repeat("x", maxLine+1))); err == nil {
		t.Error("an endless line was read")
	}
}

func FuzzParseStatus(f *testing.F) {
	f.Add("Package: a\nStatus: install ok installed\nInstalled-Size: 3\n\n")
	f.Add("Package: a\nInstalled-Size: 99999999999999999999\nStatus: x installed\nVersion")
	f.Fuzz(func(t *testing.T, text string) {
		list, _ := parseStatus(strings.NewReader(text))
		for _, p := range list {
			if p.Name == "" {
				t.Errorf("a package without a name from %q", text)
			}
		}
	})
}

// memory is a file's content.
func memory(text string) tree.Content { return tree.Content{Source: strings.NewReader(text)} }

func sample() *Index {
	return NewIndex([]tree.Entry{
		{Path: "b", Type: tree.Dir, Mode: 0o555, ModTime: 1000},
		{Path: "", Type: tree.Dir, Mode: 0o755},
		{Path: "b/file", Type: tree.File, Size: 5, Mode: 0o4755, ModTime: 2000, Content: memory("hello")},
		{Path: "b-c", Type: tree.File},
		{Path: "b/again", Type: tree.HardLink, Link: "b/file"},
		{Path: "abs", Type: tree.Symlink, Link: "/b/"},
		{Path: "b/up", Type: tree.Symlink, Link: "../../../b/file"},
		{Path: "b/null", Type: tree.CharDevice},
		{Path: "loop", Type: tree.Symlink, Link: "loop"},
		{Path: "dangling", Type: tree.Symlink, Link: "nowhere"},
	})
}

func TestResolve(t *testing.T) {
	tests := []struct {
		path, want, failure string
		nofollow            bool
	}{
		{path: "", want: ""},
		{path: "/", want: ""},
		{path: "/b//./file", want: "b/file"},
		{path: "abs/file", want: "b/file"},
		{path: "abs", want: "b"},
		{path: "abs", want: "abs", nofollow: true},
		{path: "b/up", want: "b/file"},
		{path: "b/../b-c", want: "b-c"},
		{path: "../../b-c", want: "b-c"},
		{path: "b/again", want: "b/again"},
		{path: "nothing", failure: "file does not exist"},
		{path: "dangling", failure: "file does not exist"},
		{path: "b/file/x", failure: "not a folder"},
		{path: "loop", failure: "too many symbolic links"},
	}
	x := sample()
	for _, tt := range tests {
		e, err := x.Resolve(tt.path, !tt.nofollow)
		switch {
		case tt.failure != "":
			if err == nil || !strings.Contains(err.Error(), tt.failure) {
				t.Errorf("%q: error %v, want %q", tt.path, err, tt.failure)
			}
		case err != nil || e.Path != tt.want:
			t.Errorf("%q: %q, %v, want %q", tt.path, e.Path, err, tt.want)
		}
	}
	if e, _ := x.Resolve("b/again", true); e.Type != tree.File || e.Size != 5 {
		t.Errorf("a hard link gave %+v", e)
	}
	if n := len(x.Below("b")); n != 5 {
		t.Errorf("%d entries below b, want 5", n)
	}
}

func TestExtract(t *testing.T) {
	dir := t.TempDir()
	x := sample()
	from, _ := x.Get("b")
	left, err := Extract(t.Context(), x, from, filepath.Join(dir, "out"), nil)
	if err != nil || len(left) != 1 || left[0].Path != "b/null" {
		t.Fatalf("left out %v, %v", left, err)
	}
	a, errA := os.Stat(filepath.Join(dir, "out", "file"))
	b, errB := os.Stat(filepath.Join(dir, "out", "again"))
	if errA != nil || errB != nil || !os.SameFile(a, b) {
		t.Errorf("the hard link is none: %v %v", errA, errB)
	}
	if a.Mode() != 0o755 || a.ModTime().Unix() != 2000 {
		t.Errorf("the file has %v of %v", a.Mode(), a.ModTime())
	}
	if d, err := os.Stat(filepath.Join(dir, "out")); err != nil || d.Mode().Perm() != 0o555 || d.ModTime().Unix() != 1000 {
		t.Errorf("the folder has %v of %v, %v", d.Mode(), d.ModTime(), err)
	}
	if _, err := Extract(t.Context(), x, from, filepath.Join(dir, "out"), nil); !errors.Is(err, fs.ErrExist) {
		t.Errorf("copying over something gave %v", err)
	}
	onlyOut(t, dir, "out")
	if err := os.Chmod(filepath.Join(dir, "out"), 0o755); err != nil {
		t.Fatal(err)
	}
}

// A tree that writes through a link of its own stays within its destination.
func TestExtractHostile(t *testing.T) {
	dir := t.TempDir()
	x := NewIndex([]tree.Entry{
		{Path: "", Type: tree.Dir, Mode: 0o755},
		{Path: "out", Type: tree.Symlink, Link: dir},
		{Path: "out/evil", Type: tree.File, Size: 4, Content: memory("evil")},
	})
	from, _ := x.Get("")
	if _, err := Extract(t.Context(), x, from, filepath.Join(dir, "d"), nil); err == nil {
		t.Error("a file behind a link was written")
	}
	onlyOut(t, dir)
}

// Cancelled or failed copies leave nothing behind.
func TestExtractFails(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	x := NewIndex([]tree.Entry{
		{Path: "", Type: tree.Dir, Mode: 0o500},
		{Path: "a", Type: tree.File, Size: 4, Content: memory("full")},
		{Path: "b", Type: tree.File, Size: 9, Content: memory("short")},
	})
	from, _ := x.Get("")
	dir := t.TempDir()
	if _, err := Extract(ctx, x, from, filepath.Join(dir, "d"), nil); err == nil || !strings.Contains(err.Error(), "extract /b") {
		t.Errorf("a file that ends too early: %v", err)
	}
	stop := progress.Sink(func(e progress.Event) {
		if e.Done > 0 {
			cancel()
		}
	})
	if _, err := Extract(ctx, x, from, filepath.Join(dir, "d"), stop); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	onlyOut(t, dir)
}

func onlyOut(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if fmt.Sprint(names) != fmt.Sprint(want) {
		t.Errorf("the folder holds %v, want %v", names, want)
	}
}

func TestTitleBehindTheEndOfOptions(t *testing.T) {
	got := ParseMenu("menuentry --hotkey=r --id=entry0 -- '-a' {\n}\nsubmenu --class 'x' 'b' {\n menuentry -- 'c' {\n}\n}\n")
	if len(got) != 2 || got[0].Title != "-a" || got[1].Title != "b" || len(got[1].Entries) != 1 || got[1].Entries[0].Title != "c" {
		t.Errorf("entries %+v", got)
	}
}
