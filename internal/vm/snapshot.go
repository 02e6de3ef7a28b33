package vm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// stateName is the saved state in the machine's own folder, where no name
// needs quoting for the shell that QEMU reads and writes it through.
const stateName = "state"

// Pause stops the guest's processors; its screen stays as it is.
func (m *Machine) Pause(ctx context.Context) error {
	return m.qmp.execute(ctx, "stop", nil, nil)
}

// Resume lets the guest go on after Pause.
func (m *Machine) Resume(ctx context.Context) error {
	return m.qmp.execute(ctx, "cont", nil, nil)
}

// Reset presses the guest's reset button. It needs Config.Restarts.
func (m *Machine) Reset(ctx context.Context) error {
	return m.qmp.execute(ctx, "system_reset", nil, nil)
}

// PowerButton presses the guest's power button, at which most systems shut down.
func (m *Machine) PowerButton(ctx context.Context) error {
	return m.qmp.execute(ctx, "system_powerdown", nil, nil)
}

// Save writes the guest's memory and devices to a file that Config.Restore
// takes. The contents of disks are not in it. The guest does not run on.
func (m *Machine) Save(ctx context.Context, path string) error {
	args := map[string]string{"uri": "exec:cat >" + stateName}
	if err := m.qmp.execute(ctx, "migrate", args, nil); err != nil {
		return fmt.Errorf("save the machine's state: %w", err)
	}
	var info struct {
		Status string `json:"status"`
		Desc   string `json:"error-desc"`
	}
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		if err := m.qmp.execute(ctx, "query-migrate", nil, &info); err != nil {
			return fmt.Errorf("save the machine's state: %w", err)
		}
		switch info.Status {
		case "completed":
			tick.Stop()
			if err := os.Rename(filepath.Join(m.dir, stateName), path); err != nil {
				return fmt.Errorf("save the machine's state: %w", err)
			}
			return nil
		case "failed", "cancelled":
			return errors.New("save the machine's state: QEMU could not: " + info.Desc)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("save the machine's state: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// restoreArguments starts the machine from a saved state.
func restoreArguments(cfg Config) []string {
	if cfg.Restore == "" {
		return nil
	}
	return []string{"-incoming", "exec:cat " + stateName}
}

// restored waits until the guest goes on from its saved state.
func (m *Machine) restored(ctx context.Context) error {
	for {
		var now struct {
			Running bool `json:"running"`
		}
		if err := m.qmp.execute(ctx, "query-status", nil, &now); err != nil {
			return fmt.Errorf("restore the machine's state: %w", err)
		}
		if now.Running {
			return nil
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// CPUTime is how long QEMU has computed by now. A guest that waits in a loop, as
// boot loaders do, gets nowhere while this stands still, however busy the host.
func (m *Machine) CPUTime() (time.Duration, error) {
	// A process's clock is named by its ID: clock_getcpuclockid(3), with the
	// kernel's CPUCLOCK_SCHED.
	const scheduled = 2
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^m.process.cmd.Process.Pid<<3|scheduled), &t); err != nil {
		return 0, fmt.Errorf("ask how long QEMU has computed: %w", err)
	}
	return time.Duration(t.Nano()), nil
}
