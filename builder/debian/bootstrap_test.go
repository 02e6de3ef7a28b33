package debian

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/internal/run"
)

func smallPlan() plan.Plan {
	return plan.Plan{
		Date: time.Unix(1_700_000_000, 0),
		Design: design.WithDefaults(design.Design{
			Name: "Small", Distribution: "debian", Release: "trixie", Base: "minimal",
			System: design.System{Locale: "de_DE.UTF-8", Keyboard: design.Keyboard{Layout: "de"}},
		}),
		Packages: []catalog.Package{
			{Name: "htop", Version: "1", SHA256: "aa", Reason: catalog.ReasonTicked},
			{Name: "live-boot", Version: "2", SHA256: "bb", Reason: catalog.ReasonBase},
			{Name: "libc6", Version: "3", SHA256: "cc", Reason: "needed by htop"},
		},
	}
}

// TestRootKey holds that the name of a kept root depends on what decides the
// root, and on nothing else.
func TestRootKey(t *testing.T) {
	key := func(change func(*plan.Plan), helper string) string {
		p := smallPlan()
		change(&p)
		k, err := rootKey(p, helper)
		check(t, err)
		return k
	}
	same := key(func(*plan.Plan) {}, "/cache/helper/1234")
	for name, c := range map[string]struct {
		change func(*plan.Plan)
		helper string
		differ bool
	}{
		"another cache folder": {helper: "/elsewhere/1234"},
		"another helper":       {helper: "/cache/helper/5678", differ: true},
		"hostname":             {change: func(p *plan.Plan) { p.Design.System.Hostname = "x" }},
		"users":                {change: func(p *plan.Plan) { p.Design.Users = []design.User{{Name: "x"}} }},
		"the plan's ID":        {change: func(p *plan.Plan) { p.ID = "x" }},
		"a package's version":  {change: func(p *plan.Plan) { p.Packages[2].SHA256 = "dd" }, differ: true},
		"a package less":       {change: func(p *plan.Plan) { p.Packages = p.Packages[:2] }, differ: true},
		"another reason":       {change: func(p *plan.Plan) { p.Packages[2].Reason = catalog.ReasonTicked }, differ: true},
		"date":                 {change: func(p *plan.Plan) { p.Date = p.Date.Add(time.Second) }, differ: true},
		"release":              {change: func(p *plan.Plan) { p.Design.Release = "sid" }, differ: true},
		"locale":               {change: func(p *plan.Plan) { p.Design.System.Locale = "fr_FR.UTF-8" }, differ: true},
		"keyboard":             {change: func(p *plan.Plan) { p.Design.System.Keyboard.Layout = "us" }, differ: true},
		"boot packages":        {change: func(p *plan.Plan) { p.Boot = p.Packages[:1] }},
	} {
		if c.change == nil {
			c.change = func(*plan.Plan) {}
		}
		if c.helper == "" {
			c.helper = "/cache/helper/1234"
		}
		if got := key(c.change, c.helper); (got != same) != c.differ {
			t.Errorf("%s: another root: %v, want %v", name, got != same, c.differ)
		}
	}
}

func TestMmdebstrapArgs(t *testing.T) {
	args := mmdebstrapArgs(smallPlan())
	if !slices.Contains(args, "--include=htop,live-boot") {
		t.Errorf("the packages asked for are not in %q", args)
	}
	end := args[len(args)-3:]
	if !slices.Equal(end, []string{"trixie", "-", "/hooks/sources.list"}) {
		t.Errorf("the operands are %q", end)
	}
}

