package cli

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// printFound is a search for people. Notes go to standard error.
func (a *app) printFound(r found) error {
	for _, note := range r.Notes {
		fmt.Fprintln(a.Stderr, plain(note))
	}
	if len(r.Results) == 0 {
		fmt.Fprintf(a.Stdout, "Nothing in %s has %s.\n", r.source(), quote(r.Query))
		if len(r.Near) > 0 {
			fmt.Fprintf(a.Stdout, "Did you mean %s?\n", plain(strings.Join(r.Near, ", ")))
		}
		return nil
	}
	// The option that was named is shown whole.
	if first := r.Results[0]; first.Option != nil && strings.EqualFold(first.Name, r.Query) {
		printOption(a.Stdout, first)
		r.Results = r.Results[1:]
	}
	width := 0
	if columns, ok := terminalWidth(a.Stdout); ok {
		width = columns()
	}
	if err := printHits(a.Stdout, r.Results, width); err != nil {
		return err
	}
	_, err := fmt.Fprintf(a.Stdout, "\nFrom %s.\n", r.source())
	return err
}

// source names what was searched.
func (r found) source() string {
	switch {
	case r.BuiltIn:
		return "the small list inside the program"
	case r.Distribution == "debian":
		return "Debian " + r.Release + " of " + date(r.Date)
	}
	s := r.Channel
	if r.Revision != "" {
		s += ", revision " + r.Revision[:min(12, len(r.Revision))]
	}
	return s + ", fetched " + r.Date.UTC().Format("2006-01-02")
}

// printHits is a table; on a terminal of a width, summaries are cut to fit.
func printHits(out io.Writer, hits []hit, width int) error {
	var lines strings.Builder
	w := table(&lines)
	sizes := false
	for _, h := range hits {
		sizes = sizes || h.Installed > 0
	}
	for _, h := range hits {
		fmt.Fprintf(w, "%s\t%s\t", plain(h.Name), plain(h.version()))
		if sizes {
			fmt.Fprintf(w, "%s\t", size(h.Installed))
		}
		fmt.Fprintf(w, "%s\n", plain(h.summary()))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(lines.String()) {
		line = strings.TrimRight(line, "\n ")
		if width > 0 && utf8.RuneCountInString(line) > width {
			line = string([]rune(line)[:width-1]) + "…"
		}
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return nil
}

// version is a package's version or an option's type.
func (h hit) version() string {
	if h.Option != nil {
		return h.Option.Type
	}
	return cmp.Or(h.Version, "-")
}

// summary has the marks before the text.
func (h hit) summary() string {
	s := h.Summary
	if s == "" && h.Command != "" {
		s = "the command " + h.Command
	}
	if marks := h.marks(); len(marks) > 0 {
		s = "[" + strings.Join(marks, ", ") + "] " + s
	}
	return s
}

// printOption shows everything of an option.
func printOption(out io.Writer, h hit) {
	o := h.Option
	fmt.Fprintf(out, "%s\n", plain(o.Name))
	indented(out, "  ", o.Description)
	for _, part := range []struct{ head, text string }{
		{"Type", o.Type}, {"Default", o.Default}, {"Example", o.Example}, {"Declared in", strings.Join(o.Declarations, "\n")},
	} {
		if part.text != "" {
			fmt.Fprintf(out, "  %s:\n", part.head)
			indented(out, "    ", part.text)
		}
	}
	fmt.Fprintln(out)
}

// indented writes a text of several lines behind a margin.
func indented(out io.Writer, margin, text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintf(out, "%s%s\n", margin, plain(strings.TrimRight(line, "\n")))
	}
}

// firstSentence is the beginning of a description, on one line.
func firstSentence(s string) string {
	s, _, _ = strings.Cut(s, "\n\n")
	s = strings.Join(strings.Fields(s), " ")
	if i := strings.Index(s, ". "); i > 0 {
		s = s[:i+1]
	}
	return s
}
