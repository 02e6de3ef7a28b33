// Package truth takes pictures of what real GRUB draws. It boots GRUB in QEMU
// with a grub.cfg and its files, waits for the menu, presses keys and takes the
// picture of the screen. It is for tests and for `make grub-pictures`; nothing
// that people run needs it.
//
// The firmware's start is done once: its state, with GRUB waiting for a key and
// no disk looked at yet, is saved, and each picture goes on from there with a
// disk of its own, a tar archive, which GRUB reads as a file system.
package truth

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/isowright/isowright/internal/vm"
)

// diskSize in bytes is the same for all disks: the firmware looked at it.
const diskSize = 64 << 20

// Shot is one picture to take.
type Shot struct {
	Firmware vm.Firmware
	// Files are the medium's, boot/grub/grub.cfg among them.
	Files fs.FS
	// Width and Height that the screen must have, in pixels.
	Width, Height int
	// Wait is what the serial line shows when the menu is there; empty: the
	// menu's help.
	Wait string
	// Keys are pressed one after the other: QEMU's names, or single characters.
	Keys []string
	// Until, if not empty, is what the serial line shows when the moment of the
	// picture has come ("in 3s."); without it the picture is taken once the
	// screen stands still.
	Until string
	// Blinks says that there is a blinking cursor on the screen: that of the
	// text mode, which the card shows and hides. The picture has it.
	Blinks bool
}

// Camera takes pictures of one GRUB. Its methods may be called from any
// goroutine.
type Camera struct {
	grub GRUB
	dir  string
	// ready are the saved states for each firmware.
	ready [2]func() (saved, error)
}

// saved is a machine that waits to go on.
type saved struct{ medium, state string }

// NewCamera prepares for pictures. Files are kept in dir, which the caller
// removes; ctx ends all machines.
func NewCamera(ctx context.Context, g GRUB, dir string) *Camera {
	c := &Camera{grub: g, dir: dir}
	for f := range c.ready {
		c.ready[f] = sync.OnceValues(func() (saved, error) {
			s, err := c.prepare(ctx, vm.Firmware(f))
			if err != nil {
				err = fmt.Errorf("start GRUB %s: %w", g.Version, err)
			}
			return s, err
		})
	}
	return c
}

