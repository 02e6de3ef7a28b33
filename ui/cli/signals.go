package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Signals gives a context that ends at the first Ctrl-C or SIGTERM. The second
// one kills the process as if nobody listened. Call stop when done.
func Signals(parent context.Context) (ctx context.Context, stop func()) {
	ctx, stop = signal.NotifyContext(parent, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
