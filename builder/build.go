package builder

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/isowright/isowright/builder/iso"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/builder/squash"
	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/internal/progress"
	"golang.org/x/sys/unix"
)

// Build makes the image of a plan. The image appears under its name only when
// it is complete. A build that fails or is cancelled leaves nothing behind but
// what is worth keeping in the cache; of its image only the phases are told.
func Build(ctx context.Context, p plan.Plan, o Options) (Image, error) {
	log := newBuildLog(o.Log, p)
	o.Log = slog.New(log)
	sys, err := newSystem(p.Design.Distribution, o)
	if err != nil {
		return Image{}, err
	}
	if o.Out == "" {
		o.Out = p.Output
	}
	if o.Out, err = filepath.Abs(o.Out); err != nil {
		return Image{}, fmt.Errorf("find the output folder: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(o.Out), 0o755); err != nil {
		return Image{}, explain("prepare", err, p)
	}
	w, err := newWork(ctx, o.CacheDir, sys.Remove)
	if err != nil {
		return Image{}, explain("prepare", err, p)
	}
	r := &builds{Options: o, plan: p, sys: sys, work: w, log: log}
	image, err := r.run(ctx)
	image.Phases = r.phases
	if o.KeepWork {
		return image, errors.Join(err, w.lock.Close())
	}
	if cleared := w.close(sys.Remove); cleared != nil {
		err = errors.Join(err, &StepError{Step: "clean up", Err: cleared})
	}
	return image, err
}

// builds is one run of Build.
type builds struct {
	Options
	plan   plan.Plan
	sys    System
	work   *work
	phases []Phase
	log    *buildLog
	// packed are the blocks of earlier images and of this one, rootAt is where
	// the root file system begins in the image, in bytes.
	packed *store.Session
	rootAt int64
}

func (b *builds) run(ctx context.Context) (Image, error) {
	var product *plan.Product
	if err := b.step("prepare", "Checking this computer", func() error { return b.prepare(ctx) }); err != nil {
		return Image{}, err
	}
	// What Realise does it reports itself, step by step.
	err := b.phase("root", func() (err error) {
		product, err = b.sys.Realise(ctx, b.plan, b.work.dir)
		return err
	})
	if err != nil {
		return Image{}, err
	}
	defer product.Close()
	return b.write(ctx, product)
}

// step reports that a phase begins and runs it.
func (b *builds) step(name, text string, f func() error) error {
	b.Progress.Report(progress.Event{Step: name, Text: text})
	b.Log.Info(text, "step", name)
	return b.phase(name, f)
}

// phase runs a phase, notes how long it took and names it in its error.
func (b *builds) phase(name string, f func() error) error {
	start := time.Now()
	err := f()
	b.phases = append(b.phases, Phase{Step: name, Seconds: time.Since(start).Seconds()})
	if err != nil {
		b.Log.Error("failed", "step", name, "error", err)
		return explain(name, err, b.plan)
	}
	return nil
}

// prepare refuses early what would fail late.
func (b *builds) prepare(ctx context.Context) error {
	if err := b.sys.Available(ctx); err != nil {
		return err
	}
	if err := b.checkPlace(); err != nil {
		return err
	}
	return checkSpace(b.plan, b.Options, b.sys.Missing(b.plan))
}

// checkPlace refuses an output whose place something else has.
func (b *builds) checkPlace() error {
	if b.plan.Design.Base == "netboot" {
		return checkBundlePlace(b.Out)
	}
	if info, err := os.Stat(b.Out); err == nil && !info.Mode().IsRegular() {
		return &placeError{path: b.Out, is: "a folder or device, not a file"}
	}
	return nil
}

// write packs the product into the image and puts the further files beside it.
func (b *builds) write(ctx context.Context, product *plan.Product) (Image, error) {
	if b.plan.Design.Base == "netboot" {
		return b.writeBundle(ctx, product)
	}
	part := b.Out + ".part"
	if err := b.work.note(part); err != nil {
		return Image{}, explain("prepare", err, b.plan)
	}
	f, err := lockFile(part, unix.LOCK_EX|unix.LOCK_NB)
	if err != nil {
		return Image{}, explain("prepare", err, b.plan)
	}
	defer f.Close()
	image, err := b.writeTo(ctx, f, part, product)
	if err != nil {
		// Before the lock ends: afterwards it may be another run's.
		os.Remove(part)
	}
	return image, err
}

// writeTo writes the image to f, which is the file part, and renames that.
func (b *builds) writeTo(ctx context.Context, f *os.File, part string, product *plan.Product) (image Image, err error) {
	image = Image{Path: b.Out, Plan: b.plan, Installed: product.Installed}
	defer flushAlong(f)()
	b.packed = store.NewBlocks(filepath.Join(b.CacheDir, "blocks.db"), b.Log).Begin(b.Clean)
	defer func() { err = errors.Join(err, b.packed.Close()) }()
	if err := b.pack(ctx, f, product); err != nil {
		return Image{}, err
	}
	err = b.step("checksum", "Adding up the image", func() error {
		image.Size, image.SHA256, err = sum(ctx, f, b.Progress)
		return err
	})
	if err != nil {
		return Image{}, err
	}
	err = b.step("finish", "Putting the image in its place", func() error {
		if err := errors.Join(f.Sync(), ctx.Err()); err != nil {
			return err
		}
		// What lies beside is noted as unfinished until the image is there.
		if image.Beside, err = b.beside(image, product); err != nil {
			return err
		}
		if err := os.Rename(part, b.Out); err != nil {
			return err
		}
		if err := b.work.forget(); err != nil {
			return err
		}
		if b.rootAt > 0 {
			b.packed.Commit(b.Out, b.rootAt)
		}
		return nil
	})
	if err != nil {
		return Image{}, err
	}
	return image, nil
}

// writeBundle copies a network boot bundle to its place.
func (b *builds) writeBundle(ctx context.Context, product *plan.Product) (image Image, err error) {
	image = Image{Path: b.Out, Plan: b.plan, Installed: product.Installed}
	part := filepath.Join(filepath.Dir(b.Out), fmt.Sprintf(".%s.%s", filepath.Base(b.Out), filepath.Base(b.work.dir)))
	if err := b.work.note(part + folderMark); err != nil {
		return Image{}, explain("prepare", err, b.plan)
	}
	err = b.step("image", "Copying the bundle out of the store", func() error {
		if err := os.Mkdir(part, 0o755); err != nil {
			return err
		}
		image.Size, image.SHA256, err = takeFolder(ctx, part, product.Made, b.Progress)
		return err
	})
	if err != nil {
		return Image{}, err
	}
	err = b.step("finish", "Putting the bundle in its place", func() error {
		if image.Beside, err = b.beside(image, product); err != nil {
			return err
		}
		if err := replaceFolder(part, b.Out); err != nil {
			return err
		}
		return b.work.forget()
	})
	if err != nil {
		return Image{}, err
	}
	return image, nil
}

// pack writes the image into f.
func (b *builds) pack(ctx context.Context, f *os.File, product *plan.Product) error {
	if err := f.Truncate(0); err != nil {
		return explain("image", err, b.plan)
	}
	if product.Made != "" {
		return b.step("image", "Copying the image out of the store", func() error {
			return takeFile(ctx, f, product.Made, b.Progress)
		})
	}
	w, err := iso.NewWriter(f, isoOptions(b.plan, product))
	if err != nil {
		return explain("image", err, b.plan)
	}
	err = b.step("boot files", "Writing kernel, initrd and boot loader", func() error {
		return b.addFiles(ctx, w, product)
	})
	if err != nil {
		return err
	}
	err = b.step("squashfs", "Packing the root file system", func() error {
		return b.addRoot(ctx, w, product)
	})
	if err != nil {
		return err
	}
	return b.step("image", "Writing the directories and partitions", func() error {
		_, err := w.Close(ctx)
		return err
	})
}

// addRoot packs the root tree straight into its place in the image.
func (b *builds) addRoot(ctx context.Context, w *iso.Writer, product *plan.Product) error {
	at, err := w.Create(product.RootPath, 0o444)
	if err != nil {
		return err
	}
	c := b.plan.Design.Compression
	method, err := squash.ParseCompression(c.Method)
	if err != nil {
		return err
	}
	packed, err := squash.Write(ctx, at, product.Root, squash.Options{
		Compression: method, Level: c.Level, BlockSize: c.BlockSize,
		ModTime: b.plan.Date.Unix(), Workers: b.Workers, Reuse: b.packed,
		Progress: func(done, total int64) {
			b.Progress.Report(progress.Event{Step: "squashfs", Text: "Packing the root file system", Done: done, Total: total})
		},
	})
	if err != nil {
		return err
	}
	for _, warning := range packed.Warnings {
		b.Log.Warn(warning)
	}
	b.Log.Info("packed", "blocks", packed.Blocks, "from earlier images", packed.Reused)
	extent, err := at.Finish(packed.Size)
	b.rootAt = extent.Offset()
	return err
}
