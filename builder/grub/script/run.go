package script

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
)

// Ways in which a command ends more than itself.
type (
	broken   struct{ levels int }
	skippedN struct{ levels int } // continue
	returned struct{ status bool }
	// shown: a menu of another file is on the screen.
	shown struct{}
	// ended: the computer does something else than reading on.
	ended struct{ how string }
)

func (broken) Error() string   { return "break" }
func (skippedN) Error() string { return "continue" }
func (returned) Error() string { return "return" }
func (shown) Error() string    { return "configfile" }
func (e ended) Error() string  { return e.how }

// runFile runs a file's lines in the present context.
func (m *Machine) runFile(name, text string) error {
	file, scope := m.file, m.scope
	m.file, m.scope = "/"+name, nil
	err := m.runText(text, 1)
	m.file, m.scope = file, scope
	var done ended
	if errors.As(err, new(shown)) || errors.As(err, &done) {
		return nil
	}
	return err
}

// runText runs lines one after another; first is the number of the first.
func (m *Machine) runText(text string, first int) error {
	if m.depth++; m.depth > maxDepth {
		m.depth--
		return m.stop("files, functions and submenus within each other, more than %d deep", maxDepth)
	}
	defer func() { m.depth-- }()
	p := newParser(text, first)
	for {
		commands, done, err := p.line()
		if err != nil {
			var at syntaxError
			if errors.As(err, &at) {
				m.warnAt(at.line, "GRUB leaves the line out", "syntax error: "+at.text)
			}
			m.print("error: syntax error.\n")
			if m.steps++; m.steps > maxSteps {
				return m.stop("more than %d commands", maxSteps)
			}
			continue
		}
		if done {
			return nil
		}
		if _, err := m.runAll(commands); err != nil && !isControl(err) {
			return err
		}
	}
}

// isControl says whether break and the like came where nothing takes them.
func isControl(err error) bool {
	switch err.(type) {
	case broken, skippedN:
		return true
	}
	return false
}

func (m *Machine) runAll(commands []command) (bool, error) {
	status := true
	for _, c := range commands {
		var err error
		if status, err = m.run(c); err != nil {
			return status, err
		}
	}
	return status, nil
}

// run runs one command; status is whether it worked.
func (m *Machine) run(c command) (status bool, err error) {
	if m.steps++; m.steps > maxSteps {
		return false, m.stop("more than %d commands", maxSteps)
	}
	switch c := c.(type) {
	case simple:
		m.line = c.line
		status, err = m.runSimple(c)
		if c.negate {
			status = !status
		}
	case choice:
		status, err = m.runChoice(c)
	case loop:
		m.line = c.line
		status, err = m.runLoop(c)
	case each:
		m.line = c.line
		status, err = m.runEach(c)
	case definition:
		m.functions[c.name] = function{body: c.body, file: m.file}
		if len(m.functions) > maxVariables {
			return false, m.stop("more than %d functions", maxVariables)
		}
		status = true
	}
	m.status(status)
	return status, err
}

// status keeps $?; numbers other than 0 and 1 say nothing more to a script.
func (m *Machine) status(ok bool) {
	value := "1"
	if ok {
		value = "0"
	}
	m.menu().variables["?"] = variable{value: value}
}

func (m *Machine) runChoice(c choice) (bool, error) {
	for _, b := range c.branches {
		ok, err := m.runAll(b.condition)
		if err != nil {
			return false, err
		}
		if ok {
			return m.runAll(b.body)
		}
	}
	if c.otherwise != nil {
		return m.runAll(c.otherwise)
	}
	return true, nil
}

func (m *Machine) runLoop(c loop) (bool, error) {
	m.loops++
	defer func() { m.loops-- }()
	for {
		ok, err := m.runAll(c.condition)
		if err != nil {
			return false, err
		}
		if ok == c.until {
			return ok, nil
		}
		_, err = m.runAll(c.body)
		if leave, err := leaves(err); leave || err != nil {
			return true, err
		}
	}
}

