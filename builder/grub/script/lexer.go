package script

import (
	"strings"
)

// kind is what a token is.
type kind int

const (
	tokenEnd kind = iota
	tokenNewline
	tokenSemicolon
	tokenOpen  // {
	tokenClose // }
	tokenWord
	tokenBad // what GRUB's grammar has no rule for
)

// token is one of the script, with where it begins.
type token struct {
	kind       kind
	parts      []part
	line       int
	start, end int // bytes of the text
	plain      bool
	reason     string // of a tokenBad
}

// text is a word's letters if it has no quotes and no variables, as keywords.
func (t token) text() string {
	if t.kind != tokenWord || !t.plain {
		return ""
	}
	return t.parts[0].text
}

// part is a piece of a word: letters, or the name of a variable.
type part struct {
	text     string
	variable bool
	quoted   bool
}

// lexer cuts a script into tokens, as the chapter "Shell-like scripting" of
// GRUB's manual describes them. Lines that begin with # are taken away before,
// even within quotes: GRUB does that while it reads a file.
type lexer struct {
	text string
	pos  int
	line int
}

// newLexer takes the lines that begin with # away but keeps their ends, for
// the numbers of the others. first is the number of the first line.
func newLexer(text string, first int) *lexer {
	return &lexer{text: text, line: first}
}

// withoutComments blanks the lines that GRUB's file reader leaves out. They
// keep a mark, so that the lexer can count them without seeing their end.
func withoutComments(text string) string {
	if !strings.HasPrefix(text, "#") && !strings.Contains(text, "\n#") {
		return text
	}
	var out strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			out.WriteByte(skipped)
			continue
		}
		out.WriteString(line)
	}
	return out.String()
}

// skipped stands for a line that GRUB does not read. GRUB scripts are text and
// have no such byte.
const skipped = 0

func (l *lexer) peek() byte {
	for l.pos < len(l.text) && l.text[l.pos] == skipped {
		l.pos++
		l.line++
	}
	if l.pos >= len(l.text) {
		return 0
	}
	return l.text[l.pos]
}

func (l *lexer) more() bool { return l.peek() != 0 || l.pos < len(l.text) }

// take moves on by one byte.
func (l *lexer) take() byte {
	c := l.peek()
	if l.pos < len(l.text) {
		if c == '\n' {
			l.line++
		}
		l.pos++
	}
	return c
}

// skipLine moves to the beginning of the next line.
func (l *lexer) skipLine() {
	for l.more() && l.take() != '\n' {
	}
}

// blanks skips what stands between words, and comments.
func (l *lexer) blanks() {
	for l.more() {
		switch c := l.peek(); {
		case c == ' ' || c == '\t' || c == '\r':
			l.take()
		case c == '\\' && strings.HasPrefix(l.text[l.pos+1:], "\n"):
			l.take()
			l.take()
		case c == '#':
			for l.more() && l.peek() != '\n' {
				l.take()
			}
		default:
			return
		}
	}
}

// next gives the next token.
func (l *lexer) next() token {
	l.blanks()
	t := token{line: l.line, start: l.pos}
	if !l.more() {
		t.start, t.end = l.pos, l.pos
		return t
	}
	t.start, t.line = l.pos, l.line
	single := func(k kind) token {
		l.take()
		t.kind, t.end = k, l.pos
		return t
	}
	switch c := l.peek(); c {
	case '\n':
		return single(tokenNewline)
	case '{':
		return single(tokenOpen)
	case '}':
		return single(tokenClose)
	case ';':
		if strings.HasPrefix(l.text[l.pos:], ";;") {
			t.reason = ";; belongs to case, which GRUB does not have"
			return single(tokenBad)
		}
		return single(tokenSemicolon)
	case '|', '&', '<', '>':
		t.reason = "GRUB has no " + doubled(l.text[l.pos:])
		return single(tokenBad)
	}
	return l.word(t)
}

