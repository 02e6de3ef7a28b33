package opener

import (
	"context"
	"os"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"

	"github.com/isowright/isowright/flash/drives"
)

// cdromEject is CDROMEJECT of linux/cdrom.h; SCSI disks, and so USB sticks,
// take it as "stop, and let go of the medium".
const cdromEject = 0x5309

// Eject lets go of a drive, so that it can be pulled out: through UDisks, which
// also takes its power, else directly as root. Drives that nobody pulls out
// (loop devices, disks of the computer) are left alone.
func Eject(ctx context.Context, d drives.Drive, o Options) error {
	if !d.Removable && d.Bus != "usb" {
		return nil
	}
	err := ejectUDisks(ctx, d, o)
	if os.Geteuid() != 0 || err == nil || ctx.Err() != nil || !Is(err, NoService) {
		return err
	}
	f, err := os.OpenFile(d.Path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return openFault(d, err)
	}
	defer func() { _ = f.Close() }()
	if err := Same(f, d); err != nil {
		return err
	}
	err = unix.IoctlSetInt(int(f.Fd()), cdromEject, 0)
	if err != nil && err != unix.ENOTTY && err != unix.EINVAL { // cards have nothing to eject
		return fault(Failed, err, "%s cannot be ejected", d.Path)
	}
	return nil
}

func ejectUDisks(ctx context.Context, d drives.Drive, o Options) error {
	b, err := connect(ctx, o.Bus)
	if err != nil {
		return err
	}
	defer b.close()
	block, err := b.block(ctx, d)
	if err != nil {
		return err
	}
	var drive dbus.ObjectPath
	if err := b.get(ctx, block, "Block", "Drive", &drive); err != nil || drive == none {
		return fault(NoService, err, "UDisks knows no drive of %s", d.Path)
	}
	var ejectable, power bool
	// Missing properties stay false.
	_ = b.get(ctx, drive, "Drive", "Ejectable", &ejectable)
	_ = b.get(ctx, drive, "Drive", "CanPowerOff", &power)
	options := []any{map[string]dbus.Variant{}}
	switch {
	case power:
		err = b.call(ctx, drive, "Drive.PowerOff", options)
	case ejectable:
		err = b.call(ctx, drive, "Drive.Eject", options)
	}
	if err != nil {
		return ended(ctx, udisksFault(d, err, "ejected"))
	}
	return nil
}
