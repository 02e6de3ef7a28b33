package drives

import (
	"bytes"
	"context"

	"golang.org/x/sys/unix"
)

// Groups of the kernel's uevent socket: what the kernel says, and what udev
// says when it has looked (systemd, sd-device/device-monitor-private.h).
const eventGroups = 1 | 2

// listen gives a sign for each event that may concern drives, until ctx ends.
// Where no socket is to be had it ends at once, and looking regularly has to do.
func listen(ctx context.Context, events chan<- struct{}) {
	socket, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_KOBJECT_UEVENT)
	if err != nil {
		socket = -1
	} else if err := unix.Bind(socket, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: eventGroups}); err != nil {
		_ = unix.Close(socket)
		socket = -1
	}
	mounts, err := unix.Open("/proc/self/mountinfo", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		mounts = -1
	}
	wake, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		wake = -1
	}
	fds := []unix.PollFd{
		{Fd: int32(socket), Events: unix.POLLIN},
		{Fd: int32(mounts), Events: unix.POLLPRI},
		{Fd: int32(wake), Events: unix.POLLIN},
	}
	// The descriptors are closed by the loop alone; ctx only wakes it up.
	stop := context.AfterFunc(ctx, func() { _, _ = unix.Write(wake, []byte{1, 0, 0, 0, 0, 0, 0, 0}) })
	if wake >= 0 {
		pollEvents(ctx, fds, events)
	}
	stop()
	for _, fd := range fds {
		if fd.Fd >= 0 {
			_ = unix.Close(int(fd.Fd))
		}
	}
}

func pollEvents(ctx context.Context, fds []unix.PollFd, events chan<- struct{}) {
	buffer := make([]byte, 16<<10)
	for ctx.Err() == nil {
		if _, err := unix.Poll(fds, -1); err != nil && err != unix.EINTR {
			return
		}
		relevant := fds[1].Revents != 0 // mounts
		for fds[0].Revents != 0 {
			n, _, err := unix.Recvfrom(int(fds[0].Fd), buffer, 0)
			if err == unix.ENOBUFS { // events were lost
				relevant = true
				continue
			}
			if err != nil {
				break
			}
			relevant = relevant || aboutBlocks(buffer[:n])
		}
		if relevant {
			select {
			case events <- struct{}{}:
			default:
			}
		}
	}
}

// aboutBlocks tells whether an event is of a block device. Both forms have
// properties that end in zero bytes; what anybody else sends to the socket costs
// one look at the drives, no more.
func aboutBlocks(event []byte) bool {
	return bytes.Contains(event, []byte("SUBSYSTEM=block\x00")) || bytes.HasSuffix(event, []byte("SUBSYSTEM=block"))
}
