package plan

import (
	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/tree"
)

// Product is a realised plan: what a distribution hands to the image writers.
type Product struct {
	// Root is the root file system without kernel and initrd.
	Root           tree.Tree
	Kernel, Initrd tree.Entry
	// Installed are the packages that ended up in Root.
	Installed []catalog.Package
	// Boot are GRUB and what it needs on the medium.
	Boot grub.Medium
	// Close lets go of the files that Root reads from.
	Close func() error
}
