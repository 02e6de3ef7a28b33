package flash

import (
	"fmt"
	"slices"
	"strings"

	"github.com/isowright/isowright/flash/drives"
)

// ImageInfo is what Check has to know of an image.
type ImageInfo struct {
	// Size of the content in bytes; -1 if only unpacking will tell. FileSize is
	// that of the file.
	Size, FileSize int64
	// Compression is "gzip", "xz", "zstd", "bzip2" or "".
	Compression string
	// Boot is what the first sectors say.
	Boot Boot
	// Disks are the names of the disks that the image's file lies on, see
	// drives.DisksOf. Unplaced says why they are not known; then the file
	// could lie on any.
	Disks    []string
	Unplaced string
}

// Level is what a refusal asks for.
type Level int

// The levels, the hardest first.
const (
	// Never: it is not written, whatever a person says.
	Never Level = iota
	// Unmount: after it has been unmounted.
	Unmount
	// TypeName: after the name of the drive has been typed, see NameToType.
	TypeName
	// Warning and Note are told, and stop nothing.
	Warning
	Note
)

var levelNames = [...]string{"never", "unmount", "type-name", "warning", "note"}

func (l Level) String() string { return levelNames[l] }

// MarshalText writes the level's name.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Reason sorts refusals. Its text is kept stable.
type Reason string

// The reasons, in the order of Check.
const (
	SystemDisk    Reason = "system-disk"
	NotWritable   Reason = "read-only"
	NoMedium      Reason = "no-medium"
	OpticalDisc   Reason = "optical"
	DoesNotFit    Reason = "too-small"
	ImageOnDrive  Reason = "image-on-drive"
	OtherDrive    Reason = "changed"
	Held          Reason = "held"
	Mounted       Reason = "mounted"
	LargeDrive    Reason = "large"
	FixedDrive    Reason = "not-removable"
	NotBootable   Reason = "not-bootable"
	PackedImage   Reason = "compressed"
	UnknownLength Reason = "unknown-size"
)

// Refusal is one thing that stands against writing, or ought to be known.
type Refusal struct {
	Reason Reason `json:"reason"`
	Level  Level  `json:"level"`
	Text   string `json:"text"`
	Hint   string `json:"hint,omitempty"`
}

// largeDrive is the size from which a drive is more likely someone's archive
// than a stick, in bytes.
const largeDrive = 128_000_000_000

// Check holds a drive, as it is now, against the rules. Chosen is the identity
// that the drive had when it was chosen; the zero one is not compared. Nothing
// is read or changed.
func Check(d drives.Drive, image ImageInfo, chosen drives.Identity) []Refusal {
	all := checkDrive(d)
	all = append(all, checkImage(d, image)...)
	if changed := chosen.Changed(d); changed != "" {
		all = append(all, Refusal{OtherDrive, Never, fmt.Sprintf("%s is not the drive that was chosen: %s", d.Path, changed),
			"choose the drive again"})
	}
	all = append(all, checkUse(d)...)
	all = append(all, checkCare(d)...)
	slices.SortStableFunc(all, func(a, b Refusal) int { return int(a.Level) - int(b.Level) })
	return all
}

// checkDrive has the rules that need no image.
func checkDrive(d drives.Drive) []Refusal {
	var all []Refusal
	if len(d.System) > 0 {
		all = append(all, Refusal{SystemDisk, Never, fmt.Sprintf("the running system needs this disk: %s", strings.Join(d.System, "; ")),
			"choose another drive; this one can only be written by another system"})
	}
	if d.Optical {
		all = append(all, Refusal{OpticalDisc, Never, fmt.Sprintf("%s is an optical drive", d.Path), "burn the image with a program for discs"})
	}
	switch {
	case d.Size <= 0:
		all = append(all, Refusal{NoMedium, Never, fmt.Sprintf("there is no medium in %s", d.Path), "insert one"})
	case d.ReadOnly:
		all = append(all, Refusal{NotWritable, Never, fmt.Sprintf("%s is write-protected", d.Path),
			"cards and some sticks have a small switch; a stick that protects itself is at the end of its life"})
	}
	return all
}

