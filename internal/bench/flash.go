package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/isowright/isowright/flash"
	"golang.org/x/sys/unix"
)

const (
	// The stick's speeds in bytes a second: it writes at a quarter of what it
	// reads, as cheap USB 3 sticks do.
	stickWrites = 40_000_000
	stickReads  = 4 * stickWrites
	// flashImage is the image's size in bytes, no multiple of a sector; the
	// stick has some room behind it.
	flashImage = 240<<20 + 2048 + 100
	stickRoom  = 32 << 20
	// changedRuns, each of flashImage/20/changedRuns bytes: 5 % of the image.
	changedRuns = 10
)

// flashLines write an image to a stick and verify it, against dd and cmp. Both
// sides have the same throttled block device: a loop device with direct I/O
// whose speeds the kernel limits for the control group that the measured
// program runs in. For the second line the stick holds an image of which 5 %
// have changed since.
func flashLines(o options) []line {
	dir := filepath.Join(o.work, "flash")
	image, earlier := filepath.Join(dir, "image"), filepath.Join(dir, "earlier")
	other := filepath.Join(dir, "other")
	newLine := func(name, text, holds string) line {
		return line{
			name: name, text: text, dir: dir,
			prepare: func(context.Context) error { return flashImages(dir, image, earlier, other) },
			ours: func(ctx context.Context, stick string) (Cost, error) {
				return withStick(ctx, stick, holds, func(device, group string) (Cost, error) {
					return o.start(ctx, "flash", flashJob{image, device, group})
				})
			},
			peer: func(ctx context.Context, stick string) (Cost, error) {
				return withStick(ctx, stick, holds, func(device, group string) (Cost, error) {
					return ddAndCmp(ctx, o.log("dd"), image, device, group)
				})
			},
			check: func(ctx context.Context, ours, peer string) (string, error) {
				return sameSticks(ctx, image, ours, peer)
			},
		}
	}
	return []line{
		newLine("flash", "an image to a stick that holds something else, verified", other),
		newLine("reflash", "an image to a stick that holds one of which 5 % have changed, verified", earlier),
	}
}

// flashJob is one flash with the program's defaults.
type flashJob struct{ Image, Device, Group string }

func flashOnce(ctx context.Context, j flashJob) error {
	if err := os.WriteFile(filepath.Join(j.Group, "cgroup.procs"), fmt.Append(nil, os.Getpid()), 0); err != nil {
		return fmt.Errorf("enter the control group: %w", err)
	}
	im, err := flash.OpenImage(j.Image)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(j.Device, os.O_RDWR|os.O_EXCL|unix.O_DIRECT, 0)
	if err != nil {
		return err
	}
	target, err := flash.OpenFile(f)
	if err != nil {
		return err
	}
	r, err := flash.Write(ctx, flash.Stick{Target: target}, im, flash.Options{})
	fmt.Printf("%+v\n", r)
	if err == nil && !r.Verified {
		err = errors.New("not verified")
	}
	return err
}

// ddAndCmp is the peer: what people type.
func ddAndCmp(ctx context.Context, log, image, device, group string) (Cost, error) {
	enter := `echo $$ >"$0" && exec "$@"`
	procs := filepath.Join(group, "cgroup.procs")
	// dd pads nothing: with oflag=direct it switches direct I/O off for the
	// last, partial block by itself.
	c, err := command(ctx, "", log, "sh", "-c", enter, procs,
		"dd", "if="+image, "of="+device, "bs=4M", "oflag=direct", "conv=fsync")
	if err != nil {
		return c, err
	}
	d, err := command(ctx, "", log, "sh", "-c", enter, procs, "cmp", "-n", fmt.Sprint(flashImage), image, device)
	return c.add(d), err
}

// flashImages writes the image, an earlier one and one that has nothing to do
// with them, and has all of them in the cache.
func flashImages(dir, image, earlier, other string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for i, path := range []string{other, earlier, image} {
		// The image is like the earlier one, but for the changes.
		if err := writeNoise(path, byte(min(i, 1)), path == image); err != nil {
			return fmt.Errorf("write an image: %w", err)
		}
	}
	return nil
}

