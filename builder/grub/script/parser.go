package script

import (
	"fmt"
	"strings"
)

// maxNesting bounds blocks within blocks: the parser is recursive.
const maxNesting = 64

// command is a statement of the script.
type command interface{}

// simple is a command with its words; block is what stood in braces behind them.
type simple struct {
	words  []token
	block  *block
	negate bool
	line   int
}

// block is a text in braces, which menuentry keeps and other commands get as
// their last word.
type block struct {
	text string
	line int // of the text's first letter
}

type branch struct{ condition, body []command }

// choice is if, elif and else.
type choice struct {
	branches  []branch
	otherwise []command
}

// loop is while or until.
type loop struct {
	condition, body []command
	until           bool
	line            int
}

// each is for NAME in WORDS.
type each struct {
	name  string
	words []token
	body  []command
	line  int
}

// definition is function NAME { … }.
type definition struct {
	name string
	body []command
}

// syntaxError is a place where GRUB's grammar has no rule.
type syntaxError struct {
	line int
	text string
}

func (e syntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.text) }

// parser reads one line's commands at a time, and as many further lines as
// they need: GRUB runs what it has read before it reads on, and after an error
// goes on with the next line.
type parser struct {
	lex   *lexer
	ahead *token
	depth int
}

func newParser(text string, first int) *parser {
	return &parser{lex: newLexer(withoutComments(text), first)}
}

func (p *parser) peek() token {
	if p.ahead == nil {
		t := p.lex.next()
		p.ahead = &t
	}
	return *p.ahead
}

func (p *parser) take() token {
	t := p.peek()
	p.ahead = nil
	return t
}

// line reads the commands of the next line that has some; done at the end of
// the text. After an error it stands on the next line.
func (p *parser) line() (commands []command, done bool, err error) {
	for p.peek().kind == tokenNewline {
		p.take()
	}
	if p.peek().kind == tokenEnd {
		return nil, true, nil
	}
	commands, err = p.statements(false)
	if err == nil {
		if t := p.take(); t.kind != tokenNewline && t.kind != tokenEnd {
			err = unexpected(t)
			p.ahead = &t
		}
	}
	if err != nil {
		p.recover()
	}
	return commands, false, err
}

// recover skips the rest of the line that the lexer stands on.
func (p *parser) recover() {
	p.depth = 0
	if p.ahead != nil && p.ahead.kind == tokenNewline {
		p.ahead = nil
		return
	}
	p.ahead = nil
	p.lex.skipLine()
}

func unexpected(t token) error {
	text := "this cannot stand here"
	switch t.kind {
	case tokenBad:
		text = t.reason
	case tokenEnd:
		text = "the text ends in the middle of a command"
	case tokenNewline:
		text = "the line ends in the middle of a command"
	case tokenSemicolon:
		text = "; cannot stand here"
	case tokenOpen:
		text = "{ cannot stand here"
	case tokenClose:
		text = "} cannot stand here"
	case tokenWord:
		if s := t.text(); s != "" {
			text = s + " cannot stand here"
		}
	}
	return syntaxError{t.line, text}
}

// statements reads commands: those of one line, or with many those up to a
// word or brace that ends the group.
func (p *parser) statements(many bool) ([]command, error) {
	if p.depth++; p.depth > maxNesting {
		return nil, syntaxError{p.peek().line, "too many blocks within blocks"}
	}
	defer func() { p.depth-- }()
	var all []command
	for {
		for many && (p.peek().kind == tokenNewline) {
			p.take()
		}
		if many && p.ends() {
			return all, nil
		}
		c, err := p.statement()
		if err != nil {
			return nil, err
		}
		all = append(all, c)
		switch t := p.peek(); {
		case t.kind == tokenSemicolon:
			p.take()
			if next := p.peek().kind; !many && (next == tokenNewline || next == tokenEnd) {
				return all, nil
			}
		case t.kind == tokenNewline && many:
		case many && p.ends():
			return all, nil
		default:
			return all, nil
		}
	}
}

// ends says whether a word that closes a group comes.
func (p *parser) ends() bool {
	t := p.peek()
	switch t.text() {
	case "then", "elif", "else", "fi", "do", "done":
		return true
	}
	return t.kind == tokenClose || t.kind == tokenEnd
}

