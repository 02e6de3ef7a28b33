package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/isowright/isowright/internal/vm"
)

// endKey is Ctrl-], which ends the console as it does in telnet.
const endKey = 0x1d

// tryConsole joins the guest's serial line with this terminal. copied says that
// the serial line goes to standard output already.
func (a *app) tryConsole(ctx context.Context, config vm.Config, copied bool) error {
	fmt.Fprintln(a.Stderr, "isowright: no display here: this is the guest's serial line (Ctrl-] ends it)")
	if !copied {
		config.Serial = io.MultiWriter(config.Serial, a.Stdout)
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	m, err := vm.Start(ctx, config)
	if err != nil {
		return err
	}
	defer m.Stop()
	restore, err := rawTerminal(a.Stdin)
	if err != nil {
		return err
	}
	defer restore()
	// This goroutine may stay in Read until the process ends; it then writes
	// to a closed line at most.
	go typeInto(m, a.Stdin, end)
	err = m.Wait(ctx)
	if errors.Is(context.Cause(ctx), errConsoleEnded) {
		err = nil
	}
	return errors.Join(err, m.Stop())
}

// errConsoleEnded is the end that the person asked for.
var errConsoleEnded = errors.New("console ended")

// typeInto sends what is typed until Ctrl-] or the end of the input, which
// leaves the guest running: a pipe may hold the first commands only.
func typeInto(m *vm.Machine, in io.Reader, end context.CancelCauseFunc) {
	keys := make([]byte, 256)
	for {
		n, err := in.Read(keys)
		typed, _, ended := bytes.Cut(keys[:n], []byte{endKey})
		if len(typed) > 0 && m.Send(string(typed)) != nil {
			return
		}
		if ended {
			end(errConsoleEnded)
			return
		}
		if err != nil {
			return
		}
	}
}

// rawTerminal hands every key on, Ctrl-C too, where in is a terminal.
func rawTerminal(in io.Reader) (restore func(), err error) {
	f, ok := in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return func() {}, nil
	}
	state, err := term.MakeRaw(int(f.Fd()))
	if err != nil {
		return nil, fmt.Errorf("set the terminal up: %w", err)
	}
	return func() { term.Restore(int(f.Fd()), state) }, nil
}
