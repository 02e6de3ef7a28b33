// Package groups reads the program's own lists of packages that people look
// for, by group: "Disks and partitions", "Editors" …
package groups

import (
	"iter"
	"strings"
)

// Line is one package of a list.
type Line struct {
	Name string
	// Group is the title above it.
	Group string
	// Liked is what people want most.
	Liked bool
	// Command is its program, where that has another name.
	Command string
	// Unfree and Insecure are what the distribution says of it.
	Unfree, Insecure bool
	// Keywords find the package as if they were its name.
	Keywords []string
	// Summary may be empty where the distribution has a better one.
	Summary string
}

// Boost lifts the package in searches, as search.Item says.
func (l Line) Boost() int {
	if l.Liked {
		return 3
	}
	return 2
}

// Read reads a list: lines "# GROUP" and below each "NAME SUMMARY", with "*"
// before what people want most. Before the summary may stand the command in
// "()" where that has another name, flags in "[]" ("unfree", "insecure") and
// keywords in "{}", in this order. Empty lines count for nothing.
func Read(text string) iter.Seq[Line] {
	return func(yield func(Line) bool) {
		group := ""
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if title, ok := strings.CutPrefix(line, "#"); ok {
				group = strings.TrimSpace(title)
				continue
			}
			if line != "" && !yield(read(line, group)) {
				return
			}
		}
	}
}

// ByName is a list for looking up.
func ByName(text string) map[string]Line {
	m := map[string]Line{}
	for l := range Read(text) {
		m[l.Name] = l
	}
	return m
}

func read(line, group string) Line {
	l := Line{Group: group}
	line, l.Liked = strings.CutPrefix(line, "*")
	l.Name, line, _ = strings.Cut(line, " ")
	l.Command, line = between(line, "(", ")")
	flags, line := between(line, "[", "]")
	for flag := range strings.FieldsSeq(flags) {
		l.Unfree = l.Unfree || flag == "unfree"
		l.Insecure = l.Insecure || flag == "insecure"
	}
	keywords, line := between(line, "{", "}")
	l.Keywords = strings.Fields(keywords)
	l.Summary = line
	return l
}

// between takes what stands between two signs at the beginning.
func between(line, begin, end string) (inside, rest string) {
	if after, ok := strings.CutPrefix(line, begin); ok {
		if inside, rest, ok := strings.Cut(after, end); ok {
			return inside, strings.TrimSpace(rest)
		}
	}
	return "", line
}
