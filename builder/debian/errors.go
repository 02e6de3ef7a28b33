package debian

import (
	"errors"
	"fmt"
	"strings"

	"github.com/isowright/isowright/builder/debian/archive"
	"github.com/isowright/isowright/internal/run"
)

// withHint lets the archive's hints be found.
func withHint(err error) error {
	var failed *archive.Error
	if errors.As(err, &failed) && failed.Hint != "" {
		return &fault{text: err.Error(), hint: failed.Hint, err: err}
	}
	return err
}

// fault is an error with what to do about it.
type fault struct {
	text, hint string
	err        error
}

// Error says what went wrong.
func (f *fault) Error() string { return f.text }

// Hint says what to do.
func (f *fault) Hint() string { return f.hint }

// Unwrap gives the program's error with its last lines.
func (f *fault) Unwrap() error { return f.err }

// bootstrapError finds the reason in mmdebstrap's last lines: its own last line
// says only that it failed.
func bootstrapError(err error) error {
	var failed *run.Error
	if !errors.As(err, &failed) {
		return err
	}
	f := &fault{err: err, text: err.Error(), hint: "the build log has everything that was printed"}
	for line := range strings.Lines(failed.Tail) {
		line = strings.TrimSpace(line)
		switch {
		case strings.Contains(line, "No space left on device"):
			f.text, f.hint = "no space left for unpacking", "free some memory or disk space and build again"
			return f
		case strings.HasPrefix(line, "dpkg: error processing package "):
			name, _, _ := strings.Cut(strings.TrimPrefix(line, "dpkg: error processing package "), " ")
			f.text = fmt.Sprintf("the package %s failed to install", name)
			f.hint = "take it out of the design, or see the last lines for what it needs"
			return f
		case strings.HasPrefix(line, "E: ") && f.text == err.Error():
			f.text = strings.TrimPrefix(line, "E: ")
		}
	}
	return f
}
