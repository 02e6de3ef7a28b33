package assemble

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/look"
	"github.com/isowright/isowright/builder/plan"
)

// memtestPath is where nixpkgs puts Memtest86+, which is started like a kernel.
const memtestPath = "/boot/memtest.bin"

// memtest adds an entry for it where the design asks for one.
func (a *assembly) memtest() {
	if _, ok := a.files[clean(memtestPath)]; ok {
		a.image.Menu = WithMemtest(a.image.Menu, a.Design)
	}
}

// WithMemtest is a menu with an entry for Memtest86+ at its end, where the
// design asks for one and has none itself.
func WithMemtest(m grub.Menu, d design.Design) grub.Menu {
	if n := d.NixOS; n != nil && n.Menu.Memtest != nil && *n.Menu.Memtest && !grub.Has(m.Entries, grub.Memtest) {
		e := grub.Entry{Title: "Memtest86+", Kind: grub.Linux, Kernel: memtestPath}
		if _, own := design.OwnTheme(d.Boot.Theme); own {
			e.Class = "memtest"
		}
		m.Entries = append(m.Entries, e)
	}
	return m
}

// look lays background, theme and fonts on the medium.
func (a *assembly) look() error {
	b := a.Design.Boot
	if b.Background != "" {
		picture, err := os.ReadFile(a.local(b.Background))
		if err != nil {
			return fmt.Errorf("boot.background: %w", err)
		}
		if picture, err = grub.Background(picture); err != nil {
			return fmt.Errorf("boot.background %s: %w", b.Background, err)
		}
		a.put(plan.Background, picture)
	}
	theme, err := look.Of(a.Design)
	if err != nil {
		return err
	}
	for name, data := range theme.Files {
		a.put(look.Folder+"/"+name, data)
	}
	a.image.Menu.ThemeFonts = theme.Fonts()
	for i, f := range b.Fonts {
		font, err := os.ReadFile(a.local(f))
		if err != nil {
			return fmt.Errorf("boot.fonts[%d]: %w", i, err)
		}
		if font, err = grub.Font(font, b.FontSize); err != nil {
			return fmt.Errorf("boot.fonts[%d] %s: %w", i, f, err)
		}
		a.put(fontFolder+grub.FontName(filepath.ToSlash(f)), font)
	}
	return a.noClash()
}

func (a *assembly) local(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(a.Design.Dir, filepath.FromSlash(p))
}
