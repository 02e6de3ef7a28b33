package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
)

// buildJob is a design to be made into an image.
type buildJob struct {
	Design, Cache, Image string
	Level, Workers       int
	// Offline takes the archive's lists and packages from the cache.
	Offline bool
	// Packages, if not empty, is where the names of the plan's packages go, a
	// JSON list.
	Packages string
}

// cache is where our builds of the bench keep package files.
func (o options) cache() string { return filepath.Join(o.work, "cache") }

// build plans and builds the design, the root always anew.
func build(ctx context.Context, j buildJob) error {
	d, err := design.Load(j.Design)
	if err != nil {
		return err
	}
	d.Compression = design.Compression{Method: "zstd", Level: j.Level, BlockSize: blockSize}
	o := builder.Options{
		CacheDir: j.Cache, Out: j.Image, Clean: true, Offline: j.Offline, Workers: j.Workers, Now: time.Now(),
	}
	p, err := builder.Plan(ctx, d, o)
	if err != nil {
		return err
	}
	if j.Packages != "" {
		names := make([]string, len(p.Packages))
		for i, k := range p.Packages {
			names[i] = k.Name
		}
		data, err := json.Marshal(names)
		if err == nil {
			err = os.WriteFile(j.Packages, data, 0o644)
		}
		if err != nil {
			return fmt.Errorf("write the plan's packages: %w", err)
		}
	}
	_, err = builder.Build(ctx, p, o)
	return err
}
