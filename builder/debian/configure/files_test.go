package configure_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/debian/configure"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/builder/tree"
)

// onDisk writes a file and gives its part of a plan.
func onDisk(t *testing.T, content string, mode os.FileMode, target string) plan.File {
	t.Helper()
	name := filepath.Join(t.TempDir(), "source")
	must(t, os.WriteFile(name, []byte(content), 0o600))
	must(t, os.Chmod(name, mode))
	sum := sha256.Sum256([]byte(content))
	return plan.File{Source: name, Target: target, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
}

func withFiles(files ...plan.File) plan.Plan {
	p := planOf(design.Design{Users: []design.User{{Name: "anna"}}})
	p.Files = files
	return p
}

func TestFiles(t *testing.T) {
	set := func(f plan.File, change func(*plan.File)) plan.File { change(&f); return f }
	s := fixture(t)
	must(t, configure.Apply(s, withFiles(
		onDisk(t, "plain", 0o666, "/opt/new/plain"),
		onDisk(t, "run", 0o775, "/usr/local/bin/run"),
		set(onDisk(t, "set", 0o600, "/etc/set"), func(f *plan.File) { f.Mode, f.Owner = 0o4755, "www-data" }),
		set(onDisk(t, "both", 0o644, "/etc/both"), func(f *plan.File) { f.Owner = "daemon:audio" }),
		set(onDisk(t, "numbers", 0o644, "/etc/numbers"), func(f *plan.File) { f.Owner = "4711:4712" }),
		set(onDisk(t, "number", 0o644, "/etc/number"), func(f *plan.File) { f.Owner = "4711" }),
		onDisk(t, "mine", 0o644, "/home/anna/deep/er/mine"),
		onDisk(t, "new motd", 0o644, "/etc/motd"),
		onDisk(t, "through a link", 0o644, "/bin/tool"),
		onDisk(t, "", 0o644, "/etc/empty"),
		onDisk(t, "kept", 0o644, "/tmp/kept"),
		set(onDisk(t, "medium", 0o644, "/medium"), func(f *plan.File) { f.OnMedium = true }),
		plan.File{Target: "/etc/link", Link: "../x y", Owner: "daemon"},
		plan.File{Target: "/root", Dir: true, Source: t.TempDir(), Mode: 0o644},
		plan.File{Target: "/srv/data", Dir: true, Source: t.TempDir(), Mode: 0o640, Owner: "anna"},
		onDisk(t, "out", 0o644, "/../../srv/data/out"),
	)))
	entry(t, s, "opt/new", tree.Dir, 0o755, 0, 0)
	entry(t, s, "opt/new/plain", tree.File, 0o644, 0, 0)
	entry(t, s, "usr/local/bin/run", tree.File, 0o755, 0, 0)
	entry(t, s, "etc/set", tree.File, 0o4755, 33, 33)
	entry(t, s, "etc/both", tree.File, 0o644, 1, 29)
	entry(t, s, "etc/numbers", tree.File, 0o644, 4711, 4712)
	entry(t, s, "etc/number", tree.File, 0o644, 4711, 0)
	entry(t, s, "home/anna/deep/er", tree.Dir, 0o755, 1000, 1000)
	entry(t, s, "home/anna/deep/er/mine", tree.File, 0o644, 0, 0)
	entry(t, s, "usr/bin/tool", tree.File, 0o644, 0, 0)
	entry(t, s, "etc/empty", tree.File, 0o644, 0, 0)
	entry(t, s, "etc/link", tree.Symlink, 0o777, 1, 1)
	entry(t, s, "root", tree.Dir, 0o700, 0, 0)
	entry(t, s, "srv/data", tree.Dir, 0o750, 1000, 1000)
	absent(t, s, "medium")
	link(t, s, "bin", "usr/bin")
	for name, want := range map[string]string{
		"etc/motd": "new motd", "usr/bin/tool": "through a link", "etc/empty": "", "srv/data/out": "out", "tmp/kept": "kept",
	} {
		if got := text(t, s, name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestFilesRefused(t *testing.T) {
	owner := func(o string) plan.File {
		f := onDisk(t, "x", 0o644, "/x")
		f.Owner = o
		return f
	}
	for name, f := range map[string]plan.File{
		"unknown user":   owner("eve"),
		"unknown group":  owner("anna:eve"),
		"empty group":    owner("anna:"),
		"negative":       owner("-1"),
		"large":          owner("4294967296"),
		"onto a folder":  onDisk(t, "x", 0o644, "/etc"),
		"onto the root":  onDisk(t, "x", 0o644, "/"),
		"below a file":   onDisk(t, "x", 0o644, "/etc/passwd/x"),
		"link on folder": {Target: "/etc", Link: "x"},
		"gone":           {Source: filepath.Join(t.TempDir(), "gone"), Target: "/x", Size: 1},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, configure.Apply(fixture(t), withFiles(f)), "files: "+f.Target)
		})
	}
}

// TestFileChanged changes a file at each moment between plan and packing.
func TestFileChanged(t *testing.T) {
	for name, c := range map[string]struct {
		first, second string // written before the first and the second read
		want          string
	}{
		"other bytes":     {"two", "", "changed since the plan"},
		"longer":          {"one more", "", "changed since the plan"},
		"shorter":         {"o", "", "changed since the plan"},
		"between reads":   {"one", "two more", "changed during the build"},
		"same size":       {"one", "two", "changed during the build"},
		"not changed":     {"one", "", ""},
		"gone":            {"-", "", "no such file"},
		"gone in between": {"one", "-", "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			f := onDisk(t, "one", 0o644, "/x")
			s := fixture(t)
			must(t, configure.Apply(s, withFiles(f)))
			e, _ := s.Get("x")
			change(t, f.Source, c.first)
			got, err := io.ReadAll(e.Open())
			if c.second != "" {
				must(t, err)
				change(t, f.Source, c.second)
				got, err = io.ReadAll(e.Open())
			}
			switch {
			case c.want == "" && (err != nil || string(got) != "one"):
				t.Errorf("got %q, %v", got, err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got %q, %v, want an error with %q", got, err, c.want)
			}
		})
	}
}

func change(t *testing.T, name, content string) {
	t.Helper()
	if content == "-" {
		must(t, os.Remove(name))
		return
	}
	must(t, os.WriteFile(name, []byte(content), 0o600))
	// Later writes have later dates, however coarse the file system's clock.
	later := planDate.Add(time.Duration(content[0]) * time.Second)
	must(t, os.Chtimes(name, later, later))
}

// TestDates wants nothing newer than the plan, older dates kept and hard links
// whole.
func TestDates(t *testing.T) {
	s := fixture(t)
	must(t, s.Put(tree.Entry{Path: "usr/bin/aa", Type: tree.HardLink, Link: "usr/bin/bash", ModTime: bootDate}))
	must(t, s.Put(tree.Entry{Path: "usr/bin/zz", Type: tree.HardLink, Link: "usr/bin/bash", ModTime: bootDate}))
	must(t, s.Put(tree.Entry{Path: "usr/old", Type: tree.File, Mode: 0o644, ModTime: 7}))
	must(t, configure.Apply(s, planOf(design.Design{Users: []design.User{{Name: "anna"}}})))
	for e := range s.Entries() {
		if e.ModTime > planDate.Unix() || e.ModTime < planDate.Unix()-1 && e.Path != "usr/old" {
			t.Errorf("%s is dated %d", e.Path, e.ModTime)
		}
	}
	if e, _ := s.Get("usr/bin/bash"); e.Type != tree.File || e.Mode != 0o755 {
		t.Errorf("bash is a %s", e.Type)
	}
	for _, name := range []string{"usr/bin/aa", "usr/bin/zz"} {
		if e, _ := s.Get(name); e.Type != tree.HardLink || e.Link != "usr/bin/bash" {
			t.Errorf("%s is a %s to %q", name, e.Type, e.Link)
		}
	}
	s.Remove("usr/bin/bash")
	if got := text(t, s, "usr/bin/zz"); got != "ELF" {
		t.Errorf("the links lost their file: %q", got)
	}
}

// TestSameTwice wants equal trees from equal plans.
func TestSameTwice(t *testing.T) {
	list := func() string {
		d := design.Design{
			Users: []design.User{{Name: "a", Sudo: "nopassword"}, {Name: "b"}}, SSH: design.SSH{Enable: true},
			Network: design.Network{WiFi: []design.WiFi{{SSID: "b"}, {SSID: "a"}}}, Startup: design.Startup{Autologin: "b", Command: "x"},
		}
		s := applied(t, d)
		var b strings.Builder
		for e := range s.Entries() {
			data, err := io.ReadAll(e.Open())
			must(t, err)
			e.Content = tree.Content{}
			fmt.Fprintf(&b, "%+v %q\n", e, data)
		}
		return b.String()
	}
	if one, two := list(), list(); one != two {
		t.Error("two trees of one plan differ")
	}
}
