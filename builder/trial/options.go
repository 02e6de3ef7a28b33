package trial

import (
	"fmt"
	"io"

	"github.com/isowright/isowright/internal/vm"
)

// Firmware names what starts the image, as commands and settings write it.
type Firmware string

// The firmwares.
const (
	UEFI       Firmware = "uefi"
	BIOS       Firmware = "bios"
	SecureBoot Firmware = "secureboot" // UEFI that starts signed programs only
)

// Firmwares are all of them, the usual one first.
func Firmwares() []Firmware { return []Firmware{UEFI, BIOS, SecureBoot} }

// String names the firmware to a person.
func (f Firmware) String() string {
	switch f {
	case UEFI:
		return "UEFI"
	case BIOS:
		return "BIOS"
	case SecureBoot:
		return "UEFI with Secure Boot"
	}
	return string(f)
}

// Medium names as what the guest sees the image.
type Medium string

// The media.
const (
	USB Medium = "usb"
	CD  Medium = "cd"
)

// Media are all of them, the usual one first.
func Media() []Medium { return []Medium{USB, CD} }

// String names the medium to a person.
func (m Medium) String() string {
	switch m {
	case USB:
		return "USB"
	case CD:
		return "CD"
	}
	return string(m)
}

// Memory of a guest, in MiB: what it gets when nothing is said, and the least.
const (
	DefaultMemory = 2048
	LeastMemory   = 128
)

// Options say what to try, and in which machine.
type Options struct {
	Image    string   // never written to
	Firmware Firmware // UEFI when empty
	As       Medium   // USB when empty
	// MemoryMiB is DefaultMemory when 0, CPUs 2.
	MemoryMiB, CPUs int
	// Network lets the guest reach what this machine reaches.
	Network bool
	// DiskMiB is the size of an empty disk (/dev/vda) on which the guest may
	// install something; it is gone with the trial. None when 0.
	DiskMiB int
	// Serial receives a copy of everything the guest says on its serial line.
	// A slow writer slows the guest.
	Serial io.Writer
	// Accel is that of an earlier trial. Choosing takes up to 8 s where KVM is
	// there and does not work.
	Accel Accel
	// WorkDir is the folder for temporary files, the system's when empty.
	WorkDir string
}

// Accel is how fast a guest runs and why: by "kvm", or by "tcg", which is 10 to 50
// times slower.
type Accel = vm.Accel

// Emulated is the Accel for another start after ErrKVM.
func Emulated() Accel { return Accel{Name: "tcg", Reason: "KVM gave up in this guest"} }

// MissingError is the cause where QEMU or a firmware is not installed; it says how
// to install it.
type MissingError = vm.MissingError

// ErrKVM is the trouble of a guest that KVM cannot run, though it runs others.
var ErrKVM = vm.ErrKVM

// Config is the machine that the options describe, without a screen and without
// DiskMiB.
func (o Options) Config() (vm.Config, error) {
	c := vm.Config{
		Image: o.Image, MemoryMiB: o.MemoryMiB, CPUs: o.CPUs, Network: o.Network,
		Serial: o.Serial, Accel: o.Accel, WorkDir: o.WorkDir,
	}
	switch o.Firmware {
	case UEFI, "":
		c.Firmware = vm.UEFI
	case BIOS:
		c.Firmware = vm.BIOS
	case SecureBoot:
		c.Firmware = vm.UEFISecureBoot
	default:
		return c, fmt.Errorf("there is no firmware %q", string(o.Firmware))
	}
	switch o.As {
	case USB, "":
		c.As = vm.USB
	case CD:
		c.As = vm.CD
	default:
		return c, fmt.Errorf("an image cannot be tried as %q", string(o.As))
	}
	if o.MemoryMiB != 0 && o.MemoryMiB < LeastMemory {
		return c, fmt.Errorf("%d MiB of memory are too little for a guest: %d are the least", o.MemoryMiB, LeastMemory)
	}
	if o.CPUs < 0 || o.DiskMiB < 0 {
		return c, fmt.Errorf("a machine has neither %d processors nor a disk of %d MiB", o.CPUs, o.DiskMiB)
	}
	return c, nil
}
