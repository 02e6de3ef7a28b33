package builder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/debian"
	"github.com/isowright/isowright/builder/debian/archive"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/grub/preview"
	"github.com/isowright/isowright/builder/look"
	"github.com/isowright/isowright/builder/nixos"
	"github.com/isowright/isowright/builder/plan"
)

// bootConfig is the menu's place on the medium.
const bootConfig = "boot/grub/grub.cfg"

// maxLookFile is the most that is read of one picture, font or file of a theme,
// in bytes.
const maxLookFile = 64 << 20

// Loader is the GRUB of a design's image, as far as its menu shows it.
type Loader struct {
	// Version as it stands above the menu, Font its unicode.pf2.
	Version string
	Font    []byte
	// Guess says what of it is not known for certain; empty: nothing.
	Guess string
}

// FindLoader looks for the GRUB that a design's image will have: in the package
// files kept in cacheDir, else on this computer. It fetches nothing.
func FindLoader(ctx context.Context, d design.Design, cacheDir string) (Loader, error) {
	d = design.WithDefaults(d)
	known := map[string]string{"bookworm": "2.06-13+deb12u2", "trixie": "2.12-9+deb13u4"}
	version := known[d.Release]
	if version == "" {
		version = "2.12"
	}
	if d.Distribution == "debian" {
		upstream, _, _ := strings.Cut(version, "-")
		l, err := cachedLoader(ctx, cacheDir, upstream)
		if err == nil || ctx.Err() != nil {
			return l, err
		}
	}
	font, from, err := HostFont()
	if err != nil {
		return Loader{}, err
	}
	return Loader{Version: version, Font: font, Guess: fmt.Sprintf(
		"the version %s above the menu is what %s %s is known to have, and its font is %s: planning and building the design brings the exact ones",
		version, d.Distribution, d.Release, from)}, nil
}

// cachedLoader takes version and font from a package file of Debian's.
func cachedLoader(ctx context.Context, cacheDir, upstream string) (Loader, error) {
	files, err := filepath.Glob(filepath.Join(archive.PoolDir(cacheDir), "pool/main/g/grub2/grub-common_"+upstream+"-*_amd64.deb"))
	if err != nil || len(files) == 0 {
		return Loader{}, fs.ErrNotExist
	}
	slices.SortFunc(files, func(a, b string) int { return int(age(a) - age(b)) })
	deb := files[len(files)-1]
	dir, err := os.MkdirTemp("", "isowright-grub-")
	if err != nil {
		return Loader{}, err
	}
	defer os.RemoveAll(dir)
	if err := archive.Unpack(ctx, deb, dir); err != nil {
		return Loader{}, err
	}
	font, err := os.ReadFile(filepath.Join(dir, "usr/share/grub/unicode.pf2"))
	if err != nil {
		return Loader{}, err
	}
	_, rest, _ := strings.Cut(filepath.Base(deb), "_")
	version, _, _ := strings.Cut(rest, "_")
	return Loader{Version: strings.ReplaceAll(version, "%3a", ":"), Font: font}, nil
}

// age orders files by when they were written.
func age(name string) int64 {
	info, err := os.Stat(name)
	if err != nil {
		return 0
	}
	return info.ModTime().Unix()
}

// ErrNoFont is why a menu cannot be drawn on a computer without GRUB.
var ErrNoFont = errors.New("GRUB's font unicode.pf2 is not on this computer: without it the menu cannot be drawn")

// HostFont is GRUB's own font from where the distributions put it.
func HostFont() (font []byte, from string, err error) {
	for _, name := range []string{"/usr/share/grub/unicode.pf2", "/usr/share/grub2/unicode.pf2", "/boot/grub/fonts/unicode.pf2",
		"/boot/grub2/fonts/unicode.pf2", "/run/current-system/sw/share/grub/unicode.pf2"} {
		if font, err = os.ReadFile(name); err == nil {
			return font, name, nil
		}
	}
	return nil, "", &hinted{
		err:  ErrNoFont,
		hint: "Install grub-common, or name the font with --font, or build the design once: its package files have it.",
	}
}

// hinted is an error with its way out.
type hinted struct {
	err  error
	hint string
}

func (e *hinted) Error() string { return e.err.Error() }
func (e *hinted) Unwrap() error { return e.err }

// Hint says what a person can do.
func (e *hinted) Hint() string { return e.hint }

// Menu is the boot menu of a design's image, without planning it. guess says
// what of it only the plan knows.
func Menu(d design.Design) (m grub.Menu, guess string, err error) {
	if d.Distribution == "nixos" {
		d = design.WithDefaults(d)
		m, err = nixos.Menu(d)
		guess = "the kernels' command lines are known only once Nix has evaluated the design"
		if d.NixOS.Assembler != "isowright" {
			guess = "nixpkgs makes this image's menu, with its own theme and titles: shown is what Isowright would make of the design"
		}
		return m, guess, err
	}
	return debian.Menu(d), "", nil
}

// MenuMedium is what GRUB reads of a medium for its menu, in memory.
func MenuMedium(d design.Design, m grub.Menu, font []byte) (preview.Files, error) {
	theme, err := look.Of(d)
	if err != nil {
		return nil, err
	}
	return menuMedium(d, m, font, theme)
}

