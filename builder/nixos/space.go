package nixos

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/plan"
	"golang.org/x/sys/unix"
)

// storeSpace refuses a build that the disk of this computer's Nix store cannot
// hold. A store elsewhere is its owner's business.
func (s *System) storeSpace(n *nix.Nix, p plan.Plan) error {
	if s.Nix.Settings.Store != "" {
		return nil
	}
	places, seen := n.Places()
	if !seen {
		return nil // in a container whose disk is not for us to look at
	}
	return roomIn(places.Of(n.StoreDir), p)
}

// roomIn refuses a build that the disk of the store's folder cannot hold.
func roomIn(store string, p plan.Plan) error {
	free, err := freeSpace(store)
	if err != nil || free >= p.Sizes.Store {
		return err
	}
	return &fault{
		err:  unix.ENOSPC,
		text: fmt.Sprintf("the Nix store %s has %s free, but the build needs about %s there", store, gigabytes(free), gigabytes(p.Sizes.Store)),
		hint: "free what no build needs any more (isowright roots, then nix store gc), or build in another store (--store)",
	}
}

// freeSpace is what may still be written on dir's disk, in bytes. A folder that
// is not there yet lies on the disk of the one it will be in.
func freeSpace(dir string) (int64, error) {
	var space unix.Statfs_t
	err := unix.Statfs(dir, &space)
	for errors.Is(err, fs.ErrNotExist) && filepath.Dir(dir) != dir {
		dir = filepath.Dir(dir)
		err = unix.Statfs(dir, &space)
	}
	if err != nil {
		return 0, &fs.PathError{Op: "look at", Path: dir, Err: err}
	}
	return int64(space.Bavail) * space.Bsize, nil
}

// gigabytes writes a size for people.
func gigabytes(n int64) string { return fmt.Sprintf("%.1f GB", float64(n)/1e9) }
