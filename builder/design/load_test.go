package design

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLoadErrors(t *testing.T) {
	dir := t.TempDir()
	if _, err := Load(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := Load(dir); err == nil {
		t.Error("loaded a folder")
	}
	large := filepath.Join(dir, "large")
	if err := os.WriteFile(large, bytes.Repeat([]byte("#"), MaxSize+1), 0o644); err != nil {
		t.Fatal(err)
	}
	var ps Problems
	if _, err := Load(large); !errors.As(err, &ps) || !strings.Contains(err.Error(), "larger") {
		t.Errorf("large file: %v", err)
	}
}

func TestParseAcceptsByteOrderMarkAndDOSLines(t *testing.T) {
	data := []byte("\ufeffformat = 1\r\nname = \"x\"\r\nbad = 1\r\n")
	_, err := Parse(data, "")
	var ps Problems
	if !errors.As(err, &ps) || len(ps) == 0 || ps[0].Field != "bad" || ps[0].Line != 3 {
		t.Errorf("got %+v, want the first problem in line 3", err)
	}
}

// TestParseBounds feeds texts that grow without bound in some direction; each
// must be answered in time that is about linear (these take seconds; a step
// that is quadratic in them would take many minutes).
func TestParseBounds(t *testing.T) {
	for name, data := range map[string]string{
		"deep header":  "format = 1\n[[boot" + strings.Repeat(".entries", MaxSize/9) + "]]\n",
		"deep unknown": "format = 1\n[a" + strings.Repeat(".a", MaxSize/3) + "]\n",
		"deep list":    "format = 1\nx = " + strings.Repeat("[", MaxSize-20),
		"many tables":  "format = 1\n" + strings.Repeat("[[users]]\n", MaxSize/11),
		"many unknown": "format = 1\n" + strings.Repeat("[[a.b.c]]\n", MaxSize/11),
		"long key":     "format = 1\n" + strings.Repeat("k", MaxSize-20) + " = 1",
	} {
		start := time.Now()
		d, err := Parse([]byte(data), "")
		if err == nil {
			Validate(d)
		} else if len(err.Error()) > 1<<20 {
			t.Errorf("%s: a message of %d bytes", name, len(err.Error()))
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %v", name, took)
		} else {
			t.Logf("%s: %v", name, took)
		}
	}
}

func TestMigrate(t *testing.T) {
	steps := map[int]migration{
		// 1 to 2: "name" becomes "title" …
		1: func(raw map[string]any) error {
			raw["title"] = raw["name"]
			delete(raw, "name")
			return nil
		},
		// 2 to 3: … and the other way round, in capitals.
		2: func(raw map[string]any) error {
			title, ok := raw["title"].(string)
			if !ok {
				return errors.New("no title")
			}
			raw["name"] = strings.ToUpper(title)
			delete(raw, "title")
			return nil
		},
	}
	d, err := parse([]byte("format = 1\nname = \"x\"\nbase = \"minimal\"\n"), "/d", 3, steps)
	if err != nil {
		t.Fatal(err)
	}
	if d.Format != 3 || d.Name != "X" || d.Base != "minimal" || d.Dir != "/d" {
		t.Errorf("migrated to %+v", d)
	}
	if d, err = parse([]byte("format = 2\ntitle = \"y\"\n"), "", 3, steps); err != nil || d.Name != "Y" {
		t.Errorf("from format 2: %+v, %v", d, err)
	}
	if d, err = parse([]byte("format = 3\nname = \"z\"\n"), "", 3, steps); err != nil || d.Name != "z" {
		t.Errorf("from format 3: %+v, %v", d, err)
	}
	for name, data := range map[string]string{
		"step fails":    "format = 2\n",
		"step missing":  "format = 1\n",
		"newer":         "format = 4\n",
		"key of an old": "format = 3\ntitle = \"x\"\n",
	} {
		table := steps
		if name == "step missing" {
			table = map[int]migration{2: steps[2]}
		}
		var ps Problems
		if _, err := parse([]byte(data), "", 3, table); !errors.As(err, &ps) || len(ps) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMigrateFailureLeavesTheTables(t *testing.T) {
	raw := map[string]any{"format": int64(1), "name": "x"}
	err := migrate(raw, 1, 2, map[int]migration{1: func(raw map[string]any) error {
		delete(raw, "name")
		return errors.New("no")
	}})
	if err == nil || raw["name"] != "x" || raw["format"] != int64(1) {
		t.Errorf("after %v the tables are %v", err, raw)
	}
}

// TestMigrationsAreComplete: every format before today's has its step.
func TestMigrationsAreComplete(t *testing.T) {
	steps := migrations()
	for n := 1; n < Format; n++ {
		if steps[n] == nil {
			t.Errorf("no step from format %d", n)
		}
	}
	if len(steps) != Format-1 {
		t.Errorf("%d steps for format %d", len(steps), Format)
	}
}

func TestLineIndex(t *testing.T) {
	data := []byte(`format = 1
packages = ["a",
  "b", "c",
  "d"]
boot.timeout = 1
boot.colours = { normal = "x", menu_normal = "y" }
[[users]]
name = "a"
  [[users]]

name = "b"
[nixos.settings]
"odd key" = [1,
 2]
[[boot.entries]]
[[boot.entries.entries]]
title = "x"
[[boot.entries]]
[[boot.entries.entries]]
[[boot.entries.entries]]
title = "y"
files = [{ source = "a" },
 { source = "b" }]
`)
	lines := lineIndex(data)
	for path, want := range map[string]int{
		"format": 1, "packages": 2, "packages[0]": 2, "packages[1]": 3, "packages[2]": 3, "packages[3]": 4,
		"boot": 5, "boot.timeout": 5, "boot.colours.menu_normal": 6, "users[0].name": 8, "users[1]": 9,
		"users[1].name": 11, "nixos": 12, `nixos.settings."odd key"[1]`: 14, "boot.entries[0].entries[0].title": 17,
		"boot.entries[1].entries[1].title": 21, "boot.entries[1].entries[1].files[1].source": 23,
	} {
		if lines[path] != want {
			t.Errorf("%s: line %d, want %d", path, lines[path], want)
		}
	}
}

func TestNear(t *testing.T) {
	names := []string{"hostname", "time_zone", "colours", "password_hash", "non-free", "amd64"}
	for in, want := range map[string]string{
		"hostnmae": "hostname", "Hostname": "hostname", "timezone": "time_zone", "time-zone": "time_zone",
		"colors": "colours", "password": "password_hash", "nonfree": "non-free", "amd46": "amd64",
		"x": "", "frobnicate": "", strings.Repeat("a", 1000): "",
	} {
		if got := near(in, names); got != want {
			t.Errorf("near(%q) = %q, want %q", clip(in), got, want)
		}
	}
}
