// Package plan resolves a design against one pinned state of its distribution:
// exact packages, sizes, users, files, kernel line, boot entries. A plan is
// plain data; making one writes nothing and fetches no package.
package plan

import (
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
)

// Plan is everything that decides an image.
type Plan struct {
	// ID is the SHA-256 of the plan in hexadecimal: two plans with one ID give
	// the same image.
	ID string `json:"id"`
	// DesignID is the design's.
	DesignID string `json:"design_id"`
	// LiveID is the part of the ID that names the image's folder on the
	// medium, so that no other live medium is taken for it.
	LiveID string `json:"live_id"`
	// Design is what the plan was made from, with its defaults filled in.
	Design design.Design `json:"design"`
	State  catalog.State `json:"state"`
	// Date is every date in the image that we choose.
	Date time.Time `json:"date"`

	VolumeID string            `json:"volume_id"`
	Output   string            `json:"output"`
	Packages []catalog.Package `json:"packages"`
	// Boot are the packages whose files start the image (GRUB, shim).
	Boot []catalog.Package `json:"boot"`
	// KernelLine are the words of the default entry's command line.
	KernelLine []string  `json:"kernel_line"`
	Menu       grub.Menu `json:"menu"`
	Files      []File    `json:"files"`
	Sizes      Sizes     `json:"sizes"`
	// Nix is nil for Debian.
	Nix *Nix `json:"nix,omitempty"`
	// Warnings are problems that do not stand in the way of a build.
	Warnings []design.Problem `json:"warnings,omitempty"`
}

// File is a file of the person's that goes on the image.
type File struct {
	// Source is an absolute path on this computer, "" for a file of a theme of
	// Isowright's own. It is not part of the plan's ID: the content is.
	Source string `json:"source"`
	// Theme says that the file is made for the menu's theme, from Source or of
	// nothing: Size and SHA256 are those of what is made.
	Theme bool `json:"theme,omitempty"`
	// Target is an absolute path in the root tree or on the medium.
	Target   string `json:"target"`
	OnMedium bool   `json:"on_medium"`
	// Mode are the permission bits, 0 for those on disk.
	Mode  uint32 `json:"mode,omitempty"`
	Owner string `json:"owner,omitempty"`
	// Size in bytes and SHA256 of a file; a folder is listed file by file.
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256,omitempty"`
	// Link is the target of a symbolic link.
	Link string `json:"link,omitempty"`
	// Dir marks a folder.
	Dir bool `json:"dir,omitempty"`
}

// Nix is what only a NixOS plan has.
type Nix struct {
	// Version of Nix that evaluated the design.
	Version string `json:"version"`
	// Revision of nixpkgs and its NAR hash ("sha256-…="); empty where a folder
	// of the person's took its place.
	Revision string `json:"revision,omitempty"`
	Hash     string `json:"hash,omitempty"`
	// Output is the attribute that is built, Derivation its store path: of the
	// image, or of the manifest that Isowright makes the image by.
	Output     string `json:"output"`
	Derivation string `json:"derivation"`
	// Toplevel is the store path of the system.
	Toplevel string `json:"toplevel"`
	Kernel   string `json:"kernel"`
	// Builds and Fetches are the derivations that have to be built on this
	// computer and the store paths that are downloaded. Neither is part of the
	// plan's ID.
	Builds  []string `json:"builds,omitempty"`
	Fetches []string `json:"fetches,omitempty"`
	// Replaced tells, by field of the design, what the base had set.
	Replaced map[string]string `json:"replaced,omitempty"`
	// Offline are the levels of offline installation, in their order, for a
	// design that has one.
	Offline []OfflineCost `json:"offline,omitempty"`
}

// OfflineCost is what a level of offline installation costs, in bytes.
type OfflineCost struct {
	Level string `json:"level"`
	// Added to the image's store, unpacked; Image is the image with it; Space
	// what the building computer's disk needs.
	Added int64 `json:"added"`
	Image int64 `json:"image"`
	Space int64 `json:"space"`
	// Guessed says which parts are not measured.
	Guessed string `json:"guessed,omitempty"`
}

// Sizes are estimates in bytes.
type Sizes struct {
	// Download is what still has to be fetched; Packages all package files.
	Download int64 `json:"download"`
	Packages int64 `json:"packages"`
	// Installed is the root tree on disk, Image the finished ISO.
	Installed int64 `json:"installed"`
	Image     int64 `json:"image"`
	// Work is the space needed in the work folder while building, Store that in
	// the Nix store.
	Work  int64 `json:"work"`
	Store int64 `json:"store,omitempty"`
}
