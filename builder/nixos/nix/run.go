package nix

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/isowright/isowright/internal/run"
)

// grace is how long nix may take to end its builds and itself when it is
// cancelled. It usually takes a tenth of that.
const grace = 700 * time.Millisecond

// command is one call of the program.
type command struct {
	args  []string
	out   io.Writer
	watch Watch
	// copies is the step that copied paths count for; empty: "fetch".
	copies string
	// dir is where relative flake references are looked up; empty: here.
	dir string
}

// run calls nix. What nix says of a failure becomes an *Error; a cancelled
// call gives ctx's error and leaves no process behind.
func (n *Nix) run(ctx context.Context, c command) (*listener, error) {
	l := newListener(c)
	var left *family
	err := run.Run(ctx, run.Cmd{
		Path:   n.Path,
		Args:   c.args,
		Env:    n.settings.environment(n.env),
		Dir:    c.dir,
		Stdout: c.out,
		Line:   l.line,
		Grace:  grace,
		Started: func(pid int) error {
			left = watchFamily(ctx, pid)
			return nil
		},
	})
	if left != nil {
		left.end()
	}
	var failed *run.Error
	if errors.As(err, &failed) {
		return l, l.failure(failed)
	}
	return l, err
}
