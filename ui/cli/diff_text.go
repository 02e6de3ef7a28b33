package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/isowright/isowright/builder/diff"
)

// mostFiles are listed without --all.
const mostFiles = 50

// printDiff is a comparison for people.
func printDiff(out io.Writer, r diff.Result, all bool) error {
	if r.Same() {
		text := "no difference"
		if r.OnlyDates > 0 {
			text += fmt.Sprintf(" but the dates of %s", count(r.OnlyDates, "file"))
		}
		_, err := fmt.Fprintln(out, text)
		return err
	}
	w := &sections{out: out}
	w.settings(r.Settings)
	w.packages(r.Packages)
	w.sizes(r.Sizes)
	w.files(r.Files, all)
	if r.OnlyDates > 0 {
		w.print("%s differ in their date alone\n", count(r.OnlyDates, "file"))
	}
	return w.err
}

// sections writes titled parts with an empty line between them and keeps the
// first error.
type sections struct {
	out   io.Writer
	begun bool
	err   error
}

func (s *sections) print(format string, values ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.out, format, values...)
	}
}

func (s *sections) title(format string, values ...any) {
	if s.begun {
		s.print("\n")
	}
	s.begun = true
	s.print(format+"\n", values...)
}

func (s *sections) settings(list []diff.Setting) {
	if len(list) == 0 {
		return
	}
	s.title("Settings")
	for _, x := range list {
		s.print("  %s: %s -> %s\n", plain(x.Field), settingText(x.Old, x.Secret), settingText(x.New, x.Secret))
	}
}

func settingText(value any, secret bool) string {
	if value == nil {
		return "(absent)"
	}
	if secret {
		return "(a secret)"
	}
	var text strings.Builder
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return plain(fmt.Sprint(value))
	}
	return strings.TrimSpace(text.String())
}

func (s *sections) packages(list []diff.Package) {
	if len(list) == 0 {
		return
	}
	counts := map[string]int{}
	for _, p := range list {
		counts[p.Change]++
	}
	s.title("Packages: %s", countsText(counts))
	w := table(s)
	for _, p := range list {
		sizes := ""
		if p.OldSize != p.NewSize {
			sizes = change(p.NewSize - p.OldSize)
		}
		versions := plain(p.Old + p.New) // one of them is empty
		if p.Change == diff.Changed {
			versions = plain(p.Old) + " -> " + plain(p.New)
		}
		fmt.Fprintf(w, "  %s %s\t%s\t%s\n", mark(p.Change), plain(p.Name), versions, sizes)
	}
	w.Flush()
}

// Write lets a table write into the sections.
func (s *sections) Write(b []byte) (int, error) {
	s.print("%s", b)
	return len(b), s.err
}

func (s *sections) sizes(list []diff.Size) {
	if len(list) == 0 {
		return
	}
	s.title("Sizes")
	w := table(s)
	for _, x := range list {
		fmt.Fprintf(w, "  %s\t%s -> %s\t%s\n", x.Of, size(x.Old), size(x.New), change(x.New-x.Old))
	}
	w.Flush()
}

func (s *sections) files(list []diff.File, all bool) {
	if len(list) == 0 {
		return
	}
	counts := map[string]int{}
	for _, f := range list {
		counts[f.Change]++
	}
	s.title("Files: %s", countsText(counts))
	hidden := 0
	if !all && len(list) > mostFiles {
		hidden = len(list) - mostFiles
		list = list[:mostFiles]
	}
	w := table(s)
	for _, f := range list {
		sizes := ""
		if f.OldSize != f.NewSize {
			sizes = change(f.NewSize - f.OldSize)
		}
		fmt.Fprintf(w, "  %s %s\t%s\t%s\t%s\n", mark(f.Change), f.Where, plain(f.Path), strings.Join(f.What, ", "), sizes)
	}
	w.Flush()
	if hidden > 0 {
		s.print("  and %s (all: --all)\n", count(hidden, "more file"))
	}
}

// mark is how a change is marked in front of its line.
func mark(change string) string {
	switch change {
	case diff.Added:
		return "+"
	case diff.Removed:
		return "-"
	}
	return "~"
}

func countsText(counts map[string]int) string {
	return fmt.Sprintf("%d added, %d removed, %d changed", counts[diff.Added], counts[diff.Removed], counts[diff.Changed])
}
