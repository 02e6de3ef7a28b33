// Package script runs a grub.cfg as GRUB would, as far as it decides what is
// on the screen: the variables, the fonts, the terminal, the entries of the
// menu and of its submenus. Nothing is booted, and nothing is written.
//
// It follows the chapters "Shell-like scripting" and "Commands" of GRUB's
// manual; what they leave open was tried in GRUB 2.06: among it that a command
// which does not exist counts as one that worked, that a line with a syntax
// error is left out alone, and that a submenu sees the exported variables only.
//
// Every script ends: steps, depth, entries and bytes are counted.
package script

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/grub/scene"
)

// Bounds of what a script may take.
const (
	maxSteps     = 10_000  // commands that run, in one menu
	maxDepth     = 40      // functions, sourced files and evals within each other
	maxFile      = 1 << 20 // bytes of one file
	maxExpanded  = 4 << 20 // bytes of all words of one menu
	maxValue     = 1 << 16 // bytes of a variable
	maxVariables = 4096    // in one menu
	maxEntries   = 2000    // of one menu
	maxSource    = 4 << 20 // bytes of all entries
	maxPrinted   = 1000    // lines
	maxWarnings  = 200     // of the whole session
	maxMenus     = 16      // submenus within each other
	maxFonts     = 256     // loaded
	maxPath      = 4096    // bytes of a file's name
	maxGlob      = 10_000  // names that one pattern looks at
	rootDevice   = "cd0"   // what $root is before any search
	maxLevels    = 1000    // loops that one break leaves
)

// Options are the computer that the script runs on.
type Options struct {
	Platform scene.Platform
	// Files is what lies on the medium.
	Files fs.FS
	// Config is the script's name in Files; Prefix is $prefix without the
	// device, by default Config's folder.
	Config, Prefix string
	// Width and Height of the screen in pixels, for what depends on them.
	Width, Height int
	// Checks look into files that the script hands to GRUB. A nil one accepts
	// whatever is there.
	Checks Checks
}

// Checks say whether GRUB accepts something.
type Checks struct {
	// Font is a PF2 file's content.
	Font func(data []byte) error
	// Picture is a background's content, Name its file.
	Picture func(name string, data []byte) error
	// Terminal is gfxterm with the fonts loaded so far; get gives variables.
	Terminal func(fonts []string, get func(name string) string) error
}

// Warning is something in the script that does not work as it stands there.
type Warning struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Text string `json:"text"`
	Hint string `json:"hint,omitempty"`
}

func (w Warning) String() string {
	s := fmt.Sprintf("%s:%d: %s", w.File, w.Line, w.Text)
	if w.Hint != "" {
		s += " (" + w.Hint + ")"
	}
	return s
}

// Machine is a GRUB that has read its configuration.
type Machine struct {
	o         Options
	menus     []*menu // the main one first, the one on the screen last
	functions map[string]function
	terminals []string
	fonts     []string
	picture   string
	stretch   string
	colour    *[3]uint8
	printed   []string
	warnings  []Warning
	seen      map[Warning]bool

	// Of the script that runs.
	file  string
	line  int
	scope []string // positional parameters; nil outside of any
	depth int
	inner int // functions that run
	loops int
	steps int
	bytes int
}

type function struct {
	body []command
	file string
}

// menu is a context of variables with its entries.
type menu struct {
	variables map[string]variable
	entries   []entry
	source    int
	title     string
	// root is set where the menu began as a script of its own, with configfile.
	nested bool
}

type variable struct {
	value    string
	exported bool
	file     string
	line     int
}

type entry struct {
	scene.Entry
	file string
	args []string
}

// Run reads a configuration. The error says that it cannot be read or does not
// end; faults in it are warnings.
func Run(o Options) (*Machine, error) {
	o.Config = strings.TrimPrefix(o.Config, "/")
	if o.Prefix == "" {
		o.Prefix = path.Dir("/" + o.Config)
	}
	o.Prefix = path.Clean("/" + o.Prefix)
	if o.Platform == "" {
		o.Platform = scene.BIOS
	}
	m := &Machine{o: o, functions: map[string]function{}, terminals: []string{"console"}, seen: map[Warning]bool{}}
	m.menus = []*menu{{variables: m.first()}}
	text, err := m.read(o.Config)
	if err != nil {
		return nil, fmt.Errorf("read the boot menu: %w", err)
	}
	if err := m.runFile(o.Config, text); err != nil {
		return m, err
	}
	return m, nil
}

