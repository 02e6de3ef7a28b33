package source

import (
	"strconv"
	"strings"
)

// line is one line of Nix with the design's field that it comes from.
type line struct{ text, field string }

// expr is a Nix expression.
type expr struct {
	lines []line
	// atom: it can be a function's argument without parentheses.
	atom bool
}

// code is an expression in Nix's own words.
func code(s string) expr {
	var e expr
	for l := range strings.SplitSeq(s, "\n") {
		e.lines = append(e.lines, line{text: l})
	}
	e.atom = !strings.ContainsAny(s, " \n")
	return e
}

func boolean(b bool) expr { return expr{[]line{{text: strconv.FormatBool(b)}}, true} }

func integer(n int) expr {
	e := expr{[]line{{text: strconv.Itoa(n)}}, n >= 0}
	return e
}

// text is a string, over several lines where that can be read better.
func text(s string) expr {
	if !strings.Contains(strings.TrimSuffix(s, "\n"), "\n") && len(s) < 100 || !indentable(s) {
		return expr{[]line{{text: quoted(s)}}, true}
	}
	e := expr{lines: []line{{text: "''"}}, atom: true}
	lines := indented(s)
	for i, l := range lines {
		last := i == len(lines)-1
		switch {
		case last && l == "":
			e.lines = append(e.lines, line{text: "''"})
		case last:
			e.lines = append(e.lines, line{text: "  " + l + "''"})
		case l == "":
			e.lines = append(e.lines, line{})
		default:
			e.lines = append(e.lines, line{text: "  " + l})
		}
	}
	return e
}

// list is a list of expressions, one a line.
func list(items ...expr) expr {
	if len(items) == 0 {
		return expr{[]line{{text: "[ ]"}}, true}
	}
	if one := items[0]; len(items) == 1 && one.atom && len(one.lines) == 1 && len(one.lines[0].text) < 70 {
		return one.wrap("[ ", " ]", true)
	}
	e := expr{lines: []line{{text: "["}}, atom: true}
	for _, item := range items {
		if !item.atom {
			item = item.parenthesised()
		}
		e.lines = append(e.lines, item.indent()...)
	}
	e.lines = append(e.lines, line{text: "]"})
	return e
}

// words is a list of strings.
func words(field string, all []string) expr {
	items := make([]expr, len(all))
	for i, w := range all {
		items[i] = text(w).of(element(field, i))
	}
	return list(items...)
}

// pair is an attribute of a set.
type pair struct {
	name  []string
	value expr
}

// attrs is a set of attributes in the order given.
func attrs(pairs ...pair) expr {
	if len(pairs) == 0 {
		return expr{[]line{{text: "{ }"}}, true}
	}
	e := expr{lines: []line{{text: "{"}}, atom: true}
	for _, p := range pairs {
		e.lines = append(e.lines, p.value.assigned(attrPath(p.name)).indent()...)
	}
	e.lines = append(e.lines, line{text: "}"})
	return e
}

// at makes a pair; dots separate names in static, the rest are names as they
// are.
func at(static string, value expr) pair { return pair{strings.Split(static, "."), value} }

// of says which field all lines come from that have none yet.
func (e expr) of(field string) expr {
	out := expr{lines: make([]line, len(e.lines)), atom: e.atom}
	for i, l := range e.lines {
		if l.field == "" {
			l.field = field
		}
		out.lines[i] = l
	}
	return out
}

// indent moves an expression to the right.
func (e expr) indent() []line {
	out := make([]line, len(e.lines))
	for i, l := range e.lines {
		if l.text != "" {
			l.text = "  " + l.text
		}
		out[i] = l
	}
	return out
}

func (e expr) parenthesised() expr { return e.wrap("(", ")", true) }

// apply calls a function with the expression.
func (e expr) apply(function string) expr {
	if !e.atom {
		e = e.parenthesised()
	}
	return e.wrap(function+" ", "", false)
}

// assigned writes "name = expression;".
func (e expr) assigned(name string) expr { return e.wrap(name+" = ", ";", false) }

// wrap puts words before the first and behind the last line.
func (e expr) wrap(before, after string, atom bool) expr {
	out := expr{lines: append([]line(nil), e.lines...), atom: atom}
	out.lines[0].text = before + out.lines[0].text
	last := len(out.lines) - 1
	out.lines[last].text += after
	return out
}

// element names an element of a list field.
func element(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }
