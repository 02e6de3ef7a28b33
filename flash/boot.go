package flash

import "bytes"

// Boot is what the beginning of an image says about booting.
type Boot string

// What can be said.
const (
	BootUnknown Boot = ""
	BootDisk    Boot = "disk" // from sticks and disks
	BootDisc    Boot = "disc" // only from optical discs
	BootNone    Boot = "none"
)

// BootHeadSize is how much of an image LooksBootable looks at, in bytes: up to
// the second volume descriptor of a disc.
const BootHeadSize = 18 * 2048

// LooksBootable reads the beginning of an image: a master boot record (its
// signature, and a partition or code), a GPT header at the second sector of 512
// or 4096 bytes (UEFI 2.10, 5.3), or an El Torito boot record at sector 17 of a
// disc (El Torito 1.0, figure 7). It tells what is not bootable; what looks
// bootable may still not boot.
func LooksBootable(head []byte) Boot {
	at := func(offset int, mark string) bool {
		return len(head) >= offset+len(mark) && bytes.Equal(head[offset:offset+len(mark)], []byte(mark))
	}
	if at(512, "EFI PART") || at(4096, "EFI PART") {
		return BootDisk
	}
	if at(510, "\x55\xaa") && !zero(head[:510]) {
		return BootDisk
	}
	if at(16*2048+1, "CD001") && at(17*2048, "\x00CD001\x01EL TORITO SPECIFICATION") {
		return BootDisc
	}
	return BootNone
}
