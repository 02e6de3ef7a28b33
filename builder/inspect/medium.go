package inspect

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/iso"
	"github.com/isowright/isowright/builder/tree"
)

const (
	// largeFile is the size in bytes from which a file is looked into for a
	// SquashFS whatever it is called.
	largeFile = 1 << 20
	// maxMenu is the most that is read of a grub.cfg, in bytes.
	maxMenu = 4 << 20
)

// menuFiles are where boot menus stand, the likeliest first.
var menuFiles = []string{
	"boot/grub/grub.cfg", "boot/grub2/grub.cfg", "EFI/BOOT/grub.cfg", "EFI/boot/grub.cfg", "efi/boot/grub.cfg",
	"EFI/debian/grub.cfg",
}

// openISO lists the medium and opens what SquashFS lie on it, the largest
// first. One that cannot be opened is a warning.
func (i *Image) openISO() error {
	var err error
	if i.iso, err = iso.Open(i.file, i.size); err != nil {
		return err
	}
	i.paths = map[uint32]string{}
	var entries []tree.Entry
	err = i.iso.Walk(func(e iso.Entry) error {
		entries = append(entries, e.Entry)
		if e.Type == tree.File && e.Size > 0 {
			i.paths[e.Extents[0].LBA] = e.Path
		}
		return nil
	})
	if err != nil {
		return err
	}
	i.medium = NewIndex(entries)
	large := func(a, b tree.Entry) int { return int(min(max(b.Size-a.Size, -1), 1)) }
	for _, e := range slices.SortedStableFunc(slices.Values(i.squashFiles()), large) {
		if err := i.addRoot(e.Path, io.NewSectionReader(e.Content.Source, e.Content.Offset, e.Size)); err != nil {
			i.warnings = append(i.warnings, fmt.Sprintf("%s: %v", e.Path, err))
		}
	}
	return nil
}

// squashFiles are the files on the medium that begin as a SquashFS does.
func (i *Image) squashFiles() []tree.Entry {
	var list []tree.Entry
	for _, e := range i.medium.Entries {
		named := slices.Contains([]string{".squashfs", ".sfs"}, path.Ext(e.Path))
		if e.Type == tree.File && e.Size > 0 && (named || e.Size >= largeFile) &&
			isSquash(e.Content.Source, e.Content.Offset) {
			list = append(list, e)
		}
	}
	return list
}

// IsSquash says whether a path on the medium is an opened SquashFS.
func (i *Image) IsSquash(path string) bool {
	return slices.ContainsFunc(i.roots, func(r *root) bool { return r.path == path })
}

// Report tells what the image is. Parts that cannot be read are warnings.
func (i *Image) Report() Report {
	r := Report{Kind: "squashfs", Size: i.size, Warnings: slices.Clone(i.warnings)}
	for _, x := range i.roots {
		r.Roots = append(r.Roots, squashReport(x.path, x.reader.Superblock()))
	}
	if i.iso != nil {
		r.Kind = "iso"
		i.reportISO(&r)
		if err := i.reportMenu(&r); err != nil {
			r.Warnings = append(r.Warnings, err.Error())
		}
	}
	packages, err := i.Packages()
	if err != nil {
		r.Warnings = append(r.Warnings, err.Error())
	}
	r.Packages = len(packages)
	return r
}

func (i *Image) reportISO(r *Report) {
	im := i.iso
	r.Volume = &Volume{
		ID: im.VolumeID, Application: im.Application, Publisher: im.Publisher, Preparer: im.Preparer,
		Created: im.Created, Modified: im.Modified, RockRidge: im.RockRidge, Joliet: im.Joliet,
	}
	for _, e := range im.Boot {
		r.Boot = append(r.Boot, BootRecord{
			Platform: platformName(e.Platform), Bootable: e.Bootable, LBA: int64(e.LBA),
			Load: int64(e.LoadBlocks) * 512, Path: i.paths[e.LBA],
		})
	}
	for _, p := range im.MBR {
		r.Partitions = append(r.Partitions, Partition{
			Table: "MBR", Number: p.Number, Type: fmt.Sprintf("0x%02X", p.Type), TypeName: mbrTypes[p.Type],
			Active: p.Active, Start: int64(p.Start) * 512, Size: int64(p.Blocks) * 512,
		})
	}
	if im.GPT != nil {
		for _, p := range im.GPT.Partitions {
			r.Partitions = append(r.Partitions, Partition{
				Table: "GPT", Number: p.Number, Type: p.Type, TypeName: gptTypes[p.Type], Name: p.Name,
				Start: int64(p.Start) * 512, Size: int64(p.Blocks) * 512,
			})
		}
	}
	for _, s := range im.Starts() {
		r.Starts = append(r.Starts, Start{Firmware: s.Firmware, As: s.Medium, OK: s.OK, Why: s.Why})
	}
	r.Warnings = append(r.Warnings, im.Faults...)
	if n := im.Missing(); n > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("the image is cut short: %d bytes are missing", n))
	}
}

func platformName(p byte) string {
	switch p {
	case iso.PlatformBIOS:
		return "BIOS"
	case iso.PlatformUEFI:
		return "UEFI"
	}
	return fmt.Sprintf("platform 0x%02X", p)
}

// mbrTypes and gptTypes are the partition types that images have.
var (
	mbrTypes = map[byte]string{
		0x00: "empty", 0x0B: "FAT32", 0x0C: "FAT32", 0x17: "hidden", 0x83: "Linux", 0xCD: "ISO 9660",
		0xEE: "protective, for GPT", 0xEF: "EFI system partition",
	}
	gptTypes = map[string]string{
		"C12A7328-F81F-11D2-BA4B-00A0C93EC93B": "EFI system partition",
		"EBD0A0A2-B9E5-4433-87C0-68B6B72699C7": "basic data",
		"0FC63DAF-8483-4772-8E79-3D69D8477DE4": "Linux file system",
		"21686148-6449-6E6F-744E-656564454649": "BIOS boot",
		"83BD6B9D-7F41-11DC-BE0B-001560B84F0F": "boot",
		"48465300-0000-11AA-AA11-00306543ECAC": "HFS+",
	}
)

// reportMenu reads the first grub.cfg that has entries.
func (i *Image) reportMenu(r *Report) error {
	for _, name := range menuFiles {
		e, err := i.medium.Resolve(name, true)
		if err != nil || e.Type != tree.File {
			continue // it is not there
		}
		text, err := io.ReadAll(io.LimitReader(e.Open(), maxMenu))
		if err != nil {
			return fmt.Errorf("read /%s: %w", e.Path, err)
		}
		if entries := ParseMenu(strings.ToValidUTF8(string(text), "\uFFFD")); len(entries) > 0 {
			r.Menu, r.MenuFile = entries, "/"+name
			return nil
		}
	}
	return nil
}
