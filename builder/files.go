package builder

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/iso"
	"github.com/isowright/isowright/builder/look"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/builder/tree"
	"github.com/isowright/isowright/internal/progress"
	"golang.org/x/sys/unix"
)

// isoOptions are what the image as a whole is told.
func isoOptions(p plan.Plan, product *plan.Product) iso.Options {
	o := iso.Options{
		VolumeID: p.VolumeID, ModTime: p.Date.Unix(),
		Application: "ISOWRIGHT", Preparer: "ISOWRIGHT", Seed: []byte(p.ID),
	}
	if len(product.Boot.ESP) > 0 {
		o.UEFI = &iso.UEFIBoot{}
	}
	for _, f := range product.Boot.ESP {
		o.UEFI.Files = append(o.UEFI.Files, iso.ESPFile{Path: f.Path, Data: f.Data})
	}
	if product.Boot.ElTorito != "" {
		o.BIOS = &iso.BIOSBoot{MBRCode: product.Boot.MBRCode, ElTorito: product.Boot.ElTorito}
		if product.Boot.Isolinux {
			o.BIOS.Loader = iso.Isolinux
		}
	}
	return o
}

// addFiles writes everything but the root file system into the image.
func (b *builds) addFiles(ctx context.Context, w *iso.Writer, product *plan.Product) error {
	own := slices.DeleteFunc(slices.Clone(b.plan.Files), func(f plan.File) bool { return product.OwnFiles || !f.OnMedium })
	var total int64
	for _, e := range product.Medium {
		total += e.Size
	}
	for _, f := range own {
		total += f.Size
	}
	count := progress.NewCounter(b.Progress, progress.Event{
		Step: "boot files", Text: "Writing kernel, initrd and boot loader", Total: total,
	})
	for _, e := range product.Medium {
		if err := addEntry(ctx, w, e, count); err != nil {
			return err
		}
	}
	theme, err := b.theme(own)
	if err != nil {
		return err
	}
	for _, f := range own {
		if f.Theme {
			err = addTheme(ctx, w, f, theme, count)
		} else {
			err = b.addPersonal(ctx, w, f, count)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// theme makes the menu's theme once more, where the plan has one.
func (b *builds) theme(files []plan.File) (look.Theme, error) {
	if !slices.ContainsFunc(files, func(f plan.File) bool { return f.Theme }) {
		return look.Theme{}, nil
	}
	return look.Of(b.plan.Design)
}

// addTheme writes one of the theme's files and holds it to the plan.
func addTheme(ctx context.Context, w *iso.Writer, f plan.File, theme look.Theme, count *progress.Counter) error {
	data, ok := theme.Files[strings.TrimPrefix(f.Target, look.Folder+"/")]
	if sum := sha256.Sum256(data); !ok || hex.EncodeToString(sum[:]) != f.SHA256 {
		return changed("the boot menu's theme (" + f.Target + ")")
	}
	count.Add(f.Size)
	_, err := w.AddFile(ctx, f.Target, f.Mode, bytes.NewReader(data))
	return err
}

// addEntry writes one entry of the distribution's part of the medium.
func addEntry(ctx context.Context, w *iso.Writer, e tree.Entry, count *progress.Counter) error {
	var err error
	switch e.Type {
	case tree.Dir:
		err = w.AddDir(e.Path, e.Mode)
	case tree.Symlink:
		err = w.AddSymlink(e.Path, e.Link)
	case tree.File:
		_, err = w.AddFile(ctx, e.Path, e.Mode, count.Reader(e.Open()))
	default:
		err = fmt.Errorf("%s: a medium holds no %s", e.Path, e.Type)
	}
	return err
}

// addPersonal copies one of the person's files and holds it to the plan.
func (b *builds) addPersonal(ctx context.Context, w *iso.Writer, f plan.File, count *progress.Counter) error {
	switch {
	case f.Dir:
		return w.AddDir(f.Target, 0o555)
	case f.Link != "":
		return w.AddSymlink(f.Target, f.Link)
	case f.Target == plan.Background:
		return converted(ctx, w, f, count, grub.Background)
	case plan.IsFont(f) && grub.IsOutline(f.Source):
		return converted(ctx, w, f, count, func(data []byte) ([]byte, error) {
			return grub.Font(data, b.plan.Design.Boot.FontSize)
		})
	}
	in, err := os.Open(f.Source)
	if err != nil {
		return err
	}
	defer in.Close()
	h := sha256.New()
	mode := f.Mode&0o555 | 0o444
	if _, err := w.AddFile(ctx, f.Target, mode, count.Reader(io.TeeReader(in, h))); err != nil {
		return err
	}
	if hex.EncodeToString(h.Sum(nil)) != f.SHA256 {
		return changed(f.Source)
	}
	return nil
}

// converted writes a file that GRUB needs in another form.
func converted(ctx context.Context, w *iso.Writer, f plan.File, count *progress.Counter, into func([]byte) ([]byte, error)) error {
	data, err := os.ReadFile(f.Source)
	if err != nil {
		return err
	}
	if hash := sha256.Sum256(data); hex.EncodeToString(hash[:]) != f.SHA256 {
		return changed(f.Source)
	}
	count.Add(f.Size)
	if data, err = into(data); err != nil {
		return fmt.Errorf("%s: %w", f.Source, err)
	}
	_, err = w.AddFile(ctx, f.Target, 0o444, bytes.NewReader(data))
	return err
}

// changed is the error for a file that is not the planned one any more.
func changed(name string) error {
	return fmt.Errorf("%s was changed while the image was built: build again", name)
}

// sum reads the finished image once.
func sum(ctx context.Context, f *os.File, sink progress.Sink) (int64, string, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, "", err
	}
	count := progress.NewCounter(sink, progress.Event{
		Step: "checksum", Text: "Adding up the image", Total: info.Size(),
	})
	h := sha256.New()
	r := count.Reader(io.NewSectionReader(f, 0, info.Size()))
	n, err := io.CopyBuffer(struct{ io.Writer }{h}, ctxReader{ctx, r}, make([]byte, 1<<20))
	return n, hex.EncodeToString(h.Sum(nil)), err
}

// flushAlong has the kernel write a growing file to the disk all the time, so
// that little is left to wait for at its end, when nothing can be cancelled.
func flushAlong(f *os.File) (stop func()) {
	quit, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		for tick := time.NewTicker(time.Second / 2); ; {
			select {
			case <-quit:
				tick.Stop()
				return
			case <-tick.C:
				// Only a hint; not every file system takes it.
				_ = unix.SyncFileRange(int(f.Fd()), 0, 0, unix.SYNC_FILE_RANGE_WRITE)
			}
		}
	}()
	return func() { close(quit); <-gone }
}

// ctxReader ends with its context.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (r ctxReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
