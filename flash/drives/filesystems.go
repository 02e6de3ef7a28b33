package drives

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// diskless are kinds of file systems that have no disk of this computer below
// them: in memory, made up by the kernel, on the network, on a virtual
// machine's host, or on flash without a block layer.
var diskless = strings.Fields(`
	9p afs anon_inodefs autofs binder binfmt_misc bpf ceph cgroup cgroup2 cifs coda configfs
	cpuset debugfs devpts devtmpfs drmfs efivarfs fusectl functionfs gfs hugetlbfs jffs2 mqueue
	ncpfs nfs nfs4 nfsd nsfs ocfs2_dlmfs orangefs pipefs proc pstore ramfs resctrl rootfs
	rpc_pipefs securityfs selinuxfs smackfs smb3 smbfs sockfs spufs sysfs tmpfs tracefs ubifs
	vboxsf virtiofs vmhgfs xenfs zonefs`)

// layered file systems are made of folders of others.
var layered = []string{"overlay", "overlayfs", "aufs", "ecryptfs"}

// mounted is what a mount lies on.
func (c *computer) mounted(t mounts, m mount) below {
	// ZFS, btrfs and bcachefs have several devices, and numbers of their own.
	switch m.kind {
	case "btrfs":
		return c.btrfs(m)
	case "zfs":
		return c.pool(m.source)
	case "bcachefs":
		return c.bcachefs(m)
	case "overlay", "overlayfs":
		return c.overlay(t.without(m), m)
	case "aufs":
		return c.aufs(t.without(m), m)
	case "ecryptfs":
		return c.folder(t.without(m), m.source)
	}
	if d := c.byNumber[m.device]; d != nil {
		return below{devices: []*device{d}}
	}
	if slices.Contains(diskless, m.kind) {
		return below{}
	}
	if d := c.device(m.source); d != nil {
		return below{devices: []*device{d}}
	}
	return below{err: fmt.Errorf("what %s (%s) lies on cannot be found out", cleanText(m.point), cleanText(m.kind))}
}

// btrfs finds all devices of a file system by the one that its mount names.
func (c *computer) btrfs(m mount) below {
	source := c.device(m.source)
	if source == nil {
		source = c.byNumber[m.device]
	}
	ids, err := c.names("sys/fs/btrfs")
	if err != nil {
		return below{err: err}
	}
	var every []*device
	for _, id := range ids {
		names, err := c.names("sys/fs/btrfs", id, "devices")
		if err != nil {
			return below{err: err}
		}
		var these []*device
		for _, name := range names {
			if d := c.devices[name]; d != nil {
				these = append(these, d)
			}
		}
		if source != nil && slices.Contains(these, source) {
			return below{devices: these}
		}
		every = append(every, these...)
	}
	switch {
	case source != nil:
		// Without its folder other devices of the file system stay unknown:
		// those that udev has found to be of the same one are taken.
		return below{devices: c.sameFileSystem(source)}
	case len(every) > 0:
		return below{devices: every}
	}
	return below{err: fmt.Errorf("the devices of the btrfs at %s cannot be found out", cleanText(m.point))}
}

// sameFileSystem are the device and all others with its file system's UUID.
func (c *computer) sameFileSystem(d *device) []*device {
	all := []*device{d}
	uuid := d.udev.properties["ID_FS_UUID"]
	for _, other := range c.devices {
		if other != d && uuid != "" && other.udev.properties["ID_FS_UUID"] == uuid {
			all = append(all, other)
		}
	}
	return all
}

// bcachefs names all its devices in the mount: "/dev/sda2:/dev/sdb1".
func (c *computer) bcachefs(m mount) below {
	var all below
	for _, name := range strings.Split(m.source, ":") {
		if d := c.device(name); d != nil {
			all.devices = append(all.devices, d)
		} else {
			all.err = fmt.Errorf("the device %s of the bcachefs at %s cannot be found", cleanText(name), cleanText(m.point))
		}
	}
	return all
}

// overlay follows the folders that it is made of.
func (c *computer) overlay(t mounts, m mount) below {
	var all below
	for _, folder := range overlayFolders(m.options) {
		all.add(c.folder(t, folder))
	}
	return all
}

// overlayFolders are the folders in an overlay's options. Commas and
// backslashes in names come escaped with a backslash, colons too within
// lowerdir; since Linux 6.5 each folder may be an option "lowerdir+" of its own.
func overlayFolders(options string) []string {
	var all []string
	for _, option := range splitEscaped(unescape(options), ',') {
		key, value, _ := strings.Cut(option, "=")
		switch key {
		case "lowerdir":
			for _, folder := range splitEscaped(value, ':') {
				if folder != "" { // "::" precedes data-only folders
					all = append(all, plain(folder))
				}
			}
		case "upperdir", "workdir", "lowerdir+", "datadir+":
			all = append(all, plain(value))
		}
	}
	return all
}

// splitEscaped splits where the separator has no backslash before it.
func splitEscaped(s string, separator byte) []string {
	var parts []string
	start := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case separator:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[start:])
}

// plain takes the backslashes away.
func plain(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// folder is what a folder of an overlay lies on.
func (c *computer) folder(t mounts, name string) below {
	if !strings.HasPrefix(name, "/") {
		return below{err: fmt.Errorf("the folder %s of an overlay has no full path", cleanText(name))}
	}
	all, found := c.place(t, name)
	if !found {
		all.err = errors.Join(all.err, fmt.Errorf("the folder %s of an overlay is out of sight", cleanText(name)))
	}
	return all
}

// place is what a path lies on that the kernel has kept. It is the name of the
// moment of mounting, or of another mount namespace: in an initrd
// /mnt-root/nix/.ro-store, which is /nix/.ro-store now. So whatever is mounted
// at an end of the name counts too.
func (c *computer) place(t mounts, name string) (all below, found bool) {
	name = path.Clean(name)
	if m, ok := t.at(name); ok {
		all.add(c.mounted(t, m))
		// A path on a root in memory says nothing: it is more likely gone.
		found = m.point != "/" || !slices.Contains(diskless, m.kind)
	}
	for rest := name[1:]; ; {
		_, after, more := strings.Cut(rest, "/")
		if !more {
			return all, found
		}
		rest = after
		if m, ok := t.at(rest); ok && m.point != "/" {
			all.add(c.mounted(t, m))
			found = true
		}
	}
}

// aufs keeps its branches in /sys/fs/aufs/si_ID/br0, br1 …: "/folder=rw".
func (c *computer) aufs(t mounts, m mount) below {
	id := ""
	for option := range strings.SplitSeq(m.options, ",") {
		if value, ok := strings.CutPrefix(option, "si="); ok {
			id = "si_" + value
		}
	}
	names, err := c.names("sys/fs/aufs", id)
	var all below
	for _, name := range names {
		if rest, ok := strings.CutPrefix(name, "br"); ok && strings.Trim(rest, "0123456789") == "" {
			branch, _, _ := strings.Cut(c.attribute("sys/fs/aufs", id, name), "=")
			all.add(c.folder(t, branch))
		}
	}
	if len(all.devices) == 0 && all.err == nil {
		all.err = errors.Join(err, fmt.Errorf("the folders of the aufs at %s cannot be found out", cleanText(m.point)))
	}
	return all
}
