package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/grub/preview"
	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/internal/safefile"
)

// previewFlags are those of the command preview.
type previewFlags struct {
	output, config, prefix string
	firmware, resolution   string
	entry, submenu, state  string
	timeoutLeft            int
	font, version, cache   string
	width, height          int
	platform               scene.Platform
	screen                 scene.State
}

var (
	platforms    = map[string]scene.Platform{"uefi": scene.UEFI, "bios": scene.BIOS}
	screenStates = map[string]scene.State{"menu": scene.Menu, "edit": scene.Edit, "console": scene.Console}
)

func (a *app) previewCommand() *cobra.Command {
	var f previewFlags
	c := &cobra.Command{
		Use:   "preview FILE -o PNG | preview --grub-cfg FILE [--prefix DIR] -o PNG",
		Short: "Draw the boot menu as GRUB does",
		Long: "Preview draws the boot menu of a design, or of a grub.cfg with the folder of its\n" +
			"files, exactly as GRUB will: same font, same places, same colours. It builds\n" +
			"nothing and needs no network; what is not certain before the design is planned\n" +
			"it says on standard error, together with what GRUB would not show as it was\n" +
			"meant. The font and the version come from the package files of an earlier\n" +
			"build, else from this computer's GRUB; --font and --grub-version set them.",
		Example: "  isowright preview rescue.isowright -o menu.png\n" +
			"  isowright preview rescue.isowright -o menu.png --firmware bios --resolution 1920x1080 --submenu More --entry 2\n" +
			"  isowright preview --grub-cfg iso/boot/grub/grub.cfg --prefix iso/boot/grub -o menu.png",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeDesigns(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.check(args); err != nil {
				return err
			}
			return a.preview(c.Context(), args, f)
		},
	}
	c.Flags().StringVarP(&f.output, "output", "o", "", "`PNG` to write; - is standard output")
	c.Flags().StringVar(&f.config, "grub-cfg", "", "draw the menu of this grub.cfg `FILE` instead of a design's")
	c.Flags().StringVar(&f.prefix, "prefix", "", "with --grub-cfg: the `DIR` that is $prefix, by default the file's. Paths from the medium's root are looked for above its /boot/grub")
	c.Flags().StringVar(&f.firmware, "firmware", "uefi", "`FIRMWARE` that starts the medium: uefi or bios")
	c.Flags().StringVar(&f.resolution, "resolution", "", "the screen's `WxH` in pixels, by default what the menu asks for")
	c.Flags().StringVar(&f.entry, "entry", "", "the chosen entry: its `NUMBER` from 0, its ID or its title")
	c.Flags().StringVar(&f.submenu, "submenu", "", "the submenu on the screen: a `PATH` of titles, IDs or numbers like More>Expert")
	c.Flags().StringVar(&f.state, "state", "menu", "what is on the screen: the `STATE` menu, edit or console")
	c.Flags().IntVar(&f.timeoutLeft, "timeout-left", -2, "`SECONDS` that the countdown has left, -1 for none; by default all of them")
	c.Flags().StringVar(&f.font, "font", "", "GRUB's own font, a `PF2` file")
	c.Flags().StringVar(&f.version, "grub-version", "", "GRUB's `VERSION` as it stands above the menu")
	c.Flags().StringVar(&f.cache, "cache", "", "`DIR` of package files and lists")
	for name, words := range map[string][]string{
		"firmware": {"uefi", "bios"}, "state": {"menu", "edit", "console"},
		"resolution": {"640x480", "800x600", "1024x768", "1280x1024", "1920x1080", "3840x2160"},
	} {
		_ = c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
	}
	return c
}

// check turns the flags' words into values.
func (f *previewFlags) check(args []string) error {
	var ok bool
	switch {
	case len(args) == 0 && f.config == "":
		return &usageError{text: "preview: the design is missing", hint: "Name a project file, or a grub.cfg with --grub-cfg."}
	case len(args) > 0 && f.config != "":
		return &usageError{text: "preview: a design and --grub-cfg exclude each other"}
	case f.prefix != "" && f.config == "":
		return &usageError{text: "preview: --prefix belongs to --grub-cfg"}
	case f.output == "":
		return &usageError{text: "preview: the picture to write is missing", hint: "Name it with -o PNG."}
	}
	if f.platform, ok = platforms[f.firmware]; !ok {
		return &usageError{text: fmt.Sprintf("preview: --firmware %q is not known", f.firmware), hint: "uefi or bios"}
	}
	if f.screen, ok = screenStates[f.state]; !ok {
		return &usageError{text: fmt.Sprintf("preview: --state %q is not known", f.state), hint: "menu, edit or console"}
	}
	if f.resolution == "" {
		return nil
	}
	w, h, _ := strings.Cut(f.resolution, "x")
	var errW, errH error
	f.width, errW = strconv.Atoi(w)
	f.height, errH = strconv.Atoi(h)
	if errW != nil || errH != nil || f.width < 320 || f.height < 200 || f.width > preview.MaxSide || f.height > preview.MaxSide {
		return &usageError{text: fmt.Sprintf("preview: --resolution %q is not a screen", f.resolution),
			hint: fmt.Sprintf("WIDTHxHEIGHT like 1024x768, from 320x200 to %dx%d", preview.MaxSide, preview.MaxSide)}
	}
	return nil
}

