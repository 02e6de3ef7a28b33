package grub

import (
	"strconv"
	"strings"
)

// Config writes the medium's grub.cfg: the look of the menu and its entries.
// It uses no module but those in BIOSModules and in Debian's signed gcdx64 and
// gcdaa64 images, so that it works under Secure Boot, where GRUB loads no
// others. Menu.Title is not in it: only a theme shows a title, from its own
// file. The error names every part of the menu that GRUB cannot carry.
func Config(m Menu) ([]byte, error) {
	if err := check(m); err != nil {
		return nil, err
	}
	s := &script{prefix: idPrefix(m.Entries)}
	s.line("# Boot menu of this medium, written by Isowright.")
	s.blank("The medium is the one that holds this file.")
	s.line("search", "--no-floppy", "--set=root", "--file", quote(m.Search))
	s.terminals(m)
	s.look(m)
	s.menu(m)
	return []byte(s.text.String()), nil
}

// Loopback writes loopback.cfg, by which another GRUB boots the ISO as a file.
// That GRUB has set root to the loop device and iso_path to the file (the
// convention of Super GRUB2 Disk); the live system is told with findiso. The
// look is left to the other GRUB.
func Loopback(m Menu) ([]byte, error) {
	if err := check(m); err != nil {
		return nil, err
	}
	s := &script{prefix: idPrefix(m.Entries), loopback: true}
	s.line("# Boot menu for starting this image as a file from another GRUB, which sets")
	s.line("# root to the loop device and iso_path to the image.")
	s.line("export", "iso_path")
	s.menu(m)
	return []byte(s.text.String()), nil
}

// Redirect writes the short grub.cfg on the ESP: it finds the medium by
// m.Search and goes on with the medium's own grub.cfg.
func Redirect(m Menu) ([]byte, error) {
	if err := check(m); err != nil {
		return nil, err
	}
	s := &script{}
	s.line("# The menu itself lies on the medium.")
	s.open("if search --no-floppy --set=root --file", quote(m.Search)+";", "then")
	s.line("set", "prefix=($root)/boot/grub")
	s.line("source", "$prefix/grub.cfg")
	s.depth--
	s.open("else")
	s.line("echo", "'The boot medium was not found.'")
	s.shut("fi")
	return []byte(s.text.String()), nil
}

// script collects the lines of a GRUB script.
type script struct {
	text     strings.Builder
	depth    int
	prefix   string // of the entries' IDs
	loopback bool
}

func (s *script) line(words ...string) {
	s.text.WriteString(strings.Repeat("  ", s.depth))
	s.text.WriteString(strings.Join(words, " "))
	s.text.WriteByte('\n')
}

// blank writes an empty line and a comment.
func (s *script) blank(comment string) {
	s.text.WriteByte('\n')
	s.line("#", comment)
}

// open begins a block, shut ends it.
func (s *script) open(words ...string) {
	s.line(words...)
	s.depth++
}

func (s *script) shut(word string) {
	s.depth--
	s.line(word)
}

// terminals sets up the screen and the serial line. Each is tried: without a
// font or a graphics mode the firmware's text console stays.
func (s *script) terminals(m Menu) {
	s.themeFonts(m.ThemeFonts)
	s.blank("Graphics where there is a font, else the text console.")
	s.open("if loadfont unicode; then")
	if len(m.Fonts) > 0 {
		// A terminal without gfxterm_font takes the font loaded last.
		s.line("# Under Secure Boot GRUB reads no fonts but its own.")
		s.open(`if [ "$lockdown" != y ]; then`)
		for i := len(m.Fonts) - 1; i >= 0; i-- {
			s.line("loadfont", quote(m.Fonts[i]))
		}
		s.shut("fi")
	}
	s.line("set", "gfxmode="+modes(m.Resolution))
	s.line("insmod", "all_video")
	s.line("insmod", "gfxterm")
	s.line("terminal_output", "gfxterm")
	s.shut("fi")
	if !m.Serial {
		return
	}
	s.blank("The first serial line as well, where there is one.")
	s.open("if serial --unit=0 --speed=115200; then")
	s.line("terminal_input", "--append", "serial")
	s.line("terminal_output", "--append", "serial")
	s.shut("fi")
}

