// Package opener gets one approved drive opened, without this program being
// root: by UDisks, or by a child of it that pkexec, sudo or run0 gives the
// rights to, and that can do nothing but open this very drive and hand the
// descriptor over. Only as root it opens directly.
//
// Every way ends in the same checks, made on the opened device: that it is the
// block device that was chosen, and that the running system does not need it.
// The last word has whoever opens: the child makes the checks as root.
package opener

import (
	"context"
	"errors"
	"os"
	"os/exec"

	"github.com/isowright/isowright/flash/drives"
)

// Way is how a device is opened.
type Way string

// The ways.
const (
	Direct Way = "direct" // as root
	UDisks Way = "udisks" // over the system bus
	Pkexec Way = "pkexec" // a child, by polkit
	Sudo   Way = "sudo"   // a child, by sudo
	Run0   Way = "run0"   // a child, by systemd
)

// Options are what holds for one opening.
type Options struct {
	// ReadOnly opens for reading, for verifying and saving; system disks may be
	// read. Unmount ends mounts and closes encrypted volumes first.
	ReadOnly, Unmount bool
	// Terminal tells that a person sits at a terminal, where sudo can ask.
	Terminal bool
	// Ways are tried in their order; none: those that suit.
	Ways []Way
	// Child is the command that ends in Child: this program and its hidden
	// command. Empty: the ways that need one are left out.
	Child []string
	// Bus is the address of the system bus; "": the usual one.
	Bus string
}

// Open opens the drive exclusively and past the page cache. The error is an
// *Error, or ctx's. Cancelling returns at once; a question for a password that
// is still on screen then leads to nothing.
func Open(ctx context.Context, d drives.Drive, o Options) (*os.File, error) {
	if err := check(ctx, d, o.ReadOnly); err != nil {
		return nil, err
	}
	var last error
	for _, way := range o.ways() {
		f, err := o.open(ctx, way, d)
		if err == nil {
			return f, nil
		}
		if ctx.Err() != nil {
			return nil, ended(ctx, err)
		}
		if last == nil || Is(last, NoService) {
			last = err
		}
		if !o.mayGoOn(err) {
			return nil, err
		}
	}
	if last == nil {
		last = fault(NoService, nil, "there is no way to get %s opened", d.Path)
	}
	return nil, last
}

// mayGoOn tells whether another way makes sense: not when a person has said no,
// or when the device itself is the matter.
func (o Options) mayGoOn(err error) bool {
	return Is(err, NoService) || Is(err, NoAgent) || Is(err, Refused) && (o.Terminal || len(o.Ways) > 0)
}

// ways in the order in which they are tried.
func (o Options) ways() []Way {
	if len(o.Ways) > 0 {
		return o.Ways
	}
	if os.Geteuid() == 0 {
		return []Way{Direct}
	}
	all := []Way{UDisks}
	if len(o.Child) == 0 {
		return all
	}
	order := []Way{Pkexec, Sudo, Run0}
	if o.Terminal {
		order = []Way{Sudo, Run0, Pkexec}
	}
	for _, way := range order {
		if _, err := exec.LookPath(string(way)); err == nil {
			all = append(all, way)
		}
	}
	return all
}

func (o Options) open(ctx context.Context, way Way, d drives.Drive) (*os.File, error) {
	switch way {
	case Direct:
		if o.Unmount {
			if err := unmountDirect(ctx, d); err != nil {
				return nil, err
			}
		}
		return openDirect(ctx, d, o.ReadOnly)
	case UDisks:
		return openUDisks(ctx, d, o)
	}
	return openElevated(ctx, way, d, o)
}

// check holds the drive, as it is now, against what was chosen, and against the
// rule that the system's disks are never written.
func check(ctx context.Context, d drives.Drive, readOnly bool) error {
	list, err := drives.List(ctx, drives.Live())
	if err != nil {
		return ended(ctx, fault(Failed, err, "the drives of this computer cannot be listed"))
	}
	for _, now := range list {
		if now.Name != d.Name {
			continue
		}
		if changed := d.Identity().Changed(now); changed != "" {
			return fault(Changed, nil, "%s is not the drive that was chosen: %s", d.Path, changed)
		}
		if now.Path != d.Path || now.Major != d.Major || now.Minor != d.Minor {
			return fault(Changed, nil, "%s is not the drive that was chosen: its device number differs", d.Path)
		}
		if len(now.System) > 0 && !readOnly {
			return fault(SystemDisk, errors.New(now.System[0]), "%s cannot be written, the running system needs it", d.Path)
		}
		if now.ReadOnly && !readOnly { // Linux lets one open it all the same
			return fault(ReadOnly, nil, "%s is write-protected", d.Path)
		}
		return nil
	}
	return fault(Gone, nil, "%s is not there any more", d.Path)
}
