package design

import (
	"cmp"
	"slices"
	"strings"
)

// What a design gets where it says nothing.
const (
	defaultDebian      = "trixie"
	defaultNixOS       = "26.05"
	defaultTimeout     = 5
	defaultZstdLevel   = 15
	defaultGzipLevel   = 9
	defaultXzLevel     = 6
	defaultBlockSize   = 131072
	defaultDebianShell = "/bin/bash"
)

// Releases are those of a distribution that a design may name.
func Releases(distribution string) []string {
	switch distribution {
	case "debian":
		return slices.Clone(debianReleases)
	case "nixos":
		return slices.Clone(nixosReleases)
	}
	return nil
}

// Desktops are those of a distribution's graphical base.
func Desktops(distribution string) []string {
	switch distribution {
	case "debian":
		return slices.Clone(debianDesktops)
	case "nixos":
		return slices.Clone(nixosDesktops)
	}
	return nil
}

// WithDefaults fills in what the design leaves out. It shares no memory that
// either copy would change, doing it twice changes nothing more, and it leaves
// faults as they are.
//
// Two things stay empty on NixOS because the distribution's own choice is the
// default there: the users' shells, and the boot menu's entries as long as
// nixpkgs makes the menu (assembler "nix").
func WithDefaults(d Design) Design {
	if d.Format == 0 {
		d.Format = Format
	}
	d.Release = cmp.Or(d.Release, defaultRelease(d))
	d.Architecture = cmp.Or(d.Architecture, "amd64")
	slug := Slug(d.Name)
	d.VolumeLabel = cmp.Or(d.VolumeLabel, labelOf(d.Name))
	d.Output = cmp.Or(d.Output, cmp.Or(slug, "image")+outputSuffix(d))
	d.System.Hostname = cmp.Or(d.System.Hostname, hostnameOf(slug), d.Distribution)
	d.System.Locale = cmp.Or(d.System.Locale, "C.UTF-8")
	d.System.Keyboard.Layout = cmp.Or(d.System.Keyboard.Layout, "us")
	d.System.TimeZone = cmp.Or(d.System.TimeZone, "Etc/UTC")
	if d.Distribution == "debian" {
		d.Users = slices.Clone(d.Users)
		for i := range d.Users {
			d.Users[i].Shell = cmp.Or(d.Users[i].Shell, defaultDebianShell)
		}
	}
	if d.SSH.Enable {
		d.SSH.Port = cmp.Or(d.SSH.Port, 22)
	}
	d.Network.Mode = cmp.Or(d.Network.Mode, "dhcp")
	if d.Startup.Command != "" {
		d.Startup.CommandUser = cmp.Or(d.Startup.CommandUser, d.Startup.Autologin, "root")
	}
	d.Boot = bootDefaults(d)
	d.Files = slices.Clone(d.Files)
	for i := range d.Files {
		d.Files[i].On = cmp.Or(d.Files[i].On, "root")
	}
	d.Compression = compressionDefaults(d.Compression)
	if d.Distribution == "nixos" {
		d.NixOS = nixDefaults(d)
	}
	return d
}

// defaultRelease is the newest stable release, or on NixOS that of the channel.
func defaultRelease(d Design) string {
	switch d.Distribution {
	case "debian":
		return defaultDebian
	case "nixos":
		if d.NixOS != nil {
			if m := channelPattern.FindStringSubmatch(d.NixOS.Channel); m != nil {
				return m[1]
			}
		}
		return defaultNixOS
	}
	return ""
}

// outputSuffix is what the default output name ends in: a netboot bundle is a
// folder, a card image is no ISO.
func outputSuffix(d Design) string {
	switch {
	case d.Base == "netboot":
		return "-netboot"
	case d.NixOS != nil && d.NixOS.Medium == "sd":
		return ".img"
	}
	return ".iso"
}

func bootDefaults(d Design) Boot {
	b := d.Boot
	if b.Timeout == nil {
		seconds := defaultTimeout
		b.Timeout = &seconds
	}
	b.Title = cmp.Or(b.Title, d.Name)
	b.TimeoutStyle = cmp.Or(b.TimeoutStyle, "menu")
	b.Resolution = cmp.Or(b.Resolution, "auto")
	if len(b.Variants) > 0 && ownMenu(d) {
		b.Entries = withVariants(d)
		b.Variants = nil
	}
	if len(b.Entries) == 0 && ownMenu(d) {
		b.Entries = []BootEntry{
			{Title: d.Name},
			{Title: d.Name + " (copy to RAM)", ToRAM: true},
			{Title: "UEFI firmware settings", Kind: "firmware"},
		}
	}
	b.Entries = withKinds(b.Entries)
	if _, own := OwnTheme(b.Theme); own {
		b.Entries = withClasses(b.Entries, d.Distribution)
	}
	return b
}

// ownMenu says whether Isowright, not nixpkgs, writes the boot menu.
func ownMenu(d Design) bool {
	return d.Distribution != "nixos" || d.NixOS != nil && d.NixOS.Assembler == "isowright"
}

// withKinds names the kind of every entry.
func withKinds(entries []BootEntry) []BootEntry {
	entries = slices.Clone(entries)
	for i := range entries {
		entries[i].Kind = cmp.Or(entries[i].Kind, "live")
		entries[i].Entries = withKinds(entries[i].Entries)
	}
	return entries
}

func compressionDefaults(c Compression) Compression {
	c.Method = cmp.Or(c.Method, "zstd")
	switch c.Method {
	case "zstd":
		c.Level = cmp.Or(c.Level, defaultZstdLevel)
	case "gzip":
		c.Level = cmp.Or(c.Level, defaultGzipLevel)
	case "xz":
		c.Level = cmp.Or(c.Level, defaultXzLevel)
	}
	c.BlockSize = cmp.Or(c.BlockSize, defaultBlockSize)
	return c
}

func nixDefaults(d Design) *NixOS {
	n := NixOS{}
	if d.NixOS != nil {
		n = *d.NixOS
	}
	n.Channel = cmp.Or(n.Channel, "nixos-"+d.Release)
	n.Medium = cmp.Or(n.Medium, "iso")
	n.Assembler = cmp.Or(n.Assembler, "nix")
	n.Kernel = cmp.Or(n.Kernel, "default")
	if d.Release != "unstable" {
		n.StateVersion = cmp.Or(n.StateVersion, d.Release)
	}
	n.ImageName = cmp.Or(n.ImageName, imageName(strings.TrimSuffix(d.Output, outputSuffix(d))))
	if n.Offline.Level != "" {
		n.Offline.Layout = cmp.Or(n.Offline.Layout, "ext4")
	}
	return &n
}

// imageName makes the name of a store path of a file name.
func imageName(s string) string {
	return strings.ReplaceAll(s[:min(len(s), 120)], " ", "-")
}

// Slug turns a name into a file or host name: small letters, digits and single
// hyphens. It is "" if nothing of the name is left.
func Slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			b.WriteRune(r)
		} else if s := b.String(); s != "" && !strings.HasSuffix(s, "-") {
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

func hostnameOf(slug string) string {
	return strings.Trim(slug[:min(len(slug), 63)], "-")
}

// labelOf makes a volume label of a name.
func labelOf(name string) string {
	label := strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '.' {
			return r
		}
		return '_'
	}, strings.ToUpper(name))
	if strings.Trim(label, "_") == "" {
		return "ISOWRIGHT"
	}
	return label[:min(len(label), maxLabel)]
}
