package design

import "strings"

// Problem is one fault in a design.
type Problem struct {
	// Field is the path in the file ("users[0].password_hash").
	Field string `json:"field"`
	// Line in the file, 0 where unknown.
	Line int `json:"line,omitempty"`
	// Text is the reason, one sentence.
	Text string `json:"text"`
	// Hint is the way out, one sentence.
	Hint string `json:"hint,omitempty"`
}

// String is the problem on one line.
func (p Problem) String() string {
	var b strings.Builder
	if p.Field != "" {
		b.WriteString(p.Field + ": ")
	}
	b.WriteString(p.Text)
	if p.Hint != "" {
		b.WriteString(" (" + p.Hint + ")")
	}
	return b.String()
}

// Problems is the error of a design that cannot be used.
type Problems []Problem

// Error lists the problems, one a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}
