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

// TestDriversTogether evaluates as many drivers in one design as go together: a
// fast look at all of them.
func TestDriversTogether(t *testing.T) {
	var groups [][]source.Driver
	for _, d := range source.Drivers() {
		at := slices.IndexFunc(groups, func(g []source.Driver) bool { return goesWith(d, g) })
		if at < 0 {
			groups, at = append(groups, nil), len(groups)
		}
		groups[at] = append(groups[at], d)
	}
	var list []scenario
	for i, g := range groups {
		s := scenario{name: fmt.Sprintf("group %d of %d drivers", i, len(g))}
		var names, unfree, insecure []string
		for _, d := range g {
			one := driverScenario(d)
			s.checks = append(s.checks, one.checks...)
			names, unfree, insecure = append(names, d.Name), append(unfree, d.Unfree...), append(insecure, d.Insecure...)
		}
		s.text = driverDesign(names, isArm(g[0]), g[0].KernelBefore != "", unfree, insecure)
		list = append(list, s)
	}
	run(t, list)
}

// goesWith says whether a driver can be in a design with others: of the same
// architecture and kernel, and with no option that one of them sets otherwise.
func goesWith(d source.Driver, group []source.Driver) bool {
	for _, o := range group {
		if isArm(d) != isArm(o) || (d.KernelBefore == "") != (o.KernelBefore == "") {
			return false
		}
		for _, a := range d.Options {
			for _, b := range o.Options {
				if a.Path == b.Path && a.NixExpr != b.NixExpr {
					return false
				}
			}
		}
		if strings.HasPrefix(d.Name, "nvidia") && strings.HasPrefix(o.Name, "nvidia") {
			return false
		}
	}
	return true
}

func isArm(d source.Driver) bool {
	return len(d.Architectures) > 0 && !slices.Contains(d.Architectures, "amd64")
}

func driverDesign(names []string, arm, older bool, unfree, insecure []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "drivers = [%s]\n", quotedList(names))
	if arm {
		b.WriteString("architecture = \"arm64\"\n")
	}
	b.WriteString("[nixos]\n")
	if older {
		b.WriteString("kernel = \"linuxPackages_6_12\"\n")
	}
	slices.Sort(unfree)
	fmt.Fprintf(&b, "unfree = [%s]\ninsecure = [%s]\n", quotedList(slices.Compact(unfree)), quotedList(insecure))
	return b.String()
}

func driverScenario(d source.Driver) scenario {
	text := driverDesign([]string{d.Name}, isArm(d), d.KernelBefore != "", slices.Clone(d.Unfree), d.Insecure)
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
	return scenario{name: d.Name, text: text, checks: checks}
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