func (m *Machine) runEach(c each) (bool, error) {
	words, err := m.expand(c.words)
	if err != nil {
		return false, err
	}
	m.loops++
	defer func() { m.loops-- }()
	status := true
	for _, word := range words {
		if err := m.set(c.name, word); err != nil {
			return false, err
		}
		var err error
		status, err = m.runAll(c.body)
		if leave, err := leaves(err); leave || err != nil {
			return true, err
		}
	}
	return status, nil
}

// leaves takes what ended a loop's body: whether the loop ends, and what goes
// on to the loop around it.
func leaves(err error) (bool, error) {
	switch e := err.(type) {
	case broken:
		if e.levels > 1 {
			return true, broken{e.levels - 1}
		}
		return true, nil
	case skippedN:
		if e.levels > 1 {
			return true, skippedN{e.levels - 1}
		}
		return false, nil
	}
	return false, err
}

func (m *Machine) runSimple(c simple) (bool, error) {
	words, err := m.expand(c.words)
	if err != nil || len(words) == 0 {
		return true, err
	}
	name, args := words[0], words[1:]
	if f, ok := m.functions[name]; ok {
		return m.call(f, withBlock(args, c.block))
	}
	if name == "menuentry" || name == "submenu" {
		return m.entry(name == "submenu", args, c)
	}
	run, ok := commands(name)
	if ok {
		return run(m, withBlock(args, c.block))
	}
	if key, value, ok := strings.Cut(name, "="); ok {
		return true, m.set(key, value)
	}
	m.print("error: can't find command `" + name + "'.\n")
	switch name {
	case "hiddenentry":
		m.warn("GRUB has no such command", "hiddenentry is not a command: its entry cannot be started")
	default:
		m.warn("correct its name; GRUB goes on as if it had worked", "%s is not a command of GRUB", quoted(name))
	}
	return true, nil
}

// withBlock gives a block to a command that is none of a menu's as its last word.
func withBlock(args []string, b *block) []string {
	if b == nil {
		return args
	}
	return append(args[:len(args):len(args)], "{"+b.text+"}")
}

// call runs a function with parameters of its own.
func (m *Machine) call(f function, args []string) (bool, error) {
	if m.depth++; m.depth > maxDepth {
		m.depth--
		return false, m.stop("functions within functions, more than %d deep", maxDepth)
	}
	scope, file, loops := m.scope, m.file, m.loops
	if args == nil {
		args = []string{}
	}
	m.scope, m.file, m.loops = args, f.file, 0
	m.inner++
	status, err := m.runAll(f.body)
	m.inner--
	m.depth--
	m.scope, m.file, m.loops = scope, file, loops
	if r, ok := err.(returned); ok {
		return r.status, nil
	}
	return status, err
}

// expand turns words with variables into the words that a command gets.
func (m *Machine) expand(tokens []token) ([]string, error) {
	var words []string
	for _, t := range tokens {
		e := expansion{}
		for _, p := range t.parts {
			m.expandPart(&e, p)
		}
		e.end()
		for _, w := range e.words {
			if m.bytes += len(w.text) + 1; m.bytes > maxExpanded {
				return nil, m.stop("words of more than %d bytes", maxExpanded)
			}
			words = append(words, m.glob(w)...)
		}
	}
	return words, nil
}

// expansion is one word of the script on its way to the words it becomes.
type expansion struct {
	words []expanded
	now   expanded
	any   bool // now is a word even if it is empty
}

// expanded is a word and, if it holds a wildcard, what file names must match.
type expanded struct{ text, pattern string }

func (e *expansion) end() {
	if e.any {
		e.words = append(e.words, e.now)
	}
	e.now, e.any = expanded{}, false
}

// add puts letters behind the word; quoted ones are no wildcards.
func (e *expansion) add(s string, quoted bool) {
	e.any = true
	e.now.text += s
	if quoted && strings.ContainsAny(s, `\*?[`) {
		s = strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(s)
	}
	e.now.pattern += s
}