// themeFonts loads what a theme writes with. They come before GRUB's own font,
// because the terminal takes the one loaded last.
func (s *script) themeFonts(fonts []string) {
	if len(fonts) == 0 {
		return
	}
	s.blank("The theme's fonts; under Secure Boot GRUB reads none but its own.")
	s.open(`if [ "$lockdown" != y ]; then`)
	for _, font := range fonts {
		s.line("loadfont", quote(font))
	}
	s.shut("fi")
}

// modes ends a wish for a resolution with "auto": a screen that cannot show
// it gets what it can.
func modes(resolution string) string {
	switch {
	case resolution == "":
		return "auto"
	case resolution == "auto" || strings.HasSuffix(resolution, ",auto"):
		return resolution
	}
	return resolution + ",auto"
}

// look writes colours, background and theme. A submenu begins with exported
// variables only, so each is exported; the background stays on the screen by
// itself.
func (s *script) look(m Menu) {
	if m.Colours == (Colours{}) && m.Background == "" && m.BackgroundColour == "" && m.Theme == "" {
		return
	}
	s.blank("Look; submenus see only what is exported.")
	for _, c := range m.Colours.variables() {
		if c.pair != "" {
			s.line("set", c.name+"="+c.pair)
			s.line("export", c.name)
		}
	}
	if m.BackgroundColour != "" {
		s.line("background_color", quoteText(m.BackgroundColour))
	}
	if m.Background != "" {
		s.line("background_image", quote(m.Background))
	}
	if m.Theme != "" {
		s.line("insmod", "gfxmenu")
		s.line("insmod", "png")
		s.line("insmod", "jpeg")
		s.line("set", `theme="($root)"`+quoteText(m.Theme))
		s.line("export", "theme")
	}
}

// menu writes the countdown, the default and the entries.
func (s *script) menu(m Menu) {
	s.blank("Countdown and the entry that it starts.")
	if m.TimeoutStyle != "" {
		s.line("set", "timeout_style="+m.TimeoutStyle)
	}
	s.line("set", "timeout="+strconv.Itoa(m.Timeout))
	if len(m.Default) > 0 {
		s.line("set", "default="+quoteText(s.defaultPath(m.Default)))
	}
	s.entries(m.Entries, nil)
}

// defaultPath names the default by IDs: the firmware entry is missing under
// BIOS, and indexes would count differently there.
func (s *script) defaultPath(path []int) string {
	ids := make([]string, len(path))
	for i := range path {
		ids[i] = s.id(path[:i+1])
	}
	return strings.Join(ids, ">")
}

// id is "entry" with the index path in it.
func (s *script) id(path []int) string {
	numbers := make([]string, len(path))
	for i, n := range path {
		numbers[i] = strconv.Itoa(n)
	}
	return s.prefix + strings.Join(numbers, "-")
}

// idPrefix finds a beginning for IDs that no title shares: GRUB compares the
// default with titles and IDs alike. It has more dashes than any title has.
func idPrefix(entries []Entry) string {
	const word = "entry"
	return word + strings.Repeat("-", dashes(entries, word))
}

// dashes counts those that follow word at the beginning of a title, and one
// more; 0 if no title begins with it.
func dashes(entries []Entry, word string) int {
	most := 0
	for _, e := range entries {
		if rest, ok := strings.CutPrefix(e.Title, word); ok {
			most = max(most, len(rest)-len(strings.TrimLeft(rest, "-"))+1)
		}
		most = max(most, dashes(e.Entries, word))
	}
	return most
}

// colourVariable is one of GRUB's colour variables with its pair.
type colourVariable struct{ field, name, pair string }

func (c Colours) variables() []colourVariable {
	return []colourVariable{
		{"normal", "color_normal", c.Normal},
		{"highlight", "color_highlight", c.Highlight},
		{"menu_normal", "menu_color_normal", c.MenuNormal},
		{"menu_highlight", "menu_color_highlight", c.MenuHighlight},
	}
}