// checkImage has the rules about the image and its place.
func checkImage(d drives.Drive, image ImageInfo) []Refusal {
	var all []Refusal
	if image.Size > d.Size && d.Size > 0 {
		all = append(all, Refusal{DoesNotFit, Never, fmt.Sprintf("the image needs %s, %s holds %s: %s are missing",
			HumanSize(image.Size), d.Path, HumanSize(d.Size), HumanSize(image.Size-d.Size)), "take a larger drive"})
	}
	switch {
	case slices.Contains(image.Disks, d.Name):
		all = append(all, Refusal{ImageOnDrive, Never, "the image lies on the very drive that it would be written to",
			"copy the image elsewhere first"})
	case image.Unplaced != "":
		all = append(all, Refusal{ImageOnDrive, Never, fmt.Sprintf("it cannot be ruled out that the image lies on this drive: %s", image.Unplaced),
			"copy the image to a disk of this computer first"})
	}
	switch {
	case image.Compression != "" && image.Size < 0:
		all = append(all, Refusal{UnknownLength, Warning, fmt.Sprintf(
			"the image is compressed (%s) and does not say how large it will be: whether it fits shows at the end", image.Compression), "unpack it first to be certain"})
	case image.Compression != "":
		all = append(all, Refusal{PackedImage, Note, fmt.Sprintf("the image is compressed (%s) and will be unpacked on the way: %s become %s",
			image.Compression, HumanSize(image.FileSize), HumanSize(image.Size)), ""})
	}
	switch image.Boot {
	case BootNone:
		all = append(all, Refusal{NotBootable, Warning, "the image does not look like one that a computer can boot from",
			"check that it is the right file"})
	case BootDisc:
		all = append(all, Refusal{NotBootable, Warning, "the image boots from a disc, but not from a stick: it has no boot record for one",
			"take a hybrid image"})
	}
	return all
}

// checkUse has the rules about what uses the drive now.
func checkUse(d drives.Drive) []Refusal {
	var all []Refusal
	if len(d.System) > 0 {
		return nil // says more
	}
	if len(d.Held) > 0 {
		all = append(all, Refusal{Held, Never, strings.Join(d.Held, "; "),
			"end that first: stop the RAID (mdadm --stop), deactivate the volume group (vgchange -an), detach the loop device (losetup -d), export the pool"})
	}
	if len(d.Mounted) > 0 {
		all = append(all, Refusal{Mounted, Unmount, fmt.Sprintf("%s is mounted at %s", d.Path, strings.Join(d.Mounted, ", ")),
			"close the files and windows that use it, it will be unmounted"})
	} else if len(d.InUse) > 0 && len(d.Held) == 0 {
		all = append(all, Refusal{Mounted, Unmount, strings.Join(d.InUse, "; "), "it will be closed"})
	}
	return all
}

// checkCare has the rules that ask a person to look twice.
func checkCare(d drives.Drive) []Refusal {
	var all []Refusal
	hint := "type its name to go on: " + NameToType(d)
	if d.Size > largeDrive {
		all = append(all, Refusal{LargeDrive, TypeName, fmt.Sprintf("%s is large for a stick (%s): it may be a disk with someone's data",
			d.Path, HumanSize(d.Size)), hint})
	}
	if !d.Removable && !d.Optical {
		all = append(all, Refusal{FixedDrive, TypeName, fmt.Sprintf("%s is not a removable drive: it may be a disk of this computer", d.Path), hint})
	}
	return all
}

// NameToType is what a person types for a drive that asks for it: its model, or
// its path where it has none.
func NameToType(d drives.Drive) string {
	if d.Model != "" {
		return d.Model
	}
	return d.Path
}

// Consent is what a person has agreed to.
type Consent struct {
	// Unmount: what is mounted may be unmounted.
	Unmount bool
	// Typed is the name that was typed.
	Typed string
}

// Standing are the refusals that remain with a consent. There is none that lets
// a drive of the running system be written.
func Standing(all []Refusal, d drives.Drive, c Consent) []Refusal {
	var left []Refusal
	for _, r := range all {
		switch {
		case r.Level == Never,
			r.Level == Unmount && !c.Unmount,
			r.Level == TypeName && !strings.EqualFold(strings.TrimSpace(c.Typed), NameToType(d)):
			left = append(left, r)
		}
	}
	return left
}

// HumanSize writes bytes the way sticks are sold: powers of ten.
func HumanSize(n int64) string {
	units := []string{"bytes", "kB", "MB", "GB", "TB", "PB", "EB"}
	value, unit := float64(n), 0
	for value >= 999.95 && unit < len(units)-1 {
		value /= 1000
		unit++
	}
	if unit == 0 {
		return fmt.Sprintf("%d %s", n, units[0])
	}
	return fmt.Sprintf("%.1f %s", value, units[unit])
}