func TestWriteHooks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "hooks")
	check(t, writeHooks(dir, smallPlan()))
	for name, want := range map[string]string{
		"sources.list":               "deb [trusted=yes] file:///archive trixie main\n",
		"script":                     "locale-gen",
		"files/etc/default/keyboard": `XKBLAYOUT="de"`,
		"customize":                  "#!/bin/sh\n",
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %v, %q", name, err, text)
		}
		info, err := os.Stat(filepath.Join(dir, name))
		check(t, err)
		if want := map[bool]os.FileMode{true: 0o755, false: 0o644}[name == "customize"]; info.Mode() != want {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	shellcheck(t, filepath.Join(dir, "customize"))
	shellcheck(t, filepath.Join(dir, "script"))
	// A design that needs nothing from the packages' programs.
	p := smallPlan()
	p.Design.System = design.System{}
	dir = filepath.Join(t.TempDir(), "hooks")
	check(t, writeHooks(dir, p))
	if info, err := os.Stat(filepath.Join(dir, "files")); err != nil || !info.IsDir() {
		t.Errorf("no folder to copy from: %v", err)
	}
}

// TestBootstrapError gives the last lines of failed runs as they were printed.
func TestBootstrapError(t *testing.T) {
	for _, c := range []struct{ name, tail, text, hint string }{
		{"a package's program", `Setting up foo:amd64 (1.0) ...
foo: no such thing
dpkg: error processing package foo:amd64 (--configure):
 installed foo:amd64 package post-installation script subprocess returned error exit status 1
Errors were encountered while processing:
 foo:amd64
E: Sub-process env returned an error code (1)
E: setup failed: E: apt-get failed to run`,
			"the package foo failed to install", "take it out"},
		{"unpacking", `dpkg: error processing archive /archive/pool/main/b/bar/bar_2%3a1.0_amd64.deb (--unpack):
 trying to overwrite '/usr/bin/x', which is also in package foo 1.0
E: Sub-process env returned an error code (1)`,
			"the package bar failed to install", "take it out"},
		{"no space", `dpkg: error processing archive /archive/pool/main/b/bar/bar_1.0_amd64.deb (--unpack):
 cannot copy extracted data for './usr/bin/x' to '/usr/bin/x.dpkg-new': failed to write (No space left on device)
E: Sub-process env returned an error code (1)`,
			"no space left for unpacking", "free some"},
		{"the first E", `I: running --customize-hook directly: /hooks/customize /scratch/mmdebstrap.1
E: Debian has no locale xx_XX; /usr/share/i18n/SUPPORTED lists those it has
E: setup failed: E: command failed: /hooks/customize
I: main() received signal PIPE: waiting for setup...
E: mmdebstrap failed to run`,
			"Debian has no locale xx_XX; /usr/share/i18n/SUPPORTED lists those it has", "build log"},
		{"nothing", "", "mmdebstrap: exit status 25", "build log"},
	} {
		t.Run(c.name, func(t *testing.T) {
			from := &run.Error{Name: "mmdebstrap", Err: errors.New("exit status 25"), Tail: c.tail}
			err := bootstrapError(fmt.Errorf("sandbox: %w", from))
			want := strings.Replace(c.text, "mmdebstrap: exit", "sandbox: mmdebstrap: exit", 1)
			if err.Error() != want {
				t.Errorf("%q, want %q", err, want)
			}
			var hinted interface{ Hint() string }
			if !errors.As(err, &hinted) || !strings.Contains(hinted.Hint(), c.hint) {
				t.Errorf("hint of %q is not %q", err, c.hint)
			}
			var failed *run.Error
			if !errors.As(err, &failed) || failed.Tail != c.tail {
				t.Error("the last lines are lost")
			}
		})
	}
	if plain := errors.New("x"); bootstrapError(plain) != plain {
		t.Error("an error that is no program's was changed")
	}
}

