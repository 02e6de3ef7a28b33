package iso

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	bootHybrid = "/usr/lib/grub/i386-pc/boot_hybrid.img"
	ovmfCode   = "/usr/share/OVMF/OVMF_CODE_4M.fd"
	ovmfVars   = "/usr/share/OVMF/OVMF_VARS_4M.fd"
	bootMarker = "ISOWRIGHT-BOOTED"
)

// grubConfig prints the marker and a file of the image on the serial line.
const grubConfig = `serial --unit=0 --speed=115200
terminal_output serial
echo
echo ` + bootMarker + ` $grub_platform ($root)
cat /payload/link
halt
`

// findRoot is built into the EFI image, which starts from the ESP.
const findRoot = `search --no-floppy --set=root --file /payload/text
set prefix=($root)/boot/grub
`

// TestBoots starts a real GRUB from an image in the four ways, and over the
// GPT alone. On a busy machine UEFI takes up to half a minute, so two of its
// ways wait for ISOWRIGHT_HEAVY=1.
func TestBoots(t *testing.T) {
	for _, file := range []string{bootHybrid, ovmfCode, ovmfVars} {
		if _, err := os.Stat(file); err != nil {
			needed(t, "needs grub-pc-bin and ovmf: %v", err)
		}
	}
	path, res := bootableImage(t)
	defaced := defacedCatalog(t, path, res)
	for _, c := range []struct {
		name, image, platform string
		uefi, usb, heavy      bool
	}{
		{"BIOS CD", path, "pc", false, false, false},
		{"BIOS USB", path, "pc", false, true, false},
		{"UEFI CD", path, "efi", true, false, true},
		{"UEFI USB", path, "efi", true, true, true},
		{"UEFI USB without El Torito", defaced, "efi", true, true, false},
	} {
		if c.heavy && os.Getenv("ISOWRIGHT_HEAVY") != "1" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			line := boot(t, c.image, c.uefi, c.usb)
			if !strings.Contains(line, bootMarker+" "+c.platform) {
				t.Errorf("GRUB said %q", line)
			}
			t.Logf("%s after %.1f s", line, time.Since(start).Seconds())
		})
	}
}

// bootableImage holds GRUB images made by grub-mkimage.
func bootableImage(t *testing.T) (string, Result) {
	dir := t.TempDir()
	core, efi, embedded := filepath.Join(dir, "core"), filepath.Join(dir, "efi"), filepath.Join(dir, "embedded")
	if err := os.WriteFile(embedded, []byte(findRoot), 0o600); err != nil {
		t.Fatal(err)
	}
	modules := []string{"iso9660", "normal", "serial", "terminal", "echo", "cat", "configfile", "halt"}
	run(t, "grub-mkimage", append([]string{"-O", "i386-pc-eltorito", "-p", "/boot/grub", "-o", core, "biosdisk"},
		modules...)...)
	run(t, "grub-mkimage", append([]string{"-O", "x86_64-efi", "-p", "/boot/grub", "-c", embedded, "-o", efi,
		"part_gpt", "fat", "search", "search_fs_file"}, modules...)...)
	read := func(name string) []byte {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	opts := hybridOptions()
	opts.BIOS.MBRCode = read(bootHybrid)
	opts.UEFI.Files = []ESPFile{{"EFI/BOOT/BOOTX64.EFI", read(efi)}}
	return newImage(t, opts, []item{
		{path: "payload/text", data: "payload read\n"},
		{path: "payload/link", target: "../payload/text"},
		{path: corePath, data: string(read(core))},
		{path: "boot/grub/grub.cfg", data: grubConfig},
	})
}

// defacedCatalog is a copy whose boot catalog is zeroed, so that only the GPT
// leads to the ESP.
func defacedCatalog(t *testing.T, path string, res Result) string {
	image, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	clear(image[res.Files[catalogPath].Offset():][:sectorSize])
	clear(image[17*sectorSize+7:][:len(elToritoID)])
	copied := filepath.Join(t.TempDir(), "defaced.iso")
	if err := os.WriteFile(copied, image, 0o600); err != nil {
		t.Fatal(err)
	}
	return copied
}

// boot runs QEMU until GRUB has printed the marker and read the file behind
// it, and gives the marker's line.
func boot(t *testing.T, image string, uefi, usb bool) string {
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	args := []string{"-accel", "tcg", "-cpu", "max", "-m", "256", "-nodefaults", "-no-reboot", "-vga", "std",
		"-display", "none", "-monitor", "none", "-serial", "stdio",
		"-drive", "if=none,id=medium,format=raw,readonly=on,file=" + image}
	if usb {
		args = append(args, "-device", "qemu-xhci", "-device", "usb-storage,drive=medium,bootindex=0")
	} else {
		args = append(args, "-device", "ide-cd,drive=medium,bootindex=0")
	}
	if uefi {
		vars := filepath.Join(t.TempDir(), "vars.fd")
		run(t, "cp", ovmfVars, vars)
		args = append(args, "-drive", "if=pflash,unit=0,format=raw,readonly=on,file="+ovmfCode,
			"-drive", "if=pflash,unit=1,format=raw,file="+vars)
	}
	cmd := exec.CommandContext(ctx, tool(t, "qemu-system-x86_64"), args...)
	var all, stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cancel()
	marker := ""
	for scan := bufio.NewScanner(out); scan.Scan(); {
		line := strings.TrimSpace(scan.Text())
		all.WriteString(line + "\n")
		switch {
		case strings.Contains(line, bootMarker):
			marker = line[strings.Index(line, bootMarker):]
		case marker != "" && slices.Contains(strings.Fields(line), "payload"):
			return marker
		}
	}
	t.Fatalf("GRUB did not come up: %v\n%s\n%q", ctx.Err(), stderr.String(), all.String())
	return ""
}
