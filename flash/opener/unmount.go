package opener

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/isowright/isowright/flash/drives"
)

// Unmount ends all mounts of a drive and closes its encrypted volumes, as root
// directly, otherwise through UDisks. It never touches a drive that the running
// system needs.
func Unmount(ctx context.Context, d drives.Drive, o Options) error {
	if err := check(ctx, d, false); err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		return unmountDirect(ctx, d)
	}
	bus, err := connect(ctx, o.Bus)
	if err != nil {
		return err
	}
	defer bus.close()
	return bus.unmount(ctx, d)
}

// unmountDirect unmounts as root. The mounts are read anew: a desktop may have
// made one since the drive was chosen.
func unmountDirect(ctx context.Context, d drives.Drive) error {
	now, err := current(ctx, d)
	if err != nil {
		return err
	}
	if len(now.System) > 0 {
		return fault(SystemDisk, errors.New(now.System[0]), "%s is not unmounted, the running system needs it", d.Path)
	}
	points := slices.Clone(now.Mounted)
	// Those that lie within others first; stacked ones as often as they are.
	slices.SortFunc(points, func(a, b string) int { return strings.Count(b, "/") - strings.Count(a, "/") })
	for _, point := range points {
		for {
			err := unix.Unmount(point, unix.UMOUNT_NOFOLLOW)
			if errors.Is(err, unix.EBUSY) {
				return fault(Busy, err, "%s cannot be unmounted: files on it are open", point)
			}
			if err != nil && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOENT) {
				return fault(Failed, err, "%s cannot be unmounted", point)
			}
			if err != nil || !mountedAt(ctx, d, point) {
				break
			}
		}
	}
	return closeVolumes(ctx, now)
}

// closeVolumes closes what is encrypted. Volumes have the device mapper's
// names; cryptsetup's close is dmsetup's remove.
func closeVolumes(ctx context.Context, d drives.Drive) error {
	for _, p := range d.Parts {
		for _, holder := range p.Holders {
			_, name, ok := strings.Cut(strings.TrimSuffix(holder, ")"), " (")
			if !ok || len(d.Held) > 0 {
				continue
			}
			tool, err := exec.LookPath("cryptsetup")
			if err != nil {
				return fault(Busy, err, "the encrypted volume %s on %s cannot be closed without cryptsetup", name, p.Path)
			}
			if out, err := exec.CommandContext(ctx, tool, "close", "--", name).CombinedOutput(); err != nil {
				return fault(Busy, err, "the encrypted volume %s on %s cannot be closed: %s", name, p.Path, strings.TrimSpace(string(out)))
			}
		}
	}
	return nil
}

func mountedAt(ctx context.Context, d drives.Drive, point string) bool {
	now, err := current(ctx, d)
	return err == nil && slices.Contains(now.Mounted, point)
}

// current is the drive as it is now.
func current(ctx context.Context, d drives.Drive) (drives.Drive, error) {
	list, err := drives.List(ctx, drives.Live())
	if err != nil {
		return drives.Drive{}, ended(ctx, fault(Failed, err, "the drives of this computer cannot be listed"))
	}
	for _, now := range list {
		if now.Name == d.Name {
			return now, nil
		}
	}
	return drives.Drive{}, fault(Gone, nil, "%s is not there any more", d.Path)
}
