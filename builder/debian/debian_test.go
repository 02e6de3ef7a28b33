package debian

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/debian/archive"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
)

func TestBase(t *testing.T) {
	good := design.WithDefaults(design.Design{Distribution: "debian", Release: "trixie", Base: "minimal"})
	packages := base(good).Packages
	if !slices.IsSorted(packages) || len(slices.Compact(slices.Clone(packages))) != len(packages) {
		t.Errorf("packages not sorted or named twice: %q", packages)
	}
	for _, name := range []string{"linux-image-amd64", "live-boot", "login", "systemd-sysv"} {
		if !slices.Contains(packages, name) {
			t.Errorf("the base lacks %s", name)
		}
	}
	ssh := good
	ssh.SSH.Enable = true
	if !slices.Contains(base(ssh).Packages, "openssh-server") {
		t.Error("a design with ssh gets no server")
	}
}

// TestRefuse holds that everything a design asks for in vain is told at
// once.
func TestRefuse(t *testing.T) {
	for _, c := range []struct {
		change func(*design.Design)
		fields []string
	}{
		{func(d *design.Design) { d.Base = "gnome" }, []string{"base"}},
		{func(d *design.Design) { d.Architecture = "arm64" }, []string{"architecture"}},
		{func(d *design.Design) { d.Drivers = []string{"iwlwifi"} }, []string{"drivers"}},
		{func(d *design.Design) { d.Base, d.Architecture, d.Drivers = "x", "y", []string{"z"} },
			[]string{"base", "architecture", "drivers"}},
	} {
		d := design.WithDefaults(design.Design{Distribution: "debian", Release: "trixie", Base: "minimal"})
		c.change(&d)
		problems := New(Config{}).Refuse(d)
		var fields []string
		for _, p := range problems {
			fields = append(fields, p.Field)
			if p.Text == "" || p.Hint == "" {
				t.Errorf("%+v lacks words", p)
			}
		}
		if !slices.Equal(fields, c.fields) {
			t.Errorf("refused %q, want %q", fields, c.fields)
		}
	}
}

func TestMirrors(t *testing.T) {
	hostMirror, hostSecurity := archive.HostMirrors(os.DirFS("/"))
	for _, c := range []struct {
		name                     string
		design                   design.Archive
		mirror, security         string
		wantMirror, wantSecurity string
	}{
		{name: "the host's", wantMirror: hostMirror, wantSecurity: hostSecurity},
		{name: "the option's", mirror: "http://o/debian", security: "http://o/sec",
			wantMirror: "http://o/debian", wantSecurity: "http://o/sec"},
		{name: "the option's mirror only", mirror: "http://o/debian/",
			wantMirror: "http://o/debian/", wantSecurity: "http://o/debian-security"},
		{name: "the option's security only", security: "http://o/sec",
			wantMirror: hostMirror, wantSecurity: "http://o/sec"},
		{name: "the design's before the option's", mirror: "http://o/debian", security: "http://o/sec",
			design:     design.Archive{Mirror: "http://d/debian", Security: "http://d/sec"},
			wantMirror: "http://d/debian", wantSecurity: "http://d/sec"},
		{name: "the design's mirror only", mirror: "http://o/debian", security: "http://o/sec",
			design:     design.Archive{Mirror: "http://d/debian"},
			wantMirror: "http://d/debian", wantSecurity: "http://d/debian-security"},
		{name: "the design's security only", mirror: "http://o/debian", security: "http://o/sec",
			design:     design.Archive{Security: "http://d/sec"},
			wantMirror: "http://o/debian", wantSecurity: "http://d/sec"},
	} {
		mirror, security := New(Config{Mirror: c.mirror, Security: c.security}).mirrors(design.Design{Archive: c.design})
		if mirror != c.wantMirror || security != c.wantSecurity {
			t.Errorf("%s: %s and %s", c.name, mirror, security)
		}
	}
}

func TestMissing(t *testing.T) {
	s := New(Config{CacheDir: t.TempDir()})
	p := plan.Plan{
		Packages: []catalog.Package{
			{Name: "a", Filename: "pool/main/a/a.deb", Download: 3},
			{Name: "b", Filename: "pool/main/b/b.deb", Download: 50},
		},
		Boot: []catalog.Package{{Name: "c", Filename: "pool/main/c/c.deb", Download: 700}},
	}
	put := func(name string, size int) {
		path := filepath.Join(s.pool(), "pool/main", name)
		check(t, os.MkdirAll(filepath.Dir(path), 0o755))
		check(t, os.WriteFile(path, make([]byte, size), 0o644))
	}
	for _, step := range []struct {
		name string
		size int
		want int64
	}{{"z/z.deb", 1, 753}, {"a/a.deb", 3, 750}, {"b/b.deb", 49, 750}, {"c/c.deb", 700, 50}, {"b/b.deb", 50, 0}} {
		put(step.name, step.size)
		if got := s.Missing(p); got != step.want {
			t.Errorf("after %s: %d bytes missing, want %d", step.name, got, step.want)
		}
	}
}

// TestWithHint holds that the archive's hint is found through wrapping.
func TestWithHint(t *testing.T) {
	err := withHint(&archive.Error{Kind: archive.ErrOffline, Hint: "do this"})
	var hinted interface{ Hint() string }
	if !errors.As(err, &hinted) || hinted.Hint() != "do this" || !errors.Is(err, archive.ErrOffline) {
		t.Errorf("%v", err)
	}
	if plain := errors.New("x"); withHint(plain) != plain || withHint(nil) != nil {
		t.Error("other errors are changed")
	}
}
