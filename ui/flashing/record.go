package flashing

import (
	"path/filepath"
	"time"

	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
)

// How a flash ended, in the journal.
const (
	Verified    = "verified"
	NotVerified = "written, not verified"
)

// Record is a line of the journal on work that was done to a drive.
func Record(action string, d drives.Drive, started, ended time.Time, err error) store.Flash {
	f := store.Flash{Action: action, Started: started, Ended: ended, Device: d.Path, Model: d.Model,
		Serial: d.Serial, DriveSize: d.Size, Result: "done"}
	if len(d.ByID) > 0 {
		f.ByID = d.ByID[0]
	}
	if err != nil {
		f.Result, f.Error = string(flash.Failed), err.Error()
	}
	return f
}

// FlashRecord is the line of one stick that an image was written to, or
// compared with.
func FlashRecord(action, image string, d drives.Drive, r flash.Result, started, ended time.Time) store.Flash {
	f := Record(action, d, started, ended, r.Err)
	if path, err := filepath.Abs(image); err == nil {
		f.Image = path
	}
	f.Size, f.SHA256, f.Written, f.Skipped = r.Report.Size, r.Report.SHA256, r.Report.Written, r.Report.Kept
	switch {
	case r.Err != nil:
		f.Result = string(r.Report.State)
	case r.Report.Verified:
		f.Result = Verified
	default:
		f.Result = NotVerified
	}
	return f
}

// VerifyResult is what comparing found, as writing would report it.
func VerifyResult(found flash.Comparison, err error) flash.Result {
	r := flash.Report{Size: found.Size, SHA256: found.SHA256, Verified: err == nil, State: flash.Succeeded}
	if err != nil {
		r.State = flash.Failed
	}
	return flash.Result{Report: r, Err: err}
}
