package vm

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Stick is one more USB stick of the guest. It can be pulled out and put back
// while the guest runs. What the guest writes changes the file.
type Stick struct {
	// Path is a raw image; its size is the stick's.
	Path string
	// Serial is the serial number that the stick gives, its name when empty.
	Serial string
	// SectorSize in bytes, 512 when 0. Others cannot be put back in.
	SectorSize int
	// BytesPerSecond bounds reading and writing alike; 0: as fast as it goes.
	BytesPerSecond int64
}

// stickName is QEMU's name of the device of Config.Sticks[n].
func stickName(n int) string { return fmt.Sprintf("stick%d", n) }

// stickArguments attaches the sticks. Their block nodes are not tied to the
// device, so that they outlive its being pulled out.
func stickArguments(sticks []Stick) []string {
	var args []string
	for n, s := range sticks {
		name := stickName(n)
		node := map[string]any{
			"driver": "raw", "node-name": name + "-node",
			"file": map[string]string{"driver": "file", "filename": s.Path},
		}
		if s.BytesPerSecond > 0 {
			args = append(args, "-object", fmt.Sprintf("throttle-group,id=%s-rate,x-bps-total=%d", name, s.BytesPerSecond))
			node = map[string]any{
				"driver": "throttle", "node-name": name + "-node", "throttle-group": name + "-rate",
				"file": map[string]any{"driver": "raw", "file": node["file"]},
			}
		}
		blockdev, _ := json.Marshal(node) // maps of texts: cannot fail
		args = append(args, "-blockdev", string(blockdev))
		for _, d := range stickDevices(n, s) {
			device, _ := json.Marshal(d)
			args = append(args, "-device", string(device))
		}
	}
	return args
}

// stickDevices are the properties of QEMU's usb-storage. That one ignores sizes
// of sectors; it is put together of its parts where they matter.
func stickDevices(n int, s Stick) []map[string]any {
	serial := s.Serial
	if serial == "" {
		serial = stickName(n)
	}
	disk := map[string]any{
		"driver": "usb-storage", "id": stickName(n), "bus": "usb.0",
		"drive": stickName(n) + "-node", "removable": true, "serial": serial,
	}
	if s.SectorSize == 0 || s.SectorSize == 512 {
		return []map[string]any{disk}
	}
	disk["driver"], disk["id"], disk["bus"] = "scsi-hd", stickName(n)+"-disk", stickName(n)+".0"
	disk["logical_block_size"], disk["physical_block_size"] = s.SectorSize, s.SectorSize
	return []map[string]any{{"driver": "usb-bot", "id": stickName(n), "bus": "usb.0", "serial": serial}, disk}
}

// Unplug pulls Config.Sticks[n] out, whatever the guest is doing with it.
func (m *Machine) Unplug(ctx context.Context, n int) error {
	if err := m.qmp.execute(ctx, "device_del", map[string]string{"id": stickName(n)}, nil); err != nil {
		return fmt.Errorf("pull stick %d out: %w", n, err)
	}
	return nil
}

// Plug puts a stick that was pulled out back in. QEMU may still be busy with
// its going for a moment.
func (m *Machine) Plug(ctx context.Context, n int) error {
	devices := stickDevices(n, m.sticks[n])
	if len(devices) > 1 {
		return fmt.Errorf("put stick %d in: QEMU can that only with sectors of 512 bytes", n)
	}
	for {
		err := m.qmp.execute(ctx, "device_add", devices[0], nil)
		if err == nil {
			return nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("put stick %d in: %w", n, err)
		}
	}
}