// split adds an unquoted variable's value: blanks in it part words.
func (e *expansion) split(s string) {
	for i := 0; i < len(s); {
		n := strings.IndexAny(s[i:], " \t\n")
		switch {
		case n < 0:
			e.add(s[i:], false)
			return
		case n > 0:
			e.add(s[i:i+n], false)
		}
		e.end()
		i += n + 1
	}
}

func (m *Machine) expandPart(e *expansion, p part) {
	switch {
	case !p.variable:
		e.add(p.text, p.quoted)
	case p.text == "@" && p.quoted, p.text == "*" && !p.quoted, p.text == "@":
		for i, value := range m.scope {
			if i > 0 {
				e.end()
			}
			if p.quoted {
				e.add(value, true)
			} else {
				e.split(value)
			}
		}
	case p.quoted:
		e.add(m.value(p.text), true)
	default:
		e.split(m.value(p.text))
	}
}

// value is what $name stands for.
func (m *Machine) value(name string) string {
	switch name {
	case "#":
		if m.scope == nil {
			return ""
		}
		return strconv.Itoa(len(m.scope))
	case "*":
		return strings.Join(m.scope, " ")
	}
	if n, err := strconv.Atoi(name); err == nil {
		if n >= 1 && n <= len(m.scope) {
			return m.scope[n-1]
		}
		return ""
	}
	return m.get(name)
}

// source runs another file's lines here.
func (m *Machine) source(args []string) (bool, error) {
	if len(args) != 1 {
		return m.fail("name one file", "source needs a file")
	}
	name, text, err := m.script(args[0])
	if err != nil {
		return m.absent(args[0], err)
	}
	file, scope := m.file, m.scope
	m.file, m.scope = "/"+name, nil
	err = m.runText(text, 1)
	m.file, m.scope = file, scope
	return err == nil, err
}

// script reads a file of commands.
func (m *Machine) script(arg string) (name, text string, err error) {
	if name, err = m.name(arg); err != nil {
		return "", "", err
	}
	text, err = m.read(name)
	return name, text, err
}

// configfile shows another file's menu, in a context of its own. Where it has
// one, that is what a person sees.
func (m *Machine) configfile(args []string) (bool, error) {
	if len(args) != 1 {
		return m.fail("name one file", "configfile needs a file")
	}
	name, text, err := m.script(args[0])
	if err != nil {
		return m.absent(args[0], err)
	}
	if len(m.menus) >= maxMenus {
		return false, m.stop("menus within menus, more than %d deep", maxMenus)
	}
	next := m.push("")
	device := "(" + m.get("root") + ")"
	next.variables["config_file"] = variable{value: device + "/" + name}
	next.variables["config_directory"] = variable{value: device + path.Dir("/"+name)}
	depth := len(m.menus)
	file, scope := m.file, m.scope
	m.file, m.scope = "/"+name, nil
	err = m.runText(text, 1)
	m.file, m.scope = file, scope
	if err != nil || len(m.menus) > depth {
		return false, err
	}
	if len(next.entries) > 0 {
		return true, shown{}
	}
	m.menus = m.menus[:depth-1]
	return true, nil
}

// fail is a command's error: GRUB prints it and goes on.
func (m *Machine) fail(hint, format string, values ...any) (bool, error) {
	text := fmt.Sprintf(format, values...)
	m.print("error: " + text + ".\n")
	m.warn(hint, "%s", text)
	return false, nil
}

// missing is fail for a file.
func (m *Machine) missing(arg string, err error) (bool, error) {
	return m.fail("put the file on the medium or correct the path", "file %s: %v", quoted(arg), err)
}

// absent is a script that cannot be read: GRUB goes on as if it had been.
func (m *Machine) absent(arg string, err error) (bool, error) {
	m.warn("put the file on the medium or correct the path", "file %s: %v", quoted(arg), err)
	return true, nil
}
