package nix

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// rule recognises one error by nix's words.
type rule struct {
	kind  Kind
	match *regexp.Regexp
	// say fills in the rest from what the groups caught; text is everything.
	say func(e *Error, group []string, text string)
}

// rules are tried in order: the special before the general.
var rules = slices.Concat(packageRules(), moduleRules(), buildRules(), storeRules(), networkRules(), languageRules())

// classify turns nix's words into an error for people.
func classify(m message) *Error {
	if e := classifyKnown(m); e != nil {
		return e
	}
	e := &Error{Kind: KindEvaluation, Raw: m.text, File: m.file, Line: m.line}
	if text := strings.TrimSpace(m.text); text == "" {
		e.Text = "Nix failed without saying why."
	} else {
		e.Text = capital(text)
	}
	return e
}

// classifyKnown is nil for what no rule knows.
func classifyKnown(m message) *Error {
	text := lastError(m.text)
	for _, r := range rules {
		group := r.match.FindStringSubmatch(text)
		if group == nil {
			continue
		}
		e := &Error{Kind: r.kind, Raw: m.text, File: m.file, Line: m.line}
		if e.File == "" {
			e.File, e.Line = position(text)
		}
		r.say(e, group, text)
		return e
	}
	return nil
}

// lastError takes the trace before the last "error:" away, which plain output
// has.
func lastError(text string) string {
	if i := strings.LastIndex("\n"+text, "\nerror:"); i >= 0 {
		if last := strings.TrimSpace(("\n" + text)[i+len("\nerror:"):]); last != "" {
			text = last
		}
	}
	// In a trace the last error is indented: "       error: …".
	if m := indentedError.FindAllStringIndex(text, -1); m != nil {
		if last := strings.TrimSpace(text[m[len(m)-1][1]:]); last != "" {
			text = last
		}
	}
	return strings.TrimSpace(strings.ReplaceAll(text, "\n       ", "\n"))
}

var indentedError = regexp.MustCompile(`(?m)^ +error: `)

// sourcePlace is "at FILE:LINE:COLUMN:" in plain output.
var sourcePlace = regexp.MustCompile(`(?m)^\s*at (\S[^\n]*?):(\d{1,9}):\d{1,9}:?\s*$`)

func position(text string) (string, int) {
	m := sourcePlace.FindStringSubmatch(text)
	if m == nil {
		return "", 0
	}
	line, err := strconv.Atoi(m[2])
	if err != nil {
		return "", 0
	}
	return m[1], line
}

// at is " (FILE:LINE)" or nothing.
func (e *Error) at() string {
	switch {
	case e.File == "":
		return ""
	case e.Line == 0:
		return " (" + inSource(e.File) + ")"
	}
	return fmt.Sprintf(" (%s:%d)", inSource(e.File), e.Line)
}

// inSource takes the store path of a flake's source away, which says nothing
// to a person.
func inSource(file string) string { return sourceDir.ReplaceAllString(file, "") }

var sourceDir = regexp.MustCompile(`^/\S*/[0-9a-z]{32}-source/`)

func capital(text string) string {
	if text == "" || text[0] < 'a' || text[0] > 'z' {
		return text
	}
	return string(text[0]-'a'+'A') + text[1:]
}

// bullets are the lines that begin with mark, with what is indented below
// them.
func bullets(text, mark string) []string {
	var all []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if rest, ok := strings.CutPrefix(strings.TrimLeft(line, " "), mark); ok {
			all = append(all, strings.TrimSpace(rest))
		} else if len(all) > 0 {
			if strings.TrimSpace(line) == "" {
				break
			}
			all[len(all)-1] += "\n" + line
		}
	}
	return all
}

// quoted cuts the named things out of "`a', `b' or `c'".
func quoted(text string) []string {
	var all []string
	for _, m := range quotes.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

var quotes = regexp.MustCompile("[`'‘]([^`'‘’\n]+)['’]")

// either joins names as a person would.
func either(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}