// writeNoise writes an image of a seed.
func writeNoise(path string, seed byte, changed bool) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.CopyN(f, rand.NewChaCha8([32]byte{seed}), flashImage); err != nil {
		return err
	}
	where, other := rand.New(rand.NewPCG(4, 2)), rand.NewChaCha8([32]byte{9})
	const part, run = flashImage / changedRuns, flashImage / 20 / changedRuns
	for i := range changedRuns {
		at := i*part + where.IntN(part-run)
		if !changed {
			continue
		}
		if _, err := io.CopyN(io.NewOffsetWriter(f, int64(at)), other, run); err != nil {
			return err
		}
	}
	return f.Sync()
}

// withStick makes a block device of a new file at path that holds a copy of
// another, and throttles it for a control group.
func withStick(ctx context.Context, path, holds string, f func(device, group string) (Cost, error)) (c Cost, err error) {
	if err := copyFile(path, holds); err != nil {
		return c, fmt.Errorf("make the stick: %w", err)
	}
	out, err := exec.CommandContext(ctx, "losetup", "--find", "--show", "--direct-io=on", path).CombinedOutput()
	device := strings.TrimSpace(string(out))
	if err != nil {
		return c, fmt.Errorf("losetup: %w: %s", err, device)
	}
	defer func() {
		if out, e := exec.Command("losetup", "--detach", device).CombinedOutput(); e != nil {
			err = errors.Join(err, fmt.Errorf("losetup --detach: %w: %s", e, out))
		}
	}()
	group, err := throttle(device)
	if err != nil {
		return c, fmt.Errorf("throttle the stick: %w", err)
	}
	defer func() { err = errors.Join(err, os.Remove(group)) }()
	return f(device, group)
}

func copyFile(path, from string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.Create(path)
	if err != nil {
		return err
	}
	defer dst.Close()
	if _, err := io.Copy(dst, src); err != nil {
		return err
	}
	// Blocks that the file does not have yet would slow the first writer.
	if _, err := io.CopyN(dst, zeroReader{}, stickRoom-flashImage%stickRoom); err != nil {
		return err
	}
	return dst.Sync()
}

type zeroReader struct{}

func (zeroReader) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// throttle makes a control group that reads and writes a device at the stick's
// speeds, with version 1 or 2 of control groups (Documentation/admin-guide/
// cgroup-v1/blkio-controller.rst and cgroup-v2.rst of Linux).
func throttle(device string) (group string, err error) {
	number, err := os.ReadFile(filepath.Join("/sys/class/block", filepath.Base(device), "dev"))
	if err != nil {
		return "", err
	}
	dev := strings.TrimSpace(string(number))
	limits := map[string]string{
		"blkio.throttle.write_bps_device": fmt.Sprint(dev, " ", stickWrites),
		"blkio.throttle.read_bps_device":  fmt.Sprint(dev, " ", stickReads),
	}
	parent := "/sys/fs/cgroup/blkio"
	if _, err := os.Stat(parent); err != nil {
		parent = "/sys/fs/cgroup"
		if err := os.WriteFile(filepath.Join(parent, "cgroup.subtree_control"), []byte("+io"), 0); err != nil {
			return "", fmt.Errorf("the control groups of this system do not limit devices: %w", err)
		}
		limits = map[string]string{"io.max": fmt.Sprint(dev, " rbps=", stickReads, " wbps=", stickWrites)}
	}
	group, err = os.MkdirTemp(parent, "isowright-bench-")
	if err != nil {
		return "", err
	}
	for name, limit := range limits {
		if err := os.WriteFile(filepath.Join(group, name), []byte(limit), 0); err != nil {
			return "", errors.Join(err, os.Remove(group))
		}
	}
	return group, nil
}

// sameSticks holds that all sticks begin with the image.
func sameSticks(ctx context.Context, image string, sticks ...string) (string, error) {
	for _, s := range sticks {
		out, err := exec.CommandContext(ctx, "cmp", "-n", fmt.Sprint(flashImage), image, s).CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("%s does not hold the image: %w: %s", s, err, out)
		}
	}
	return "both sticks hold the image", nil
}
