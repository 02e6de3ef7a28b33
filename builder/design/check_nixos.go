package design

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

var (
	channelPattern  = regexp.MustCompile(`^nixos-(unstable|[0-9]{2}\.[0-9]{2})(-small|-aarch64)?$`)
	revisionPattern = regexp.MustCompile(`^[0-9a-f]{40}$`)
	narHashPattern  = regexp.MustCompile(`^sha256-[A-Za-z0-9+/]{43}=$`)
	versionPattern  = regexp.MustCompile(`^[0-9]{2}\.[0-9]{2}$`)
	kernelPattern   = regexp.MustCompile(`^(default|latest|linuxPackages(_[A-Za-z0-9_]+)?|linuxKernel\.packages\.[A-Za-z0-9_]+)$`)
	modulePattern   = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	wordPattern     = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.+-]*$`)
	// A Nix store path's name.
	storeName      = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,120}$`)
	nixWord        = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,60}$`)
	flakePattern   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:[^\s"'\\$` + "`" + `]+$`)
	squashPattern  = regexp.MustCompile(`^(none|(gzip|lzo|lz4|xz|zstd)( -X[a-z-]+( [A-Za-z0-9%,]+)*)*)$`)
	settingPattern = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	diskPattern    = regexp.MustCompile(`^/dev/[A-Za-z0-9][A-Za-z0-9_.:+/-]*$`)
	plainPassword  = regexp.MustCompile(`(?m)^[^#\n]*\b(initialPassword|password)\s*=\s*("[^"]|'')`)
	secretSettings = []string{"access-tokens", "netrc-file", "secret-key-files"}
	nixLayouts     = []string{"ext4", "btrfs", "xfs", "disko", "manual"}
	assemblers     = []string{"nix", "isowright"}
	nixFirmware    = []string{"none", "redistributable", "all"}
	labelForbidden = "'\"\\$`"
)

// nixos checks the section [nixos].
func (c *checker) nixos(d Design) {
	if d.NixOS == nil {
		return
	}
	if d.Distribution == "debian" {
		c.add("nixos", "a Debian image has no NixOS settings", `remove the section, or set distribution = "nixos"`)
		return
	}
	n := *d.NixOS
	c.nixSource(d, n)
	c.nixKernel(n)
	c.nixConsent(n)
	c.nixTexts(n)
	c.nixImage(d, n)
	c.nixMenu(n.Menu)
	c.nixOffline(n.Offline)
	c.nixSettings(n.Settings)
	c.nixContents(n.Contents)
	c.specialisations(n.Specialisations)
	c.nixModules(n)
	c.nixForce(n.Force)
}

func (c *checker) nixSource(d Design, n NixOS) {
	c.matches("nixos.channel", n.Channel, channelPattern, "a channel", "write it like nixos-26.05 or nixos-unstable")
	if v := strings.TrimPrefix(n.Channel, "nixos-"); n.Channel != "" && d.Release != "" && v != d.Release && !strings.HasPrefix(v, d.Release+"-") {
		c.add("nixos.channel", "the channel "+show(n.Channel)+" is not of the release "+show(d.Release), "remove one of the two")
	}
	c.matches("nixos.revision", n.Revision, revisionPattern, "a revision", "40 hexadecimal digits in small letters")
	c.matches("nixos.hash", n.Hash, narHashPattern, "a NAR hash", "write it like sha256-…=, 44 characters after the hyphen")
	if n.Hash != "" && n.Revision == "" {
		c.add("nixos.hash", "a hash without a revision", "set nixos.revision too")
	}
	c.oneOf("nixos.medium", n.Medium, "iso", "sd")
	if n.Medium == "sd" && d.Architecture != "arm64" {
		c.add("nixos.medium", "card images are made for arm64 only", `set architecture = "arm64"`)
	}
	if n.Medium == "sd" && d.Base != "minimal" {
		c.add("nixos.medium", "card images have the minimal base only", `set base = "minimal"`)
	}
	c.oneOf("nixos.assembler", n.Assembler, assemblers...)
	c.matches("nixos.state_version", n.StateVersion, versionPattern, "a release", "write it like 26.05")
	if n.Installer != nil && *n.Installer && d.Base != "graphical" {
		c.add("nixos.installer", "the graphical installer needs a graphical base", `set base = "graphical"`)
	}
}