func menuMedium(d design.Design, m grub.Menu, font []byte, theme look.Theme) (preview.Files, error) {
	m.ThemeFonts = theme.Fonts()
	config, err := grub.Config(m)
	if err != nil {
		return nil, err
	}
	files := preview.Files{bootConfig: config, "boot/grub/fonts/unicode.pf2": font, strings.TrimPrefix(m.Search, "/"): nil}
	if b := d.Boot.Background; b != "" {
		if err := addLook(files, strings.TrimPrefix(plan.Background, "/"), local(d, b), grub.Background); err != nil {
			return nil, err
		}
	}
	for i, f := range d.Boot.Fonts {
		err := addLook(files, strings.TrimPrefix(m.Fonts[i], "/"), local(d, f), func(data []byte) ([]byte, error) {
			return grub.Font(data, d.Boot.FontSize)
		})
		if err != nil {
			return nil, err
		}
	}
	for name, data := range theme.Files {
		files[path.Join(strings.TrimPrefix(look.Folder, "/"), name)] = data
	}
	return files, nil
}

// local is a file that a design names.
func local(d design.Design, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(d.Dir, filepath.FromSlash(name))
}

func addLook(files preview.Files, target, source string, into func([]byte) ([]byte, error)) error {
	info, err := os.Stat(source)
	if err != nil {
		return err
	}
	if info.Size() > maxLookFile {
		return fmt.Errorf("%s has %d bytes: at most %d are read for a menu", source, info.Size(), maxLookFile)
	}
	data, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	if into != nil {
		if data, err = into(data); err != nil {
			return fmt.Errorf("%s: %w", source, err)
		}
	}
	files[target] = data
	return nil
}

// Preview shows a design's boot menu as its image will. The warnings say what
// is not certain before the design is planned.
func Preview(d design.Design, l Loader, o preview.Options) (*preview.Session, []grub.Warning, error) {
	m, guess, err := Menu(d)
	if err != nil {
		return nil, nil, err
	}
	var warnings []grub.Warning
	for _, text := range []string{guess, l.Guess} {
		if text != "" {
			warnings = append(warnings, grub.Warning{Place: "preview", Text: text, Hint: "nothing needs to be done"})
		}
	}
	files, err := MenuMedium(d, m, l.Font)
	if err != nil {
		return nil, nil, fmt.Errorf("make the boot menu: %w", err)
	}
	o.Version, o.Generated = l.Version, true
	s, err := preview.Open(files, bootConfig, o)
	return s, warnings, err
}

// PreviewIsolinux shows what BIOS machines show of an image of NixOS.
func PreviewIsolinux(d design.Design) (*preview.Isolinux, []grub.Warning, error) {
	const name = "isolinux/isolinux.cfg"
	m, guess, err := Menu(d)
	if err != nil {
		return nil, nil, err
	}
	config, err := nixos.IsolinuxConfig(d, m)
	if err != nil {
		return nil, nil, fmt.Errorf("make the boot menu: %w", err)
	}
	files := preview.Files{name: config}
	if b := d.Boot.Background; b != "" {
		if err := addLook(files, strings.TrimPrefix(plan.Background, "/"), local(d, b), grub.Background); err != nil {
			return nil, nil, err
		}
	}
	s, err := preview.OpenIsolinux(files, name)
	return s, []grub.Warning{{Place: "preview", Text: guess, Hint: "nothing needs to be done"}}, err
}

// MenuWarnings are what the boot menu of a design will not show as it was
// meant. Without a font only the menu itself is looked at, not its picture.
func MenuWarnings(d design.Design, l Loader) ([]grub.Warning, error) {
	if d.Base == "netboot" || d.NixOS != nil && d.NixOS.Medium == "sd" {
		return nil, nil // these have no menu
	}
	m, _, err := Menu(d)
	if err != nil {
		return nil, err
	}
	theme, err := look.Of(d)
	if err != nil {
		return nil, err
	}
	files, err := menuMedium(d, m, l.Font, theme)
	if err != nil {
		return nil, err
	}
	m.ThemeFonts = theme.Fonts()
	warnings := append(themeNotes(theme), grub.Lint(withoutKernels(m), files)...)
	if len(l.Font) == 0 {
		return warnings, nil
	}
	s, err := preview.Open(files, bootConfig, preview.Options{Generated: true})
	if err != nil {
		return nil, err
	}
	return append(warnings, s.Warnings()...), nil
}

// themeNotes tells what of a theme was changed, the first few of many.
func themeNotes(theme look.Theme) []grub.Warning {
	const most = 5
	var all []grub.Warning
	for i, note := range theme.Notes {
		if i == most {
			note = fmt.Sprintf("%d more of its files were changed or left out", len(theme.Notes)-most)
		}
		all = append(all, grub.Warning{Place: "theme", Text: note, Hint: "nothing needs to be done"})
		if i == most {
			break
		}
	}
	return all
}

// withoutKernels is a menu without the files that only a build brings.
func withoutKernels(m grub.Menu) grub.Menu {
	m.Entries = slices.Clone(m.Entries)
	for i := range m.Entries {
		e := &m.Entries[i]
		e.Kernel, e.Initrd, e.UEFI = "", "", ""
		e.Entries = withoutKernels(grub.Menu{Entries: e.Entries}).Entries
	}
	return m
}
