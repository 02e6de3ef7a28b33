package offer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/catalog/nixpkgs"
	"github.com/isowright/isowright/internal/progress"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// pkg is a package of 100 bytes, 10 to fetch.
func pkg(name, summary string, needs ...[]string) catalog.Listed {
	return catalog.Listed{
		Package: catalog.Package{
			Name: name, Version: "1-1", Component: "main", Summary: summary, Installed: 100, Download: 10,
		},
		Section: "misc", Needs: needs,
	}
}

func oneOf(names ...string) []string { return names }

// shelf is a small archive, in order. What "ghost" names does not exist.
func shelf() []catalog.Listed {
	base := pkg("base-files", "Base system")
	base.Essential = true
	base.Needs = [][]string{{"mawk", "gawk"}}
	firmware := pkg("firmware-iwlwifi", "Intel Wi-Fi firmware")
	firmware.Component, firmware.Section, firmware.Homepage = "non-free-firmware", "non-free-firmware/kernel", "https://example.org"
	return []catalog.Listed{
		base,
		firmware,
		pkg("gawk", "GNU awk", oneOf("libc6")),
		pkg("git", "fast version control system", oneOf("libc6"), oneOf("perl"), oneOf("ghost", "less")),
		pkg("gnome", "desktop", oneOf("ghost")),
		pkg("htop", "interactive processes viewer", oneOf("libc6"), oneOf("libncurses6")),
		pkg("less", "pager program", oneOf("libc6"), oneOf("base-files")),
		pkg("libc6", "GNU C Library"),
		pkg("libncurses6", "shared libraries for terminal handling", oneOf("libc6")),
		pkg("mail-reader", "reads mail", oneOf("postfix", "exim4")),
		pkg("mawk", "pattern scanning", oneOf("libc6")),
		pkg("perl", "Larry Wall's language", oneOf("perl-base"), oneOf("libc6")),
		pkg("perl-base", "minimal Perl", oneOf("libc6"), oneOf("perl")),
		pkg("postfix", "mail transport agent", oneOf("libc6")),
		pkg("python3.13", "Interactive high-level language", oneOf("libc6")),
		pkg("vim", "Vi IMproved", oneOf("libc6")),
	}
}

