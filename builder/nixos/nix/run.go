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
	cmd := run.Cmd{
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
	}
	end := func(error) error { return nil }
	if n.container != nil {
		var err error
		if cmd, end, err = n.container.wrap(cmd); err != nil {
			return l, err
		}
	}
	err := run.Run(ctx, cmd)
	if left != nil {
		left.end()
	}
	if ended := end(err); ended != nil {
		return l, errors.Join(err, ended)
	}
	var failed *run.Error
	switch {
	case !errors.As(err, &failed):
		return l, err
	case n.container != nil && !endedByItself(err) && len(l.faults) == 0:
		return l, n.container.explain("could not run Nix", err)
	}
	return l, l.failure(failed)
}
