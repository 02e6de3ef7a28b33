package source

import "strings"

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