// previewResult is preview's JSON.
type previewResult struct {
	File     string         `json:"file"`
	Picture  string         `json:"picture"`
	Firmware string         `json:"firmware"`
	Width    int            `json:"width"`
	Height   int            `json:"height"`
	Version  string         `json:"version"`
	Entries  []string       `json:"entries"`
	Selected int            `json:"selected"`
	Warnings []grub.Warning `json:"warnings"`
}

func (a *app) preview(ctx context.Context, args []string, f previewFlags) error {
	r := previewResult{File: f.config, Picture: f.output, Firmware: f.firmware, Warnings: []grub.Warning{}}
	picture, err := f.draw(ctx, a, args, &r)
	if err != nil {
		return err
	}
	if err := a.writePicture(f.output, picture); err != nil {
		return err
	}
	if a.json && f.output != "-" {
		return a.printJSON(r)
	}
	a.printWarnings(r.Warnings)
	return nil
}

// draw makes the picture and fills in the result.
func (f *previewFlags) draw(ctx context.Context, a *app, args []string, r *previewResult) (image.Image, error) {
	if f.config != "" {
		s, warnings, err := previewConfig(*f)
		if err != nil {
			return nil, err
		}
		return f.grub(s, warnings, r)
	}
	r.File = args[0]
	d, err := loadDesign(args[0])
	if err != nil {
		return nil, err
	}
	switch {
	case d.Base == "netboot" || d.NixOS != nil && d.NixOS.Medium == "sd":
		return nil, &hintedError{err: fmt.Errorf("%s makes no medium with a boot menu of ours", args[0]), hint: "Only ISO images have one."}
	case d.Distribution == "nixos" && f.platform == scene.BIOS:
		s, warnings, err := builder.PreviewIsolinux(d)
		if err != nil {
			return nil, inFile(args[0], err)
		}
		return f.isolinux(s, warnings, r)
	}
	s, warnings, err := a.previewDesign(ctx, d, *f)
	if err != nil {
		return nil, inFile(args[0], err)
	}
	return f.grub(s, warnings, r)
}

// grub draws GRUB's screen.
func (f *previewFlags) grub(s *preview.Session, warnings []grub.Warning, r *previewResult) (image.Image, error) {
	if err := f.steer(s); err != nil {
		return nil, &hintedError{err: err, hint: "Correct --entry, --submenu or --state."}
	}
	sc := s.Scene()
	r.Width, r.Height, r.Version, r.Selected = sc.Width, sc.Height, sc.Version, sc.Selected
	for _, e := range sc.Entries {
		r.Entries = append(r.Entries, e.Title)
	}
	r.Warnings = append(append(r.Warnings, warnings...), s.Warnings()...)
	return s.Image(), nil
}

// isolinux draws isolinux's screen.
func (f *previewFlags) isolinux(s *preview.Isolinux, warnings []grub.Warning, r *previewResult) (image.Image, error) {
	if f.screen != scene.Menu {
		return nil, &hintedError{err: errors.New("isolinux, which starts NixOS by BIOS, has no such screen"), hint: "Leave --state out, or take --firmware uefi."}
	}
	if err := f.steer(s); err != nil {
		return nil, &hintedError{err: err, hint: "Correct --entry or --submenu."}
	}
	picture, err := s.Image()
	if err != nil {
		return nil, err
	}
	r.Width, r.Height = picture.Rect.Dx(), picture.Rect.Dy()
	r.Entries, r.Selected = s.Entries()
	r.Warnings = append(append(r.Warnings, warnings...), s.Warnings()...)
	if f.resolution != "" {
		r.Warnings = append(r.Warnings, grub.Warning{Place: "preview", Text: "isolinux takes its resolution from its menu, not from the screen", Hint: "leave --resolution out"})
	}
	return picture, nil
}

// printWarnings tells people what a menu will not show as it was meant.
func (a *app) printWarnings(warnings []grub.Warning) {
	for _, w := range warnings {
		fmt.Fprintf(a.Stderr, "warning: %s: %s (%s)\n", w.Place, w.Text, w.Hint)
	}
}

// steered is a menu of either boot loader.
type steered interface {
	Submenu(path string) error
	Select(entry string) error
	SetTimeout(left int)
}

