// Package assemble puts a NixOS ISO together from what Nix built: the closure of
// the system and the boot files that a manifest lists. It makes the file system
// that is packed (the store, as nixpkgs packs it), the files beside it on the
// medium, the boot menus and the EFI system partition.
//
// It runs no program, writes no file and knows no image format: the pieces go
// to the image writers. Menus are the design's own; a design without one gets
// the manifest's entries.
package assemble

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/tree"
	"github.com/isowright/isowright/internal/progress"
)

// Options say what is put together.
type Options struct {
	// Design with its defaults filled in. Its boot menu becomes the image's.
	Design design.Design
	// Manifest is the store path of the manifest.
	Manifest string
	// Closure are the store paths of the image with everything that they refer
	// to. Empty: what the manifest's closureInfo lists.
	Closure []PathInfo
	// Place tells where on this computer a store path lies ("/nix/store/…");
	// nil: there.
	Place func(storePath string) string
	// Verify reads every file of the closure and compares its hash. Without it
	// sizes and kinds of files are compared, which reads no contents.
	Verify bool
	// Progress is told how much of the closure was looked at.
	Progress progress.Sink
}

// Image are the pieces of an image. Paths are those on the medium.
type Image struct {
	// VolumeID must become the volume's name byte for byte: the system finds
	// its medium by it.
	VolumeID string
	// Root is what is packed, RootPath where the result goes
	// ("/nix-store.squashfs").
	Root     tree.Tree
	RootPath string
	// Medium are the files beside it. Paths have no leading slash; folders that
	// hold nothing else are left out.
	Medium []tree.Entry
	// ESP are the files of the EFI system partition, none without UEFI.
	ESP []grub.MediumFile
	// ElTorito is the path of isolinux.bin among Medium, empty without BIOS.
	// MBRCode is isohdpfx.bin, empty where the image is for CDs only.
	ElTorito string
	MBRCode  []byte
	// Menu is the menu that was written. Under BIOS isolinux shows it.
	Menu grub.Menu
	// FileName is the image's name as NixOS gives it.
	FileName string
}

// Assemble collects the pieces. Files are listed now and read when they are
// packed; one that changes in between is an error there.
func Assemble(ctx context.Context, o Options) (*Image, error) {
	s := store{place: o.Place}
	if s.place == nil {
		s.place = func(p string) string { return p }
	}
	m, err := s.readManifest(o.Manifest)
	if err != nil {
		return nil, err
	}
	if len(o.Closure) == 0 {
		if o.Closure, err = s.readClosure(m.Squashfs.ClosureInfo); err != nil {
			return nil, err
		}
	}
	a := &assembly{Options: o, store: s, manifest: m, files: map[string]tree.Entry{}}
	return a.assemble(ctx)
}

// assembly is one run.
type assembly struct {
	Options
	store    store
	manifest Manifest
	// files are those of the medium by path without leading slash.
	files map[string]tree.Entry
	image Image
}

func (a *assembly) assemble(ctx context.Context) (*Image, error) {
	a.image = Image{VolumeID: a.manifest.VolumeID, RootPath: a.manifest.Squashfs.Target, FileName: a.manifest.FileName}
	for _, step := range []func(context.Context) error{a.root, a.contents, a.menus, a.bios, a.uefi} {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	for _, e := range a.files {
		a.image.Medium = append(a.image.Medium, e)
	}
	slices.SortFunc(a.image.Medium, func(x, y tree.Entry) int { return tree.Compare(x.Path, y.Path) })
	return &a.image, nil
}

// put lays a file on the medium; it replaces what is there.
func (a *assembly) put(at string, data []byte) {
	a.files[clean(at)] = bytesEntry(clean(at), data)
}

// clean makes a tree's path of one on the medium ("/boot//nix" → "boot/nix").
func clean(p string) string { return strings.TrimPrefix(path.Clean("/"+p), "/") }
