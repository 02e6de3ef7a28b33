package design

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	debianReleases = []string{"trixie", "bookworm", "sid"}
	nixosReleases  = []string{"24.11", "25.05", "25.11", "26.05", "26.11", "unstable"}
	bases          = []string{"minimal", "graphical", "netboot"}
	// desktops of the graphical bases; "combined" is nixpkgs's image with
	// several to choose from at start.
	debianDesktops = []string{"xfce", "gnome", "plasma", "mate", "cinnamon", "lxqt", "lxde"}
	nixosDesktops  = []string{"gnome", "plasma", "cosmic", "xfce", "mate", "cinnamon", "lxqt", "budgie", "pantheon", "combined"}

	labelPattern = regexp.MustCompile(`^[A-Z0-9_.-]+$`)
	// Debian Policy 5.6.1.
	debianPackage = regexp.MustCompile(`^[a-z0-9][a-z0-9+.-]+$`)
	// An attribute path in nixpkgs.
	nixAttribute  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_'-]*(\.[A-Za-z_0-9][A-Za-z0-9_'-]*)*$`)
	driverPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_.+-]*$`)
	statePattern  = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	outputPattern = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.+ -]*$`)
)

// identity checks the keys above the first section.
func (c *checker) identity(d Design) {
	if d.Format != Format {
		c.add("format", fmt.Sprintf("the design has format %d, this program makes %d", d.Format, Format), fmt.Sprintf("set it to %d", Format))
	}
	if strings.TrimSpace(d.Name) == "" {
		c.add("name", "the design has no name", `give it one: name = "Rescue stick"`)
	} else {
		c.line("name", d.Name, 100)
	}
	if len(d.VolumeLabel) > maxLabel {
		c.add("volume_label", fmt.Sprintf("the label has %d characters, a medium holds %d", len(d.VolumeLabel), maxLabel), "shorten it")
	}
	if !labelPattern.MatchString(d.VolumeLabel) && d.VolumeLabel != "" {
		c.add("volume_label", show(d.VolumeLabel)+" is not a volume label",
			"use capital letters, digits, _ - and ., for example "+labelOf(d.VolumeLabel))
	}
	c.distribution(d)
	c.oneOf("architecture", d.Architecture, "amd64", "arm64")
	c.output(d)
}

func (c *checker) distribution(d Design) {
	var releases, desktops []string
	switch d.Distribution {
	case "debian":
		releases, desktops = debianReleases, debianDesktops
	case "nixos":
		releases, desktops = nixosReleases, nixosDesktops
	case "":
		c.add("distribution", "the distribution is missing", `write distribution = "debian" or "nixos"`)
	default:
		c.oneOf("distribution", d.Distribution, "debian", "nixos")
	}
	if releases != nil {
		c.oneOf("release", d.Release, releases...)
	}
	if d.Base == "" {
		c.add("base", "the base is missing", "one of "+strings.Join(bases, ", "))
	}
	known := c.oneOf("base", d.Base, bases...)
	switch {
	case d.Base == "graphical" && d.Desktop == "":
		c.add("desktop", "a graphical base needs a desktop", "one of "+strings.Join(desktops, ", "))
	case d.Base != "graphical" && d.Desktop != "" && known:
		c.add("desktop", "only a graphical base has a desktop", `set base = "graphical" or remove the desktop`)
	case desktops != nil:
		c.oneOf("desktop", d.Desktop, desktops...)
	}
}

func (c *checker) output(d Design) {
	const field = "output"
	suffix := outputSuffix(d)
	name := d.Output
	switch {
	case name == "":
	case strings.ContainsAny(name, `/\`):
		c.add(field, "the output must be a file name without folders", "choose the folder with build -o")
	case !outputPattern.MatchString(name) || len(name) > 200:
		c.add(field, show(name)+" is not a plain file name", "use letters, digits, blanks and _ . + -, at most 200")
	case suffix == ".iso" && !strings.HasSuffix(name, suffix), suffix == ".img" && !strings.HasSuffix(name, suffix):
		c.add(field, "the file name must end in "+suffix, "write "+show(name+suffix))
	}
}

// packages checks package and driver names.
func (c *checker) packages(d Design) {
	c.packageNames("packages", d.Packages, d.Distribution)
	c.unique("drivers", d.Drivers)
	for i, name := range d.Drivers {
		field := element("drivers", i)
		if name == "" {
			c.add(field, "the name is empty", "remove it")
		}
		c.matches(field, name, driverPattern, "a driver's name", "isowright search lists the drivers")
	}
}

func (c *checker) packageNames(field string, names []string, distribution string) {
	c.unique(field, names)
	for i, name := range names {
		field := element(field, i)
		switch {
		case name == "":
			c.add(field, "the name is empty", "remove it")
		case len(name) > 200:
			c.add(field, "the name is too long for a package", "isowright search finds packages")
		case distribution == "nixos":
			c.matches(field, name, nixAttribute, "a package's attribute path", "write it like git or python3Packages.requests")
		case distribution == "debian":
			c.debianPackage(field, name)
		}
	}
}

func (c *checker) debianPackage(field, name string) {
	hint := "a name has small letters, digits and + - .; isowright search finds packages"
	switch {
	case strings.Contains(name, ":"):
		hint = "leave out the colon and what follows: all packages have the image's architecture"
	case strings.ContainsAny(name, "=/"):
		hint = "leave out the version or release: archive.state pins the versions"
	case strings.ToLower(name) != name:
		hint = "Debian's package names have no capital letters"
	}
	c.matches(field, name, debianPackage, "a Debian package's name", hint)
}

// archive checks where Debian packages come from.
func (c *checker) archive(d Design) {
	a := d.Archive
	if d.Distribution == "nixos" && (a.Mirror != "" || a.Security != "" || a.State != "" || len(a.Components) > 0) {
		c.add("archive", "NixOS has no Debian archive", "remove the section; nixos.channel and nixos.revision say where NixOS comes from")
		return
	}
	c.webAddress("archive.mirror", a.Mirror)
	c.webAddress("archive.security", a.Security)
	c.unique("archive.components", a.Components)
	for i, name := range a.Components {
		field := element("archive.components", i)
		switch name {
		case "":
			c.add(field, "the name is empty", "remove it")
		case "main":
			c.add(field, "main is always there", "remove it")
		default:
			c.oneOf(field, name, Components()...)
		}
	}
	c.matches("archive.state", a.State, statePattern, "an archive state",
		"copy the ID that isowright plan prints: sha256: and 64 hexadecimal digits")
}

// Components are the parts of Debian's archive beside main.
func Components() []string { return []string{"contrib", "non-free-firmware", "non-free"} }

// maxCommandLine leaves 256 bytes of the kernel's 2048 to the words that the
// image itself needs.
const maxCommandLine = 1792

// kernel checks the words of the command line.
func (c *checker) kernel(d Design) {
	c.parameters("kernel.parameters", d.Kernel.Parameters)
	if n := len(strings.Join(d.Kernel.Parameters, " ")); n > maxCommandLine {
		c.add("kernel.parameters", fmt.Sprintf("the parameters have %d bytes, the kernel reads %d", n, maxCommandLine), "remove some")
	}
}

// secretParameters carry a plain password on the command line.
var secretParameters = []string{"live.nixos.passwd", "live.nixos.password", "systemd.set_credential",
	"systemd.set_credential_binary", "rd.luks.key-passphrase"}

func (c *checker) parameters(field string, words []string) {
	for i, w := range words {
		field := element(field, i)
		name, _, _ := strings.Cut(w, "=")
		switch {
		case w == "":
			c.add(field, "the parameter is empty", "remove it")
		case slices.Contains(secretParameters, name):
			c.spoil(field, "the parameter holds a plain password, which everyone can read in the boot menu",
				"set password_hash of a user instead")
		case strings.ContainsFunc(w, isControl) || strings.ContainsFunc(w, isHidden):
			c.add(field, "the parameter contains a control or invisible character", "remove it")
		case strings.ContainsAny(w, "\"'\\"):
			c.add(field, "the parameter contains a quotation mark or a backslash, and GRUB would hand it on with a further backslash before it",
				"write the value without them; a blank inside a parameter needs none, GRUB puts the quotation marks around it")
		}
	}
}

// compression checks the packing of the root file system.
func (c *checker) compression(p Compression) {
	highest := map[string]int{"": 22, "zstd": 22, "gzip": 9, "xz": 9}
	if c.oneOf("compression.method", p.Method, "zstd", "gzip", "xz", "none") {
		most, levels := highest[p.Method]
		switch {
		case !levels && p.Level != 0:
			c.add("compression.level", "without compression there is no level", "remove it")
		case levels && (p.Level < 0 || p.Level > most):
			c.add("compression.level", fmt.Sprintf("%d is not a level of this method", p.Level),
				fmt.Sprintf("1 to %d, or 0 for the default", most))
		}
	}
	if n := p.BlockSize; n != 0 && (n < 4096 || n > 1<<20 || n&(n-1) != 0) {
		c.add("compression.block_size", fmt.Sprintf("%d bytes is not a block size", n), "a power of two from 4096 to 1048576, for example 131072")
	}
}