func (c *checker) nixKernel(n NixOS) {
	hint := "default, latest, or a package set like linuxPackages_6_12"
	c.matches("nixos.kernel", n.Kernel, kernelPattern, "a kernel", hint)
	c.words("nixos.kernel_modules", n.KernelModules, modulePattern, "a kernel module's name")
	c.words("nixos.initrd_modules", n.InitrdModules, modulePattern, "a kernel module's name")
	c.words("nixos.blacklisted_modules", n.BlacklistedModules, modulePattern, "a kernel module's name")
	c.words("nixos.module_packages", n.ModulePackages, wordPattern, "a package of the kernel's set")
	c.oneOf("nixos.firmware", n.Firmware, nixFirmware...)
}

// words checks a list of names.
func (c *checker) words(field string, list []string, pattern *regexp.Regexp, what string) {
	c.unique(field, list)
	for i, w := range list {
		if !pattern.MatchString(w) {
			c.add(element(field, i), show(w)+" is not "+what, "check the spelling")
		}
	}
}

func (c *checker) nixConsent(n NixOS) {
	c.words("nixos.unfree", n.Unfree, wordPattern, "a package's name (pname)")
	c.words("nixos.insecure", n.Insecure, wordPattern, "a package's name (pname)")
	c.words("nixos.broken", n.Broken, wordPattern, "a package's name (pname)")
}

func (c *checker) nixTexts(n NixOS) {
	c.text("nixos.help_line", n.HelpLine)
	c.script("nixos.post_boot", n.PostBoot)
	c.matches("nixos.console_font", n.ConsoleFont, wordPattern, "a console font", "write it like ter-v32n")
	c.packageNames("nixos.store_contents", n.StoreContents, "nixos")
	for i, p := range n.Imports {
		c.localPath(element("nixos.imports", i), p)
	}
	c.unique("nixos.imports", n.Imports)
	if n.Flake.URL == "" && (n.Flake.Host != "" || len(n.Flake.Modules) > 0) {
		c.add("nixos.flake.url", "the flake is missing", "write it like github:me/config or ./config")
	}
	if n.Flake.URL != "" {
		c.flakeURL("nixos.flake.url", n.Flake.URL)
		if n.Flake.Host == "" && len(n.Flake.Modules) == 0 {
			c.add("nixos.flake", "nothing of the flake is used", "name nixos.flake.modules or nixos.flake.host")
		}
	}
	c.words("nixos.flake.modules", n.Flake.Modules, nixAttribute, "an attribute's name")
	c.matches("nixos.flake.host", n.Flake.Host, nixWord, "a configuration's name", "a name in the flake's nixosConfigurations")
}

func (c *checker) flakeURL(field, s string) {
	switch {
	case strings.Contains(strings.ToLower(s), "token="):
		c.spoil(field, "the address contains an access token; an image is readable by everyone who holds it", "give the token to Nix on the building machine (access-tokens in its nix.conf)")
	case strings.HasPrefix(s, "./") || s == ".":
		if s != "." {
			c.localPath(field, strings.TrimPrefix(s, "./"))
		}
	default:
		c.matches(field, s, flakePattern, "a flake reference", "write it like github:me/config, git+https://host/repo or ./config")
	}
}

func (c *checker) nixImage(d Design, n NixOS) {
	c.matches("nixos.image_name", n.ImageName, storeName, "an image's name", "letters, digits and _ . + -, without .iso")
	c.matches("nixos.edition", n.Edition, wordPattern, "an edition", "one word like rescue")
	c.matches("nixos.squashfs_compression", n.SquashfsCompression, squashPattern, "a compression of mksquashfs", "write it like zstd -Xcompression-level 6, xz or none")
	if n.Assembler == "isowright" && (n.SquashfsCompression != "" || n.CompressImage) {
		c.add("nixos.assembler", "squashfs_compression and compress_image are for the assembler nix", "use the section [compression]")
	}
	if n.SquashfsCompression != "" && d.Compression != (Compression{}) && d.Compression != compressionDefaults(Compression{}) {
		c.add("nixos.squashfs_compression", "the compression is set in two places", "remove this or the section [compression]")
	}
}

// label checks a text that becomes part of a menu title: nixpkgs writes titles
// through a shell's here-document into GRUB's single quotes.
func (c *checker) label(field, s string) {
	if c.line(field, s, 100) && strings.ContainsAny(s, labelForbidden) {
		c.add(field, "the text contains one of ' \" \\ $ `, which nixpkgs's menu cannot hold", "leave it out")
	}
}

