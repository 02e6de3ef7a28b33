package flashing

import (
	"strconv"
	"strings"

	"github.com/isowright/isowright/flash/drives"
)

// ByIDFolder holds the stable links to drives.
const ByIDFolder = "/dev/disk/by-id/"

// SequencePrefix begins the name of a drive that has no other: the kernel gives
// every medium a number of its own until the next start of the computer.
const SequencePrefix = "diskseq:"

// DriveName is what stands on the drive, "" where it has no name.
func DriveName(d drives.Drive) string {
	if strings.HasPrefix(d.Model, d.Vendor) {
		return strings.TrimSpace(d.Model)
	}
	return strings.TrimSpace(d.Vendor + " " + d.Model)
}

// DriveID is the name by which a drive is meant and no other: a link of
// /dev/disk/by-id, its serial number, or the number of its medium.
func DriveID(d drives.Drive) string {
	switch {
	case len(d.ByID) > 0:
		return strings.TrimPrefix(d.ByID[0], ByIDFolder)
	case d.Serial != "":
		return d.Serial
	case d.Sequence != 0:
		return SequencePrefix + strconv.FormatUint(d.Sequence, 10)
	}
	return d.Path
}
