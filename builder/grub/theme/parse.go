package theme

import (
	"bytes"
	"fmt"
)

// Limits of a theme.txt. GRUB has none; real themes stay far below.
const (
	maxFile       = 1 << 20 // bytes
	maxNesting    = 32
	maxComponents = 1024
)

// Property is a "name: value" of the whole theme or a "name = value" of a
// component.
type Property struct {
	Name, Value string
	Line        int // from 1
	at          int // of the value's first byte in the file
}

// Node is a component as it stands in the file.
type Node struct {
	Kind       string
	Line       int // from 1
	Properties []Property
	Children   []*Node
}

// Get is the value of the last property of a name.
func (n *Node) Get(name string) (Property, bool) {
	for i := len(n.Properties) - 1; i >= 0; i-- {
		if n.Properties[i].Name == name {
			return n.Properties[i], true
		}
	}
	return Property{}, false
}

// File is a parsed theme.txt: Root is the canvas that the components of the
// file's first level lie in.
type File struct {
	Globals []Property
	Root    *Node
}

// SyntaxError is what makes GRUB give up a theme.txt.
type SyntaxError struct {
	Line   int // from 1
	Reason string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
}

// Parse reads the syntax of a theme.txt as GRUB does: it stops at the first
// mistake with a *SyntaxError. What the names and values mean is not looked at.
func Parse(text []byte) (*File, error) {
	if len(text) > maxFile {
		return nil, &SyntaxError{1, fmt.Sprintf("the file has %d bytes: at most %d are read", len(text), maxFile)}
	}
	p := parser{text: text, line: 1}
	f := &File{Root: &Node{Kind: "canvas", Line: 1}}
	for {
		p.space()
		switch {
		case p.end():
			return f, nil
		case p.peek() == '+':
			if err := p.component(f.Root, 0); err != nil {
				return nil, err
			}
		case !isName(p.peek()): // GRUB passes over such a line
			p.skipLine()
		default:
			property, err := p.property(':')
			if err != nil {
				return nil, err
			}
			f.Globals = append(f.Globals, property)
		}
	}
}

// parser is a place in the text.
type parser struct {
	text       []byte
	pos, line  int
	components int
}

func (p *parser) end() bool  { return p.pos >= len(p.text) }
func (p *parser) peek() byte { return p.text[p.pos] }

// next takes a byte.
func (p *parser) next() byte {
	c := p.text[p.pos]
	p.pos++
	if c == '\n' {
		p.line++
	}
	return c
}

func (p *parser) fail(format string, args ...any) error {
	return &SyntaxError{p.line, fmt.Sprintf(format, args...)}
}

func isSpace(c byte) bool {
	return c == ' ' || '\t' <= c && c <= '\r'
}

// space skips blanks, ends of lines and comments.
func (p *parser) space() {
	for !p.end() {
		switch c := p.peek(); {
		case isSpace(c):
			p.next()
		case c == '#':
			p.skipLine()
		default:
			return
		}
	}
}

// skipLine goes on to the next line.
func (p *parser) skipLine() {
	for !p.end() && p.next() != '\n' {
	}
}

// name reads letters, digits, "-" and "_"; it is empty where none stands.
func (p *parser) name() string {
	start := p.pos
	for !p.end() {
		if !isName(p.peek()) {
			break
		}
		p.pos++
	}
	return string(p.text[start:p.pos])
}

func isName(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

// expect takes one given character after blanks.
func (p *parser) expect(c byte, after string) error {
	p.space()
	if p.end() {
		return p.fail("the file ends where %q is expected after %s", c, after)
	}
	if p.peek() != c {
		return p.fail("%q stands where %q is expected after %s", p.peek(), c, after)
	}
	p.next()
	return nil
}

// property reads a name, the sign between, and a value.
func (p *parser) property(sign byte) (Property, error) {
	line := p.line
	name := p.name()
	if name == "" {
		return Property{}, p.fail("%q stands where a name is expected", p.peek())
	}
	if err := p.expect(sign, name); err != nil {
		return Property{}, err
	}
	value, at, err := p.value(name)
	return Property{name, value, line, at}, err
}

// value reads with its place a text in quotes, one in parentheses, or a word up to the next
// blank. There are no escapes.
func (p *parser) value(name string) (value string, at int, err error) {
	p.space()
	if p.end() {
		return "", 0, p.fail("the file ends where the value of %s is expected", name)
	}
	start := p.pos
	switch p.peek() {
	case '"':
		return p.until('"', start+1, 0, name)
	case '(':
		return p.until(')', start, 1, name)
	}
	for !p.end() && !isSpace(p.peek()) {
		p.pos++
	}
	return string(p.text[start:p.pos]), start, nil
}

// until reads to a closing character, of which keep bytes belong to the value.
func (p *parser) until(end byte, start, keep int, name string) (value string, at int, err error) {
	p.next()
	length := bytes.IndexByte(p.text[p.pos:], end)
	if length < 0 {
		return "", 0, p.fail("the value of %s has no closing %q", name, end)
	}
	stop := p.pos + length
	for p.pos <= stop {
		p.next()
	}
	return string(p.text[start : stop+keep]), start, nil
}

// component reads "+ kind { … }" into its parent.
func (p *parser) component(parent *Node, depth int) error {
	p.next()
	p.space()
	n := &Node{Line: p.line, Kind: p.name()}
	if n.Kind == "" {
		return p.fail("a component without a kind")
	}
	if p.components++; p.components > maxComponents || depth >= maxNesting {
		return p.fail("more than %d components, or more than %d in one another", maxComponents, maxNesting)
	}
	if err := p.expect('{', n.Kind); err != nil {
		return err
	}
	parent.Children = append(parent.Children, n)
	for {
		p.space()
		if p.end() {
			return p.fail("the %s of line %d has no closing '}'", n.Kind, n.Line)
		}
		switch p.peek() {
		case '}':
			p.next()
			return nil
		case '+':
			if err := p.component(n, depth+1); err != nil {
				return err
			}
		default:
			property, err := p.property('=')
			if err != nil {
				return err
			}
			n.Properties = append(n.Properties, property)
		}
	}
}
