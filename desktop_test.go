package main_test

import (
	"debug/buildinfo"
	"debug/elf"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"github.com/isowright/isowright/internal/need"
)

const desktopFolder = "assets/desktop"

// application is what FyneApp.toml says, where the name and the version are kept.
func application(t *testing.T) (id, version, icon string) {
	t.Helper()
	text, err := os.ReadFile("FyneApp.toml")
	check(t, err)
	var app struct {
		Details struct{ Icon, Name, ID, Version string }
	}
	check(t, toml.Unmarshal(text, &app))
	if app.Details.ID == "" || app.Details.Version == "" {
		t.Fatal("FyneApp.toml has no ID or no version")
	}
	return app.Details.ID, app.Details.Version, app.Details.Icon
}

// localised is a text of AppStream's metainfo in one language.
type localised struct {
	Lang string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	Text string `xml:",chardata"`
}

// metainfo is what the test reads of AppStream's file.
type metainfo struct {
	ID         string      `xml:"id"`
	Summaries  []localised `xml:"summary"`
	Launchable string      `xml:"launchable"`
	Paragraphs []localised `xml:"description>p"`
	Points     []localised `xml:"description>ul>li"`
	Captions   []localised `xml:"screenshots>screenshot>caption"`
	Images     []string    `xml:"screenshots>screenshot>image"`
	Binary     string      `xml:"provides>binary"`
	Types      []string    `xml:"provides>mediatype"`
	Releases   []struct {
		Version string `xml:"version,attr"`
	} `xml:"releases>release"`
}

// TestMetainfo holds what software centres show against the sources.
func TestMetainfo(t *testing.T) {
	need.Tools(t, "appstreamcli")
	id, version, icon := application(t)
	file := filepath.Join(desktopFolder, id+".metainfo.xml")
	tool(t, "appstreamcli", "validate", "--no-net", file)

	text, err := os.ReadFile(file)
	check(t, err)
	var m metainfo
	check(t, xml.Unmarshal(text, &m))
	if m.ID != id || m.Launchable != id+".desktop" || m.Binary != "isowright" || len(m.Types) != 1 {
		t.Errorf("the metainfo is of %s, starts %s, has the program %s and the types %s", m.ID, m.Launchable, m.Binary, m.Types)
	}
	if len(m.Releases) == 0 || m.Releases[0].Version != version {
		t.Errorf("the newest release is not that of FyneApp.toml, %s: %v", version, m.Releases)
	}
	for what, texts := range map[string][]localised{"summary": m.Summaries, "p": m.Paragraphs, "li": m.Points, "caption": m.Captions} {
		for i, l := range texts {
			if want := []string{"", "de"}[i%2]; l.Lang != want || len(texts)%2 != 0 {
				t.Errorf("%s %d, %q, has the language %q, want %q", what, i, l.Text, l.Lang, want)
			}
		}
	}
	if len(m.Images) == 0 {
		t.Error("there are no pictures")
	}
	for _, url := range m.Images {
		path, ok := strings.CutPrefix(url, "https://raw.githubusercontent.com/isowright/isowright/main/")
		if _, err := os.Stat(path); !ok || err != nil {
			t.Errorf("the picture %s is not in the sources", url)
		}
	}
	if _, err := os.Stat(icon); err != nil {
		t.Error(err)
	}
	source, err := os.ReadFile("ui/desktop/desktop.go")
	check(t, err)
	if !strings.Contains(string(source), `"`+id+`"`) {
		t.Errorf("the window does not call itself %s", id)
	}
}

// TestDesktopFile holds the menu's entry and what its lines start.
func TestDesktopFile(t *testing.T) {
	need.Tools(t, "desktop-file-validate")
	id, _, _ := application(t)
	file := filepath.Join(desktopFolder, id+".desktop")
	// It prints warnings and hints and succeeds.
	if out := tool(t, "desktop-file-validate", file); out != "" {
		t.Error(out)
	}
	text, err := os.ReadFile(file)
	check(t, err)
	for _, key := range []string{"GenericName", "Comment", "Keywords"} {
		if n := strings.Count(string(text), "\n"+key+"[de]="); n != 1 {
			t.Errorf("%s has %d German texts", key, n)
		}
	}
	dir := t.TempDir()
	lines := regexp.MustCompile(`(?m)^Exec=(.*)$`).FindAllStringSubmatch(string(text), -1)
	if len(lines) != 3 {
		t.Fatalf("%d lines start something, want 3", len(lines))
	}
	for _, line := range lines {
		args := strings.Fields(strings.Replace(line[1], "%F", filepath.Join(dir, "x.isowright"), 1))
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Env = []string{"HOME=" + dir, "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH")}
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "there is no display") {
			t.Errorf("%s without a display: %v: %s", line[1], err, out)
		}
	}
}