// first are the variables that GRUB begins with.
func (m *Machine) first() map[string]variable {
	device := "(" + rootDevice + ")"
	vars := map[string]variable{
		"config_file":      {value: device + "/" + m.o.Config},
		"config_directory": {value: device + path.Dir("/"+m.o.Config)},
	}
	for name, value := range map[string]string{
		"root": rootDevice, "prefix": device + m.o.Prefix, "cmdpath": device + m.o.Prefix,
		"grub_platform": string(m.o.Platform), "grub_cpu": cpu(m.o.Platform),
		"color_normal": "light-gray/black", "color_highlight": "black/light-gray",
		"lang": "", "locale_dir": "", "secondary_locale_dir": "", "pager": "", "check_signatures": "no",
		"feature_200_final": "y", "feature_all_video_module": "y", "feature_chainloader_bpb": "y",
		"feature_default_font_path": "y", "feature_menuentry_id": "y", "feature_menuentry_options": "y",
		"feature_nativedisk_cmd": "y", "feature_ntldr": "y", "feature_platform_search_hint": "y",
		"feature_timeout_style": "y", "menuentry_id_option": "",
	} {
		if name != "menuentry_id_option" {
			vars[name] = variable{value: value, exported: true}
		}
	}
	return vars
}

func cpu(p scene.Platform) string {
	if p == scene.UEFI {
		return "x86_64"
	}
	return "i386"
}

func (m *Machine) menu() *menu { return m.menus[len(m.menus)-1] }

// push begins a context that sees the exported variables alone.
func (m *Machine) push(title string) *menu {
	vars := map[string]variable{}
	for name, v := range m.menu().variables {
		if v.exported {
			vars[name] = v
		}
	}
	next := &menu{variables: vars, title: title, nested: true}
	m.menus = append(m.menus, next)
	return next
}

func (m *Machine) get(name string) string { return m.menu().variables[name].value }

// set gives a variable a value; an exported one stays exported.
func (m *Machine) set(name, value string) error {
	vars := m.menu().variables
	old, ok := vars[name]
	switch {
	case len(value) > maxValue || len(name) > maxValue:
		return m.stop("a variable of more than %d bytes", maxValue)
	case !ok && len(vars) >= maxVariables:
		return m.stop("more than %d variables", maxVariables)
	}
	vars[name] = variable{value: value, exported: old.exported, file: m.file, line: m.line}
	return nil
}

// Warnings are the script's faults so far, in the order in which they came up.
func (m *Machine) Warnings() []Warning { return slices.Clone(m.warnings) }

// warn notes a fault at the command that runs.
func (m *Machine) warn(hint, format string, values ...any) {
	m.warnAt(m.line, hint, fmt.Sprintf(format, values...))
}

func (m *Machine) warnAt(line int, hint, text string) {
	w := Warning{File: m.file, Line: line, Text: text, Hint: hint}
	if m.seen[w] || len(m.warnings) >= maxWarnings {
		return
	}
	m.seen[w] = true
	m.warnings = append(m.warnings, w)
}

// limit is an error that ends the whole script.
type limit struct{ text string }

func (e limit) Error() string { return e.text }

func (m *Machine) stop(format string, values ...any) error {
	return limit{fmt.Sprintf("%s, line %d: the script has %s: it does not end, or is too large to show",
		m.file, m.line, fmt.Sprintf(format, values...))}
}

// print puts a text on the terminal; the last line goes on with the next text.
func (m *Machine) print(text string) {
	if len(m.printed) == 0 {
		m.printed = []string{""}
	}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			m.printed = append(m.printed, "")
		}
		if last := &m.printed[len(m.printed)-1]; len(*last) < maxValue {
			*last += line
		}
	}
	if over := len(m.printed) - maxPrinted; over > 0 {
		m.printed = slices.Clone(m.printed[over:])
	}
}

// name turns a path of the script into one of Files.
func (m *Machine) name(s string) (string, error) {
	if len(s) > maxPath {
		return "", errors.New("the file's name is too long")
	}
	if rest, ok := strings.CutPrefix(s, "("); ok {
		device, inner, closed := strings.Cut(rest, ")")
		if !closed || device == "memdisk" || device == "proc" {
			return "", fmt.Errorf("there is no device in %s", s)
		}
		s = inner
	}
	if !strings.HasPrefix(s, "/") {
		return "", fmt.Errorf("%s is no path from the root of a device", quoted(s))
	}
	return cmpDot(strings.TrimPrefix(path.Clean(s), "/")), nil
}

// cmpDot is "." for the root, as fs.FS has it.
func cmpDot(name string) string {
	if name == "" {
		return "."
	}
	return name
}

// read gets a file of the medium.
func (m *Machine) read(name string) (string, error) {
	info, err := fs.Stat(m.o.Files, name)
	if err != nil {
		return "", err
	}
	if info.IsDir() {
		return "", fmt.Errorf("%s is a folder", name)
	}
	if info.Size() > maxFile {
		return "", fmt.Errorf("%s has %d bytes: a menu of at most %d is read", name, info.Size(), maxFile)
	}
	data, err := fs.ReadFile(m.o.Files, name)
	return string(data), err
}

// quoted shows a text of the script in a message, cut.
func quoted(s string) string {
	if len(s) > 80 {
		s = strings.ToValidUTF8(s[:80], "") + "…"
	}
	return fmt.Sprintf("%q", s)
}

// vars is what the menu on the screen sees.
func (m *Machine) vars() map[string]string {
	all := map[string]string{}
	for name, v := range m.menu().variables {
		all[name] = v.value
	}
	maps.DeleteFunc(all, func(name, _ string) bool { return name == "?" })
	return all
}
