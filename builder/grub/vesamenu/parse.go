package vesamenu

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Limits of a configuration, far above what a screen can show.
const (
	maxFile    = 1 << 20 // bytes
	maxDepth   = 16      // of includes
	maxFiles   = 64
	maxEntries = 10000
	maxMenus   = 1000
)

// Parse reads a configuration and what it includes. Names in it are relative to
// the folder of name, those with a slash at the beginning to the root of files.
// Text is code page 437, byte for byte. What is not understood becomes a
// warning; an error means that name cannot be read.
func Parse(files fs.FS, name string) (*Config, error) {
	p := &parser{files: files, dir: path.Dir(name), config: &Config{Menus: []Menu{defaults()}}}
	if err := p.file(name, 0); err != nil {
		return nil, fmt.Errorf("read the boot menu %s: %w", name, err)
	}
	p.finish()
	return p.config, nil
}

type parser struct {
	files  fs.FS
	dir    string
	config *Config
	menu   int    // index of the one that is being written
	entry  *Entry // the last one of it; nil before the first
	inHelp bool
	wish   string // of DEFAULT
	name   string
	line   int
	read   int // files
	hide   bool
	count  int // entries
}

func (p *parser) warn(format string, args ...any) {
	if len(p.config.Warnings) < maxEntries {
		p.config.Warnings = append(p.config.Warnings, Warning{p.name, p.line, fmt.Sprintf(format, args...)})
	}
}

// resolve is a name in the configuration as a name in files.
func resolve(dir, name string) string {
	if !strings.HasPrefix(name, "/") {
		name = "/" + dir + "/" + name
	}
	return strings.TrimPrefix(path.Clean(name), "/")
}

func (p *parser) file(name string, depth int) error {
	if depth > maxDepth || p.read >= maxFiles {
		return fmt.Errorf("too many included files")
	}
	p.read++
	info, err := fs.Stat(p.files, name)
	if err != nil {
		return err
	}
	if info.Size() > maxFile {
		return fmt.Errorf("%d bytes are too many for a menu", info.Size())
	}
	data, err := fs.ReadFile(p.files, name)
	if err != nil {
		return err
	}
	oldName, oldLine := p.name, p.line
	p.name = name
	for i, line := range strings.Split(string(data), "\n") {
		p.line = i + 1
		p.command(strings.TrimRight(line, "\r"), depth)
	}
	p.name, p.line = oldName, oldLine
	return nil
}

// word cuts the first word off a line.
func word(line string) (first, rest string) {
	line = strings.TrimLeft(line, " \t")
	i := strings.IndexAny(line, " \t")
	if i < 0 {
		return line, ""
	}
	return line[:i], strings.TrimLeft(line[i:], " \t")
}

func (p *parser) command(line string, depth int) {
	key, rest := word(line)
	if p.inHelp {
		if strings.EqualFold(key, "endtext") {
			p.inHelp = false
		} else if p.entry != nil {
			p.entry.Help = append(p.entry.Help, line)
		}
		return
	}
	m := &p.config.Menus[p.menu]
	switch strings.ToLower(key) {
	case "", "prompt", "noescape", "nocomplete", "serial", "console", "font", "kbdmap", "say", "display", "ontimeout",
		"onerror", "implicit", "nohalt", "path", "totaltimeout":
	case "ui":
		p.config.UI, _ = word(rest)
	case "menu":
		p.menuCommand(rest, depth)
	case "include":
		p.include(rest, depth)
	case "label":
		p.add(Entry{Label: rest, Title: rest, Hotkey: -1})
	case "text":
		p.inHelp = true
		if p.entry != nil {
			p.entry.Help = nil
		}
	case "default":
		p.wish = rest
	case "timeout":
		p.number(&p.config.Timeout, rest)
	case "allowoptions":
		m.NoOptions = strings.TrimSpace(rest) == "0"
	default:
		switch {
		case strings.HasPrefix(key, "#"), functionKey(key):
		case p.entry != nil:
			p.entry.Commands = append(p.entry.Commands, strings.TrimSpace(line))
		default:
			p.warn("%q is not known", key)
		}
	}
}

