package assemble_test

import (
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/nixos/assemble"
)

// TestOfflineDesigns builds images that install offline and holds what is
// packed to Nix's own hashes, store derivations included.
func TestOfflineDesigns(t *testing.T) {
	sizes := map[string]int{}
	for _, level := range []string{"A", "B", "C"} {
		b := generate(t, "format = 1\nname = \"Offline\"\nvolume_label = \"OFFLINE\"\ndistribution = \"nixos\"\nbase = \"minimal\"\n"+
			"[nixos]\nassembler = \"isowright\"\n[nixos.offline]\nlevel = \""+level+"\"\n")
		image, err := assemble.Assemble(t.Context(), assemble.Options{Design: b.design, Manifest: b.build(t, "manifest"), Verify: true})
		check(t, err)
		derivations := 0
		for e := range image.Root.Entries() {
			sizes[level]++
			if strings.HasSuffix(e.Path, ".drv") {
				derivations++
			}
		}
		if (derivations > 10) != (level == "C") {
			t.Errorf("level %s: %d store derivations", level, derivations)
		}
		found := false
		for _, e := range image.Medium {
			found = found || strings.HasPrefix(e.Path, "nix-cfg/")
		}
		if !found {
			t.Errorf("level %s: the configuration is not on the medium", level)
		}
	}
	if sizes["A"] >= sizes["B"] || sizes["B"] >= sizes["C"] {
		t.Errorf("entries in the store by level: %v", sizes)
	}
}
