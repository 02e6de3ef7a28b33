package flash

import (
	"context"
	"crypto/sha256"
	"errors"
	"syscall"
	"time"

	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/internal/safefile"
)

// SaveOptions are what Save may be told.
type SaveOptions struct {
	// End is where to stop, in bytes; 0: at the stick's end. UsedEnd gives the
	// end of the last partition.
	End      int64
	Patience time.Duration
	Progress progress.Sink

	geometry geometry
}

// Saved is what Save wrote.
type Saved struct {
	// Size of the file in bytes, Data how many of them are not in its holes.
	Size   int64  `json:"size"`
	Data   int64  `json:"data"`
	SHA256 string `json:"sha256"`
}

// UsedEnd is where the last partition ends, in bytes; 0 without any. A copy up
// to there lacks the second partition table at the end of the stick, which
// partitioning programs make anew.
func UsedEnd(parts []drives.Part) int64 {
	var end int64
	for _, p := range parts {
		if p.Number > 0 {
			end = max(end, p.Start+p.Size)
		}
	}
	return end
}

// saving is the name of Save's only step.
const saving = "saving"

// hole is the smallest hole that is left in a file, in bytes.
const hole = 64 << 10

// Save copies a stick to a file, which gets its name when it is complete.
// Blocks of zeros become holes. It closes the target.
func Save(ctx context.Context, t Target, path string, o SaveOptions) (Saved, error) {
	if o.geometry == (geometry{}) {
		o.geometry = usual()
	}
	d := newDevice(t, o.geometry, o.Patience)
	saved, err := save(ctx, d, path, o)
	if e := d.close(); err == nil {
		err = e
	}
	return saved, err
}

func save(ctx context.Context, d *device, path string, o SaveOptions) (Saved, error) {
	end := d.size
	if o.End > 0 {
		end = min(end, d.up(o.End))
	}
	out, err := safefile.Create(path, 0o644)
	if err != nil {
		return Saved{}, fileFault(err)
	}
	defer out.Abort()
	s := Saved{Size: end}
	hash := sha256.New()
	event := progress.Event{Step: saving, Text: "Reading the stick", Total: end}
	o.Progress.Report(event)
	err = d.scan(ctx, o.geometry.spans(0, end), func(b []byte, at int64) error {
		hash.Write(b)
		for i := 0; i < len(b); i += hole {
			part := b[i:min(i+hole, len(b))]
			if zero(part) {
				continue
			}
			if _, err := out.WriteAt(part, at+int64(i)); err != nil {
				return fileFault(err)
			}
			s.Data += int64(len(part))
		}
		event.Done = at + int64(len(b))
		o.Progress.Report(event)
		return nil
	})
	if err != nil {
		return Saved{}, err
	}
	if err := out.Truncate(end); err != nil {
		return Saved{}, fileFault(err)
	}
	if err := out.Commit(); err != nil {
		return Saved{}, fileFault(err)
	}
	s.SHA256 = hexSum(hash)
	return s, nil
}

func fileFault(err error) error {
	advice := "choose another place for the file"
	if errors.Is(err, syscall.ENOSPC) {
		advice = "free some space, or choose another place for the file"
	}
	return fault(FileFault, advice, err, "the file cannot be written")
}
