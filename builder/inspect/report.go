package inspect

import (
	"time"

	"github.com/isowright/isowright/builder/squash"
)

// Report is what an image is, as far as it can be seen without starting it.
type Report struct {
	// Kind is "iso" or "squashfs".
	Kind string `json:"kind"`
	// Size of the file in bytes.
	Size   int64   `json:"size"`
	Volume *Volume `json:"volume,omitempty"`
	// Boot are the entries of the El Torito boot catalog.
	Boot       []BootRecord `json:"boot,omitempty"`
	Partitions []Partition  `json:"partitions,omitempty"`
	// Starts says which firmware can start the image from which medium.
	Starts []Start     `json:"starts,omitempty"`
	Menu   []MenuEntry `json:"menu,omitempty"`
	// MenuFile is where the menu stands.
	MenuFile string   `json:"menu_file,omitempty"`
	Roots    []Squash `json:"squashfs,omitempty"`
	// Packages is the number of packages in the list on the medium, 0 where
	// there is none.
	Packages int `json:"packages,omitempty"`
	// Warnings are parts that could not be read.
	Warnings []string `json:"warnings,omitempty"`
}

// Volume is what the primary volume descriptor says.
type Volume struct {
	ID          string    `json:"id"`
	Application string    `json:"application,omitempty"`
	Publisher   string    `json:"publisher,omitempty"`
	Preparer    string    `json:"preparer,omitempty"`
	Created     time.Time `json:"created,omitzero"`
	Modified    time.Time `json:"modified,omitzero"`
	RockRidge   bool      `json:"rock_ridge"`
	Joliet      bool      `json:"joliet"`
}

// BootRecord is one entry of the boot catalog.
type BootRecord struct {
	// Platform is "BIOS", "UEFI" or a number.
	Platform string `json:"platform"`
	Bootable bool   `json:"bootable"`
	// LBA counts sectors of 2048 bytes, Load is how many bytes the firmware is
	// told to load, which for UEFI is often too few.
	LBA  int64 `json:"lba"`
	Load int64 `json:"load"`
	// Path is the file at that place, if one is.
	Path string `json:"path,omitempty"`
}

// Partition is one entry of the MBR or GPT.
type Partition struct {
	// Table is "MBR" or "GPT".
	Table  string `json:"table"`
	Number int    `json:"number"`
	// Type is a number (MBR) or GUID (GPT), TypeName what it is called.
	Type     string `json:"type"`
	TypeName string `json:"type_name,omitempty"`
	Name     string `json:"name,omitempty"`
	Active   bool   `json:"active,omitempty"`
	// Start and Size are in bytes.
	Start int64 `json:"start"`
	Size  int64 `json:"size"`
}

// Start is one way to start an image.
type Start struct {
	Firmware string `json:"firmware"` // "BIOS" or "UEFI"
	As       string `json:"as"`       // "CD" or "USB"
	OK       bool   `json:"ok"`
	// Why says what makes it so.
	Why string `json:"why"`
}

// Squash is a SquashFS, within an ISO or alone.
type Squash struct {
	Path        string    `json:"path,omitempty"`
	Compression string    `json:"compression"`
	Level       int       `json:"level,omitempty"`
	BlockSize   int       `json:"block_size"`
	Inodes      int       `json:"inodes"`
	Fragments   int       `json:"fragments"`
	Size        int64     `json:"size"`
	Date        time.Time `json:"date"`
}

func squashReport(path string, info squash.Info) Squash {
	return Squash{
		Path: path, Compression: info.Compression.String(), Level: info.Level, BlockSize: info.BlockSize,
		Inodes: info.Inodes, Fragments: info.Fragments, Size: info.Size, Date: time.Unix(info.ModTime, 0).UTC(),
	}
}
