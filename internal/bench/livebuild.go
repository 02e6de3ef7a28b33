package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/design"
)

// liveBuildLine compares the way from a design to an image, package files and
// lists of the archive on disk on both sides. live-build also keeps its
// bootstrapped base, as it does for everybody; we start from nothing.
func liveBuildLine(o options, name string, level int) line {
	dir := filepath.Join(o.work, "live-build"+strconv.Itoa(level))
	job := buildJob{Design: o.design, Cache: o.cache(), Level: level, Workers: o.workers}
	lb := liveBuild{options: o, dir: filepath.Join(dir, "lb"), level: level}
	return line{
		name: name, text: fmt.Sprintf("a design to an image, package files on disk, zstd level %d", level), dir: dir,
		prepare: func(ctx context.Context) error {
			first := job
			first.Image, first.Packages = filepath.Join(dir, "first.iso"), filepath.Join(dir, "packages.json")
			if _, err := o.start(ctx, "build", first); err != nil {
				return err
			}
			if err := os.Remove(first.Image); err != nil {
				return err
			}
			return lb.prepare(ctx, first.Packages)
		},
		ours: func(ctx context.Context, image string) (Cost, error) {
			again := job
			again.Image, again.Offline = image, true
			return o.start(ctx, "build", again)
		},
		reset: lb.clean,
		peer:  lb.build,
		check: func(ctx context.Context, ours, peer string) (string, error) {
			return o.check(ctx, "same-packages", checkJob{Ours: ours, Peer: peer})
		},
	}
}

// liveBuild is live-build in a folder of its own.
type liveBuild struct {
	options
	dir   string
	level int
}

// prepare configures live-build for the packages of our plan and fills its
// cache by one build.
func (lb liveBuild) prepare(ctx context.Context, packages string) error {
	if os.Geteuid() != 0 {
		return errors.New("live-build needs root; run the bench as root for this line")
	}
	names, err := readNames(packages)
	if err != nil {
		return err
	}
	d, err := design.Load(lb.design)
	if err != nil {
		return err
	}
	// Of an earlier run nothing may be left: its configuration stays in force.
	if err := lb.remove(ctx); err != nil {
		return err
	}
	if err := os.MkdirAll(lb.dir, 0o755); err != nil {
		return fmt.Errorf("make the folder of live-build: %w", err)
	}
	args := append([]string{"lb", "config"}, lb.config(ctx, design.WithDefaults(d))...)
	if _, err := command(ctx, lb.dir, lb.log("live-build"), args...); err != nil {
		return err
	}
	lists := filepath.Join(lb.dir, "config", "package-lists")
	// live-build's own list asks for live-config, which our images lack.
	if err := os.WriteFile(filepath.Join(lists, "live.list.chroot"), []byte("live-boot\nsystemd-sysv\n"), 0o644); err != nil {
		return fmt.Errorf("write the package list: %w", err)
	}
	list := strings.Join(names, "\n") + "\n"
	if err := os.WriteFile(filepath.Join(lists, "bench.list.chroot"), []byte(list), 0o644); err != nil {
		return fmt.Errorf("write the package list: %w", err)
	}
	image := filepath.Join(filepath.Dir(lb.dir), "first.iso")
	if _, err := lb.build(ctx, image); err != nil {
		return err
	}
	return os.Remove(image)
}

// config are the arguments of lb config: everything that our image has not is
// switched off.
func (lb liveBuild) config(ctx context.Context, d design.Design) []string {
	mirror, security := lb.mirrors(ctx)
	return []string{
		"--mode", "debian", "--distribution", d.Release, "--architecture", d.Architecture,
		"--archive-areas", strings.Join(append([]string{"main"}, d.Archive.Components...), " "),
		"--mirror-bootstrap", mirror, "--mirror-chroot", mirror, "--mirror-binary", mirror,
		"--mirror-chroot-security", security, "--mirror-binary-security", security,
		"--debootstrap-options", "--variant=minbase", "--apt-recommends", "false",
		"--apt-indices", "false", "--apt-source-archives", "false", "--updates", "true", "--security", "true",
		"--cache", "true", "--cache-packages", "true", "--cache-indices", "true", "--cache-stages", "bootstrap",
		"--binary-image", "iso-hybrid", "--bootloaders", "grub-pc grub-efi", "--debian-installer", "none",
		"--memtest", "none", "--win32-loader", "false", "--firmware-chroot", "false", "--firmware-binary", "false",
		"--initramfs", "live-boot", "--initsystem", "systemd", "--checksums", "sha256", "--zsync", "false",
		"--bootappend-live", "boot=live console=tty0 console=ttyS0,115200", "--iso-volume", "BENCH",
		"--chroot-squashfs-compression-type", "zstd",
		"--chroot-squashfs-compression-level", strconv.Itoa(lb.level),
	}
}

// clean takes the last build away; cache and configuration stay.
func (lb liveBuild) clean(ctx context.Context) error {
	if _, err := command(ctx, lb.dir, lb.log("live-build"), "lb", "clean"); err != nil {
		return err
	}
	// Cleaning also forgets that there is a configuration.
	_, err := command(ctx, lb.dir, lb.log("live-build"), "lb", "config")
	return err
}

// remove takes the whole folder away, mounts of a broken build included.
func (lb liveBuild) remove(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(lb.dir, "config")); err == nil {
		if err := lb.clean(ctx); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(lb.dir); err != nil {
		return fmt.Errorf("clear the folder of live-build: %w", err)
	}
	return nil
}

// build makes the image and moves it to its place.
func (lb liveBuild) build(ctx context.Context, image string) (Cost, error) {
	c, err := command(ctx, lb.dir, lb.log("live-build"), "lb", "build")
	if err != nil {
		return c, err
	}
	found, err := filepath.Glob(filepath.Join(lb.dir, "*.hybrid.iso"))
	if err != nil || len(found) != 1 {
		return c, fmt.Errorf("live-build ended without an image (see %s)", lb.log("live-build"))
	}
	return c, os.Rename(found[0], image)
}

// mirrors are the archives for live-build: those of the command line, else what
// the host's own apt uses, else the public ones.
func (lb liveBuild) mirrors(ctx context.Context) (mirror, security string) {
	mirror, security = "http://ftp.debian.org/debian", "http://ftp.debian.org/debian-security"
	out, err := exec.CommandContext(ctx, "apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)",
		"Identifier: Packages", "Origin: Debian").Output()
	if err == nil {
		for l := range strings.Lines(string(out)) {
			label, uri, _ := strings.Cut(strings.TrimSpace(l), " ")
			switch uri = strings.TrimSuffix(uri, "/"); label {
			case "Debian":
				mirror = uri
			case "Debian-Security":
				security = uri
			}
		}
	}
	if lb.mirror != "" {
		mirror = lb.mirror
	}
	if lb.security != "" {
		security = lb.security
	}
	return mirror, security
}

// readNames reads a JSON list of package names.
func readNames(path string) ([]string, error) {
	var names []string
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &names)
	}
	if err != nil {
		return nil, fmt.Errorf("read the plan's packages: %w", err)
	}
	return names, nil
}