// TestMediaType asks the tools of desktops what they take files for.
func TestMediaType(t *testing.T) {
	need.Tools(t, "update-mime-database", "update-desktop-database", "xdg-mime", "gio")
	id, _, _ := application(t)
	share, home := t.TempDir(), t.TempDir()
	copyFile(t, filepath.Join(desktopFolder, id+".xml"), filepath.Join(share, "mime/packages", id+".xml"))
	copyFile(t, filepath.Join(desktopFolder, id+".desktop"), filepath.Join(share, "applications", id+".desktop"))
	for name, value := range map[string]string{
		"XDG_DATA_HOME": share, "XDG_DATA_DIRS": "/usr/share", "XDG_CONFIG_HOME": home, "HOME": home, "XDG_CURRENT_DESKTOP": "GNOME",
	} {
		t.Setenv(name, value)
	}
	tool(t, "update-mime-database", filepath.Join(share, "mime"))
	tool(t, "update-desktop-database", filepath.Join(share, "applications"))

	saved := filepath.Join(home, "saved.isowright")
	tool(t, "isowright", "new", saved, "--template", "minimal")
	text, err := os.ReadFile(saved)
	check(t, err)
	for name, content := range map[string]string{
		"a.isowright": "anything", "saved": string(text), "by-hand": "format = 1\nname = \"By hand\"\n",
	} {
		if got := fileType(t, filepath.Join(home, name), content); got != "application/x-isowright" {
			t.Errorf("%s is %s", name, got)
		}
	}
	for name, content := range map[string]string{"other.toml": string(text), "notes": "A design of Isowright\n", "format": "format = 1.5\n"} {
		if got := fileType(t, filepath.Join(home, name), content); got == "application/x-isowright" {
			t.Errorf("%s is taken for a design", name)
		}
	}
	if got := strings.TrimSpace(tool(t, "xdg-mime", "query", "default", "application/x-isowright")); got != id+".desktop" {
		t.Errorf("designs are opened with %q", got)
	}
	if out := tool(t, "gio", "mime", "application/x-isowright"); !strings.Contains(out, id+".desktop") {
		t.Errorf("gio does not know what opens designs: %s", out)
	}
}

// fileType writes a file and asks what it is.
func fileType(t *testing.T, path, content string) string {
	t.Helper()
	check(t, os.WriteFile(path, []byte(content), 0o644))
	return strings.TrimSpace(tool(t, "xdg-mime", "query", "filetype", path))
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	check(t, err)
	check(t, os.MkdirAll(filepath.Dir(to), 0o755))
	check(t, os.WriteFile(to, text, 0o644))
}

// TestWithoutWindow builds the program that needs no library and no window, with
// a version as a release has it.
func TestWithoutWindow(t *testing.T) {
	file := filepath.Join(t.TempDir(), "isowright-cli")
	build := exec.Command("go", "build", "-tags", "nogui", "-o", file,
		"-ldflags", "-X github.com/isowright/isowright/ui/cli.release=1.2.3", ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	program, err := elf.Open(file)
	check(t, err)
	defer program.Close()
	for _, p := range program.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			t.Errorf("the program is linked dynamically: it has a %s", p.Type)
		}
	}
	info, err := buildinfo.ReadFile(file)
	check(t, err)
	for _, d := range info.Deps {
		if strings.HasPrefix(d.Path, "fyne.io/") || strings.HasPrefix(d.Path, "github.com/go-gl/") {
			t.Errorf("%s is in the program without a window", d.Path)
		}
	}
	if out := tool(t, file, "--version"); !strings.HasPrefix(out, "isowright version 1.2.3 (go1.") {
		t.Errorf("the version is %q", out)
	}
	design := filepath.Join(t.TempDir(), "x.isowright")
	tool(t, file, "new", design, "--template", "minimal")
	tool(t, file, "check", design)
	if out := tool(t, file); !strings.Contains(out, "This build of the program has no window") {
		t.Errorf("it says nothing about the missing window: %s", out)
	}
}
