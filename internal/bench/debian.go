package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/isowright/isowright/builder/iso"
	"github.com/isowright/isowright/builder/tree"
)

// treeMaker makes a source once and finds it again later.
type treeMaker struct {
	name string
	make func(context.Context) error
}

// once leaves out a step whose source is complete already.
func once(dir string, f func() error) error {
	if _, err := os.Stat(filepath.Join(dir, sourceFile)); err == nil {
		return nil
	}
	return f()
}

// debianTree is the root of the measured design: its image is built by us, and
// taken apart with unsquashfs and mtools.
func debianTree(o options) treeMaker {
	dir := filepath.Join(o.work, "debian")
	return treeMaker{"debian", func(ctx context.Context) error {
		return once(dir, func() error { return makeDebian(ctx, o, dir) })
	}}
}

func makeDebian(ctx context.Context, o options, dir string) error {
	image := filepath.Join(dir, "design.iso")
	job := buildJob{Design: o.design, Cache: o.cache(), Image: image, Level: 3, Workers: o.workers}
	if _, err := o.start(ctx, "build", job); err != nil {
		return err
	}
	s := source{Dir: dir}
	if err := os.RemoveAll(s.tree()); err != nil {
		return err
	}
	if _, err := o.start(ctx, "extract", extractJob{Image: image, Dir: dir}); err != nil {
		return err
	}
	packed := filepath.Join(dir, "root.squashfs")
	if _, err := command(ctx, "", o.log("unsquashfs"), "unsquashfs", "-no-progress", "-d", s.tree(), packed); err != nil {
		return err
	}
	esp := filepath.Join(dir, "esp")
	if err := errors.Join(os.RemoveAll(esp), os.Mkdir(esp, 0o755)); err != nil {
		return err
	}
	if _, err := command(ctx, "", o.log("mcopy"), "mcopy", "-s", "-n", "-i", s.esp(), "::*", esp); err != nil {
		return err
	}
	if err := errors.Join(os.Remove(packed), os.Remove(image)); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(dir, halfFile), filepath.Join(dir, sourceFile)); err != nil {
		return fmt.Errorf("note what to pack: %w", err)
	}
	return nil
}

// halfFile is a sourceFile whose root is still packed.
const halfFile = "half.json"

// extractJob takes an image apart into a source; its root stays packed, as
// root.squashfs.
type extractJob struct{ Image, Dir string }

func extract(_ context.Context, j extractJob) error {
	f, err := os.Open(j.Image)
	if err != nil {
		return err
	}
	defer f.Close()
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	im, err := iso.Open(f, end)
	if err != nil {
		return err
	}
	s := source{Dir: j.Dir}
	if err := os.RemoveAll(s.medium()); err != nil {
		return err
	}
	err = im.Walk(func(e iso.Entry) error {
		to := filepath.Join(s.medium(), e.Path)
		switch {
		case e.Type == tree.Dir:
			return os.MkdirAll(to, 0o755)
		case strings.HasSuffix(e.Path, ".squashfs"):
			s.Squash, to = e.Path, filepath.Join(j.Dir, "root.squashfs")
		case e.Path == "boot/boot.cat":
			return nil
		}
		if len(im.Boot) > 0 && len(e.Extents) == 1 && e.Extents[0].LBA == im.Boot[0].LBA {
			s.ElTorito = e.Path
		}
		in, err := im.Open(e)
		if err != nil {
			return err
		}
		return writeFile(to, in)
	})
	if err != nil {
		return err
	}
	if err := writeFile(s.mbr(), io.NewSectionReader(f, 0, 512)); err != nil {
		return err
	}
	if err := extractESP(f, im, s); err != nil {
		return err
	}
	if s.Squash == "" || s.ElTorito == "" {
		return fmt.Errorf("%s holds no root file system or no BIOS boot image", j.Image)
	}
	return s.write(halfFile)
}

// extractESP copies the EFI system partition out of an image.
func extractESP(f io.ReaderAt, im *iso.Image, s source) error {
	if im.GPT == nil {
		return errors.New("the image has no GPT")
	}
	for _, p := range im.GPT.Partitions {
		if strings.EqualFold(p.Type, "C12A7328-F81F-11D2-BA4B-00A0C93EC93B") {
			return writeFile(s.esp(), io.NewSectionReader(f, int64(p.Start)*512, int64(p.Blocks)*512))
		}
	}
	return fmt.Errorf("the image has no EFI system partition: %w", fs.ErrNotExist)
}

func writeFile(path string, r io.Reader) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.Copy(f, r); err != nil {
		return err
	}
	return f.Close()
}