// TestFollowBootstrap counts each package twice, never backwards and never past
// the end.
func TestFollowBootstrap(t *testing.T) {
	var got []progress.Event
	s := New(Config{Log: slog.New(slog.DiscardHandler), Progress: func(e progress.Event) { got = append(got, e) }})
	follow := s.followBootstrap(2)
	for _, line := range []string{
		"I: installing essential packages...",
		"Selecting previously unselected package libc6:amd64.",
		"Preparing to unpack .../libc6_2.41-12_amd64.deb ...",
		"Unpacking libc6:amd64 (2.41-12) ...",
		"Unpacking htop",
		"Setting up libc6:amd64 (2.41-12) ...",
		"Setting up htop (3.4.1-5) ...",
		"Processing triggers for libc-bin (2.41-12) ...",
		"Setting up libc6:amd64 (2.41-12) ...",
		"update-initramfs: Generating /boot/initrd.img-6.12.0-amd64",
		"I: creating tarball...",
		"Unpacking ", "Unpack", "",
	} {
		follow(line)
	}
	texts := []string{
		"Unpacking libc6:amd64", "Unpacking htop", "Setting up libc6:amd64", "Setting up htop", "Setting up libc6:amd64",
		"Making the initrd", "Reading the finished root", "Unpacking ",
	}
	done := int64(0)
	for i, e := range got {
		if i < len(texts) && e.Text != texts[i] {
			t.Errorf("text %q, want %q", e.Text, texts[i])
		}
		if e.Step != "root" || e.Total != 4 || e.Unit == "" || e.Done < done || e.Done > e.Total {
			t.Errorf("%+v after %d", e, done)
		}
		done = e.Done
	}
	if len(got) != len(texts) || done != 4 {
		t.Errorf("%d events, the last at %d", len(got), done)
	}
}

func TestPruneOldest(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"c", "a", "d", "b"} {
		path := filepath.Join(dir, name)
		check(t, os.MkdirAll(filepath.Join(path, "inside"), 0o755))
		at := time.Unix(1_000_000_000, int64(i))
		check(t, os.Chtimes(path, at, at))
	}
	for _, c := range []struct {
		keep int
		want []string
	}{{5, []string{"a", "b", "c", "d"}}, {4, []string{"a", "b", "c", "d"}}, {2, []string{"b", "d"}}, {0, nil}} {
		check(t, pruneOldest(dir, c.keep))
		if got := names(t, dir); !slices.Equal(got, c.want) {
			t.Errorf("keeping %d left %q, want %q", c.keep, got, c.want)
		}
	}
	if pruneOldest(filepath.Join(dir, "none"), 1) == nil {
		t.Error("no error for a folder that is not there")
	}
}

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	check(t, err)
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestKeepRoot(t *testing.T) {
	dir := t.TempDir()
	roots := filepath.Join(dir, "cache", "roots")
	for i := range keptRoots + 2 {
		f, err := os.Create(filepath.Join(dir, "root.tar"))
		check(t, err)
		_, err = fmt.Fprint(f, i)
		check(t, err)
		at := time.Unix(1_000_000_000+int64(i), 0)
		check(t, os.Chtimes(f.Name(), at, at))
		check(t, keepRoot(f, filepath.Join(roots, fmt.Sprint(i))))
		// The tree goes on reading from the file.
		data := make([]byte, 1)
		if _, err := f.ReadAt(data, 0); err != nil || string(data) != fmt.Sprint(i) {
			t.Errorf("the kept root reads %q: %v", data, err)
		}
		check(t, f.Close())
	}
	if got := names(t, roots); !slices.Equal(got, []string{"2", "3", "4"}) {
		t.Errorf("kept %q", got)
	}
}

// TestReadKept holds that half a root is an error, so that it is made anew, and
// that use makes a root young.
func TestReadKept(t *testing.T) {
	dir := t.TempDir()
	whole, half := filepath.Join(dir, "whole"), filepath.Join(dir, "half")
	data := tarOf(t, small(t))
	check(t, os.WriteFile(whole, data, 0o644))
	check(t, os.WriteFile(half, data[:700], 0o644))
	old := time.Unix(1_000_000_000, 0)
	check(t, os.Chtimes(whole, old, old))
	set, f, err := readKept(t.Context(), whole)
	check(t, err)
	defer f.Close()
	if got, err := set.ReadFile("etc/a"); err != nil || string(got) != "one" {
		t.Errorf("%q: %v", got, err)
	}
	if info, err := os.Stat(whole); err != nil || info.ModTime().Equal(old) {
		t.Errorf("the use was not noted: %v", err)
	}
	for _, name := range []string{half, filepath.Join(dir, "none")} {
		if _, _, err := readKept(t.Context(), name); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}
