package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
)

// childArg, as the first argument, makes this program one of its own children:
// the job's name and the job in JSON follow.
const childArg = "bench-child"

// child does one job. Jobs write to standard output only what the parent reads
// in the log.
func child(ctx context.Context, name, job string) error {
	switch name {
	case "pack":
		return do(ctx, job, pack)
	case "build":
		return do(ctx, job, build)
	case "extract":
		return do(ctx, job, extract)
	case "store":
		return do(ctx, job, writeStore)
	case "change":
		return do(ctx, job, change)
	case "flash":
		return do(ctx, job, flashOnce)
	case "same-tree":
		return do(ctx, job, sameTree)
	case "same-packages":
		return do(ctx, job, samePackages)
	}
	return fmt.Errorf("no job is called %q", name)
}

func do[T any](ctx context.Context, job string, f func(context.Context, T) error) error {
	var j T
	if err := json.Unmarshal([]byte(job), &j); err != nil {
		return fmt.Errorf("read the job: %w", err)
	}
	return f(ctx, j)
}

// start runs a job in a child and tells what it took.
func (o options) start(ctx context.Context, name string, job any) (Cost, error) {
	data, err := json.Marshal(job)
	if err != nil {
		return Cost{}, fmt.Errorf("describe the job: %w", err)
	}
	return command(ctx, "", o.log(name), o.self, childArg, name, string(data))
}

// log is where a job or a peer writes what it says.
func (o options) log(name string) string { return filepath.Join(o.work, name+".log") }