// doubled is an operator of one or two equal letters.
func doubled(s string) string {
	if len(s) > 1 && s[1] == s[0] {
		return s[:2]
	}
	return s[:1]
}

// word reads a word up to a blank or an operator.
func (l *lexer) word(t token) token {
	t.kind, t.plain = tokenWord, true
	for l.more() && t.kind == tokenWord {
		c := l.peek()
		if strings.IndexByte(" \t\r\n;{}|&<>", c) >= 0 {
			break
		}
		switch c {
		case '\'':
			t.plain = false
			l.single(&t)
		case '"':
			t.plain = false
			l.double(&t)
		case '\\':
			l.take()
			if !l.more() {
				break
			}
			if c := l.take(); c != '\n' {
				t.plain = false
				t.add(string(c), true)
			}
		case '$':
			t.plain = false
			l.variable(&t, false)
		default:
			start := l.pos
			for l.more() && strings.IndexByte(" \t\r\n;{}|&<>'\"\\$", l.peek()) < 0 && l.text[l.pos] != skipped {
				l.take()
				if l.pos < len(l.text) && l.text[l.pos] == skipped {
					break
				}
			}
			t.add(l.text[start:l.pos], false)
		}
	}
	if len(t.parts) == 0 {
		t.add("", false)
		t.plain = false
	}
	if len(t.parts) != 1 {
		t.plain = false
	}
	t.end = l.pos
	return t
}

// add puts letters behind a word.
func (t *token) add(s string, quoted bool) {
	if n := len(t.parts); n > 0 && !t.parts[n-1].variable && t.parts[n-1].quoted == quoted {
		t.parts[n-1].text += s
		return
	}
	t.parts = append(t.parts, part{text: s, quoted: quoted})
}

func (t *token) bad(reason string) {
	t.kind, t.reason = tokenBad, reason
}

// single reads a text in single quotes.
func (l *lexer) single(t *token) {
	l.take()
	var text []byte
	for l.more() {
		c := l.take()
		if c == '\'' {
			t.add(string(text), true)
			return
		}
		text = append(text, c)
	}
	t.bad("a single quote is not closed")
}

// double reads a text in double quotes, in which $ and some \ mean something.
func (l *lexer) double(t *token) {
	l.take()
	t.add("", true)
	var text []byte
	flush := func() {
		t.add(string(text), true)
		text = text[:0]
	}
	for l.more() && t.kind != tokenBad {
		switch c := l.peek(); c {
		case '"':
			l.take()
			flush()
			return
		case '$':
			flush()
			l.variable(t, true)
		case '\\':
			l.take()
			switch c := l.take(); c {
			case '$', '"', '\\':
				text = append(text, c)
			case '\n':
			default:
				text = append(text, '\\', c)
			}
		default:
			text = append(text, l.take())
		}
	}
	if t.kind != tokenBad {
		t.bad("a double quote is not closed")
	}
}

// variable reads $name, ${name}, $1, $?, $*, $@, $# and $"text".
func (l *lexer) variable(t *token, quoted bool) {
	l.take()
	if !quoted && l.peek() == '"' {
		l.double(t) // a text to translate
		return
	}
	braces := l.peek() == '{'
	if braces {
		l.take()
	}
	start := l.pos
	switch c := l.peek(); {
	case c != 0 && strings.IndexByte("?*@#", c) >= 0:
		l.take()
	case isDigit(c):
		for isDigit(l.peek()) {
			l.take()
		}
	case isName(c):
		for isName(l.peek()) || isDigit(l.peek()) {
			l.take()
		}
	}
	name := strings.Trim(l.text[start:l.pos], string(rune(skipped)))
	if name == "" || braces && l.peek() != '}' {
		t.bad("$ without the name of a variable")
		return
	}
	if braces {
		l.take()
	}
	t.parts = append(t.parts, part{text: name, variable: true, quoted: quoted})
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isName(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