// group reads commands, at least one, and then the word that ends them.
func (p *parser) group(closing ...string) ([]command, string, error) {
	all, err := p.statements(true)
	if err != nil {
		return nil, "", err
	}
	t := p.take()
	for _, word := range closing {
		if t.text() == word && len(all) > 0 || word == "}" && t.kind == tokenClose && len(all) > 0 {
			return all, word, nil
		}
	}
	p.ahead = &t
	return nil, "", unexpected(t)
}

func (p *parser) statement() (command, error) {
	t := p.peek()
	if t.kind != tokenWord {
		return nil, unexpected(t)
	}
	switch t.text() {
	case "if":
		p.take()
		return p.choice()
	case "while", "until":
		p.take()
		return p.loop(t)
	case "for":
		p.take()
		return p.each(t)
	case "function":
		if p.depth > 1 {
			return nil, syntaxError{t.line, "a function cannot be defined within another block"}
		}
		p.take()
		return p.definition()
	case "!":
		p.take()
		if p.peek().kind != tokenWord {
			return nil, unexpected(p.peek())
		}
		return p.simple(true)
	}
	if reserved(t.text()) {
		return nil, unexpected(t)
	}
	return p.simple(false)
}

// reserved says whether a word means something where a command begins.
func reserved(word string) bool {
	switch word {
	case "if", "then", "elif", "else", "fi", "while", "until", "for", "do", "done", "in", "function",
		"case", "esac", "select", "time", "[[", "]]", "!":
		return true
	}
	return false
}

func (p *parser) simple(negate bool) (command, error) {
	c := simple{negate: negate, line: p.peek().line}
	for {
		switch t := p.peek(); t.kind {
		case tokenWord:
			if c.block != nil {
				return nil, unexpected(t)
			}
			c.words = append(c.words, p.take())
		case tokenOpen:
			if c.block != nil {
				return nil, unexpected(t)
			}
			b, err := p.block()
			if err != nil {
				return nil, err
			}
			c.block = b
		case tokenBad:
			return nil, unexpected(t)
		default:
			return c, nil
		}
	}
}

// block reads a text in braces, which must be commands.
func (p *parser) block() (*block, error) {
	open := p.take()
	if p.peek().kind == tokenSemicolon {
		return nil, unexpected(p.peek())
	}
	all, err := p.statements(true)
	if err != nil {
		return nil, err
	}
	end := p.take()
	if end.kind != tokenClose || len(all) == 0 {
		p.ahead = &end
		return nil, unexpected(end)
	}
	text := strings.ReplaceAll(p.lex.text[open.end:end.start], string(rune(skipped)), "")
	return &block{text: text, line: open.line}, nil
}

func (p *parser) choice() (command, error) {
	var c choice
	for {
		condition, _, err := p.group("then")
		if err != nil {
			return nil, err
		}
		body, word, err := p.group("elif", "else", "fi")
		if err != nil {
			return nil, err
		}
		c.branches = append(c.branches, branch{condition, body})
		switch word {
		case "else":
			c.otherwise, _, err = p.group("fi")
			return c, err
		case "fi":
			return c, nil
		}
	}
}

func (p *parser) loop(t token) (command, error) {
	condition, _, err := p.group("do")
	if err != nil {
		return nil, err
	}
	body, _, err := p.group("done")
	return loop{condition, body, t.text() == "until", t.line}, err
}

func (p *parser) each(t token) (command, error) {
	e := each{line: t.line}
	name := p.take()
	if e.name = name.text(); e.name == "" {
		p.ahead = &name
		return nil, unexpected(name)
	}
	if in := p.take(); in.text() != "in" {
		p.ahead = &in
		return nil, unexpected(in)
	}
	for p.peek().kind == tokenWord {
		e.words = append(e.words, p.take())
	}
	if t := p.peek(); t.kind != tokenSemicolon && t.kind != tokenNewline {
		return nil, unexpected(t)
	}
	p.take()
	for p.peek().kind == tokenNewline {
		p.take()
	}
	if do := p.take(); do.text() != "do" {
		p.ahead = &do
		return nil, unexpected(do)
	}
	var err error
	e.body, _, err = p.group("done")
	return e, err
}

func (p *parser) definition() (command, error) {
	name := p.take()
	if name.kind != tokenWord || name.text() == "" || reserved(name.text()) {
		p.ahead = &name
		return nil, unexpected(name)
	}
	for p.peek().kind == tokenNewline {
		p.take()
	}
	if open := p.take(); open.kind != tokenOpen {
		p.ahead = &open
		return nil, unexpected(open)
	}
	body, _, err := p.group("}")
	return definition{name.text(), body}, err
}
