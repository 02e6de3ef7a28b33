package assemble

import (
	"context"
	"fmt"
	"path"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/tree"
)

// isohybridSize is the length of isohdpfx.bin in bytes.
const isohybridSize = 432

// bios writes isolinux's menu and takes its MBR.
func (a *assembly) bios(context.Context) error {
	image := a.manifest.Boot.BIOS.Image
	if image == "" {
		return nil
	}
	if e, ok := a.files[clean(image)]; !ok || e.Type != tree.File {
		return fmt.Errorf("the manifest starts by BIOS from %s, but puts no such file on the medium", image)
	}
	a.image.ElTorito = "/" + clean(image)
	if p := a.manifest.Boot.IsohybridMBR; p != nil {
		code, err := a.store.readFile(*p, 1<<16)
		if err != nil {
			return fmt.Errorf("boot code for USB drives: %w", err)
		}
		if len(code) != isohybridSize {
			return fmt.Errorf("%s has %d bytes, isohybrid's boot code has %d", *p, len(code), isohybridSize)
		}
		a.image.MBRCode = code
	}
	text, err := IsolinuxOf(a.Design, a.image.Menu)
	if err != nil {
		return err
	}
	a.put(path.Dir(clean(image))+"/isolinux.cfg", text)
	return a.noClash()
}

// IsolinuxOf writes isolinux.cfg for a design's menu, with what the design says
// about isolinux alone.
func IsolinuxOf(d design.Design, m grub.Menu) ([]byte, error) {
	var more []design.IsolinuxEntry
	look := IsolinuxLook{}
	if n := d.NixOS; n != nil {
		more, look.Text, look.Lines = n.Menu.Isolinux, n.Menu.TextMode, n.Menu.Syslinux
	}
	return Isolinux(m, look, more)
}
