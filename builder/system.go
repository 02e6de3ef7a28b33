package builder

import (
	"context"
	"runtime"
	"time"

	"github.com/isowright/isowright/builder/debian"
	"github.com/isowright/isowright/builder/debian/archive"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/nixos"
	"github.com/isowright/isowright/builder/plan"
)

// System is one distribution.
type System interface {
	// Available says whether this computer can build for the distribution.
	Available(ctx context.Context) error
	// Refuse says what a design, with its defaults filled in, asks for that this
	// version cannot do. It looks at nothing but the design.
	Refuse(d design.Design) design.Problems
	// Plan resolves a design, as it was written, that was not refused, on an
	// available computer. date is every date in the image, zero for the
	// distribution's own. Its error is design.Problems where the design is at
	// fault.
	Plan(ctx context.Context, d design.Design, date time.Time) (plan.Plan, error)
	// Missing is how much of a plan still has to be fetched into the cache
	// folder, in bytes.
	Missing(p plan.Plan) int64
	// Realise makes the plan's system, using dir for what is too large for
	// memory. The product must be closed before dir is removed.
	Realise(ctx context.Context, p plan.Plan, dir string) (*plan.Product, error)
	// Remove takes a work folder away, whoever owns the files in it.
	Remove(ctx context.Context, dir string) error
	// Export writes the distribution's own source of a design, as it was written,
	// into the empty folder dir, using work as Realise does.
	Export(ctx context.Context, d design.Design, date time.Time, dir, work string) error
}

// newSystem is the list of distributions.
func newSystem(name string, o Options) (System, error) {
	switch name {
	case "nixos":
		return newNixOS(o), nil
	case "debian":
		return newDebian(o), nil
	}
	return nil, design.Problems{{
		Field: "distribution", Text: "this version builds no " + name + " image",
		Hint: `use distribution = "debian" or "nixos"`,
	}}
}

func newNixOS(o Options) *nixos.System {
	search := o.Nix
	if runtime.GOOS == "linux" && (runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64") {
		search.Container.Unpack = (&unpackedNix{Options: o}).unpack
	}
	return nixos.New(nixos.Config{
		CacheDir: o.CacheDir, Nix: search, Offline: o.Offline, Log: o.Log, Progress: o.Progress,
	})
}

// unpackedNix is Debian's Nix, which nobody needs to install. It is unpacked
// once; no run removes it while another uses it.
type unpackedNix struct {
	Options
	// held keeps its lock, which ends with this process: nix may be started to
	// the last moment.
	held *archive.HelperRoot
}

// unpack gives the root that has it.
func (u *unpackedNix) unpack(ctx context.Context) (string, error) {
	d := design.WithDefaults(design.Design{Distribution: "debian", Architecture: runtime.GOARCH})
	var err error
	if u.held, err = newDebian(u.Options).Unpacked(ctx, d, []string{"nix-bin"}); err != nil {
		return "", err
	}
	return u.held.Dir, nil
}

func newDebian(o Options) *debian.System {
	return debian.New(debian.Config{
		CacheDir: o.CacheDir, Mirror: o.Mirror, Security: o.SecurityMirror,
		Clean: o.Clean, Offline: o.Offline, WorkOnDisk: o.WorkOnDisk, Now: o.Now, Log: o.Log, Progress: o.Progress,
	})
}
