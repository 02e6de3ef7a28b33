// Bench measures the program and its peers side by side: packing a tree into
// an image against mksquashfs and xorriso, and making an image from a design
// against live-build. It prints ratios, writes them as JSON and compares them
// with a kept earlier table.
//
// It measures nothing in its own process: whatever is timed, or takes much
// memory, runs as a child, so that CPU time and peak memory of both sides come
// from the same place. It does not judge the images beyond holding the same
// files, tunes nothing and invents no number: a line that cannot be measured
// says why.
//
//	go run ./internal/bench [-runs N] [-quick] [-only NAME,…] [-small] [-work DIR] [-json FILE]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/isowright/isowright/internal/sandbox"
)

// options are the command line.
type options struct {
	runs             int
	quick, small     bool
	only             []string
	work, json       string
	previous, design string
	mirror, security string
	workers          int
	self             string
}

func main() {
	// Our builds start this program again, as their sandbox or as a child.
	sandbox.Child()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	if len(os.Args) == 4 && os.Args[1] == childArg {
		err = child(ctx, os.Args[2], os.Args[3])
	} else {
		err = start(ctx, os.Args[1:])
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// start reads the command line and measures.
func start(ctx context.Context, args []string) error {
	o, err := readOptions(args)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.work, 0o755); err != nil {
		return fmt.Errorf("make the work folder: %w", err)
	}
	chosen, err := o.chosen()
	if err != nil {
		return err
	}
	report := Report{Date: time.Now().UTC().Truncate(time.Second), Machine: describe(ctx)}
	for _, l := range chosen {
		fmt.Fprintf(os.Stderr, "%s: %s\n", l.name, l.text)
		r, err := measureLine(ctx, l, o.runs)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			r = Result{Name: l.name, Text: l.text, Failed: err.Error()}
			fmt.Fprintf(os.Stderr, "%s: not measured: %v\n", l.name, err)
		}
		report.Results = append(report.Results, r)
	}
	previous, err := readReport(o.previous)
	if err != nil {
		return err
	}
	printReport(os.Stdout, report, previous)
	if err := writeReport(o.json, report); err != nil {
		return err
	}
	return report.failed()
}

func readOptions(args []string) (options, error) {
	var o options
	var only string
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.IntVar(&o.runs, "runs", 3, "measure each side `N` times")
	f.BoolVar(&o.quick, "quick", false, "level 3 only, one run")
	f.BoolVar(&o.small, "small", false, "also the generated tree of many small files")
	f.StringVar(&only, "only", "", "measure these `lines` only, separated by commas")
	f.StringVar(&o.work, "work", "", "keep trees and images in `folder` (default: in the user's cache folder)")
	f.StringVar(&o.json, "json", "out/bench.json", "write the results to `file`")
	f.StringVar(&o.previous, "previous", "docs/bench-previous.json", "compare with the results in `file`")
	f.StringVar(&o.design, "design", "examples/rescue.isowright", "the `design` whose image and tree are measured")
	f.StringVar(&o.mirror, "mirror", "", "Debian archive for live-build (default: the host's own)")
	f.StringVar(&o.security, "security-mirror", "", "security archive for live-build (default: the host's own)")
	f.IntVar(&o.workers, "workers", 0, "compress on `N` processors (default: all)")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("%q is not understood; try -help", f.Arg(0))
	}
	if only != "" {
		o.only = strings.Split(only, ",")
		o.small = o.small || strings.Contains(only, "small-")
	}
	if o.quick {
		o.runs = 1
	}
	if o.runs < 1 {
		return o, errors.New("-runs takes a number from 1")
	}
	return o, o.complete()
}

// complete fills in what depends on the machine and makes paths absolute.
func (o *options) complete() (err error) {
	if o.work == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return fmt.Errorf("find the cache folder: %w", err)
		}
		o.work = filepath.Join(cache, "isowright-bench")
	}
	for _, p := range []*string{&o.work, &o.design} {
		if *p, err = filepath.Abs(*p); err != nil {
			return fmt.Errorf("find %s: %w", *p, err)
		}
	}
	if o.workers == 0 {
		o.workers = processors()
	}
	if o.self, err = os.Executable(); err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	return nil
}

// chosen are the lines that were asked for, all without -only.
func (o options) chosen() ([]line, error) {
	all := lines(o)
	if len(o.only) == 0 {
		return all, nil
	}
	var found []line
	names := make([]string, len(all))
	for i, l := range all {
		names[i] = l.name
		if slices.Contains(o.only, l.name) {
			found = append(found, l)
		}
	}
	for _, n := range o.only {
		if !slices.Contains(names, n) {
			return nil, fmt.Errorf("no line is called %q with these options; there are %s", n, strings.Join(names, ", "))
		}
	}
	return found, nil
}
