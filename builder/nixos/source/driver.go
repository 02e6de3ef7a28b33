package source

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Driver is what a piece of hardware needs that does not work by itself.
type Driver struct {
	// Name in designs.
	Name string
	// Summary names hardware that people know.
	Summary string
	// License of what the driver adds: an SPDX expression, "redistributable"
	// for firmware that may be passed on, or "unfree".
	License string
	// Architectures that have the driver ("amd64", "arm64"); empty: all.
	Architectures []string
	// KernelBefore is the first Linux series that the module no longer builds
	// for ("6.17"); empty: the newest will do.
	KernelBefore string
	// Unfree and Insecure are pnames that need the person's consent.
	Unfree   []string
	Insecure []string
	// KernelModules are loaded at start, InitrdModules already in stage 1,
	// modules in Blacklist never by themselves.
	KernelModules []string
	InitrdModules []string
	Blacklist     []string
	// ModulePackages are attributes of the kernel's package set.
	ModulePackages []string
	// Firmware are packages for hardware.firmware.
	Firmware []string
	// Options are set besides.
	Options []Option
}

// Option is a NixOS option and its value.
type Option struct {
	// Path with dots ("hardware.nvidia.open").
	Path string
	// NixExpr is the value; config, lib and pkgs are in scope.
	NixExpr string
}

// driverOf finds a driver by name.
func driverOf(name string) (Driver, bool) {
	all := Drivers()
	i := slices.IndexFunc(all, func(d Driver) bool { return d.Name == name })
	if i < 0 {
		return Driver{}, false
	}
	return all[i], true
}

// drivers writes one block for each driver of the design.
func (g *generator) drivers() {
	m := g.module("drivers.nix", "Drivers that the base does not bring.")
	firmware := []expr{}
	for i, name := range g.d.Drivers {
		field := element("drivers", i)
		d, ok := driverOf(name)
		if !ok {
			g.fault(field, "there is no driver "+strconv.Quote(name)+" for NixOS", "isowright search lists the drivers")
			continue
		}
		g.driverConsent(field, d)
		g.driverFits(field, d)
		for _, f := range d.Firmware {
			e := code(packagePath("pkgs", f)).of(field)
			e.atom = true
			firmware = append(firmware, e)
		}
		for _, o := range d.Options {
			g.driverOption(m, field, d, o)
		}
	}
	if len(firmware) > 0 {
		m.set("drivers", "hardware.firmware", list(firmware...))
	}
}

// driverOption sets one option. Two drivers may want the same of one.
func (g *generator) driverOption(m *module, field string, d Driver, o Option) {
	value := code(o.NixExpr)
	for _, s := range m.settings {
		if strings.Join(s.option, ".") != o.Path {
			continue
		}
		if s.value.lines[0].text != value.lines[0].text {
			g.fault(field, "the driver "+d.Name+" sets "+o.Path+", and so does another one, in its own way", "choose one of the two")
		}
		return
	}
	m.comment(commentText(d.Summary))
	m.set(field, o.Path, value)
}

// driverFits says what keeps a driver from working on the image.
func (g *generator) driverFits(field string, d Driver) {
	if len(d.Architectures) > 0 && !slices.Contains(d.Architectures, g.d.Architecture) {
		g.fault(field, "the driver "+d.Name+" is for "+strings.Join(d.Architectures, " and ")+" only", "remove it, or set architecture")
	}
	series := kernelSeries.FindStringSubmatch(g.n.Kernel)
	if d.KernelBefore == "" || series != nil && versionLess(series[1], series[2], d.KernelBefore) {
		return
	}
	if series != nil || g.n.Kernel != "default" || g.atLeast("26.05") { // the default was 6.12 until then
		g.warn(field, "the driver "+d.Name+" is made for Linux before "+d.KernelBefore, `set nixos.kernel = "linuxPackages_6_12"`)
	}
}

var kernelSeries = regexp.MustCompile(`_([0-9]+)_([0-9]+)$`)

// versionLess compares major and minor with "major.minor".
func versionLess(major, minor, with string) bool {
	number := func(s string) int {
		n, _ := strconv.Atoi(s) // digits only
		return n
	}
	a, b, _ := strings.Cut(with, ".")
	return number(major) < number(a) || number(major) == number(a) && number(minor) < number(b)
}

// driverConsent asks for consent to what a driver brings along.
func (g *generator) driverConsent(field string, d Driver) {
	ask := func(needs, have []string, list, what string) {
		for _, p := range needs {
			if !slices.Contains(have, p) {
				g.fault(field, "the driver "+d.Name+" needs the package "+p+", which "+what,
					"if you agree, write "+list+" = ["+strconv.Quote(p)+"] under [nixos]")
			}
		}
	}
	ask(d.Unfree, g.n.Unfree, "unfree", "is not free software")
	ask(d.Insecure, g.n.Insecure, "insecure", "has known security weaknesses")
}

// moduleList joins a list of the design with what its drivers add.
func (g *generator) moduleList(field string, own []string, of func(Driver) []string, item func(string) expr) ([]expr, string) {
	var items []expr
	var seen []string
	from := field
	for i, name := range own {
		items = append(items, item(name).of(element(field, i)))
		seen = append(seen, name)
	}
	for i, name := range g.d.Drivers {
		d, _ := driverOf(name)
		for _, word := range of(d) {
			if slices.Contains(seen, word) {
				continue
			}
			seen = append(seen, word)
			items = append(items, item(word).of(element("drivers", i)))
			if len(own) == 0 {
				from = "drivers"
			}
		}
	}
	return items, from
}
