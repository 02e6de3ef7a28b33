package flash

import (
	"context"
	"fmt"
	"os"

	"github.com/godbus/dbus/v5"
)

// InhibitSleep asks systemd-logind to keep the computer awake until release is
// called, or this process ends (org.freedesktop.login1.Manager.Inhibit).
func InhibitSleep(ctx context.Context, why string) (release func(), err error) {
	bus, err := dbus.ConnectSystemBus(dbus.WithContext(ctx))
	if err != nil {
		return nil, fmt.Errorf("reach the system bus: %w", err)
	}
	defer bus.Close()
	return inhibitSleep(ctx, bus, why)
}

func inhibitSleep(ctx context.Context, bus *dbus.Conn, why string) (release func(), err error) {
	login := bus.Object("org.freedesktop.login1", "/org/freedesktop/login1")
	var fd dbus.UnixFD
	err = login.CallWithContext(ctx, "org.freedesktop.login1.Manager.Inhibit", 0,
		"sleep:idle", "Isowright", why, "block").Store(&fd)
	if err != nil {
		return nil, fmt.Errorf("ask systemd-logind: %w", err)
	}
	// The lock lasts as long as this descriptor is open.
	lock := os.NewFile(uintptr(fd), "sleep inhibitor")
	return func() { _ = lock.Close() }, nil
}