// lists are a state with packages; read counts how often they were read.
func lists(state string, read *int, packages ...catalog.Listed) Lists {
	return Lists{
		State:   catalog.State{ID: "sha256:" + state, Date: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
		Release: "trixie", Components: []string{"main"},
		Packages: func(context.Context) (iter.Seq[catalog.Listed], error) {
			if read != nil {
				*read++
			}
			return slices.Values(packages), nil
		},
	}
}

// shelved opens the small archive.
func shelved(t testing.TB) *Catalogue {
	t.Helper()
	c, notes, err := Debian(t.Context(), t.TempDir(), lists("abc", nil, shelf()...), nil)
	check(t, err)
	if len(notes) > 0 {
		t.Errorf("notes on a new catalogue: %q", notes)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func names(items []Item) string {
	var out []string
	for _, it := range items {
		out = append(out, it.Name)
	}
	return strings.Join(out, " ")
}

func TestSearch(t *testing.T) {
	c := shelved(t)
	if c.Len() != len(shelf()) {
		t.Errorf("%d packages", c.Len())
	}
	for query, want := range map[string]string{
		"vi": "vim", "git": "git", "interactive": "htop python3.13", "python3.13": "python3.13", "python": "python3.13",
		"version control": "git", "wifi": "firmware-iwlwifi", "nonesuch": "", "perl": "perl perl-base",
	} {
		if got := names(c.Search(query, 10)); got != want {
			t.Errorf("%q finds %q, not %q", query, got, want)
		}
	}
	if got := c.Near("gti"); len(got) == 0 || got[0] != "git" {
		t.Errorf("near gti: %q", got)
	}
	it, ok := c.Get("firmware-iwlwifi")
	if !ok || !it.Unfree || it.Section != "kernel" || it.Component != "non-free-firmware" || it.Homepage != "https://example.org" ||
		it.Version != "1-1" || it.Installed != 100 || it.Download != 10 || it.Group != "Hardware" {
		t.Errorf("%+v", it)
	}
	if _, ok := c.Get("nonesuch"); ok {
		t.Error("what is not there is given")
	}
	if about := c.Info(); about.Release != "trixie" || about.State != "sha256:abc" || about.Distribution != "debian" || about.Date.Year() != 2026 {
		t.Errorf("%+v", about)
	}
}

// Before anything is typed the liked ones come, then the others of groups, then
// all others, each once.
func TestNothingTyped(t *testing.T) {
	c := shelved(t)
	all := c.Find(" ", 100)
	if len(all) != c.Len() || len(slices.Compact(slices.Sorted(slices.Values(all)))) != c.Len() {
		t.Errorf("%d of %d: %q", len(all), c.Len(), all)
	}
	if want := "htop vim less gawk git firmware-iwlwifi perl base-files"; strings.Join(all[:8], " ") != want {
		t.Errorf("got %q, want %q", all[:8], want)
	}
	for _, limit := range []int{0, 2, 9} {
		if got := c.Find("", limit); !slices.Equal(got, all[:limit]) {
			t.Errorf("%d: %q", limit, got)
		}
	}
	if c.Find("", -1); len(c.Search("git", 0)) != 0 {
		t.Error("none is more than none")
	}
}

func TestGroups(t *testing.T) {
	c := shelved(t)
	inside := 0
	for _, g := range c.Groups() {
		if g.Title == "" || len(g.Names) == 0 {
			t.Errorf("an empty group: %+v", g)
		}
		for _, name := range g.Names {
			inside++
			if it, ok := c.Get(name); !ok || it.Group != g.Title {
				t.Errorf("%s in %s: %+v", name, g.Title, it)
			}
		}
	}
	if inside != 7 {
		t.Errorf("%d packages are in groups: %+v", inside, c.Groups())
	}
}

// The second time the lists are not read.
func TestKept(t *testing.T) {
	dir, read := t.TempDir(), 0
	for range 2 {
		c, _, err := Debian(t.Context(), dir, lists("abc", &read, shelf()...), nil)
		check(t, err)
		if got := names(c.Search("htop", 1)); got != "htop" {
			t.Errorf("found %q", got)
		}
		check(t, c.Close())
	}
	if read != 1 {
		t.Errorf("the lists were read %d times", read)
	}
}

// What is damaged is made anew, with a note; what another version wrote without.
func TestDamaged(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "abc.db")
	open := func() (notes []string) {
		t.Helper()
		c, notes, err := Debian(t.Context(), dir, lists("abc", nil, shelf()...), nil)
		check(t, err)
		if c.Len() != len(shelf()) {
			t.Errorf("%d packages", c.Len())
		}
		check(t, c.Close())
		return notes
	}
	open()
	whole, err := os.ReadFile(path)
	check(t, err)
	other := bytes.Clone(whole)
	other[len(other)-16]++ // the version in the seal
	middle := bytes.Clone(whole)
	middle[len(middle)/2] ^= 1
	for name, c := range map[string]struct {
		data  []byte
		notes int
	}{"cut": {whole[:1000], 1}, "empty": {nil, 1}, "a byte": {middle, 1}, "another version": {other, 0}} {
		check(t, os.WriteFile(path, c.data, 0o644))
		if notes := open(); len(notes) != c.notes {
			t.Errorf("%s: %q", name, notes)
		}
		if now, err := os.ReadFile(path); err != nil || len(now) != len(whole) {
			t.Errorf("%s: not made anew: %v", name, err)
		}
	}
}

// Only the states used last are kept.
func TestOldStatesGo(t *testing.T) {
	dir := t.TempDir()
	check(t, os.MkdirAll(filepath.Join(dir, "killed.tmp"), 0o755))
	long := time.Now().Add(-2 * time.Hour)
	check(t, os.Chtimes(filepath.Join(dir, "killed.tmp"), long, long))
	for i := range kept + 2 {
		c, _, err := Debian(t.Context(), dir, lists(fmt.Sprint("state", i), nil, shelf()...), nil)
		check(t, err)
		check(t, c.Close())
		when := long.Add(time.Duration(i) * time.Minute)
		check(t, os.Chtimes(filepath.Join(dir, fmt.Sprint("state", i, ".db")), when, when))
	}
	entries, err := os.ReadDir(dir)
	check(t, err)
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if want := []string{"state2.db", "state3.db", "state4.db"}; !slices.Equal(left, want) {
		t.Errorf("left: %q", left)
	}
}

// Many at once: one writes, all get it.
func TestManyAtOnce(t *testing.T) {
	dir, read := t.TempDir(), 0
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			c, _, err := Debian(t.Context(), dir, lists("abc", &read, shelf()...), nil)
			if err != nil || c.Len() != len(shelf()) {
				t.Error(err)
				return
			}
			c.Close()
		})
	}
	all.Wait()
	if read != 1 {
		t.Errorf("the lists were read %d times", read)
	}
}

