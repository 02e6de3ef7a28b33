// Package builder makes an image from a design: it plans, realises the plan
// through a distribution, packs the tree and writes the image, in that order.
package builder

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/internal/progress"
)

// Options are the surroundings of a plan or a build: nothing in them changes
// the image, except which archive state is seen.
type Options struct {
	// CacheDir holds package files, the helper root and archive states
	// between builds ($XDG_CACHE_HOME/isowright).
	CacheDir string
	// Mirror and SecurityMirror are the application's settings; empty: what
	// the host's own apt uses, else the public archive.
	Mirror, SecurityMirror string
	// Out is the path of the image; empty: the design's output name in the
	// current folder.
	Out string
	// Clean builds everything anew; KeepWork leaves the work folder behind.
	Clean, KeepWork bool
	// WorkOnDisk unpacks the root file system on disk even where there is
	// memory enough: slower, but leaves the memory to others.
	WorkOnDisk bool
	// Nix is where the nix command is and how the person uses it: remote
	// builders, another store, another nixpkgs, a container.
	Nix nix.Search
	// Offline uses the archive state and package files that are in the cache.
	Offline bool
	// Workers is the number of compressors; 0: one for each processor.
	Workers int
	// Now is the time of the run (for records and expiry, never in the image).
	Now time.Time
	// Date is every date in the image that we choose; zero: the archive
	// state's.
	Date     time.Time
	Log      *slog.Logger
	Progress progress.Sink
}

// Image is a finished image and what lies beside it.
type Image struct {
	Path string `json:"path"`
	// Size in bytes, SHA256 in hexadecimal.
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	// Beside are the further files: checksum, packages, bill of materials, log.
	Beside []string `json:"beside"`
	// Phases are the steps with their duration, also of a build that failed.
	Phases []Phase   `json:"phases"`
	Plan   plan.Plan `json:"-"`
	// Installed are the packages that ended up in the image.
	Installed []catalog.Package `json:"-"`
}

// Phase is one step of a build and how long it took.
type Phase struct {
	Step    string  `json:"step"`
	Seconds float64 `json:"seconds"`
}

// StepError is a step that failed for a reason outside the design.
type StepError struct {
	// Step is the phase's name, as in progress.Event.
	Step string
	Err  error
	// Hint is what to do, one sentence.
	Hint string
	// Tail are the last lines of the program that failed, if one did.
	Tail string
}

// Error names the step and the reason.
func (e *StepError) Error() string { return fmt.Sprintf("%s: %v", e.Step, e.Err) }

// Unwrap gives the reason.
func (e *StepError) Unwrap() error { return e.Err }
