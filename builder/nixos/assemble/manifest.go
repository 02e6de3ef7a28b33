package assemble

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
)

// manifestVersion is the version that this program reads.
const manifestVersion = 1

// maxManifest bounds the manifest's size in bytes.
const maxManifest = 16 << 20

// Manifest is what the generated source's manifest.nix writes: everything about
// an ISO that the evaluation knows. Store paths are those of the manifest's own
// store, whose folder is /nix/store.
type Manifest struct {
	Version int `json:"version"`
	// VolumeID is the name that the initrd looks for.
	VolumeID string `json:"volumeID"`
	// FileName as NixOS gives it.
	FileName string `json:"fileName"`
	Squashfs struct {
		// Target is the packed store's path on the medium.
		Target string `json:"target"`
		// Roots are the store paths whose closure is packed.
		Roots []string `json:"roots"`
		// ClosureInfo is the store path of their closureInfo.
		ClosureInfo string `json:"closureInfo"`
	} `json:"squashfs"`
	// Contents are files and folders of the store that go on the medium. Of two
	// with one target the later one counts.
	Contents []Content `json:"contents"`
	Boot     struct {
		BIOS struct {
			// Image is isolinux.bin's path on the medium; empty without BIOS.
			Image string `json:"image"`
		} `json:"bios"`
		EFI struct {
			// Image is the path of nixpkgs' EFI image, which is left out here;
			// empty without UEFI.
			Image string `json:"image"`
			// GRUB is the store path of the folder with GRUB's modules by
			// platform ("x86_64-efi").
			GRUB string `json:"grub"`
		} `json:"efi"`
		// IsohybridMBR is the store path of isohdpfx.bin, null where the image is
		// not for USB drives.
		IsohybridMBR *string `json:"isohybridMbr"`
		// Timeout in seconds, null to wait for ever.
		Timeout *int         `json:"timeout"`
		Menu    []SystemBoot `json:"menu"`
	} `json:"boot"`
	Toplevel string `json:"toplevel"`
}

// Content is a file or folder on the medium.
type Content struct {
	Source string `json:"source"`
	Target string `json:"target"`
}

// SystemBoot is one system of the image: the main one, whose Name is empty, or
// a specialisation.
type SystemBoot struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	// Params are the words of the kernel's command line.
	Params []string `json:"params"`
	// Kernel and Initrd are paths on the medium.
	Kernel string `json:"kernel"`
	Initrd string `json:"initrd"`
}

// ParseManifest reads and checks a manifest.
func ParseManifest(data []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return m, fmt.Errorf("read the manifest: %w", err)
	}
	if m.Version != manifestVersion {
		return m, fmt.Errorf("the manifest has version %d, this program reads version %d: export the design again with this program", m.Version, manifestVersion)
	}
	if err := m.check(); err != nil {
		return m, fmt.Errorf("the manifest is not of an ISO: %w", err)
	}
	return m, nil
}

func (m *Manifest) check() error {
	var faults []error
	fault := func(bad bool, format string, args ...any) {
		if bad {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	fault(m.VolumeID == "", "it has no volume ID")
	fault(!onMedium(m.Squashfs.Target), "squashfs.target %q is not a path on the medium", m.Squashfs.Target)
	fault(m.Squashfs.ClosureInfo != "" && !inStore(m.Squashfs.ClosureInfo), "squashfs.closureInfo %q is not in the store", m.Squashfs.ClosureInfo)
	for _, c := range m.Contents {
		fault(!inStore(c.Source), "contents: %q is not in the store", c.Source)
		fault(!onMedium(c.Target), "contents: %q is not a path on the medium", c.Target)
	}
	fault(m.Boot.BIOS.Image == "" && m.Boot.EFI.Image == "", "it starts neither by BIOS nor by UEFI")
	fault(m.Boot.BIOS.Image != "" && !onMedium(m.Boot.BIOS.Image), "boot.bios.image %q is not a path on the medium", m.Boot.BIOS.Image)
	fault(m.Boot.EFI.GRUB != "" && !inStore(m.Boot.EFI.GRUB), "boot.efi.grub %q is not in the store", m.Boot.EFI.GRUB)
	fault(m.Boot.IsohybridMBR != nil && !inStore(*m.Boot.IsohybridMBR), "boot.isohybridMbr is not in the store")
	fault(len(m.Boot.Menu) == 0, "it has no system to start")
	for _, s := range m.Boot.Menu {
		fault(!onMedium(s.Kernel) || !onMedium(s.Initrd), "boot.menu: kernel %q and initrd %q must be paths on the medium", s.Kernel, s.Initrd)
	}
	return errors.Join(faults...)
}

// inStore says whether p is a store path or a path inside one.
func inStore(p string) bool {
	rest, ok := strings.CutPrefix(p, storeDir+"/")
	name, _, _ := strings.Cut(rest, "/")
	return ok && len(name) > hashLength+1 && name[hashLength] == '-' && path.Clean(p) == strings.TrimSuffix(p, "/") && !strings.ContainsRune(p, 0)
}

// onMedium says whether p is an absolute path other than the root.
func onMedium(p string) bool {
	return strings.HasPrefix(p, "/") && clean(p) != "" && !strings.Contains("/"+p+"/", "/../") && !strings.ContainsRune(p, 0)
}
