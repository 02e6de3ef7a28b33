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

// kernel chooses the kernel, its modules, parameters and firmware.
func (g *generator) kernel() {
	m := g.module("kernel.nix", "Kernel, modules and firmware.")
	g.kernelPackages(m, "nixos.kernel", g.n.Kernel, false)
	g.zfs(m)
	if words := g.parameters("kernel.parameters", g.d.Kernel.Parameters); len(words) > 0 {
		m.set("kernel.parameters", "boot.kernelParams", list(words...))
	}
	inSet := func(name string) expr {
		e := code(packagePath("config.boot.kernelPackages", name))
		e.atom = true
		return e
	}
	for _, l := range []struct {
		field, option string
		own           []string
		of            func(Driver) []string
		item          func(string) expr
	}{
		{"nixos.kernel_modules", "boot.kernelModules", g.n.KernelModules, func(d Driver) []string { return d.KernelModules }, text},
		{"nixos.initrd_modules", "boot.initrd.kernelModules", g.n.InitrdModules, func(d Driver) []string { return d.InitrdModules }, text},
		{"nixos.blacklisted_modules", "boot.blacklistedKernelModules", g.n.BlacklistedModules, func(d Driver) []string { return d.Blacklist }, text},
		{"nixos.module_packages", "boot.extraModulePackages", g.n.ModulePackages, func(d Driver) []string { return d.ModulePackages }, inSet},
	} {
		if items, from := g.moduleList(l.field, l.own, l.of, l.item); len(items) > 0 {
			m.set(from, l.option, list(items...))
		}
	}
	g.firmware(m)
}

// kernelPackages sets the kernel. In a specialisation it replaces the main
// system's.
func (g *generator) kernelPackages(m *module, field, kernel string, over bool) {
	set := ""
	switch kernel {
	case "", "default":
		if over && kernel == "default" && g.n.Kernel != "default" {
			set = "pkgs.linuxPackages"
		}
	case "latest":
		set = "pkgs.linuxPackages_latest"
	default:
		set = packagePath("pkgs", kernel)
	}
	if set == "" {
		return
	}
	e := code(set)
	e.atom = true
	if over {
		m.vary(field, "boot.kernelPackages", e)
	} else {
		m.set(field, "boot.kernelPackages", e)
	}
}

// zfs switches ZFS, or leaves it out where the chosen kernel has none.
func (g *generator) zfs(m *module) {
	switch {
	case g.n.ZFS != nil:
		m.replace("nixos.zfs", "boot.supportedFilesystems.zfs", boolean(*g.n.ZFS))
	case g.n.Kernel != "default":
		m.comment("ZFS is behind new kernels: without a module for this one there is no ZFS.")
		m.set("nixos.kernel", "boot.supportedFilesystems.zfs", withoutZFS())
	}
}

// withoutZFS switches ZFS off if the kernel's package set has no working module.
func withoutZFS() expr {
	return code(`lib.mkIf (
  config.boot.kernelPackages.${config.boot.zfs.package.kernelModuleAttribute}.meta.broken or true
) (lib.mkForce false)`)
}

// parameters quotes words of the kernel's command line for all three menus.
func (g *generator) parameters(field string, all []string) []expr {
	var out []expr
	for i, w := range all {
		at := element(field, i)
		if strings.ContainsAny(w, "$`") {
			g.fault(at, "the parameter contains $ or a backquote, which nixpkgs's boot menu would expand", "remove it")
			continue
		}
		out = append(out, text(kernelWord(w)).of(at))
	}
	return out
}

// kernelWord quotes a parameter with blanks, or with what GRUB takes for its own
// language, the way the kernel and GRUB both read it.
func kernelWord(w string) string {
	if !strings.ContainsAny(w, " \t;{}|&<>#") {
		return w
	}
	if name, value, ok := strings.Cut(w, "="); ok && !strings.ContainsAny(name, " \t;{}|&<>#") {
		return name + `="` + value + `"`
	}
	return `"` + w + `"`
}

// firmware chooses which files the hardware is given.
func (g *generator) firmware(m *module) {
	const field = "nixos.firmware"
	on := func(option string, yes bool) { m.replace(field, option, boolean(yes)) }
	switch g.n.Firmware {
	case "none":
		on("hardware.enableRedistributableFirmware", false)
		on("hardware.enableAllFirmware", false)
	case "redistributable":
		on("hardware.enableRedistributableFirmware", true)
	case "all":
		on("hardware.enableRedistributableFirmware", true)
		on("hardware.enableAllFirmware", true)
	}
}
