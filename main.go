// Isowright designs, builds, tries and flashes bootable Linux images.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/internal/sandbox"
	"github.com/isowright/isowright/ui/cli"
)

func main() {
	// The program runs itself as the first process of its sandboxes.
	sandbox.Child()
	os.Exit(run())
}

func run() int {
	ctx, stop := cli.Signals(context.Background())
	defer stop()
	date, err := epoch(os.Getenv("SOURCE_DATE_EPOCH"))
	if err != nil {
		fmt.Fprintln(os.Stderr, "isowright:", err)
		return 2
	}
	return cli.Run(ctx, cli.Env{
		Args:   os.Args[1:],
		Stdin:  os.Stdin,
		Stdout: os.Stdout,
		Stderr: os.Stderr,
		Getenv: os.Getenv,
		Now:    time.Now(),
		Date:   date,
		Window: openWindow,
		Actions: cli.Actions{
			Plan: builder.Plan, Build: builder.Build, Export: builder.Export, Catalogue: builder.Catalogue,
			Roots: builder.Roots, FreeRoots: builder.FreeRoots,
		},
	})
}

// epoch reads the date that reproducible builds agree on, in seconds since
// 1970; none is the zero time.
func epoch(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds < 0 {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is %q, not a number of seconds; unset it or correct it", text)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
