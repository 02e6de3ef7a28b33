package opener

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"

	"github.com/isowright/isowright/flash/drives"
)

// Names on the bus, see the D-Bus interfaces of UDisks 2 in its manual.
const (
	udisksName = "org.freedesktop.UDisks2"
	manager    = dbus.ObjectPath("/org/freedesktop/UDisks2/Manager")
	none       = dbus.ObjectPath("/")
)

// bus is a connection to UDisks.
type bus struct{ conn *dbus.Conn }

func connect(ctx context.Context, address string) (bus, error) {
	var conn *dbus.Conn
	var err error
	if address == "" {
		conn, err = dbus.ConnectSystemBus(dbus.WithContext(ctx))
	} else {
		conn, err = dbus.Connect(address, dbus.WithContext(ctx))
	}
	if err != nil {
		return bus{}, ended(ctx, fault(NoService, err, "the system's message bus cannot be reached"))
	}
	return bus{conn}, nil
}

// close ends the connection; a reply that comes later, with a descriptor in it,
// goes nowhere.
func (b bus) close() { _ = b.conn.Close() }

// call calls a method and keeps its results in out.
func (b bus) call(ctx context.Context, object dbus.ObjectPath, method string, args []any, out ...any) error {
	call := b.conn.Object(udisksName, object).CallWithContext(ctx, udisksName+"."+method, 0, args...)
	if call.Err != nil {
		return call.Err
	}
	return call.Store(out...)
}

// get reads a property into out; a property that is not there leaves it as it is.
func (b bus) get(ctx context.Context, object dbus.ObjectPath, face, property string, out any) error {
	var value dbus.Variant
	call := b.conn.Object(udisksName, object).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0,
		udisksName+"."+face, property)
	if call.Err != nil {
		return call.Err
	}
	if err := call.Store(&value); err != nil {
		return err
	}
	return value.Store(out)
}

// openUDisks asks UDisks for the opened device. Who may is polkit's matter,
// which asks for a password where an agent runs.
func openUDisks(ctx context.Context, d drives.Drive, o Options) (*os.File, error) {
	b, err := connect(ctx, o.Bus)
	if err != nil {
		return nil, err
	}
	defer b.close()
	block, err := b.block(ctx, d)
	if err != nil {
		return nil, err
	}
	if o.Unmount {
		if err := b.unmount(ctx, d); err != nil {
			return nil, err
		}
	}
	mode, wanted := "rw", unix.O_EXCL|unix.O_DIRECT|unix.O_CLOEXEC
	if o.ReadOnly {
		mode, wanted = "r", unix.O_DIRECT|unix.O_CLOEXEC
	}
	var fd dbus.UnixFD
	options := map[string]dbus.Variant{"flags": dbus.MakeVariant(int32(wanted))}
	if err := b.call(ctx, block, "Block.OpenDevice", []any{mode, options}, &fd); err != nil {
		return nil, ended(ctx, udisksFault(d, err, "opened"))
	}
	unix.CloseOnExec(int(fd))
	return verified(ctx, os.NewFile(uintptr(fd), d.Path), d, o.ReadOnly)
}

// block finds UDisks' object of a drive and makes sure that it is the same.
func (b bus) block(ctx context.Context, d drives.Drive) (dbus.ObjectPath, error) {
	var found []dbus.ObjectPath
	spec := map[string]dbus.Variant{"path": dbus.MakeVariant(d.Path)}
	err := b.call(ctx, manager, "Manager.ResolveDevice", []any{spec, map[string]dbus.Variant{}}, &found)
	if err != nil {
		return "", ended(ctx, udisksFault(d, err, "found"))
	}
	number := unix.Mkdev(d.Major, d.Minor)
	for _, object := range found {
		var its uint64
		if err := b.get(ctx, object, "Block", "DeviceNumber", &its); err == nil && its == number {
			return object, nil
		}
	}
	return "", fault(NoService, nil, "UDisks does not know %s", d.Path)
}

// unmount unmounts the drive and its partitions, and locks what is encrypted.
func (b bus) unmount(ctx context.Context, d drives.Drive) error {
	block, err := b.block(ctx, d)
	if err != nil {
		return err
	}
	objects := []dbus.ObjectPath{block}
	var parts []dbus.ObjectPath
	if err := b.get(ctx, block, "PartitionTable", "Partitions", &parts); err == nil {
		objects = append(objects, parts...)
	}
	for _, object := range objects {
		if err := b.release(ctx, d, object); err != nil {
			return err
		}
	}
	return nil
}

// release ends the uses of one block device.
func (b bus) release(ctx context.Context, d drives.Drive, object dbus.ObjectPath) error {
	options := map[string]dbus.Variant{}
	var clear dbus.ObjectPath
	if err := b.get(ctx, object, "Encrypted", "CleartextDevice", &clear); err == nil && clear != none && clear != "" {
		if err := b.release(ctx, d, clear); err != nil {
			return err
		}
		if err := b.call(ctx, object, "Encrypted.Lock", []any{options}); err != nil {
			return ended(ctx, udisksFault(d, err, "locked"))
		}
	}
	for {
		var points [][]byte
		if err := b.get(ctx, object, "Filesystem", "MountPoints", &points); err != nil || len(points) == 0 {
			return nil
		}
		err := b.call(ctx, object, "Filesystem.Unmount", []any{options})
		var named dbus.Error
		if errors.As(err, &named) && named.Name == udisksName+".Error.NotMounted" {
			return nil
		}
		if err != nil {
			return ended(ctx, udisksFault(d, err, "unmounted"))
		}
	}
}

// udisksFault says in words what UDisks answered. Its errors are listed in
// udisks/udisksenums.h; that a device is busy it may say in its text alone.
func udisksFault(d drives.Drive, err error, done string) *Error {
	var named dbus.Error
	if !errors.As(err, &named) {
		return fault(Failed, err, "%s could not be %s through UDisks", d.Path, done)
	}
	switch strings.TrimPrefix(named.Name, udisksName+".Error.") {
	case "NotAuthorizedCanObtain":
		return fault(NoAgent, nil, "%s needs an administrator's password, and no polkit agent runs that could ask for it", d.Path)
	case "NotAuthorizedDismissed":
		return fault(Cancelled, nil, "the question for the password was dismissed")
	case "NotAuthorized":
		return fault(Refused, nil, "polkit does not let this user have %s %s", d.Path, done)
	case "DeviceBusy", "AlreadyMounted":
		return busy(d)
	}
	switch named.Name {
	case "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner",
		"org.freedesktop.DBus.Error.UnknownMethod", "org.freedesktop.DBus.Error.Spawn.ServiceNotFound",
		"org.freedesktop.DBus.Error.UnknownObject":
		return fault(NoService, named, "UDisks does not answer")
	case "org.freedesktop.DBus.Error.AccessDenied":
		return fault(Refused, named, "the message bus does not let this user ask UDisks")
	}
	text := named.Error()
	for _, known := range []unix.Errno{unix.EBUSY, unix.EROFS, unix.ENOMEDIUM, unix.ENOENT, unix.ENXIO} {
		if strings.Contains(text, libcText[known]) {
			return openFault(d, known)
		}
	}
	return fault(Failed, named, "%s could not be %s through UDisks", d.Path, done)
}

// libcText are glibc's texts, in which UDisks passes errors of open(2) on.
var libcText = map[unix.Errno]string{
	unix.EBUSY: "Device or resource busy", unix.EROFS: "Read-only file system", unix.ENOMEDIUM: "No medium found",
	unix.ENOENT: "No such file or directory", unix.ENXIO: "No such device or address",
}
