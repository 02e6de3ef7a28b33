package design

import (
	"cmp"
	"slices"
)

// variant is a further way to start the system.
type variant struct {
	name, title string
	toRAM       bool
	parameters  []string
}

// variants are those that a design may tick. The kernel's documentation has
// the words: admin-guide/kernel-parameters, fb/fbcon.
func variants() []variant {
	return []variant{
		{name: "to-ram", title: "copy to RAM", toRAM: true},
		{name: "nomodeset", title: "basic graphics", parameters: []string{"nomodeset"}},
		{name: "text", title: "text mode", parameters: []string{"systemd.unit=multi-user.target"}},
		{name: "debug", title: "debug messages", parameters: []string{"debug", "loglevel=7", "systemd.show_status=1"}},
		{name: "serial", title: "serial console", parameters: []string{"console=tty0", "console=ttyS0,115200n8"}},
		{name: "high-resolution", title: "large text on high-resolution screens", parameters: []string{"fbcon=font:TER16x32"}},
	}
}

// VariantNames are what boot.variants may name.
func VariantNames() []string {
	var names []string
	for _, v := range variants() {
		names = append(names, v.name)
	}
	return names
}

// variantsTitle is the submenu that holds them.
const variantsTitle = "Other ways to start"

// withVariants puts the ticked variants behind the last live entry. A design
// without entries has one that starts the system, and the firmware's.
func withVariants(d Design) []BootEntry {
	entries := slices.Clone(d.Boot.Entries)
	if len(entries) == 0 {
		entries = []BootEntry{{Title: d.Name}, {Title: "UEFI firmware settings", Kind: "firmware"}}
	}
	more := BootEntry{Title: variantsTitle, Kind: "submenu"}
	for _, v := range variants() {
		if slices.Contains(d.Boot.Variants, v.name) {
			more.Entries = append(more.Entries, BootEntry{
				Title: d.Name + " (" + v.title + ")", ToRAM: v.toRAM, Parameters: v.parameters,
			})
		}
	}
	if len(more.Entries) == 0 {
		return entries
	}
	at := 0
	for i, e := range entries {
		if cmp.Or(e.Kind, "live") == "live" {
			at = i + 1
		}
	}
	return slices.Insert(entries, at, more)
}
