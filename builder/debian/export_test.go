package debian

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/debian/configure"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/builder/tree"
)

const rescue = "../../examples/rescue.isowright"

// TestExportBuildsTheSame runs an export with the host's mmdebstrap and holds
// the root it makes to the one that this program makes.
func TestExportBuildsTheSame(t *testing.T) {
	if !heavy() {
		t.Skip("ISOWRIGHT_HEAVY is not 1")
	}
	if _, err := exec.LookPath("mmdebstrap"); err != nil {
		if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
			t.Fatal(err)
		}
		t.Skip("there is no mmdebstrap")
	}
	s, p := livePlan(t, rescue)
	dir := t.TempDir()
	check(t, s.exportPlan(t.Context(), p, dir, t.TempDir()))
	useHostMirror(t, s, p, dir)
	made := filepath.Join(t.TempDir(), "root.tar")
	cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "bootstrap.sh"), made)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("bootstrap.sh: %v\n%s", err, out)
	}
	f, err := os.Open(made)
	check(t, err)
	defer f.Close()
	got, err := tree.FromTarFile(t.Context(), f)
	check(t, err)
	want := configured(t, s, p)
	for e := range got.Entries() {
		// mmdebstrap before 1.4 knows no --skip=output/mknod.
		if _, ok := want.Get(e.Path); !ok && e.Type == tree.CharDevice && e.Parent() == "dev" {
			got.Remove(e.Path)
		}
	}
	for _, line := range compare(t, got, want) {
		t.Error(line)
	}
}

// TestExportFiles looks at an export without running it.
func TestExportFiles(t *testing.T) {
	s, p := livePlan(t, rescue)
	dir := t.TempDir()
	check(t, s.exportPlan(t.Context(), p, dir, t.TempDir()))
	for name, want := range map[string]string{
		"packages":                          "htop\t",
		"sources.list":                      "deb http://ftp.debian.org/debian trixie main\n",
		"bootstrap.sh":                      "htop,",
		"finish.sh":                         "overlay.tar",
		"chroot.sh":                         "de_DE.UTF-8",
		"chroot-files/etc/default/keyboard": "nodeadkeys",
		"removed":                           "etc/ssh/ssh_host_rsa_key\n",
		"grub.cfg":                          "Start the rescue system",
		"kernel-line":                       "boot=live",
		"design.isowright":                  `hostname = "rescue"`,
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %v; it lacks %q", name, err, want)
		}
	}
	for _, name := range []string{"bootstrap.sh", "finish.sh"} {
		shellcheck(t, filepath.Join(dir, name))
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode()&0o111 == 0 {
			t.Errorf("%s cannot be run: %v", name, err)
		}
	}
	names, err := exec.Command("tar", "-tf", filepath.Join(dir, "overlay.tar")).Output()
	check(t, err)
	for _, name := range []string{"etc/shadow", "usr/local/bin/disks", "var/lib/apt/extended_states"} {
		if !strings.Contains(string(names), "./"+name+"\n") {
			t.Errorf("the overlay lacks %s", name)
		}
	}
}

// TestExportScripts checks the scripts for designs of different shapes.
func TestExportScripts(t *testing.T) {
	for _, p := range []plan.Plan{{}, smallPlan()} {
		path := filepath.Join(t.TempDir(), "bootstrap.sh")
		check(t, os.WriteFile(path, []byte(exportScript(p)), 0o755))
		shellcheck(t, path)
	}
	text := exportScript(smallPlan())
	for _, want := range []string{"SOURCE_DATE_EPOCH=1700000000\n", "--include=htop,live-boot ", `  trixie "$out"`} {
		if !strings.Contains(text, want) {
			t.Errorf("bootstrap.sh lacks %q:\n%s", want, text)
		}
	}
	path := filepath.Join(t.TempDir(), "finish.sh")
	check(t, os.WriteFile(path, []byte(exportFinish), 0o755))
	shellcheck(t, path)
}