// steer brings the asked-for screen up.
func (f *previewFlags) steer(s steered) error {
	if f.submenu != "" {
		if err := s.Submenu(f.submenu); err != nil {
			return err
		}
	}
	if f.entry != "" {
		if err := s.Select(f.entry); err != nil {
			return err
		}
	}
	if f.timeoutLeft >= -1 {
		s.SetTimeout(f.timeoutLeft)
	}
	if grub, ok := s.(*preview.Session); ok && f.screen != scene.Menu {
		return grub.Show(f.screen)
	}
	return nil
}

func (a *app) previewDesign(ctx context.Context, d design.Design, f previewFlags) (*preview.Session, []grub.Warning, error) {
	loader, err := f.loader(func() (builder.Loader, error) {
		cache := f.cache
		if cache == "" {
			var err error
			if cache, err = a.cacheDir(); err != nil {
				return builder.Loader{}, err
			}
		}
		return builder.FindLoader(ctx, d, cache)
	})
	if err != nil {
		return nil, nil, err
	}
	return builder.Preview(d, loader, preview.Options{Platform: f.platform, Width: f.width, Height: f.height})
}

// loader is the GRUB of the flags, else the one that find finds.
func (f *previewFlags) loader(find func() (builder.Loader, error)) (builder.Loader, error) {
	var l builder.Loader
	var err error
	if f.font == "" || f.version == "" {
		l, err = find()
	}
	if f.font != "" {
		if l.Font, err = os.ReadFile(f.font); err != nil {
			return l, err
		}
	}
	if err != nil {
		return l, err
	}
	if f.version != "" {
		l.Version = f.version
	}
	if f.font != "" || f.version != "" {
		l.Guess = ""
	}
	return l, nil
}

// previewConfig shows a grub.cfg. Its medium is the folder in which $prefix is
// /boot/grub, or $prefix's own where it has another name.
func previewConfig(f previewFlags) (*preview.Session, []grub.Warning, error) {
	config, err := filepath.Abs(f.config)
	if err != nil {
		return nil, nil, err
	}
	prefix := filepath.Dir(config)
	if f.prefix != "" {
		if prefix, err = filepath.Abs(f.prefix); err != nil {
			return nil, nil, err
		}
	}
	root, inside := mediumRoot(prefix)
	files := os.DirFS(root)
	name, err := filepath.Rel(root, config)
	if err != nil {
		return nil, nil, err
	}
	if !filepath.IsLocal(name) {
		return nil, nil, &usageError{text: "preview: " + f.config + " does not lie on the medium of --prefix", hint: "The medium is " + root + "."}
	}
	o := preview.Options{Platform: f.platform, Width: f.width, Height: f.height, Prefix: inside, Version: cmp.Or(f.version, "2.12")}
	var warnings []grub.Warning
	if f.version == "" {
		warnings = append(warnings, grub.Warning{Place: "preview", Text: "the version above the menu is a guess", Hint: "set it with --grub-version"})
	}
	var from string
	if f.font == "" {
		// Where there is none the medium's own may do.
		o.Unicode, from, _ = builder.HostFont()
	} else if o.Unicode, err = os.ReadFile(f.font); err != nil {
		return nil, nil, err
	}
	if _, there := os.Stat(filepath.Join(root, filepath.FromSlash(inside), "fonts/unicode.pf2")); there != nil && from != "" {
		warnings = append(warnings, grub.Warning{Place: "preview", Text: "the medium has no fonts/unicode.pf2 below $prefix: " + from + " stands in for it", Hint: "name another with --font"})
	}
	s, err := preview.Open(files, filepath.ToSlash(name), o)
	return s, warnings, err
}

// mediumRoot parts a $prefix on this computer into the medium's root and the
// path below it.
func mediumRoot(prefix string) (root, inside string) {
	slash := filepath.ToSlash(prefix)
	for _, known := range []string{"/boot/grub", "/boot/grub2", "/EFI/BOOT", "/EFI/boot", "/EFI/debian", "/EFI/fedora", "/efi/boot"} {
		if above, ok := strings.CutSuffix(slash, known); ok {
			return cmp.Or(filepath.FromSlash(above), "/"), known
		}
	}
	return prefix, "/"
}

// writePicture saves a PNG, or writes it to standard output.
func (a *app) writePicture(name string, picture image.Image) error {
	if name == "-" {
		return png.Encode(a.Stdout, picture)
	}
	if ext := strings.ToLower(path.Ext(name)); ext != ".png" {
		return &usageError{text: fmt.Sprintf("preview: the picture is a PNG, but its name is %s", name), hint: "Let it end in .png."}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return err
	}
	return safefile.Write(name, 0o644, b.Bytes())
}

// menuWarnings are what the boot menu of a design will not show as it was
// meant. Without GRUB's font only the menu itself is looked at.
func (a *app) menuWarnings(ctx context.Context, d design.Design) ([]grub.Warning, error) {
	cache, err := a.cacheDir()
	if err != nil {
		cache = "" // only a place to look for the font
	}
	loader, err := builder.FindLoader(ctx, d, cache)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return builder.MenuWarnings(d, loader)
}
