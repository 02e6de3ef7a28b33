//go:build nixpkgs

package source_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/nixos/source"
)

// TestEveryDriver evaluates a design with each driver alone.
func TestEveryDriver(t *testing.T) {
	var list []scenario
	for _, d := range source.Drivers() {
		list = append(list, driverScenario(d))
	}
	run(t, list)
}

func driverScenario(d source.Driver) scenario {
	var b strings.Builder
	fmt.Fprintf(&b, "drivers = [%q]\n", d.Name)
	if len(d.Architectures) > 0 && !slices.Contains(d.Architectures, "amd64") {
		b.WriteString("architecture = \"arm64\"\n")
	}
	b.WriteString("[nixos]\n")
	if d.KernelBefore != "" {
		b.WriteString("kernel = \"linuxPackages_6_12\"\n")
	}
	fmt.Fprintf(&b, "unfree = [%s]\ninsecure = [%s]\n", quotedList(d.Unfree), quotedList(d.Insecure))
	checks := []check{
		has("c.boot.kernelModules", words(d.KernelModules)...),
		has("c.boot.initrd.kernelModules", words(d.InitrdModules)...),
		has("c.boot.blacklistedKernelModules", words(d.Blacklist)...),
	}
	for _, name := range d.ModulePackages {
		checks = append(checks, is(fmt.Sprintf("builtins.elem c.boot.kernelPackages.%q.drvPath (map (p: p.drvPath) c.boot.extraModulePackages)", name), true))
	}
	for _, name := range d.Firmware {
		checks = append(checks, is(fmt.Sprintf("builtins.elem pkgs.%s.drvPath (map (p: p.drvPath) (lib.concatLists o.hardware.firmware.definitions))", name), true))
	}
	for _, o := range d.Options {
		if o.NixExpr == "true" || o.NixExpr == "lib.mkForce true" {
			checks = append(checks, is("c."+o.Path, true))
		}
	}
	return scenario{name: d.Name, text: b.String(), checks: checks}
}

func quotedList(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = fmt.Sprintf("%q", s)
	}
	return strings.Join(out, ", ")
}

func words(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

// TestDriverTable looks for mistakes that no evaluation shows.
func TestDriverTable(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range source.Drivers() {
		if seen[d.Name] {
			t.Errorf("two drivers %s", d.Name)
		}
		seen[d.Name] = true
		if d.Summary == "" || d.License == "" {
			t.Errorf("%s: no summary or license", d.Name)
		}
		if (d.License == "unfree") != (len(d.Unfree) > 0) {
			t.Errorf("%s: license %s, consent to %v", d.Name, d.License, d.Unfree)
		}
		if len(d.KernelModules)+len(d.InitrdModules)+len(d.ModulePackages)+len(d.Firmware)+len(d.Options) == 0 {
			t.Errorf("%s does nothing", d.Name)
		}
	}
	if len(seen) < 100 {
		t.Errorf("%d drivers", len(seen))
	}
}
