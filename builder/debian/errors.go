package debian

import (
	"errors"
	"fmt"
	"path"
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
	if strings.Contains(failed.Tail, "No space left on device") {
		f.text, f.hint = "no space left for unpacking", "free some memory or disk space and build again"
		return f
	}
	for line := range strings.Lines(failed.Tail) {
		line = strings.TrimSpace(line)
		for _, what := range []string{"package", "archive"} {
			rest, ok := strings.CutPrefix(line, "dpkg: error processing "+what+" ")
			if !ok {
				continue
			}
			name, _, _ := strings.Cut(rest, " ")
			f.text = fmt.Sprintf("the package %s failed to install", packageName(name))
			f.hint = "take it out of the design, or see the last lines for what it needs"
			return f
		}
		if strings.HasPrefix(line, "E: ") && f.text == err.Error() {
			f.text = strings.TrimPrefix(line, "E: ")
		}
	}
	return f
}

// packageName is the name in dpkg's "name:arch" or "/path/name_version_arch.deb".
func packageName(text string) string {
	name, _, _ := strings.Cut(path.Base(text), "_")
	return bareName(name)
}