// entries writes the entries of one menu; path is where that menu hangs.
func (s *script) entries(entries []Entry, path []int) {
	for i, e := range entries {
		if len(path) == 0 || i > 0 {
			s.text.WriteByte('\n')
		}
		here := append(path[:len(path):len(path)], i)
		if e.Kind == Firmware {
			s.open(`if [ "$grub_platform" = efi ]; then`)
		}
		s.entry(e, here)
		if e.Kind == Firmware {
			s.shut("fi")
		}
	}
}

func (s *script) entry(e Entry, path []int) {
	words := []string{"menuentry"}
	if e.Kind == Submenu {
		words[0] = "submenu"
	}
	if e.Class != "" {
		words = append(words, "--class="+quote(e.Class))
	}
	if e.Hotkey != "" {
		words = append(words, "--hotkey="+quote(e.Hotkey))
	}
	// A value or a title that begins with a dash is one only after "=" and "--".
	words = append(words, "--id="+s.id(path), "--", quoteText(e.Title), "{")
	s.open(words...)
	switch e.Kind {
	case Linux:
		s.linux(e)
	case Submenu:
		s.entries(e.Entries, path)
	case Firmware:
		s.line("fwsetup")
	case Disk:
		s.disk()
	case Reboot:
		s.line("reboot")
	case PowerOff:
		s.line("halt")
	case Memtest:
		s.memtest(e)
	case ISO:
		s.iso(e)
	}
	s.shut("}")
}

func (s *script) linux(e Entry) {
	words := []string{"linux", quote(e.Kernel)}
	for _, word := range e.Parameters {
		words = append(words, quote(word))
	}
	if s.loopback {
		words = append(words, `"findiso=${iso_path}"`)
	}
	s.line(words...)
	if e.Initrd != "" {
		s.line("initrd", quote(e.Initrd))
	}
}

// memtest starts Memtest86+, which is made like a kernel: one for each firmware.
func (s *script) memtest(e Entry) {
	if e.UEFI == "" {
		s.line("linux", quote(e.Kernel))
		return
	}
	s.open(`if [ "$grub_platform" = efi ]; then`)
	s.line("linux", quote(e.UEFI))
	s.depth--
	s.open("else")
	s.line("linux", quote(e.Kernel))
	s.shut("fi")
}

// iso starts an image by the menu that it brings for this: its loopback.cfg
// wants root to be the loop device and iso_path the image (the convention of
// Super GRUB2 Disk). Where it has none GRUB comes back to this menu.
func (s *script) iso(e Entry) {
	s.line("set", "iso_path="+quoteText(e.Image))
	s.line("export", "iso_path")
	s.line(`set medium="$root"`)
	s.open(`if loopback loop "$iso_path"; then`)
	s.line("set", "root=loop")
	s.open("if [ -f /boot/grub/loopback.cfg ]; then")
	s.line("configfile", "/boot/grub/loopback.cfg")
	s.depth--
	s.open("else")
	s.line("echo", "'This image cannot be started from a file: it has no loopback.cfg.'")
	s.line("sleep", "--interruptible", "5")
	s.shut("fi")
	s.line(`set root="$medium"`)
	s.line("loopback", "--delete", "loop")
	s.shut("fi")
}

// disk leaves to the next boot device under UEFI. BIOS counts the drive it
// booted from as the first: started from a stick, the computer's own disk is
// the second. root is put back for the other entries if nothing boots.
func (s *script) disk() {
	s.open(`if [ "$grub_platform" = efi ]; then`)
	s.line("exit")
	s.shut("fi")
	s.line(`set medium="$root"`)
	s.open(`if regexp '^hd0' "$root"; then`)
	s.line("set root=hd1")
	s.depth--
	s.open("else")
	s.line("set root=hd0")
	s.shut("fi")
	s.open("if chainloader +1; then")
	s.line("boot")
	s.shut("fi")
	s.line(`set root="$medium"`)
}
