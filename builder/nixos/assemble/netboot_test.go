package assemble_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/isowright/isowright/internal/vm"
)

// netboot is the same system for the network.
var netboot = strings.NewReplacer(
	`base = "minimal"`, `base = "netboot"`,
	`volume_label = "RESCUE-26.05"`, "",
	`assembler = "isowright"`, "",
).Replace(regexp.MustCompile(`(?s)\[boot\].*?\[compression\]`).ReplaceAllString(
	regexp.MustCompile(`(?s)\[\[nixos\.contents\]\].*`).ReplaceAllString(rescue, ""), "[compression]"))

// ipxeKernel is the line of an iPXE script that tells the kernel's parameters.
var ipxeKernel = regexp.MustCompile(`(?m)^kernel (\S+) (.*?)( \$\{cmdline\})?$`)

// TestImageNetboot builds a netboot bundle and starts it as a boot server would have
// it started: kernel, initrd and the script's command line.
func TestImageNetboot(t *testing.T) {
	b := generate(t, netboot)
	bundle := b.build(t, "image")
	for _, name := range []string{"bzImage", "initrd", "netboot.ipxe", "kexec-boot"} {
		if _, err := os.Stat(filepath.Join(bundle, name)); err != nil {
			t.Error(err)
		}
	}
	script, err := os.ReadFile(filepath.Join(bundle, "netboot.ipxe"))
	check(t, err)
	found := ipxeKernel.FindStringSubmatch(string(script))
	if found == nil || found[1] != "bzImage" {
		t.Fatalf("no kernel in\n%s", script)
	}
	tool(t, "sh", "-n", filepath.Join(bundle, "kexec-boot"))
	g := start(t, vm.Config{Kernel: filepath.Join(bundle, "bzImage"), Initrd: filepath.Join(bundle, "initrd"), Parameters: found[2]})
	g.up()
	g.want("grep -c ' /nix/.ro-store squashfs ro' /proc/mounts", "1\n")
	g.want("nix-store --verify --check-contents >/tmp/verify 2>&1; echo $?", "0\n")
	g.settings("rescue")
}