// prepare boots to where GRUB waits and saves that.
func (c *Camera) prepare(ctx context.Context, f vm.Firmware) (saved, error) {
	dir, err := os.MkdirTemp(c.dir, "core-")
	if err != nil {
		return saved{}, err
	}
	medium, err := c.grub.medium(ctx, f, dir)
	if err != nil {
		return saved{}, err
	}
	empty := filepath.Join(dir, "empty")
	if err := writeDisk(empty, nil); err != nil {
		return saved{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	m, err := vm.Start(ctx, c.machine(f, saved{medium: medium}, empty, nil))
	if err != nil {
		return saved{}, err
	}
	defer m.Stop()
	if err := m.Expect(ctx, "<r>"); err != nil {
		return saved{}, err
	}
	state := filepath.Join(dir, "state")
	return saved{medium, state}, m.Save(ctx, state)
}

// machine describes the machine for a disk.
func (c *Camera) machine(f vm.Firmware, s saved, disk string, serial io.Writer) vm.Config {
	return vm.Config{
		Image: s.medium, As: vm.CD, Restore: s.state, Firmware: f, MemoryMiB: 256, CPUs: 1,
		ExtraDisks: []vm.Disk{{Path: disk, ReadOnly: true, Bootable: true}},
		Serial:     serial, WorkDir: c.dir,
		// Firmware and GRUB do the same at every run, which KVM does not
		// promise, and where it is nested it does not run them at all.
		Accel: vm.Accel{Name: "tcg"},
	}
}

// Take takes a picture.
func (c *Camera) Take(ctx context.Context, s Shot) (*image.RGBA, error) {
	picture, err := c.take(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("take a picture of GRUB: %w", err)
	}
	return picture, nil
}

func (c *Camera) take(ctx context.Context, s Shot) (*image.RGBA, error) {
	ready, err := c.ready[s.Firmware]()
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(c.dir, "disk-")
	if err != nil {
		return nil, err
	}
	defer os.Remove(file.Name())
	file.Close()
	if err := writeDisk(file.Name(), s.Files); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	line := &counter{}
	m, err := vm.Start(ctx, c.machine(s.Firmware, ready, file.Name(), line))
	if err != nil {
		return nil, err
	}
	defer m.Stop()
	return (&session{m, line, s}).picture(ctx)
}

// session is a machine while its picture is taken.
type session struct {
	m    *vm.Machine
	line *counter
	shot Shot
}

// counter counts what the serial line says.
type counter struct{ n atomic.Int64 }

func (c *counter) Write(b []byte) (int, error) {
	c.n.Add(int64(len(b)))
	return len(b), nil
}

func (s *session) picture(ctx context.Context) (*image.RGBA, error) {
	if err := s.m.SendKeys(ctx, "ret"); err != nil {
		return nil, err
	}
	wait := s.shot.Wait
	if wait == "" {
		wait = "command-line"
	}
	if _, err := s.m.ExpectRegexp(ctx, regexp.MustCompile(wait)); err != nil {
		return nil, err
	}
	for _, key := range s.shot.Keys {
		if err := s.press(ctx, key); err != nil {
			return nil, err
		}
	}
	if s.shot.Until == "" {
		return s.still(ctx)
	}
	if _, err := s.m.ExpectRegexp(ctx, regexp.MustCompile(s.shot.Until)); err != nil {
		return nil, err
	}
	if err := s.compute(ctx, 150*time.Millisecond, func() (bool, error) { return false, nil }); err != nil {
		return nil, err
	}
	if err := s.m.Pause(ctx); err != nil {
		return nil, err
	}
	return s.screen(ctx)
}

// press presses a key and waits until GRUB says something about it on the
// serial line, for a while: not every key does something.
func (s *session) press(ctx context.Context, key string) error {
	before := s.line.n.Load()
	if err := s.m.SendKeys(ctx, keyName(key)); err != nil {
		return err
	}
	return s.compute(ctx, 700*time.Millisecond, func() (bool, error) {
		return s.line.n.Load() != before, nil
	})
}

// still waits for a screen of the wanted size that stays the same, but for a
// cursor's blinking, while GRUB goes on for some time.
func (s *session) still(ctx context.Context) (*image.RGBA, error) {
	want, allowed := image.Pt(s.shot.Width, s.shot.Height), 1
	if s.shot.Blinks {
		// Two screens could be that before the last key and that after it.
		allowed = 2
		if err := s.compute(ctx, time.Second, func() (bool, error) { return false, nil }); err != nil {
			return nil, err
		}
	}
	for {
		first, err := s.screen(ctx)
		if err != nil {
			return nil, err
		}
		size, seen, time := first.Rect.Size(), []*image.RGBA{first}, standing
		if uniform(first) {
			time *= 4 // GRUB may still be at its first painting
		}
		err = s.compute(ctx, time, func() (bool, error) {
			now, err := s.screen(ctx)
			if err != nil {
				return true, err
			}
			if !slices.ContainsFunc(seen, func(old *image.RGBA) bool {
				return now.Rect == old.Rect && bytes.Equal(now.Pix, old.Pix)
			}) {
				seen = append(seen, now)
			}
			return len(seen) > allowed, nil
		})
		switch {
		case err != nil && size != want:
			return nil, fmt.Errorf("the screen has %v pixels, not %v: %w", size, want, err)
		case err != nil:
			return nil, err
		case len(seen) == allowed && size == want:
			return slices.MaxFunc(seen, brighter), nil
		}
	}
}

// standing is how long GRUB goes on with the same screen until that is taken for
// the last one. It says on the serial line first what it then paints.
const standing = 1200 * time.Millisecond

// uniform tells a screen on which there is nothing.
func uniform(p *image.RGBA) bool {
	return bytes.Equal(p.Pix[4:], p.Pix[:len(p.Pix)-4])
}

// brighter compares how much light pictures have.
func brighter(a, b *image.RGBA) int {
	light := func(p *image.RGBA) (sum int) {
		for _, v := range p.Pix {
			sum += int(v)
		}
		return sum
	}
	return light(a) - light(b)
}

// compute lets the machine run for the time, counted as the processor's, or
// until enough says so. A guest that sleeps instead is given four times that.
func (s *session) compute(ctx context.Context, d time.Duration, enough func() (bool, error)) error {
	began, err := s.m.CPUTime()
	if err != nil {
		return err
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(4 * d); time.Now().Before(end); {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if done, err := enough(); done || err != nil {
			return err
		}
		if now, err := s.m.CPUTime(); err != nil || now-began >= d {
			return err
		}
	}
	return nil
}

func (s *session) screen(ctx context.Context) (*image.RGBA, error) {
	picture, err := s.m.Screen(ctx)
	if err != nil {
		return nil, err
	}
	rgba, ok := picture.(*image.RGBA)
	if !ok {
		return nil, errors.New("the machine's picture is of an unexpected type")
	}
	return rgba, nil
}

// keyName is QEMU's name of the key for a character on an American keyboard;
// longer names are QEMU's already.
func keyName(key string) string {
	if len(key) != 1 {
		return key
	}
	if key[0] >= 'A' && key[0] <= 'Z' {
		return "shift-" + strings.ToLower(key)
	}
	if name, ok := keyNames[key[0]]; ok {
		return name
	}
	return key
}

var keyNames = map[byte]string{
	' ': "spc", '-': "minus", '=': "equal", '[': "bracket_left", ']': "bracket_right", ';': "semicolon",
	'\'': "apostrophe", '`': "grave_accent", '\\': "backslash", ',': "comma", '.': "dot", '/': "slash",
	'_': "shift-minus", '+': "shift-equal", '{': "shift-bracket_left", '}': "shift-bracket_right",
	':': "shift-semicolon", '"': "shift-apostrophe", '~': "shift-grave_accent", '|': "shift-backslash",
	'<': "shift-comma", '>': "shift-dot", '?': "shift-slash", '!': "shift-1", '@': "shift-2", '#': "shift-3",
	'$': "shift-4", '%': "shift-5", '^': "shift-6", '&': "shift-7", '*': "shift-8", '(': "shift-9",
	')': "shift-0",
}

// writeDisk writes the files as a tar archive of diskSize; GRUB takes it for a
// disk with a file system.
func writeDisk(path string, files fs.FS) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := tar.NewWriter(f)
	if files != nil {
		if err := addFile(w, "start.cfg", []byte(start)); err != nil {
			return err
		}
		err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || name == "." {
				return err
			}
			if d.IsDir() {
				return w.WriteHeader(&tar.Header{Name: name + "/", Typeflag: tar.TypeDir, Mode: 0o755, Format: tar.FormatGNU})
			}
			data, err := fs.ReadFile(files, name)
			if err != nil {
				return err
			}
			return addFile(w, name, data)
		})
		if err != nil {
			return fmt.Errorf("write GRUB's disk: %w", err)
		}
		if err := w.Close(); err != nil {
			return fmt.Errorf("write GRUB's disk: %w", err)
		}
	}
	if info, err := f.Stat(); err != nil || info.Size() > diskSize {
		return errors.Join(err, fmt.Errorf("write GRUB's disk: the files need more than %d bytes", diskSize))
	}
	return errors.Join(f.Truncate(diskSize), f.Close())
}

func addFile(w *tar.Writer, name string, data []byte) error {
	header := &tar.Header{Name: name, Mode: 0o644, Size: int64(len(data)), Format: tar.FormatGNU}
	if err := w.WriteHeader(header); err != nil {
		return err
	}
	_, err := w.Write(data)
	return err
}
