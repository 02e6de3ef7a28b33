package source

import (
	"bytes"
	"errors"
	"image"
	_ "image/jpeg" // pictures that people have
	"image/png"
	"os"
	"strconv"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/look"
)

// look sets pictures and theme of the menus.
func (g *generator) look(m *module) {
	menu, b := g.n.Menu, g.d.Boot
	if !g.nixMenu() {
		b = design.Boot{} // Isowright's own menu has these
	}
	bios, efi := menu.SplashBIOS, menu.SplashEFI
	biosField, efiField := "nixos.menu.splash_bios", "nixos.menu.splash_efi"
	if bios == "" && b.Background != "" {
		bios, biosField = b.Background, "boot.background"
	}
	if efi == "" && b.Background != "" {
		efi, efiField = b.Background, "boot.background"
	}
	if bios != "" {
		if p := g.picture(biosField, bios); p != "" {
			m.set(biosField, "isoImage.splashImage", code(localPath(0, p)))
		}
	}
	if efi != "" {
		if p := g.picture(efiField, efi); p != "" {
			m.set(efiField, "isoImage.efiSplashImage", code(localPath(0, p)))
		}
	}
	switch {
	case menu.ThemePackage == "none":
		m.set("nixos.menu.theme_package", "isoImage.grubTheme", code("null"))
	case menu.ThemePackage != "":
		m.set("nixos.menu.theme_package", "isoImage.grubTheme", code(packagePath("pkgs", menu.ThemePackage)))
	case b.Theme != "":
		if p := g.theme(); p != "" {
			m.set("boot.theme", "isoImage.grubTheme", code(localPath(0, p)))
		}
	case b.Background != "":
		m.comment("A theme would hide the picture.")
		m.set("boot.background", "isoImage.grubTheme", code("null"))
	}
	if menu.Syslinux != "" {
		m.set("nixos.menu.syslinux", "isoImage.syslinuxTheme", text(endLine(menu.Syslinux)))
	}
}

// theme puts the theme's files beside the source. nixpkgs's menu loads the fonts
// that lie among them.
func (g *generator) theme() string {
	if _, own := design.OwnTheme(g.d.Boot.Theme); !own {
		if _, ok := g.resolve("boot.theme", g.d.Boot.Theme); !ok {
			return ""
		}
	}
	theme, err := look.Of(g.d)
	if faults := (design.Problems)(nil); errors.As(err, &faults) {
		g.problems = append(g.problems, faults...)
		return ""
	}
	folder := g.assetName("theme")
	for _, name := range theme.Names() {
		g.add(File{Path: folder + "/" + name, Text: theme.Files[name]}, nil)
	}
	return folder
}

// picture is a PNG beside the source. nixpkgs's GRUB has no reader for JPEG, so
// such a picture is converted.
func (g *generator) picture(field, name string) string {
	full, ok := g.resolve(field, name)
	if !ok {
		return ""
	}
	data, err := os.ReadFile(full)
	if err != nil {
		g.fault(field, strconv.Quote(name)+" cannot be read: "+err.Error(), "let your user read it")
		return ""
	}
	img, format, err := image.Decode(bytes.NewReader(data))
	switch {
	case err != nil:
		g.fault(field, strconv.Quote(name)+" is not a picture that can be read", "save it as PNG or JPEG")
		return ""
	case format == "png":
		return g.asset(field, name)
	}
	if have, ok := g.assets[full+"\x00png"]; ok {
		return have
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		g.fault(field, strconv.Quote(name)+" cannot be made a PNG: "+err.Error(), "save it as PNG")
		return ""
	}
	p := g.assetName(storeWord(name) + ".png")
	g.assets[full+"\x00png"] = p
	g.add(File{Path: p, Text: out.Bytes()}, nil)
	return p
}
