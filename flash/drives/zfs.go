package drives

import (
	"fmt"
	"strings"
)

// zfsPools are the devices that udev knows as members of ZFS, by the name of
// their pool, and the pools that are imported.
type zfsPools struct {
	members map[string][]*device
	// unnamed members (caches have no name of a pool) count for every pool.
	unnamed  []*device
	imported map[string]bool
}

// readPools gathers members; /proc/spl/kstat/zfs has a folder for each pool
// that is imported.
func (c *computer) readPools() {
	c.zfs = zfsPools{members: map[string][]*device{}, imported: map[string]bool{}}
	for _, d := range c.devices {
		if !zfsMember(d) {
			continue
		}
		if name := d.udev.properties["ID_FS_LABEL"]; name != "" {
			c.zfs.members[name] = append(c.zfs.members[name], d)
		} else {
			c.zfs.unnamed = append(c.zfs.unnamed, d)
		}
	}
	names, _ := c.names("proc/spl/kstat/zfs")
	for _, name := range names {
		if c.exists("proc/spl/kstat/zfs", name, "state") || len(c.zfs.members[name]) > 0 {
			c.zfs.imported[name] = true
		}
	}
}

// zfsType is the GPT type of partitions that hold ZFS.
const zfsType = "6a898cc3-1dd2-11b2-99a6-080020736631"

// zfsMember tells whether a device may belong to a pool. A member with a second
// signature has no type for udev, and one without udev's data could be any.
func zfsMember(d *device) bool {
	if !d.udevKnown {
		return !d.virtual() && len(d.parts) == 0
	}
	p := d.udev.properties
	return p["ID_FS_TYPE"] == "zfs_member" || p["ID_FS_TYPE"] == "" && p["ID_PART_ENTRY_TYPE"] == zfsType
}

// pool are the devices of the pool that a dataset ("rpool/ROOT/debian") is in.
func (c *computer) pool(dataset string) below {
	name, _, _ := strings.Cut(dataset, "/")
	members := c.zfs.members[name]
	if len(members) == 0 {
		return below{err: fmt.Errorf("the disks of the ZFS pool %s cannot be found out", cleanText(name))}
	}
	return below{devices: append(append([]*device{}, members...), c.zfs.unnamed...)}
}

// volume is the pool of a block device zdN; udev has a link zvol/POOL/NAME.
func (c *computer) volume(d *device) below {
	for _, link := range d.udev.links {
		if rest, ok := strings.CutPrefix(link, "zvol/"); ok {
			return c.pool(rest)
		}
	}
	return below{err: fmt.Errorf("the ZFS pool of %s cannot be found out", d.name)}
}
