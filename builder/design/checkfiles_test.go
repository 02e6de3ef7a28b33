//go:build unix

package design

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// project makes a folder with every kind of file that a design can name.
func project(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "project")
	var pngData, jpegData bytes.Buffer
	picture := image.NewRGBA(image.Rect(0, 0, 4, 3))
	if err := png.Encode(&pngData, picture); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&jpegData, picture, nil); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"a.txt": "text", "sub/b.txt": "text", "../outside.txt": "text", "empty": "",
		"a.png": pngData.String(), "a.jpg": jpegData.String(), "cut.png": pngData.String()[:20], "a.gif": "GIF89a",
		"a.zip": "PK\x03\x04", "a.tar.gz": "\x1f\x8b\x08", "a.tar.xz": "\xfd7zXZ\x00", "a.tar": strings.Repeat("\x00", 257) + "ustar\x00",
		"theme/theme.txt": "title-text: \"\"", "a.pf2": string(pf2Magic) + "NAME", "short.pf2": "FILE",
		"id_ed25519": "-----BEGIN OPENSSH PRIVATE KEY-----\n", "flake/flake.nix": "{ }", "host/default.nix": "{ }",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"inside": "sub/b.txt", "escape": "../outside.txt", "escapedir": "..", "dangling": "nothing", "loop": "loop"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestCheckFiles(t *testing.T) {
	dir := project(t)
	source := func(d *Design, s string) { d.Files = []File{{Source: s}} }
	background := func(d *Design, s string) { d.Boot.Background = s }
	theme := func(d *Design, s string) { d.Boot.Theme = s }
	font := func(d *Design, s string) { d.Boot.Fonts = []string{s} }
	imports := func(d *Design, s string) { d.NixOS = &NixOS{Imports: []string{s}} }
	flake := func(d *Design, s string) { d.NixOS = &NixOS{Flake: NixFlake{URL: s}} }
	offline := func(d *Design, s string) { d.NixOS = &NixOS{Offline: NixOffline{Flake: s}} }
	config := func(d *Design, s string) { d.NixOS = &NixOS{Offline: NixOffline{Configuration: s}} }
	splash := func(d *Design, s string) { d.NixOS = &NixOS{Menu: NixMenu{SplashBIOS: s, SplashEFI: s}} }
	for _, c := range []struct {
		set   func(*Design, string)
		value string
		want  string // part of the message, "" for none
	}{
		{source, "a.txt", ""}, {source, "sub", ""}, {source, "./sub/b.txt", ""}, {source, "inside", ""}, {source, "empty", ""}, {source, ".", ""},
		{source, "none", "does not exist"}, {source, "dangling", "does not exist"}, {source, "loop", "cannot be read"},
		{source, "escape", "leaves the project"}, {source, "escapedir/outside.txt", "leaves the project"},
		{source, "pipe", "not a file"}, {source, "a.txt/x", "cannot be read"}, {source, "id_ed25519", "private key"},
		{source, "../outside.txt", ""}, {source, "/etc/passwd", ""}, // Validate's business
		{background, "a.png", ""}, {background, "a.jpg", ""}, {background, "cut.png", "not a picture"}, {background, "a.gif", "not a picture"},
		{background, "sub", "a folder"}, {background, "none", "does not exist"},
		{theme, "theme", ""}, {theme, "sub", "no theme.txt"}, {theme, "a.txt", "neither a folder nor an archive"},
		{theme, "a.zip", ""}, {theme, "a.tar", ""}, {theme, "a.tar.xz", ""}, {theme, "a.tar.gz", ""}, {theme, "empty", "nor an archive"},
		{theme, "isowright:calm-dark", ""}, {theme, "none.zip", "does not exist"},
		{font, "a.pf2", ""}, {font, "short.pf2", "PF2"}, {font, "a.txt", "PF2"}, {font, "sub", "a folder"},
		{imports, "a.txt", ""}, {imports, "host", ""}, {imports, "sub", "no default.nix"}, {imports, "none", "does not exist"},
		{flake, "./flake", ""}, {flake, ".", "no flake.nix"}, {flake, "./sub", "no flake.nix"}, {flake, "github:a/b", ""},
		{offline, "flake", ""}, {offline, "./sub", "no flake.nix"}, {config, "./sub", ""}, {config, "a.txt", "not a folder"},
		{splash, "a.png", ""}, {splash, "a.txt", "not a picture"},
	} {
		d := Design{Dir: dir}
		c.set(&d, c.value)
		ps := CheckFiles(d)
		if (len(ps) == 0) != (c.want == "") || !strings.Contains(ps.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.value, ps, c.want)
		}
	}
}

func TestCheckFilesNamesFields(t *testing.T) {
	d := Design{Dir: t.TempDir(), Files: []File{{Source: "a"}, {Source: "b"}}, Boot: Boot{Background: "c", Theme: "d", Fonts: []string{"e"}},
		NixOS: &NixOS{Imports: []string{"f"}}}
	want := []string{"files[0].source", "files[1].source", "boot.background", "boot.theme", "boot.fonts[0]", "nixos.imports[0]"}
	if got := fieldsWith(CheckFiles(d)); !slices.Equal(got, want) {
		t.Errorf("fields %v, want %v", got, want)
	}
}

// TestCheckFilesUnreadable needs a file that its reader may not read, which
// root always may: there the refusal is checked on the words alone.
func TestCheckFilesUnreadable(t *testing.T) {
	dir := project(t)
	if err := os.Chmod(filepath.Join(dir, "a.txt"), 0); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() != 0 {
		ps := CheckFiles(Design{Dir: dir, Files: []File{{Source: "a.txt"}}})
		if !strings.Contains(ps.Error(), "permission denied") {
			t.Errorf("got %v", ps)
		}
		return
	}
	c := fileChecker{dir: dir}
	c.failed("f", "a.txt", &os.PathError{Op: "open", Path: "a.txt", Err: syscall.EACCES})
	if !strings.Contains(c.problems.Error(), "permission denied") {
		t.Errorf("got %v", c.problems)
	}
}

func TestCheckFilesWithoutFolder(t *testing.T) {
	t.Chdir(project(t))
	if ps := CheckFiles(Design{Files: []File{{Source: "a.txt"}}}); len(ps) > 0 {
		t.Errorf("relative to the current folder: %v", ps)
	}
}
