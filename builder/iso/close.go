package iso

import (
	"context"
	"fmt"
	"io"
	"time"
)

// Close writes everything that describes the files and tells the size of the
// image. After an error, and when it is not called, what f holds is not an
// image.
func (w *Writer) Close(ctx context.Context) (Result, error) {
	if err := w.ready(); err != nil {
		return Result{}, err
	}
	w.closed = true
	if err := w.addCatalog(); err != nil {
		return Result{}, err
	}
	if err := nameAll(w.root); err != nil {
		return Result{}, err
	}
	sets, err := w.writeHierarchies(ctx)
	if err != nil {
		return Result{}, err
	}
	isoEnd := w.next
	esp, err := w.writeESP()
	if err != nil {
		return Result{}, fmt.Errorf("write the EFI system partition: %w", err)
	}
	if _, err := w.allocate(paddingSectors * sectorSize); err != nil {
		return Result{}, err
	}
	size := int64(w.next) * sectorSize
	if err := w.out.Truncate(size); err != nil {
		return Result{}, fmt.Errorf("set the image's size: %w", err)
	}
	if err := w.writeDescriptors(sets, isoEnd, esp); err != nil {
		return Result{}, err
	}
	if w.opts.bootable() {
		if err := w.writePartitions(size, isoEnd, esp); err != nil {
			return Result{}, err
		}
	}
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	return Result{Size: size, Files: w.files(), ESP: esp}, nil
}

// addCatalog reserves the boot catalog's sector.
func (w *Writer) addCatalog() error {
	if !w.opts.bootable() {
		return nil
	}
	if _, err := w.place(catalogPath, 0, sectorSize); err != nil {
		return fmt.Errorf("add the boot catalog: %w", err)
	}
	return nil
}

// writeHierarchies writes the directories: those of the whole device and, if
// the image has a partition table, those of partition 1. Each pair is the ISO
// 9660 and the Joliet tree.
func (w *Writer) writeHierarchies(ctx context.Context) ([][2]*hierarchy, error) {
	bases := []uint32{0}
	if w.opts.bootable() {
		bases = append(bases, partitionStart)
	}
	when := time.Unix(w.opts.ModTime, 0).UTC()
	var sets [][2]*hierarchy
	for _, base := range bases {
		var set [2]*hierarchy
		for _, tree := range []int{isoTree, jolietTree} {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			h, err := newHierarchy(w.root, tree, base, when)
			if err != nil {
				return nil, err
			}
			if err := h.allocate(w); err != nil {
				return nil, err
			}
			if err := h.write(w); err != nil {
				return nil, err
			}
			set[tree] = h
		}
		sets = append(sets, set)
	}
	return sets, nil
}

// writeDescriptors writes the volume descriptors and the boot catalog. The El
// Torito record must come second: BIOSes look for it at sector 17 only.
func (w *Writer) writeDescriptors(sets [][2]*hierarchy, isoEnd uint32, esp Extent) error {
	whole := [][]byte{volumeDescriptor(sets[0][isoTree], &w.opts, w.next)}
	if w.opts.bootable() {
		catalog, err := w.bootCatalog(esp)
		if err != nil {
			return err
		}
		lba := w.find(catalogPath).lba
		if err := w.writeSectors(lba, catalog); err != nil {
			return fmt.Errorf("write the boot catalog: %w", err)
		}
		whole = append(whole, bootRecord(lba))
	}
	whole = append(whole, volumeDescriptor(sets[0][jolietTree], &w.opts, w.next), descriptor(typeTerminator))
	if err := w.writeSectors(systemArea, whole...); err != nil {
		return fmt.Errorf("write the volume descriptors: %w", err)
	}
	if len(sets) == 1 {
		return nil
	}
	blocks := isoEnd - partitionStart
	inner := [][]byte{
		volumeDescriptor(sets[1][isoTree], &w.opts, blocks),
		volumeDescriptor(sets[1][jolietTree], &w.opts, blocks),
		descriptor(typeTerminator),
	}
	if err := w.writeSectors(partitionStart+systemArea, inner...); err != nil {
		return fmt.Errorf("write the volume descriptors of partition 1: %w", err)
	}
	return nil
}

// writeSectors writes pieces one after another from a sector on.
func (w *Writer) writeSectors(lba uint32, pieces ...[]byte) error {
	dst := io.NewOffsetWriter(w.out, int64(lba)*sectorSize)
	for _, p := range pieces {
		if _, err := dst.Write(p); err != nil {
			return err
		}
	}
	return nil
}

// files maps the paths of all files to their places.
func (w *Writer) files() map[string]Extent {
	files := map[string]Extent{}
	var walk func(dir *node, prefix string)
	walk = func(dir *node, prefix string) {
		for name, n := range dir.children {
			switch n.mode & modeType {
			case modeDir:
				walk(n, prefix+name+"/")
			case modeFile:
				files[prefix+name] = Extent{n.lba, n.size}
			}
		}
	}
	walk(w.root, "")
	return files
}
