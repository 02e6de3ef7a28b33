package inspect

import "strings"

// MenuEntry is one line of a boot menu.
type MenuEntry struct {
	Title   string      `json:"title"`
	Entries []MenuEntry `json:"entries,omitempty"`
}

// maxDepth bounds the nesting of blocks that is looked into.
const maxDepth = 64

// ParseMenu finds the titles in a grub.cfg. It reads GRUB's script as far as
// that needs (GRUB manual, "Shell-like scripting": quoting, comments, blocks),
// runs nothing and expands no variables; entries that a condition or a loop
// would show or hide are all listed.
func ParseMenu(config string) []MenuEntry {
	p := &menuParser{text: config}
	return p.block(0)
}

type menuParser struct {
	text string
	pos  int
}

// block reads commands up to the closing brace or the end.
func (p *menuParser) block(depth int) []MenuEntry {
	var entries []MenuEntry
	var command []string
	for {
		word, quoted, ok := p.word()
		switch {
		case !ok:
			return entries
		case quoted:
			command = append(command, word)
		case word == "\n":
			command = nil
		case word == "}":
			return entries
		case word == "{":
			if depth == maxDepth {
				return entries
			}
			entries = append(entries, entriesOf(command, p.block(depth+1))...)
			command = nil
		default:
			command = append(command, word)
		}
	}
}

// entriesOf is what a command with a block adds to the menu.
func entriesOf(command []string, inner []MenuEntry) []MenuEntry {
	if len(command) == 0 || command[0] != "menuentry" && command[0] != "submenu" {
		return inner // a function, or a block of another kind
	}
	e := MenuEntry{Title: title(command[1:])}
	if command[0] == "submenu" {
		e.Entries = inner
	}
	return []MenuEntry{e}
}

// title is the first word that is no option.
func title(words []string) string {
	for i := 0; i < len(words); i++ {
		if words[i] == "--" && i+1 < len(words) {
			return words[i+1]
		}
		if !strings.HasPrefix(words[i], "-") {
			return words[i]
		}
		if !strings.Contains(words[i], "=") && words[i] != "--unrestricted" {
			i++ // the option's value
		}
	}
	return ""
}

// word reads the next word. A line's end and a semicolon are "\n", braces
// that stand alone are words.
func (p *menuParser) word() (word string, quoted, ok bool) {
	p.blanks()
	if p.pos >= len(p.text) {
		return "", false, false
	}
	if c := p.text[p.pos]; c == '\n' || c == ';' {
		p.pos++
		return "\n", false, true
	}
	var b strings.Builder
	for p.pos < len(p.text) && !strings.ContainsRune(" \t\r\n;", rune(p.text[p.pos])) {
		switch c := p.text[p.pos]; c {
		case '\'':
			quoted = true
			p.single(&b)
		case '"':
			quoted = true
			p.double(&b)
		case '\\':
			p.escaped(&b)
		default:
			b.WriteByte(c)
			p.pos++
		}
	}
	return b.String(), quoted, true
}

// blanks passes over blanks, comments and joined lines.
func (p *menuParser) blanks() {
	for p.pos < len(p.text) {
		rest := p.text[p.pos:]
		switch {
		case strings.ContainsRune(" \t\r", rune(rest[0])):
			p.pos++
		case strings.HasPrefix(rest, "\\\n"):
			p.pos += 2
		case rest[0] == '#':
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest)
			}
			p.pos += end
		default:
			return
		}
	}
}

func (p *menuParser) single(b *strings.Builder) {
	rest := p.text[p.pos+1:]
	end := strings.IndexByte(rest, '\'')
	if end < 0 {
		end = len(rest)
	}
	b.WriteString(rest[:end])
	p.pos = min(len(p.text), p.pos+end+2)
}

func (p *menuParser) double(b *strings.Builder) {
	p.pos++
	for p.pos < len(p.text) {
		switch c := p.text[p.pos]; {
		case c == '"':
			p.pos++
			return
		case c == '\\' && p.pos+1 < len(p.text) && strings.IndexByte("$\"\\\n", p.text[p.pos+1]) >= 0:
			p.escaped(b)
		default:
			b.WriteByte(c)
			p.pos++
		}
	}
}

// escaped reads a backslash and what it protects.
func (p *menuParser) escaped(b *strings.Builder) {
	p.pos++
	if p.pos < len(p.text) {
		if p.text[p.pos] != '\n' {
			b.WriteByte(p.text[p.pos])
		}
		p.pos++
	}
}
