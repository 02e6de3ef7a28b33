// Isowright designs, builds and tries bootable Linux images.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/isowright/isowright/ui/cli"
)

func main() {
	os.Exit(run())
}

func run() int {
	ctx, stop := cli.Signals(context.Background())
	defer stop()
	now, err := present(os.Getenv("SOURCE_DATE_EPOCH"))
	if err != nil {
		fmt.Fprintln(os.Stderr, "isowright:", err)
		return 2
	}
	return cli.Run(ctx, cli.Env{
		Args:    os.Args[1:],
		Stdin:   os.Stdin,
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
		Getenv:  os.Getenv,
		Now:     now,
		Actions: cli.Actions{},
	})
}

// present is the time of the run: SOURCE_DATE_EPOCH, in seconds since 1970,
// where it is set.
func present(epoch string) (time.Time, error) {
	if epoch == "" {
		return time.Now(), nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil || seconds < 0 {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is %q, not a number of seconds; unset it or correct it", epoch)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
