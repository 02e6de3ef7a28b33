package main

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"

	"github.com/isowright/isowright/builder/iso"
	"github.com/isowright/isowright/builder/squash"
	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/builder/tree"
)

// blockSize is that of the SquashFS on both sides, in bytes.
const blockSize = 128 << 10

// packJob is a tree to be packed into an image.
type packJob struct {
	Source  source
	Image   string
	Level   int
	Workers int
	// Index is the file of the index of packed blocks; empty: without one.
	Index string `json:",omitempty"`
}

// packLine compares the way from a tree to an image.
func packLine(o options, name, text string, maker treeMaker, level int) line {
	dir := filepath.Join(o.work, maker.name)
	s := source{Dir: dir}
	return line{
		name: name, text: fmt.Sprintf("%s, zstd level %d", text, level), dir: dir,
		prepare: func(ctx context.Context) (err error) {
			if err = maker.make(ctx); err != nil {
				return err
			}
			if s, err = readSource(dir); err != nil {
				return err
			}
			return warm(ctx, dir)
		},
		ours: func(ctx context.Context, image string) (Cost, error) {
			return o.start(ctx, "pack", packJob{Source: s, Image: image, Level: level, Workers: o.workers})
		},
		peer: func(ctx context.Context, image string) (Cost, error) {
			return packPeer(ctx, o, s, image, level)
		},
		check: func(ctx context.Context, ours, peer string) (string, error) {
			return o.check(ctx, "same-tree", checkJob{Ours: ours, Peer: peer, Squash: s.Squash})
		},
	}
}

// packPeer does with mksquashfs and xorriso what pack does: the same block
// size, level, threads and boot equipment.
func packPeer(ctx context.Context, o options, s source, image string, level int) (Cost, error) {
	packed := filepath.Join(s.Dir, "peer.squashfs")
	defer os.Remove(packed)
	first, err := command(ctx, "", o.log("mksquashfs"), "mksquashfs", s.tree(), packed, "-comp", "zstd",
		"-Xcompression-level", strconv.Itoa(level), "-b", strconv.Itoa(blockSize),
		"-processors", strconv.Itoa(o.workers), "-noappend", "-no-progress")
	if err != nil {
		return first, err
	}
	args := []string{"xorriso", "-as", "mkisofs", "-quiet", "-r", "-J", "-joliet-long", "-iso-level", "3",
		"-V", "BENCH", "-o", image}
	if s.ElTorito != "" {
		args = append(args, "-partition_offset", "16", "--grub2-mbr", s.mbr(),
			"-append_partition", "2", "C12A7328-F81F-11D2-BA4B-00A0C93EC93B", s.esp(),
			"-appended_part_as_gpt", "-iso_mbr_part_type", "a2a0d0ebe5b9334487c068b6b72699c7",
			"--mbr-force-bootable", "-c", "/boot/boot.cat", "-b", s.ElTorito, "-no-emul-boot",
			"-boot-load-size", "4", "-boot-info-table", "--grub2-boot-info",
			"-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot")
	}
	args = append(args, "-graft-points", "/="+s.medium(), "/"+s.Squash+"="+packed)
	second, err := command(ctx, "", o.log("xorriso"), args...)
	return first.add(second), err
}

// pack is our side: the tree goes straight into its place in the image.
func pack(ctx context.Context, j packJob) error {
	f, err := os.Create(j.Image)
	if err != nil {
		return err
	}
	defer f.Close()
	opts, err := j.Source.isoOptions()
	if err != nil {
		return err
	}
	w, err := iso.NewWriter(f, opts)
	if err != nil {
		return err
	}
	if err := addMedium(ctx, w, j.Source.medium()); err != nil {
		return err
	}
	root, err := tree.FromDir(j.Source.tree())
	if err != nil {
		return err
	}
	at, err := w.Create(j.Source.Squash, 0o444)
	if err != nil {
		return err
	}
	options := squash.Options{
		Compression: squash.Zstd, Level: j.Level, BlockSize: blockSize, Workers: j.Workers, ModTime: opts.ModTime,
	}
	var session *store.Session
	if j.Index != "" {
		session = store.NewBlocks(j.Index, slog.Default()).Begin(false)
		defer session.Close()
		options.Reuse = session
	}
	packed, err := squash.Write(ctx, at, root, options)
	if err != nil {
		return err
	}
	placed, err := at.Finish(packed.Size)
	if err != nil {
		return err
	}
	if _, err := w.Close(ctx); err != nil {
		return err
	}
	if err := f.Close(); err != nil || session == nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%d of %d blocks reused\n", packed.Reused, packed.Blocks)
	session.Commit(j.Image, placed.Offset())
	return nil
}

// addMedium copies what lies beside the root file system.
func addMedium(ctx context.Context, w *iso.Writer, dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		name, relErr := filepath.Rel(dir, path)
		if err != nil || relErr != nil || name == "." {
			return err
		}
		if d.IsDir() {
			return w.AddDir(name, 0o555)
		}
		in, err := os.Open(path)
		if err != nil {
			return err
		}
		defer in.Close()
		_, err = w.AddFile(ctx, name, 0o444, in)
		return err
	})
}
