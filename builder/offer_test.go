package builder

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/catalog/groups"
	"github.com/isowright/isowright/builder/catalog/offer"
	"github.com/isowright/isowright/builder/design"
)

// On a new computer without a network NixOS has its small list and Debian says
// that it has none.
func TestCatalogueOfNothing(t *testing.T) {
	o := Options{CacheDir: t.TempDir(), Offline: true, Now: time.Now()}
	cat, notes, err := Catalogue(t.Context(), design.Design{Distribution: "nixos"}, o, Want{})
	if err != nil || !cat.Info().BuiltIn || len(notes) != 1 {
		t.Fatal(err, notes)
	}
	if err := cat.Close(); err != nil {
		t.Error(err)
	}
	for _, w := range []Want{{}, {Everything: true}, {Newest: true}} {
		_, _, err = Catalogue(t.Context(), design.Design{Distribution: "debian"}, o, w)
		var failed *StepError
		if !errors.Is(err, offer.ErrAbsent) || !errors.As(err, &failed) || !strings.Contains(failed.Hint, "network") {
			t.Errorf("%+v: %v", w, err)
		}
	}
	// Nobody answers there.
	o.Offline, o.Mirror = false, "http://127.0.0.1:1/debian"
	if _, _, err = Catalogue(t.Context(), design.Design{Distribution: "debian"}, o, Want{}); !errors.Is(err, offer.ErrAbsent) {
		t.Errorf("no network: %v", err)
	}
	var problems design.Problems
	if _, _, err = Catalogue(t.Context(), design.Design{Distribution: "gentoo"}, o, Want{}); !errors.As(err, &problems) {
		t.Errorf("another distribution: %v", err)
	}
}

// The real archive has every package of our groups, and what a package adds is
// plausible.
func TestRealCatalogue(t *testing.T) {
	c, d := realCatalogue(t, Want{Everything: true})
	if c.Len() < 60_000 {
		t.Errorf("%d packages", c.Len())
	}
	for l := range groups.Read(assets.DebianList) {
		if _, ok := c.Get(l.Name); !ok {
			t.Errorf("%s in the group %q is no package: %q", l.Name, l.Group, c.Near(l.Name))
		}
	}
	for query, want := range map[string]string{
		"rg": "ripgrep", "wifi intel": "firmware-iwlwifi", "firefox": "firefox-esr", "git": "git", "undelete": "testdisk", "htop": "htop",
		"python3.13": "python3.13",
	} {
		if got := c.Find(query, 1); len(got) != 1 || got[0] != want {
			t.Errorf("%q finds %q first", query, got)
		}
	}
	it, ok := c.Get("firmware-iwlwifi")
	if consents := offer.Consents(it); !ok || len(consents) != 1 || consents[0].Value != "non-free-firmware" {
		t.Errorf("%+v: %v", it, consents)
	}
	set := c.Set(Present(d))
	if n, installed, _ := set.Total(); n < 100 || n > 300 || installed < 200e6 {
		t.Errorf("the base has %d packages, %d bytes", n, installed)
	}
	if cost, ok := set.Added("libc6"); !ok || !cost.Present || len(cost.NeededBy) == 0 {
		t.Errorf("libc6: %+v", cost)
	}
	if cost, ok := set.Added("firefox-esr"); !ok || cost.Packages < 20 || cost.Installed < 200e6 || cost.Download == 0 {
		t.Errorf("firefox-esr: %+v", cost)
	}
	if Present(design.Design{Distribution: "nixos"}) != nil {
		t.Error("what a NixOS design has is known")
	}
}
