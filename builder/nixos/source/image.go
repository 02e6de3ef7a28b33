package source

import (
	"fmt"
	"path"
	"strconv"

	"github.com/isowright/isowright/builder/design"
)

// image names and packs the image.
func (g *generator) image() {
	m := g.module("medium.nix", "The medium: its names, its packing and what lies on it beside the system.")
	switch {
	case g.iso():
		g.isoNames(m)
	case g.sd():
		m.replace("nixos.image_name", g.nameOption("sdImage.imageBaseName"), text(g.n.ImageName))
		m.set("nixos.compress_image", "sdImage.compressImage", boolean(g.n.CompressImage))
		if g.said.VolumeLabel != "" {
			m.set("volume_label", "sdImage.rootVolumeLabel", text(g.d.VolumeLabel))
		}
	}
	g.squashfs(m)
	g.contents(m)
	if g.netboot() {
		g.addStatic("netboot.nix")
		g.names = append(g.names, "netboot.nix")
	}
}

// nameOption is the option of the image's base name; old is its name before
// 25.05.
func (g *generator) nameOption(old string) string {
	if g.atLeast("25.05") {
		return "image.baseName"
	}
	return old
}

func (g *generator) isoNames(m *module) {
	if g.atLeast("25.05") {
		m.replace("nixos.image_name", "image.baseName", text(g.n.ImageName))
	} else {
		m.replace("nixos.image_name", "isoImage.isoName", text(g.n.ImageName+".iso"))
	}
	m.comment("The running system finds its medium by this label.")
	m.set("volume_label", "isoImage.volumeID", text(g.d.VolumeLabel))
	if g.n.Edition != "" {
		m.replace("nixos.edition", "isoImage.edition", text(g.n.Edition))
	}
	if g.n.CompressImage {
		m.set("nixos.compress_image", "isoImage.compressImage", boolean(true))
	}
}

// squashfs says how the store is packed.
func (g *generator) squashfs(m *module) {
	if g.sd() {
		return
	}
	option, field := "isoImage.squashfsCompression", "nixos.squashfs_compression"
	if g.netboot() {
		option = "netboot.squashfsCompression"
	}
	value := g.n.SquashfsCompression
	if value == "" {
		field, value = "compression", g.squashfsArguments()
	}
	switch {
	case value == "none" && g.netboot():
		m.set(field, option, text("gzip -no-compression"))
	case value == "none":
		m.set(field, option, code("null"))
	default:
		m.set(field, option, text(value))
	}
}

// squashfsArguments are mksquashfs's words for the section [compression].
func (g *generator) squashfsArguments() string {
	c := g.d.Compression
	if g.said.Compression.BlockSize != 0 && g.n.Assembler == "nix" && c.BlockSize != 1<<20 {
		g.fault("compression.block_size", "nixpkgs packs in blocks of 1048576 bytes", `remove it, or set nixos.assembler = "isowright"`)
	}
	switch c.Method {
	case "xz":
		return "xz -Xdict-size 100%"
	case "none":
		return "none"
	}
	return fmt.Sprintf("%s -Xcompression-level %d", c.Method, c.Level)
}

// contents lays files, texts and parts of packages on the medium.
func (g *generator) contents(m *module) {
	var items []expr
	for i, f := range g.d.Files {
		if f.On != "medium" {
			continue
		}
		field := element("files", i)
		if !g.iso() {
			g.fault(field+".on", "only an ISO has a medium beside the system", `put it into the system (on = "root")`)
			continue
		}
		if p := g.mediumAsset(field+".source", f); p != "" {
			items = append(items, content(code(localPath(0, p)), f.Target).of(field))
		}
	}
	for i, c := range g.n.Contents {
		field := element("nixos.contents", i)
		if !g.iso() {
			g.fault(field, "only an ISO has a medium beside the system", "remove it")
			continue
		}
		items = append(items, content(contentSource(c.Package, c.Path, c.Text, c.Target), c.Target).of(field))
	}
	if len(items) == 0 {
		return
	}
	field := "nixos.contents"
	if len(g.n.Contents) == 0 {
		field = "files"
	}
	// Never forced: nixpkgs's own list holds what the image starts with.
	m.settings = append(m.settings, setting{field: field, option: []string{"isoImage", "contents"}, value: list(items...)})
}

// mediumAsset copies a file for the medium, where all that is left of a mode is
// whether the file can be executed.
func (g *generator) mediumAsset(field string, f design.File) string {
	mode, err := strconv.ParseUint(f.Mode, 8, 32)
	if err != nil {
		return g.asset(field, f.Source)
	}
	full, ok := g.resolve(field, f.Source)
	if !ok {
		return ""
	}
	p := g.assetName(path.Base(f.Source))
	g.add(File{Path: p, Copy: full, Mode: uint32(mode)}, nil)
	return p
}

func content(source expr, target string) expr {
	return attrs(at1("source", source), at1("target", text(target)))
}

// contentSource is a package, a path in it, or a text.
func contentSource(pkg, inside, words, target string) expr {
	switch {
	case pkg != "" && inside != "":
		return code("\"${" + packagePath("pkgs", pkg) + "}\" + " + quoted(inside))
	case pkg != "":
		return code(packagePath("pkgs", pkg))
	}
	return text(words).apply("pkgs.writeText " + quoted(storeWord(path.Base(target))))
}