// What fails leaves nothing behind.
func TestFailures(t *testing.T) {
	dir := t.TempDir()
	none := errors.New("no lists")
	failing := lists("abc", nil)
	failing.Packages = func(context.Context) (iter.Seq[catalog.Listed], error) { return nil, none }
	if _, _, err := Debian(t.Context(), dir, failing, nil); !errors.Is(err, none) {
		t.Errorf("lists that cannot be read: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cut := lists("abc", nil)
	cut.Packages = func(context.Context) (iter.Seq[catalog.Listed], error) {
		return func(yield func(catalog.Listed) bool) {
			cancel()
			yield(shelf()[0])
		}, nil
	}
	if _, _, err := Debian(ctx, dir, cut, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	unordered := shelf()
	slices.Reverse(unordered)
	if _, _, err := Debian(t.Context(), dir, lists("abc", nil, unordered...), nil); err == nil || !strings.Contains(err.Error(), "comes after") {
		t.Errorf("lists out of order: %v", err)
	}
	for _, id := range []string{"", "abc", "sha256:../../x", "sha256:"} {
		bad := lists("abc", nil)
		bad.State.ID = id
		if _, _, err := Debian(t.Context(), dir, bad, nil); err == nil {
			t.Errorf("the state %q is taken", id)
		}
	}
	entries, err := os.ReadDir(dir)
	check(t, err)
	if len(entries) > 0 {
		t.Errorf("left behind: %v", entries)
	}
}

// A first reading reports itself.
func TestProgress(t *testing.T) {
	var steps []string
	c, _, err := Debian(t.Context(), t.TempDir(), lists("abc", nil, shelf()...), func(e progress.Event) { steps = append(steps, e.Step) })
	check(t, err)
	check(t, c.Close())
	if !slices.Contains(steps, "index") {
		t.Errorf("steps: %q", steps)
	}
}

// NixOS's part: the list inside the program.
func TestNixOS(t *testing.T) {
	c := NixOS(nixpkgs.BuiltIn())
	defer c.Close()
	if got := c.Search("rg", 1); names(got) != "ripgrep" || got[0].Group == "" || got[0].Summary == "" {
		t.Errorf("%+v", got)
	}
	if got := c.Find("", 1000); len(got) != c.Len() || c.Len() < 300 {
		t.Errorf("%d of %d", len(got), c.Len())
	}
	if about := c.Info(); about.Distribution != "nixos" || !about.BuiltIn {
		t.Errorf("%+v", about)
	}
	if len(c.Groups()) < 10 || c.Set([]string{"git"}) != nil {
		t.Errorf("groups: %+v", c.Groups())
	}
	if _, ok := c.Set(nil).Added("git"); ok {
		t.Error("what a package of NixOS adds is known")
	}
	if got := c.Near("ripgrpe"); len(got) == 0 || got[0] != "ripgrep" {
		t.Errorf("near: %q", got)
	}
}