func (c *checker) nixMenu(m NixMenu) {
	const at = "nixos.menu"
	c.label(at+".distribution_name", m.DistributionName)
	c.label(at+".prepend", m.Prepend)
	if m.Append != nil {
		c.label(at+".append", *m.Append)
	}
	c.label(at+".configuration", m.Configuration)
	if m.BIOS != nil && m.EFI != nil && !*m.BIOS && !*m.EFI {
		c.add(at+".efi", "an image that starts neither by BIOS nor by UEFI", "leave one of the two on")
	}
	if m.SplashBIOS != "" {
		c.localPath(at+".splash_bios", m.SplashBIOS)
	}
	if m.SplashEFI != "" {
		c.localPath(at+".splash_efi", m.SplashEFI)
	}
	c.matches(at+".theme_package", m.ThemePackage, nixAttribute, "a package's attribute path", "write it like nixos-grub2-theme, or none")
	c.script(at+".syslinux", m.Syslinux)
	for i, e := range m.GRUB {
		field := element(at+".grub", i)
		c.title(field+".title", e.Title)
		c.matches(field+".class", e.Class, classPattern, "an icon's class", "letters, digits and _ - . +")
		c.commands(field+".commands", e.Commands)
	}
	labels := map[string]bool{}
	for i, e := range m.Isolinux {
		field := element(at+".isolinux", i)
		if !modulePattern.MatchString(e.Label) || labels[e.Label] {
			c.add(field+".label", show(e.Label)+" is not a label of its own", "letters, digits, _ and -, each label once")
		}
		labels[e.Label] = true
		c.title(field+".title", e.Title)
		c.commands(field+".commands", e.Commands)
	}
}

func (c *checker) title(field, s string) {
	if strings.TrimSpace(s) == "" {
		c.add(field, "the entry has no title", "give it one")
		return
	}
	c.line(field, s, 200)
}

func (c *checker) commands(field, s string) {
	if strings.TrimSpace(s) == "" {
		c.add(field, "the entry does nothing", "write its commands")
		return
	}
	c.script(field, s)
}

// script checks code of several lines.
func (c *checker) script(field, s string) {
	c.text(field, s)
	if HoldsPassword(s) {
		c.spoil(field, "the code sets a plain password, which everyone can read in the image's store", "use hashedPassword; "+hashHint)
	}
}

// HoldsPassword says whether code of NixOS sets a password as plain text that is
// not empty: it would lie in the image's store, which everyone can read.
func HoldsPassword(code string) bool { return plainPassword.MatchString(code) }

func (c *checker) nixOffline(o NixOffline) {
	const at = "nixos.offline"
	if !c.oneOf(at+".level", o.Level, "A", "B", "C") {
		return
	}
	empty := o.Flake == "" && o.Host == "" && o.Configuration == "" && len(o.BuildInputs) == 0 &&
		o.Layout == "" && !o.Unattended && o.Disk == "" && o.After == ""
	if o.Level == "" && !empty {
		c.add(at+".level", "the level of the offline installation is missing", "A installs exactly this system, B can change it, C can rebuild it")
	}
	if o.Flake != "" {
		c.localPath(at+".flake", strings.TrimPrefix(o.Flake, "./"))
	}
	if (o.Flake == "") != (o.Host == "") {
		c.add(at+".host", "flake and host belong together", "set both or neither")
	}
	c.matches(at+".host", o.Host, nixWord, "a configuration's name", "a name in the flake's nixosConfigurations")
	if o.Configuration != "" {
		c.localPath(at+".configuration", strings.TrimPrefix(o.Configuration, "./"))
	}
	c.packageNames(at+".build_inputs", o.BuildInputs, "nixos")
	c.oneOf(at+".layout", o.Layout, nixLayouts...)
	if o.Layout == "disko" && o.Flake == "" {
		c.add(at+".layout", "the layout disko comes from a flake", "set nixos.offline.flake")
	}
	const diskHint = "write it like /dev/vda or /dev/disk/by-id/…"
	if o.Disk != "" && (!diskPattern.MatchString(o.Disk) || path.Clean(o.Disk) != o.Disk) {
		c.add(at+".disk", show(o.Disk)+" is not a disk", diskHint)
	}
	if o.Unattended && o.Disk == "" && o.Layout != "disko" && o.Layout != "manual" {
		c.add(at+".disk", "an unattended installation erases a disk, which must be named", diskHint)
	}
	c.oneOf(at+".after", o.After, "reboot", "poweroff")
}

