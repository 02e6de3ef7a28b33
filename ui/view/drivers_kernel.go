package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/widgets"
)

// driversKernel is what the kernel is told, and which kernel it is.
type driversKernel struct {
	c       *context
	content fyne.CanvasObject
	form    *form
	// distribution is what the fields are for.
	distribution string
}

func newDriversKernel(c *context) *driversKernel {
	k := &driversKernel{c: c, form: c.newForm(), distribution: c.design().Distribution}
	f := k.form
	f.tokens("kernel.parameters", c.say("Kernel parameters"), c.say("Words of the kernel's command line, in every entry of the boot menu: nomodeset, ibt=off."), nil,
		func(d *design.Design) *[]string { return &d.Kernel.Parameters })
	if k.distribution == "nixos" {
		k.nixos()
	}
	k.content = container.NewStack(widgets.PageBody(f.content()))
	return k
}

// nixos adds what only NixOS has.
func (k *driversKernel) nixos() {
	c, f := k.c, k.form
	f.choice("nixos.kernel", c.say("Kernel"), c.say("The release's own is tested most. The newest knows the newest hardware, but modules of others may not fit it yet."), c.kernels(),
		func(d *design.Design) *string { return &nix(d).Kernel })
	k.zfs()
	f.segments("nixos.firmware", c.say("Firmware"), c.say("Programs that devices load when they start. Most Wi-Fi and graphics need what may be passed on; the rest needs consent to its licences."), []widgets.Option{
		{Value: "", Label: c.say("As the base")}, {Value: "none", Label: c.say("None")},
		{Value: "redistributable", Label: c.say("What may be passed on")}, {Value: "all", Label: c.say("All")},
	}, func(d *design.Design) *string { return &nix(d).Firmware })
	list := func(field, label, note string, at func(*design.NixOS) *[]string) {
		f.tokens(field, label, note, nil, func(d *design.Design) *[]string { return at(nix(d)) })
	}
	list("nixos.kernel_modules", c.say("Modules to load"), c.say("Parts of the kernel that are loaded at every start."), func(n *design.NixOS) *[]string { return &n.KernelModules })
	list("nixos.initrd_modules", c.say("Modules of stage 1"), c.say("Loaded before the root file system is there, from the initrd: for drives and keyboards that nothing starts without."), func(n *design.NixOS) *[]string { return &n.InitrdModules })
	list("nixos.blacklisted_modules", c.say("Modules to keep away"), c.say("Never loaded by themselves, so that another driver gets the device."), func(n *design.NixOS) *[]string { return &n.BlacklistedModules })
	list("nixos.module_packages", c.say("Packages of modules"), c.say("Names in the kernel's package set, as broadcom_sta. They are compiled where NixOS's cache has none for this kernel."), func(n *design.NixOS) *[]string { return &n.ModulePackages })
}

// kernels are those that designs mostly ask for, with the design's own.
func (c *context) kernels() []widgets.Option {
	options := []widgets.Option{{Value: "default", Label: c.say("The release's own")}, {Value: "latest", Label: c.say("The newest")}}
	for _, name := range []string{"linuxPackages_6_18", "linuxPackages_6_12", "linuxPackages_6_6", "linuxPackages_hardened", "linuxPackages_zen"} {
		options = append(options, widgets.Option{Value: name})
	}
	if n := c.design().NixOS; n != nil && n.Kernel != "" {
		for _, o := range options {
			if o.Value == n.Kernel {
				return options
			}
		}
		options = append(options, widgets.Option{Value: n.Kernel})
	}
	return options
}

// zfs is a yes, a no, or what the base has.
func (k *driversKernel) zfs() {
	c := k.c
	label := c.say("ZFS")
	s := widgets.NewSegments([]widgets.Option{{Value: "", Label: c.say("As the base")}, {Value: "yes", Label: c.say("With ZFS")}, {Value: "no", Label: c.say("Without")}}, func(value string) {
		c.edit(changeOf(label, ""), func(d *design.Design) {
			yes := value == "yes"
			nix(d).ZFS = &yes
			if value == "" {
				nix(d).ZFS = nil
			}
		})
	})
	k.form.control("nixos.zfs", label, c.say("A file system with snapshots and checksums. It needs a kernel that it knows; the newest often is not one."), s, s, func(d, _ design.Design) {
		s.SetValue("")
		if d.NixOS != nil && d.NixOS.ZFS != nil {
			s.SetValue(map[bool]string{true: "yes", false: "no"}[*d.NixOS.ZFS])
		}
	})
}
