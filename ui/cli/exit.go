package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/opener"
	"github.com/isowright/isowright/internal/vm"
	"github.com/isowright/isowright/ui/flashing"
)

// The exit codes.
const (
	codeDone      = 0
	codeFailed    = 1   // something failed on the way
	codeUsage     = 2   // the command line is wrong
	codeProblems  = 3   // the design has problems
	codeRefused   = 4   // refused for safety
	codeCancelled = 130 // Ctrl-C: 128 + SIGINT, as shells count
)

// exitCodes is the table for the manual.
var exitCodes = []struct {
	code int
	text string
}{
	{codeDone, "Done."},
	{codeFailed, "Something failed; standard error says what, why and what to do."},
	{codeUsage, "The command line is wrong."},
	{codeProblems, "The design has problems; each is named with its field and the way out."},
	{codeRefused, "Refused for safety, such as overwriting a file without --force."},
	{codeCancelled, "Cancelled by Ctrl-C, SIGTERM or SIGHUP."},
}

// usageError is a wrong command line.
type usageError struct{ text, hint string }

func (e *usageError) Error() string { return e.text }

// refusedError is something that would destroy what is there.
type refusedError struct{ text, hint string }

func (e *refusedError) Error() string { return e.text }

// hintedError is a failure with a way out.
type hintedError struct {
	err  error
	hint string
}

func (e *hintedError) Error() string { return e.err.Error() }
func (e *hintedError) Unwrap() error { return e.err }

// designError is a design that cannot be used.
type designError struct {
	file     string
	problems design.Problems
}

func (e *designError) Error() string { return e.file + ": " + e.problems.Error() }

// errDifferent is the end of diff --exit-code.
var errDifferent = errors.New("different")

// failure is an error as people and programs are told of it.
type failure struct {
	Code int    `json:"code"`
	Step string `json:"step,omitempty"`
	Text string `json:"text"`
	Hint string `json:"hint,omitempty"`
	// Tail are the last lines of a program that failed.
	Tail     string           `json:"tail,omitempty"`
	File     string           `json:"file,omitempty"`
	Problems []design.Problem `json:"problems,omitempty"`
}

// fail tells of an error, the one place that does, and gives the exit code.
func (a *app) fail(ctx context.Context, err error) int {
	if errors.Is(err, errDifferent) {
		return codeFailed
	}
	f := describe(err)
	if ctx.Err() != nil {
		f = failure{Code: codeCancelled, Step: f.Step, Text: "cancelled"}
	}
	if a.json {
		a.printJSON(map[string]failure{"error": f})
	} else {
		f.print(a.Stderr)
	}
	return f.Code
}

// describe finds in an error's chain what people need to know.
func describe(err error) failure {
	f := failure{Code: codeFailed, Text: err.Error()}
	var step *builder.StepError
	if errors.As(err, &step) {
		f.Step, f.Hint, f.Tail = step.Step, step.Hint, strings.TrimRight(step.Tail, "\n")
		f.Text = step.Err.Error()
	}
	var (
		usage     *usageError
		refused   *refusedError
		hinted    *hintedError
		inDesign  *designError
		boot      *bootError
		missing   *vm.MissingError
		pathError *fs.PathError
		advised   interface{ Hint() string }
	)
	problems := designProblems(err)
	switch {
	case errors.As(err, &usage):
		f.Code, f.Hint = codeUsage, usage.hint
		if f.Hint == "" {
			f.Hint = "`isowright --help` names the commands, `isowright COMMAND --help` their options."
		}
	case errors.As(err, &refused):
		f.Code, f.Hint = codeRefused, refused.hint
	case errors.As(err, &inDesign):
		f.setProblems(inDesign.file, inDesign.problems)
	case len(problems) > 0:
		f.setProblems("", problems)
	case errors.As(err, &boot):
		f.Hint, f.Tail = boot.hint, boot.tail
	case errors.As(err, &missing) && missing.Command != "":
		f.Text, f.Hint = missing.What+" is not installed", "Install it with: "+missing.Command
	case errors.As(err, &hinted):
		f.Hint = hinted.hint
	case errors.As(err, &advised):
		f.Code, f.Hint = driveCode(err), advised.Hint()
	case errors.As(err, &pathError) && f.Hint == "":
		f.Hint = pathHint(pathError)
	}
	return f
}

