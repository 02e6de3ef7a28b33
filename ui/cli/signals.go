package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Signals gives a context that ends at the first Ctrl-C, SIGTERM or, where the
// terminal is closed and nohup does not keep it away, SIGHUP. The second one
// kills the process as if nobody listened. Call stop when done.
func Signals(parent context.Context) (ctx context.Context, stop func()) {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, stop = signal.NotifyContext(parent, ends...)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