func functionKey(key string) bool {
	n, err := strconv.Atoi(key[1:])
	return (key[0] == 'F' || key[0] == 'f') && err == nil && n >= 1 && n <= 12
}

func (p *parser) number(to *int, text string) {
	first, _ := word(text)
	n, err := strconv.Atoi(first)
	if err != nil || n < -65536 || n > 65536 {
		p.warn("%q is no number", text)
		return
	}
	*to = n
}

func (p *parser) add(e Entry) {
	if p.count >= maxEntries {
		p.warn("too many entries")
		p.entry = nil
		return
	}
	p.count++
	m := &p.config.Menus[p.menu]
	if p.hide { // the entry before was hidden
		m.Entries = m.Entries[:len(m.Entries)-1]
		p.hide = false
	}
	m.Entries = append(m.Entries, e)
	p.entry = &m.Entries[len(m.Entries)-1]
}

func (p *parser) include(rest string, depth int) {
	name, tag := word(rest)
	old := p.menu
	if tag != "" {
		p.begin(tag)
	}
	if err := p.file(resolve(p.dir, name), depth+1); err != nil {
		p.warn("include %s: %v", name, err)
	}
	for tag != "" && p.menu != old && p.config.Menus[p.menu].Parent >= 0 {
		p.end()
	}
}

// begin opens a submenu with its parent's look as it is there.
func (p *parser) begin(tag string) {
	if len(p.config.Menus) >= maxMenus {
		p.warn("too many menus")
		return
	}
	index := len(p.config.Menus)
	p.add(Entry{Label: tag, Title: tag, Hotkey: -1, Kind: Submenu, Menu: index})
	m := p.config.Menus[p.menu]
	m.Tag, m.Title, m.Parent, m.Default, m.Entries, m.Hidden = tag, "", p.menu, -1, nil, false
	p.config.Menus = append(p.config.Menus, m)
	p.menu, p.entry = index, nil
}

// end closes a submenu: its title is the entry's that leads to it.
func (p *parser) end() {
	m := &p.config.Menus[p.menu]
	if m.Parent < 0 {
		p.warn("MENU END without MENU BEGIN")
		return
	}
	if p.hide {
		m.Entries, p.hide = m.Entries[:len(m.Entries)-1], false
	}
	parent := &p.config.Menus[m.Parent]
	for i := range parent.Entries {
		if e := &parent.Entries[i]; e.Kind == Submenu && e.Menu == p.menu && m.Title != "" {
			e.Title, _ = caret(m.Title) // marks no key, though the mark is not shown
		}
	}
	m.Title, _ = caret(m.Title)
	p.menu, p.entry = m.Parent, nil
	if n := len(parent.Entries); n > 0 {
		p.entry = &parent.Entries[n-1]
	}
}

// caret takes the marks of hotkeys out of a text: the first one counts.
func caret(s string) (string, int) {
	out, at := make([]byte, 0, len(s)), -1
	for i := 0; i < len(s); i++ {
		if s[i] == '^' && !(at >= 0 && at == len(out)) {
			if at < 0 {
				at = len(out)
			}
			continue
		}
		out = append(out, s[i])
	}
	if at >= len(out) {
		at = -1
	}
	return string(out), at
}

// finish closes what the file left open and finds the default entries.
func (p *parser) finish() {
	for p.config.Menus[p.menu].Parent >= 0 {
		p.end()
	}
	if m := &p.config.Menus[0]; p.hide {
		m.Entries = m.Entries[:len(m.Entries)-1]
	}
	wish, _ := word(p.wish)
	for i := range p.config.Menus {
		m := &p.config.Menus[i]
		if p.config.UI != "" && wish != "" {
			at := slices.IndexFunc(m.Entries, func(e Entry) bool { return e.Label == wish && e.Kind != Submenu })
			if at >= 0 {
				m.Default, p.config.Start = at, i
			}
		}
		if m.Default >= len(m.Entries) || m.Default < 0 {
			m.Default = max(0, slices.IndexFunc(m.Entries, func(e Entry) bool { return !e.Disabled }))
		}
	}
}