func (c *checker) nixSettings(settings map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		field := join("nixos.settings", name)
		if slices.Contains(secretSettings, strings.TrimPrefix(name, "extra-")) {
			c.add(field, "this setting is for secrets; the image's nix.conf is readable by everyone", "set it on the machine itself")
			continue
		}
		if !settingPattern.MatchString(name) {
			c.add(clip(field), "this is not a setting's name", "write it as in nix.conf, like max-jobs")
		}
		switch v := settings[name].(type) {
		case bool, int:
		case string:
			c.line(field, v, 4096)
		case []string:
			for i, s := range v {
				c.line(element(field, i), s, 4096)
			}
		default:
			c.add(field, fmt.Sprintf("a setting cannot have the type %T", v), "a text, a whole number, true or false, or a list of texts")
		}
	}
}

func (c *checker) nixContents(contents []NixContent) {
	seen := map[string]bool{}
	for i, x := range contents {
		at := element("nixos.contents", i)
		if c.imagePath(at+".target", x.Target) {
			c.mediumTarget(at+".target", x.Target, "nixos")
			if seen[strings.ToLower(x.Target)] {
				c.add(at+".target", show(x.Target)+" is there twice", "choose another one")
			}
			seen[strings.ToLower(x.Target)] = true
		}
		if (x.Package == "") == (x.Text == "") {
			c.add(at, "the content must be either a package or a text", "set package or text; a file of yours goes under [[files]]")
		}
		c.matches(at+".package", x.Package, nixAttribute, "a package's attribute path", "write it like hello")
		if x.Path != "" {
			c.imagePath(at+".path", x.Path)
			if x.Package == "" {
				c.add(at+".path", "a path without a package", "set package or remove the path")
			}
		}
		c.script(at+".text", x.Text)
	}
}

func (c *checker) specialisations(list []Specialisation) {
	seen := map[string]bool{}
	for i, s := range list {
		at := element("nixos.specialisations", i)
		switch {
		case !nixWord.MatchString(s.Name):
			c.add(at+".name", show(s.Name)+" is not a specialisation's name", "letters, digits, _ and -, starting with a letter")
		case seen[s.Name]:
			c.add(at+".name", "there are two specialisations "+show(s.Name), "rename one of them")
		}
		seen[s.Name] = true
		c.label(at+".title", s.Title)
		c.matches(at+".kernel", s.Kernel, kernelPattern, "a kernel", "default, latest, or a package set like linuxPackages_6_12")
		c.parameters(at+".parameters", s.Parameters)
		c.packageNames(at+".packages", s.Packages, "nixos")
		c.oneOf(at+".desktop", s.Desktop, nixosDesktops...)
		c.script(at+".config", s.Config)
	}
}

func (c *checker) nixModules(n NixOS) {
	seen := map[string]bool{}
	for i, m := range n.Modules {
		at := element("nixos.modules", i)
		switch {
		case !nixWord.MatchString(m.Name):
			c.add(at+".name", show(m.Name)+" is not a module's name", "letters, digits, _ and -, starting with a letter")
		case seen[m.Name]:
			c.add(at+".name", "there are two modules "+show(m.Name), "rename one of them")
		}
		seen[m.Name] = true
		if strings.TrimSpace(m.Text) == "" {
			c.add(at+".text", "the module is empty", "write a NixOS module like { services.gpm.enable = true; }")
		}
		c.script(at+".text", m.Text)
	}
}

// nixForce checks that every forced field exists and says something to NixOS.
func (c *checker) nixForce(fields []string) {
	c.unique("nixos.force", fields)
	known := slices.DeleteFunc(fieldPaths(), func(f string) bool { return f == "nixos.force" || f == "format" })
	for i, f := range fields {
		if slices.Contains(known, f) {
			continue
		}
		hint := "name a key of this file like boot.timeout"
		if similar := near(f, known); similar != "" {
			hint = "did you mean " + similar + "?"
		}
		c.add(element("nixos.force", i), show(f)+" is not a field of the design", hint)
	}
}
