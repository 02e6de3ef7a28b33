package vm

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Descriptor numbers of the wires inside QEMU: the first of os/exec's extra
// files is 3.
const (
	serialFD = 3 + iota
	qmpFD
	logFD
)

// varsName is the machine's own copy of the firmware's variables.
const varsName = "vars.fd"

// arguments is QEMU's command line. display is a name that -display knows.
func arguments(cfg Config, dir, display string) []string {
	args := []string{
		"-nodefaults", "-no-user-config",
		"-name", "isowright",
		"-cpu", "max", // under TCG the default lacks what today's programs expect
		"-smp", strconv.Itoa(cfg.CPUs),
		"-m", strconv.Itoa(cfg.MemoryMiB),
		"-boot", "menu=off,strict=on",
		"-vga", "std", "-display", display,
		"-chardev", fmt.Sprintf("socket,id=serial,fd=%d", serialFD),
		"-serial", "chardev:serial",
		"-chardev", fmt.Sprintf("socket,id=qmp,fd=%d", qmpFD),
		"-mon", "chardev=qmp,mode=control",
		"-device", "qemu-xhci,id=usb",
	}
	args = append(args, accelArguments(cfg.Accel)...)
	args = append(args, firmwareArguments(cfg, dir)...)
	args = append(args, kernelArguments(cfg)...)
	args = append(args, diskArguments(cfg)...)
	args = append(args, stickArguments(cfg.Sticks)...)
	args = append(args, networkArguments(cfg)...)
	args = append(args, restoreArguments(cfg)...)
	if cfg.Display == Stream {
		args = append(args, "-vnc", "none") // serves whom we hand to it, and listens nowhere
	}
	if !cfg.Restarts {
		args = append(args, "-no-reboot")
	}
	if cfg.Display != NoDisplay {
		// The pointer follows the host's without being caught.
		args = append(args, "-device", "usb-tablet,bus=usb.0")
	}
	return args
}

func accelArguments(a Accel) []string {
	if a.Name == "kvm" {
		return []string{"-accel", "kvm"}
	}
	return []string{"-accel", "tcg,thread=multi"}
}

// firmwareArguments gives the machine type and its firmware.
func firmwareArguments(cfg Config, dir string) []string {
	if cfg.Firmware == BIOS {
		return []string{
			"-machine", "q35",
			// SeaBIOS writes its log to this port.
			"-chardev", fmt.Sprintf("socket,id=log,fd=%d", logFD),
			"-device", "isa-debugcon,iobase=0x402,chardev=log",
		}
	}
	code, vars := cfg.Tools.Code, filepath.Join(dir, varsName)
	args := []string{
		"-drive", drive("if=pflash,unit=0,readonly=on", flashFormat(code), code),
		"-drive", drive("if=pflash,unit=1", flashFormat(cfg.Tools.Vars), vars),
		// QEMU before 8.0 announces processor hotplug in a way that OVMF
		// takes for a fault and stops at, unless told not to.
		"-fw_cfg", "name=opt/org.tianocore/X-Cpuhp-Bugcheck-Override,string=yes",
	}
	if cfg.Firmware == UEFI {
		return append(args, "-machine", "q35")
	}
	return append(args,
		// Variables can be changed from system management mode only.
		"-machine", "q35,smm=on",
		"-global", "driver=cfi.pflash01,property=secure,value=on",
		"-global", "ICH9-LPC.disable_s3=1")
}

// kernelArguments has QEMU load a kernel itself.
func kernelArguments(cfg Config) []string {
	if cfg.Kernel == "" {
		return nil
	}
	args := []string{"-kernel", cfg.Kernel, "-append", cfg.Parameters}
	if cfg.Initrd != "" {
		args = append(args, "-initrd", cfg.Initrd)
	}
	return args
}

// diskArguments attaches the image as the first thing to boot from, and the
// other disks.
func diskArguments(cfg Config) []string {
	var args []string
	switch {
	case cfg.Image == "":
	case cfg.As == CD:
		args = []string{
			"-drive", drive("if=none,id=medium,media=cdrom,readonly=on", "raw", cfg.Image),
			"-device", "ide-cd,bus=ide.0,drive=medium,bootindex=0",
		}
	case cfg.As == USB:
		args = []string{
			"-drive", drive("if=none,id=medium,snapshot=on", "raw", cfg.Image),
			"-device", "usb-storage,bus=usb.0,drive=medium,removable=on,bootindex=0",
		}
	}
	for i, d := range cfg.ExtraDisks {
		options := fmt.Sprintf("if=none,id=disk%d", i)
		if d.ReadOnly {
			options += ",readonly=on"
		}
		format := d.Format
		if format == "" {
			format = "raw"
		}
		device := fmt.Sprintf("virtio-blk-pci,drive=disk%d", i)
		if d.Bootable {
			device += fmt.Sprintf(",bootindex=%d", i+1)
		}
		args = append(args, "-drive", drive(options, format, d.Path), "-device", device)
	}
	return args
}

// networkArguments attaches a network card without a boot ROM, so that no
// firmware tries to boot from it.
func networkArguments(cfg Config) []string {
	if !cfg.Network && !cfg.ForwardSSH {
		return []string{"-nic", "none"}
	}
	net := "user,id=net"
	if !cfg.Network {
		net += ",restrict=on"
	}
	if cfg.ForwardSSH {
		net += ",hostfwd=tcp:127.0.0.1:0-:22" // port 0: a free one
	}
	return []string{"-netdev", net, "-device", "virtio-net-pci,netdev=net,romfile="}
}

// drive is the value of -drive. A comma in a file name is written twice.
func drive(options, format, file string) string {
	return options + ",format=" + format + ",file=" + strings.ReplaceAll(file, ",", ",,")
}

// flashFormat tells the format of a firmware file from its name, as the
// distributions name them.
func flashFormat(file string) string {
	if filepath.Ext(file) == ".qcow2" {
		return "qcow2"
	}
	return "raw"
}

// displayBackend chooses what -display shall be.
func displayBackend(ctx context.Context, cfg Config) (string, error) {
	if cfg.Display != Window {
		return "none", nil
	}
	out, err := exec.CommandContext(ctx, cfg.Tools.QEMU, "-display", "help").Output()
	if err != nil {
		return "", fmt.Errorf("ask QEMU for its displays: %w", err)
	}
	have := strings.Fields(string(out))
	for _, name := range []string{"gtk", "sdl"} {
		if slices.Contains(have, name) {
			return name, nil
		}
	}
	return "", missing("a window for QEMU (its gtk or sdl display)", needWindow)
}
