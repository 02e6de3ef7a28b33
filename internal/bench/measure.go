package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Cost is what one run took.
type Cost struct {
	// Wall, User and System are seconds; the latter two add up every process
	// that was started and waited for.
	Wall   float64 `json:"wall"`
	User   float64 `json:"user"`
	System float64 `json:"system"`
	// PeakRSS is the resident memory of the largest process in bytes.
	PeakRSS int64 `json:"peak_rss"`
}

// CPU is user and system time together, in seconds.
func (c Cost) CPU() float64 { return c.User + c.System }

// add puts the cost of a following step on top.
func (c Cost) add(d Cost) Cost {
	return Cost{
		Wall: c.Wall + d.Wall, User: c.User + d.User, System: c.System + d.System,
		PeakRSS: max(c.PeakRSS, d.PeakRSS),
	}
}

// command runs a program to its end and tells what it took. Its output goes to
// the file log; the end of it becomes part of an error.
//
// The kernel counts what this process has resident at the start of a program
// as that program's, so this process has to stay small.
func command(ctx context.Context, dir, log string, args ...string) (Cost, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return Cost{}, fmt.Errorf("log %s: %w", args[0], err)
	}
	defer out.Close()
	begin, err := out.Seek(0, io.SeekEnd)
	if err != nil {
		return Cost{}, fmt.Errorf("log %s: %w", args[0], err)
	}
	fmt.Fprintf(out, "\n$ %s\n", strings.Join(args, " "))
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	start := time.Now()
	err = cmd.Run()
	c := Cost{Wall: time.Since(start).Seconds()}
	if ctx.Err() != nil {
		return c, ctx.Err()
	}
	if err != nil {
		return c, fmt.Errorf("%s: %w%s (all of it: %s)", filepath.Base(args[0]), err, tail(log, begin), log)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return c, errors.New("this system does not tell what a process used")
	}
	c.User, c.System = cmd.ProcessState.UserTime().Seconds(), cmd.ProcessState.SystemTime().Seconds()
	c.PeakRSS = usage.Maxrss << 10
	return c, nil
}

// tail is the last lines of what a log has from begin on, the command left out.
func tail(log string, begin int64) string {
	data, err := os.ReadFile(log)
	if err != nil || int64(len(data)) < begin {
		return ""
	}
	list := bytes.Split(bytes.TrimSpace(data[begin:]), []byte("\n"))[1:]
	list = list[max(0, len(list)-5):]
	return "\n  " + string(bytes.Join(list, []byte("\n  "))) + "\n"
}

// median is the middle of a list, the mean of the two middle ones of an even
// list.
func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	n := len(list)
	if n == 0 {
		return 0
	}
	return (list[(n-1)/2] + list[n/2]) / 2
}

// medianCost is the median of each part by itself.
func medianCost(runs []Cost) Cost {
	of := func(f func(Cost) float64) float64 {
		list := make([]float64, len(runs))
		for i, c := range runs {
			list[i] = f(c)
		}
		return median(list)
	}
	return Cost{
		Wall:    of(func(c Cost) float64 { return c.Wall }),
		User:    of(func(c Cost) float64 { return c.User }),
		System:  of(func(c Cost) float64 { return c.System }),
		PeakRSS: int64(of(func(c Cost) float64 { return float64(c.PeakRSS) })),
	}
}
