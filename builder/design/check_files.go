package design

import (
	"regexp"
	"slices"
	"strings"
)

var (
	modePattern  = regexp.MustCompile(`^[0-7]{3,4}$`)
	ownerPattern = regexp.MustCompile(`^([a-z_][a-z0-9_-]{0,31}|[0-9]{1,9})(:([a-z_][a-z0-9_-]{0,31}|[0-9]{1,9}))?$`)

	// ownFolders are what we put on the medium ourselves. A medium's names are
	// looked up without regard to case by some firmware and by Windows.
	ownFolders = []string{"/live", "/boot", "/efi", "/.disk"}
	// nixFolders come from nixpkgs's image.
	nixFolders = []string{"/boot", "/efi", "/isolinux", "/nix-store.squashfs", "/version.txt", "/.boot.cat"}
	// hiddenFolders are covered by file systems of their own once the system
	// runs, so a file in them would never be seen.
	hiddenFolders = []string{"/proc", "/sys", "/dev", "/run", "/tmp"}
)

func (c *checker) files(d Design) {
	seen := map[string]int{}
	for i, f := range d.Files {
		at := element("files", i)
		c.localPath(at+".source", f.Source)
		c.oneOf(at+".on", f.On, "root", "medium")
		c.matches(at+".mode", f.Mode, modePattern, "a mode", "octal digits like 0755")
		c.matches(at+".owner", f.Owner, ownerPattern, "an owner", "write user or user:group, like anna:anna")
		if f.On == "medium" && f.Owner != "" {
			c.add(at+".owner", "everything on the medium belongs to root", "remove the owner")
		}
		if !c.imagePath(at+".target", f.Target) {
			continue
		}
		key := f.Target
		if f.On == "medium" {
			key = "medium:" + strings.ToLower(key)
			c.mediumTarget(at+".target", f.Target, d.Distribution)
		} else if dir := folderOf(f.Target, hiddenFolders); dir != "" {
			c.add(at+".target", "in the running system "+dir+" is not the image's folder", "choose another target, like /opt or /etc")
		}
		if first, ok := seen[key]; ok {
			c.add(at+".target", show(f.Target)+" is also the target of "+element("files", first), "choose another one")
			continue
		}
		seen[key] = i
	}
}

func (c *checker) mediumTarget(field, target, distribution string) {
	own := ownFolders
	if distribution == "nixos" {
		own = append(slices.Clone(nixFolders), ownFolders...)
	}
	if dir := folderOf(strings.ToLower(target), own); dir != "" {
		c.add(field, "the image keeps its own files in "+dir, "choose another folder, like /files")
	}
}

// folderOf is the folder of a list that a path is or lies in, "" if none.
func folderOf(target string, folders []string) string {
	for _, dir := range folders {
		if target == dir || strings.HasPrefix(target, dir+"/") {
			return dir
		}
	}
	return ""
}
