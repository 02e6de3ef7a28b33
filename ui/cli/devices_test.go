package cli

import (
	"testing"

	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/ui/flashing"
)

// TestFindDrive: every name that a drive is listed with finds it again, and
// only those that no other drive can have are sure.
func TestFindDrive(t *testing.T) {
	all := []drives.Drive{
		{Name: "sda", Path: "/dev/sda", ByID: []string{flashing.ByIDFolder + "usb-Maker_Stick_A1-0:0", flashing.ByIDFolder + "wwn-7"}, Serial: "A1", Sequence: 3},
		{Name: "sdb", Path: "/dev/sdb", ByID: []string{flashing.ByIDFolder + "usb-Maker_Stick_B2-0:0"}, Serial: "SAME", Sequence: 4},
		{Name: "sdc", Path: "/dev/sdc", Serial: "SAME", Sequence: 5},
		{Name: "loop0", Path: "/dev/loop0", Sequence: 6},
	}
	for _, c := range []struct {
		word, path string
		sure       bool
	}{
		{"usb-Maker_Stick_A1-0:0", "/dev/sda", true},
		{flashing.ByIDFolder + "usb-Maker_Stick_A1-0:0", "/dev/sda", true},
		{"wwn-7", "/dev/sda", true},
		{"A1", "/dev/sda", true},
		{flashing.DriveID(all[0]), "/dev/sda", true},
		{flashing.DriveID(all[1]), "/dev/sdb", true},
		{flashing.DriveID(all[3]), "/dev/loop0", true},
		{"/dev/sda", "/dev/sda", false},
		{"sdc", "/dev/sdc", false},
		{"SAME", "", false},
		{"sd", "", false},
		{"", "", false},
	} {
		d, sure, err := findDrive(all, c.word)
		if d.Path != c.path || sure != c.sure || (err == nil) != (c.path != "") {
			t.Errorf("%q finds %q, sure %v, %v; want %q, %v", c.word, d.Path, sure, err, c.path, c.sure)
		}
	}
	if id := flashing.DriveID(all[0]); id != "usb-Maker_Stick_A1-0:0" {
		t.Errorf("the ID of %s is %s", all[0].Path, id)
	}
}