// shellcheck holds a script to shellcheck's rules, or at least to sh's grammar.
func shellcheck(t *testing.T, path string) {
	t.Helper()
	if out, err := exec.Command("sh", "-n", path).CombinedOutput(); err != nil {
		t.Errorf("sh -n %s: %s", path, out)
	}
	if _, err := exec.LookPath("shellcheck"); err != nil {
		return
	}
	if out, err := exec.Command("shellcheck", "--shell=sh", path).CombinedOutput(); err != nil {
		t.Errorf("shellcheck %s: %s", path, out)
	}
}

func TestExportSources(t *testing.T) {
	for _, c := range []struct {
		release string
		archive design.Archive
		want    string
	}{
		{"trixie", design.Archive{}, "deb http://ftp.debian.org/debian trixie main\n" +
			"deb http://ftp.debian.org/debian trixie-updates main\n" +
			"deb http://ftp.debian.org/debian-security trixie-security main\n"},
		{"sid", design.Archive{Components: []string{"contrib", "non-free-firmware"}},
			"deb http://ftp.debian.org/debian sid main contrib non-free-firmware\n"},
		{"trixie", design.Archive{Mirror: "http://mirror.example/debian/"},
			"deb http://mirror.example/debian/ trixie main\ndeb http://mirror.example/debian/ trixie-updates main\n" +
				"deb http://mirror.example/debian-security trixie-security main\n"},
	} {
		if got := exportSources(design.Design{Release: c.release, Archive: c.archive}); got != c.want {
			t.Errorf("%s %+v: %q, want %q", c.release, c.archive, got, c.want)
		}
	}
}

// useHostMirror has an export use the mirror that the tests use.
func useHostMirror(t *testing.T, s *System, p plan.Plan, dir string) {
	t.Helper()
	list := filepath.Join(dir, "sources.list")
	text, err := os.ReadFile(list)
	check(t, err)
	mirror, security := s.mirrors(p.Design)
	text = bytes.ReplaceAll(text, []byte("http://ftp.debian.org/debian-security "), []byte(security+" "))
	text = bytes.ReplaceAll(text, []byte("http://ftp.debian.org/debian "), []byte(mirror+" "))
	check(t, os.WriteFile(list, text, 0o644))
}

// configured is the tree of a plan as the image gets it, kernel included.
func configured(t *testing.T, s *System, p plan.Plan) *tree.Set {
	t.Helper()
	x, err := s.index(t.Context(), p.Design, p.State.ID)
	check(t, err)
	helper, err := s.helper(t.Context(), p.Design)
	check(t, err)
	defer helper.Close()
	root, f, err := s.bootstrap(t.Context(), p, x, helper.Dir, t.TempDir())
	check(t, err)
	t.Cleanup(func() { f.Close() })
	check(t, configure.Apply(root, p))
	return root
}

// compare lists how two trees differ, but for dates.
func compare(t *testing.T, got, want *tree.Set) []string {
	t.Helper()
	var all []string
	for w := range want.Entries() {
		g, ok := got.Get(w.Path)
		if !ok || g.Path != w.Path {
			all = append(all, "missing: "+w.Path)
			continue
		}
		if a, b := describe(t, got, g), describe(t, want, w); a != b {
			all = append(all, fmt.Sprintf("%s: %s, want %s", w.Path, a, b))
		}
	}
	for g := range got.Entries() {
		if _, ok := want.Get(g.Path); !ok {
			all = append(all, "too much: "+g.Path)
		}
	}
	return all
}

// describe is all of an entry but its date, a hard link as what it names.
func describe(t *testing.T, s *tree.Set, e tree.Entry) string {
	t.Helper()
	link := e.Link
	if e.Type == tree.HardLink {
		e, _ = s.Get(e.Link)
		link = ""
	}
	data, err := io.ReadAll(e.Open())
	check(t, err)
	var attrs []string
	for name, value := range e.Xattrs {
		attrs = append(attrs, fmt.Sprintf("%s=%x", name, value))
	}
	slices.Sort(attrs)
	return fmt.Sprintf("%s %o %d:%d %q %v %x", e.Type, e.Mode, e.UID, e.GID, link, strings.Join(attrs, " "), sha256.Sum256(data))
}
