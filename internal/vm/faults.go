package vm

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// fault is a sentence after which a guest does not come up any more.
type fault struct {
	sign  string
	means string
}

// faults are known from GRUB, shim, OVMF, the kernel and the initrds of the
// distributions.
var faults = []fault{
	{"Kernel panic - not syncing", "the kernel panicked"},
	{"Unable to find a medium containing a live file system",
		"live-boot found no medium with the image's live file system"},
	{"(initramfs) ", "the initrd gave up and opened its shell"},
	{"An error occurred in stage 1 of the boot process", "NixOS's initrd gave up"},
	{"You are in emergency mode", "systemd went into emergency mode"},
	{"grub rescue>", "GRUB did not find its modules"},
	{"Security Violation", "Secure Boot refused a program that no known key has signed"},
	{"BdsDxe: No bootable option", "the firmware found nothing to boot on the medium"},
	{"UEFI Interactive Shell", "the firmware found nothing to boot and opened its own shell"},
}

// findFault gives the first fault in the text, or nil.
func findFault(text []byte) error {
	first, at := -1, len(text)
	for i, f := range faults {
		if j := bytes.Index(text[:at], []byte(f.sign)); j >= 0 {
			first, at = i, j
		}
	}
	if first < 0 {
		return nil
	}
	line, _, _ := strings.Cut(string(text[at:]), "\n")
	return fmt.Errorf("%s (%q)", faults[first].means, strings.TrimSpace(line))
}

// hintLine matches complaints that may or may not be why a boot failed.
var hintLine = regexp.MustCompile(`(?m)^ *(?:error: |BdsDxe: failed to |Boot failed|\[ *FAILED *\]).*$`)

// findHints gives the last few complaints in the text.
func findHints(text []byte) []string {
	var hints []string
	for _, line := range hintLine.FindAll(text, -1) {
		hints = append(hints, strings.TrimSpace(string(line)))
	}
	return hints[max(0, len(hints)-5):]
}
