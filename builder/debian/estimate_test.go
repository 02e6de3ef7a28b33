package debian

import (
	"context"
	"iter"
	"testing"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/catalog/offer"
	"github.com/isowright/isowright/builder/design"
)

// estimated are packages of every kind: small, large, with alternatives, with
// virtual packages.
var estimated = []string{
	"htop", "git", "vim", "emacs-nox", "firefox-esr", "chromium", "gparted", "testdisk", "gddrescue", "clonezilla",
	"wireshark", "nmap", "network-manager", "openssh-server", "nginx", "apache2", "samba", "postgresql", "mariadb-server", "docker.io",
	"podman", "qemu-system-x86", "build-essential", "default-jdk", "python3-pip", "ansible", "libreoffice", "vlc", "task-xfce-desktop", "gnome-core",
	"mutt", "cups",
}

// What the catalogue estimates is near to what apt would install.
func TestEstimateAgainstApt(t *testing.T) {
	if !heavy() {
		t.Skip("asks apt many times: make vm-full")
	}
	d := design.WithDefaults(design.Design{Name: "test", Distribution: "debian", Base: "minimal"})
	_, x := liveIndex(t, d)
	c, _, err := offer.Debian(t.Context(), t.TempDir(), offer.Lists{
		State:    x.state.State,
		Packages: func(context.Context) (iter.Seq[catalog.Listed], error) { return x.Listed(), nil },
	}, nil)
	check(t, err)
	defer c.Close()
	set := c.Set(Present(d))
	request := catalog.Request{Base: base(d).Packages}
	packages, installed := resolved(t, x, request)
	estimate, bytes, _ := set.Total()
	t.Logf("the base: apt %d packages, %d MB; estimated %d, %d MB", packages, installed/1e6, estimate, bytes/1e6)
	far := 0
	for _, name := range estimated {
		request.Ticked = []string{name}
		with, size := resolved(t, x, request)
		cost, ok := set.Added(name)
		if !ok {
			t.Errorf("%s is not in the catalogue", name)
			continue
		}
		more, grown := with-packages, size-installed
		t.Logf("%-18s apt %3d packages %7.1f MB; estimated %3d %7.1f MB", name, more, float64(grown)/1e6, cost.Packages, float64(cost.Installed)/1e6)
		if off := max(cost.Installed-grown, grown-cost.Installed); off > grown/10+1e6 {
			far++
		}
	}
	if far > len(estimated)/10 {
		t.Errorf("%d of %d estimates are more than a tenth off", far, len(estimated))
	}
}

// resolved is how many packages apt chooses, and their bytes.
func resolved(t *testing.T, x *index, r catalog.Request) (packages int, installed int64) {
	t.Helper()
	all, err := x.Resolve(t.Context(), r)
	check(t, err)
	for _, p := range all {
		installed += p.Installed
	}
	return len(all), installed
}
