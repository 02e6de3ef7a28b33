package vm

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Tools are the files that a machine needs.
type Tools struct {
	QEMU string // the program for x86-64
	// Code and Vars are the UEFI firmware and the template of its variables;
	// empty for BIOS.
	Code, Vars string
}

// Find locates QEMU and the firmware. What is missing gives a *MissingError.
func Find(firmware Firmware) (Tools, error) {
	var t Tools
	for _, name := range []string{"qemu-system-x86_64", "/usr/libexec/qemu-kvm"} {
		if path, err := exec.LookPath(name); err == nil {
			t.QEMU = path
			break
		}
	}
	if t.QEMU == "" {
		return Tools{}, missing("QEMU (qemu-system-x86_64)", needQEMU)
	}
	if firmware == BIOS {
		return t, nil // SeaBIOS is part of QEMU
	}
	t.Code, t.Vars = findFirmware(firmware, qemuShare(t.QEMU), isFile)
	if t.Code == "" {
		what := "UEFI firmware for QEMU (OVMF)"
		if firmware == UEFISecureBoot {
			what += " with Secure Boot and the usual keys enrolled"
		}
		return Tools{}, missing(what, needOVMF)
	}
	return t, nil
}

// qemuShare is the folder of the firmware that came with QEMU; where every
// package has a folder of its own, as on NixOS, it is found from the program.
func qemuShare(qemu string) string {
	if real, err := filepath.EvalSymlinks(qemu); err == nil {
		qemu = real
	}
	return filepath.Join(filepath.Dir(qemu), "..", "share", "qemu")
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// flash is a pair of firmware files; names without a slash at their beginning
// lie in QEMU's own folder.
type flash struct{ code, vars string }

// plainFlash and secureFlash say where distributions put OVMF, the 4 MiB builds
// first. Of the secure ones only those are named whose variables hold keys:
// without keys Secure Boot is off.
var (
	plainFlash = []flash{
		{"/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"},                   // Debian
		{"/usr/share/edk2/ovmf/OVMF_CODE_4M.qcow2", "/usr/share/edk2/ovmf/OVMF_VARS_4M.qcow2"},   // Fedora
		{"/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"},               // Fedora, older
		{"/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"},           // Arch
		{"/usr/share/qemu/ovmf-x86_64-4m-code.bin", "/usr/share/qemu/ovmf-x86_64-4m-vars.bin"},   // openSUSE
		{"/run/libvirt/nix-ovmf/OVMF_CODE.fd", "/run/libvirt/nix-ovmf/OVMF_VARS.fd"},             // NixOS with libvirt
		{"/run/libvirt/nix-ovmf/edk2-x86_64-code.fd", "/run/libvirt/nix-ovmf/edk2-i386-vars.fd"}, // the same, newer
		{"/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"},                         // Debian, older
		{"edk2-x86_64-code.fd", "edk2-i386-vars.fd"},                                             // with QEMU
	}
	secureFlash = []flash{
		{"/usr/share/OVMF/OVMF_CODE_4M.secboot.fd", "/usr/share/OVMF/OVMF_VARS_4M.ms.fd"},
		{"/usr/share/edk2/ovmf/OVMF_CODE_4M.secboot.qcow2", "/usr/share/edk2/ovmf/OVMF_VARS_4M.secboot.qcow2"},
		{"/usr/share/edk2/ovmf/OVMF_CODE.secboot.fd", "/usr/share/edk2/ovmf/OVMF_VARS.secboot.fd"},
		{"/usr/share/qemu/ovmf-x86_64-smm-ms-code.bin", "/usr/share/qemu/ovmf-x86_64-smm-ms-vars.bin"},
		{"/run/libvirt/nix-ovmf/OVMF_CODE.ms.fd", "/run/libvirt/nix-ovmf/OVMF_VARS.ms.fd"},
	}
)

// findFirmware gives the first pair of which both files exist.
func findFirmware(firmware Firmware, share string, exists func(string) bool) (code, vars string) {
	table := plainFlash
	if firmware == UEFISecureBoot {
		table = secureFlash
	}
	for _, f := range table {
		if !filepath.IsAbs(f.code) {
			f = flash{filepath.Join(share, f.code), filepath.Join(share, f.vars)}
		}
		if exists(f.code) && exists(f.vars) {
			return f.code, f.vars
		}
	}
	return "", ""
}

// MissingError says what is not installed and which command installs it.
type MissingError struct {
	What    string
	Command string // "" for a distribution we do not know
	// elsewhere are the commands of those we know, for a person to guess from.
	elsewhere string
}

func (e *MissingError) Error() string {
	if e.Command == "" {
		return fmt.Sprintf("%s is not installed; install it with your system's package manager (%s)", e.What, e.elsewhere)
	}
	return fmt.Sprintf("%s is not installed; install it with: %s", e.What, e.Command)
}

// need is what a package is wanted for.
type need int

const (
	needQEMU need = iota
	needOVMF
	needWindow
)

// installs holds, for an ID of os-release(5), the commands for each need.
var installs = map[string][3]string{
	"debian": {"sudo apt-get install qemu-system-x86", "sudo apt-get install ovmf", "sudo apt-get install qemu-system-gui"},
	"fedora": {"sudo dnf install qemu-system-x86", "sudo dnf install edk2-ovmf", "sudo dnf install qemu-ui-gtk"},
	"arch":   {"sudo pacman -S qemu-system-x86", "sudo pacman -S edk2-ovmf", "sudo pacman -S qemu-ui-gtk"},
	"suse":   {"sudo zypper install qemu-x86", "sudo zypper install qemu-ovmf-x86_64", "sudo zypper install qemu-ui-gtk"},
	"nixos":  {"nix-shell -p qemu", "nix-shell -p qemu", "nix-shell -p qemu"},
}

// missing makes the error for this machine's distribution.
func missing(what string, n need) error {
	release, err := os.ReadFile("/etc/os-release")
	if err != nil {
		release = nil // an unknown distribution
	}
	return &MissingError{what, installCommand(string(release), n), elsewhere(n)}
}

// elsewhere lists the commands of the distributions that people know best.
func elsewhere(n need) string {
	var all []string
	for _, d := range []struct{ id, name string }{
		{"debian", "Debian and Ubuntu"}, {"fedora", "Fedora"}, {"arch", "Arch"}, {"nixos", "NixOS"},
	} {
		all = append(all, d.name+": "+installs[d.id][n])
	}
	return strings.Join(all, "; ")
}

// installCommand chooses by ID, then by ID_LIKE, of an os-release(5) file.
func installCommand(release string, n need) string {
	fields := make(map[string]string)
	for line := range strings.Lines(release) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		fields[key] = strings.Trim(value, `"'`)
	}
	for _, id := range strings.Fields(fields["ID"] + " " + fields["ID_LIKE"]) {
		if commands, ok := installs[id]; ok {
			return commands[n]
		}
	}
	return ""
}
