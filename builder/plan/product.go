package plan

import (
	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/tree"
)

// Product is a realised plan: what a distribution hands to the image writers.
type Product struct {
	// Made is the path of the finished image where the distribution's own tools
	// made it: a file, or a folder for a network boot bundle. All that the
	// writers would need is empty then.
	Made string

	// Root is the file system that is packed into a SquashFS, RootPath the place
	// of that on the medium.
	Root     tree.Tree
	RootPath string
	// Medium are the files that lie beside it: kernels, initrds, menus.
	Medium []tree.Entry
	// OwnFiles says that Medium and Root hold the person's files already.
	OwnFiles bool
	Boot     Boot

	// Installed are the packages that ended up in the image.
	Installed []catalog.Package
	// Close lets go of the files that Root reads from.
	Close func() error
}

// Boot is what firmware starts.
type Boot struct {
	// ESP are the files of the EFI system partition.
	ESP []grub.MediumFile
	// ElTorito is the path of the BIOS boot image among the medium's files;
	// empty without BIOS.
	ElTorito string
	// MBRCode starts the image from a USB drive under BIOS.
	MBRCode []byte
	// Isolinux says that ElTorito and MBRCode are ISOLINUX and isohdpfx.bin
	// instead of GRUB's images.
	Isolinux bool
}
