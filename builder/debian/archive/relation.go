package archive

import "strings"

// relation is one alternative of a field such as Depends:
// name[:arch] [(operator version)].
type relation struct {
	Name, Op, Version string
}

// parseRelations reads a relation field (deb-control(5)) into groups of
// alternatives. Architecture lists and build profiles do not occur in binary
// packages and are passed over.
func parseRelations(field string) [][]relation {
	var out [][]relation
	for group := range strings.SplitSeq(field, ",") {
		var alternatives []relation
		for text := range strings.SplitSeq(group, "|") {
			if r := parseRelation(text); r.Name != "" {
				alternatives = append(alternatives, r)
			}
		}
		if len(alternatives) > 0 {
			out = append(out, alternatives)
		}
	}
	return out
}

func parseRelation(text string) relation {
	var r relation
	text = strings.TrimSpace(text)
	end := strings.IndexAny(text, " \t\n([<:")
	if end < 0 {
		return relation{Name: text}
	}
	r.Name = text[:end]
	_, inner, ok := strings.Cut(text[end:], "(")
	if !ok {
		return r
	}
	inner, _, _ = strings.Cut(inner, ")")
	inner = strings.TrimSpace(inner)
	i := 0
	for i < len(inner) && strings.IndexByte("<>=", inner[i]) >= 0 {
		i++
	}
	r.Op, r.Version = inner[:i], strings.TrimSpace(inner[i:])
	return r
}

// allows tells whether a version satisfies the relation. "<" and ">" are old
// spellings of "<=" and ">=".
func (r relation) allows(version string) bool {
	if r.Op == "" {
		return true
	}
	c := Compare(version, r.Version)
	switch r.Op {
	case "<<":
		return c < 0
	case "<=", "<":
		return c <= 0
	case "=":
		return c == 0
	case ">=", ">":
		return c >= 0
	case ">>":
		return c > 0
	}
	return false
}

// allowsProvided is allows for a provided name, where a version may be
// missing: then only a relation without a version is satisfied.
func (r relation) allowsProvided(version string) bool {
	return r.Op == "" || version != "" && r.allows(version)
}

// String writes the relation as Debian does.
func (r relation) String() string {
	if r.Op == "" {
		return r.Name
	}
	return r.Name + " (" + r.Op + " " + r.Version + ")"
}

// Needs are the names of all packages that the record's dependencies mention.
func (r *Record) Needs() []string {
	return append(names(r.PreDepends), names(r.Depends)...)
}

// Offers are the names that the record provides besides its own.
func (r *Record) Offers() []string { return names(r.Provides) }

func names(field string) []string {
	var out []string
	for _, group := range parseRelations(field) {
		for _, rel := range group {
			out = append(out, rel.Name)
		}
	}
	return out
}