// driveCode is the exit code of what went wrong with a drive.
func driveCode(err error) int {
	for _, refused := range []opener.Problem{opener.SystemDisk, opener.Changed} {
		if opener.Is(err, refused) {
			return codeRefused
		}
	}
	if flashing.Refused(err) || flash.IsKind(err, flash.NotTheOne) || flash.IsKind(err, flash.TooSmall) {
		return codeRefused
	}
	return codeFailed
}

func (f *failure) setProblems(file string, problems design.Problems) {
	f.Code, f.File, f.Problems, f.Hint = codeProblems, file, problems, ""
	if file == "" {
		file = "the design"
	}
	f.Text = fmt.Sprintf("%s has %s", file, count(len(problems), "problem"))
}

// designProblems finds what an error says of the design.
func designProblems(err error) design.Problems {
	var (
		problems design.Problems
		unknown  *catalog.UnknownError
		conflict *catalog.ConflictError
	)
	switch {
	case errors.As(err, &problems):
		return problems
	case errors.As(err, &unknown):
		return unknownProblems(unknown)
	case errors.As(err, &conflict):
		return conflictProblems(conflict)
	}
	return nil
}

// unknownProblems is for packages that no archive has.
func unknownProblems(e *catalog.UnknownError) design.Problems {
	var ps design.Problems
	for _, u := range e.Unknown {
		p := design.Problem{Field: "packages", Text: "there is no package " + u.Name}
		switch {
		case len(u.Providers) > 0:
			p.Hint = "it is provided by " + strings.Join(u.Providers, ", ")
		case len(u.Near) > 0:
			p.Hint = "did you mean " + strings.Join(u.Near, ", ") + "?"
		default:
			p.Hint = "remove it, or add the component that holds it to archive.components"
		}
		ps = append(ps, p)
	}
	return ps
}

// conflictProblems is for packages that exclude each other.
func conflictProblems(e *catalog.ConflictError) design.Problems {
	var ps design.Problems
	for _, reason := range e.Reasons {
		ps = append(ps, design.Problem{Field: "packages", Text: reason, Hint: "keep only one of the two"})
	}
	return ps
}

// pathHint is the way out of the commonest troubles with files.
func pathHint(e *fs.PathError) string {
	switch {
	case errors.Is(e, fs.ErrNotExist) && filepath.Ext(e.Path) == designSuffix:
		return "Check the path, or begin with: isowright new " + e.Path
	case errors.Is(e, fs.ErrNotExist):
		return "Check the path."
	case errors.Is(e, fs.ErrPermission):
		return "Give yourself access to the file, or run the command as its owner."
	}
	return ""
}

// print writes the failure for people.
func (f failure) print(w io.Writer) {
	text := f.Text
	if f.Step != "" {
		text = f.Step + ": " + text
	}
	if len(f.Problems) > 0 {
		fmt.Fprintf(w, "isowright: %s:\n", text)
	} else {
		fmt.Fprintf(w, "isowright: %s\n", text)
	}
	for _, p := range f.Problems {
		fmt.Fprintln(w, problemLine(f.File, p))
		if p.Hint != "" {
			fmt.Fprintf(w, "    %s\n", p.Hint)
		}
	}
	if f.Tail != "" {
		fmt.Fprintln(w, "The last lines before that:")
		fmt.Fprintln(w, indent(f.Tail, "    "))
	}
	if f.Hint != "" {
		fmt.Fprintf(w, "What to do: %s\n", f.Hint)
	}
}

// problemLine is FILE:LINE: field: text, which editors can jump to.
func problemLine(file string, p design.Problem) string {
	var parts []string
	switch {
	case file != "" && p.Line > 0:
		parts = append(parts, file+":"+strconv.Itoa(p.Line))
	case file != "":
		parts = append(parts, file)
	case p.Line > 0:
		parts = append(parts, "line "+strconv.Itoa(p.Line))
	}
	if p.Field != "" {
		parts = append(parts, p.Field)
	}
	return strings.Join(append(parts, p.Text), ": ")
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(text, "\n", "\n"+by)
}
