package source

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// flakeTarget takes the person's flake as what is installed.
func (o *offline) flakeTarget() {
	const field = "nixos.offline.flake"
	g := o.g
	o.host, o.main = o.Host, "flake.nix"
	folder, ok := g.resolve(field, cleanPath(o.Flake))
	if !ok {
		return
	}
	for _, need := range []struct{ name, hint string }{
		{"flake.nix", "name the folder that holds the flake"},
		{"flake.lock", "run nix flake lock in the folder, so that the same inputs are used there and here"},
	} {
		if _, err := os.Stat(filepath.Join(folder, need.name)); err != nil {
			g.fault(field, strconv.Quote(o.Flake)+" has no "+need.name, need.hint)
		}
	}
	files := o.addFolder(field, folder, "target")
	o.locked = true
	o.findHardware(field, folder, files)
	o.compareRevision(folder)
	if o.Configuration != "" {
		o.addSeparate()
	}
}

// configurationTarget takes the person's configuration.nix as what is installed.
// It returns false if the folder has none: then the folder lies on the medium
// beside the image's own system.
func (o *offline) configurationTarget() bool {
	const field = "nixos.offline.configuration"
	g := o.g
	folder, ok := g.resolve(field, cleanPath(o.Configuration))
	if !ok {
		return true
	}
	has := func(name string) bool { _, err := os.Stat(filepath.Join(folder, name)); return err == nil }
	if has("flake.nix") && o.Level != "A" {
		g.fault(field, strconv.Quote(o.Configuration)+" is a flake, and it is not said which of its hosts to install",
			"set nixos.offline.flake = "+strconv.Quote(o.Configuration)+" and nixos.offline.host instead")
		return true
	}
	if has("flake.nix") || !has("configuration.nix") {
		if o.Level != "A" {
			g.fault(field, strconv.Quote(o.Configuration)+" has no configuration.nix, so nothing in it can be installed", "add one, or set level = \"A\"")
			return true
		}
		o.addSeparate()
		return false
	}
	o.classic = o.Level == "C"
	files := o.addFolder(field, folder, "target")
	o.findHardware(field, folder, files)
	g.addLines("target/flake.nix", o.flake("./configuration.nix"))
	return true
}

// addSeparate lays a folder on the medium that is not what is installed.
func (o *offline) addSeparate() {
	const field = "nixos.offline.configuration"
	if folder, ok := o.g.resolve(field, cleanPath(o.Configuration)); ok {
		o.separate = true
		o.addFolder(field, folder, "configuration")
	}
}

// addFolder copies a folder of the person's and returns the paths of its files.
func (o *offline) addFolder(field, folder, to string) []string {
	var files []string
	err := filepath.WalkDir(folder, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(folder, name)
		if err != nil || rel == "." {
			return err
		}
		if leftOut.MatchString(e.Name()) {
			if e.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if e.IsDir() {
			return nil
		}
		rel = filepath.ToSlash(rel)
		files = append(files, rel)
		o.g.add(File{Path: to + "/" + rel, Copy: name}, nil)
		return nil
	})
	if err != nil {
		o.g.fault(field, "the folder cannot be read: "+err.Error(), "let your user read all of it")
	}
	return files
}

// hardwareFile finds references to a hardware-configuration.nix.
var hardwareFile = regexp.MustCompile(`\.{1,2}/[A-Za-z0-9._+/-]*hardware-configuration\.nix`)

// findHardware finds the file that describes the computer's hardware, by what the
// folder's Nix files import, and puts a stand-in where there is none yet.
func (o *offline) findHardware(field, folder string, files []string) {
	var found []string
	for _, name := range files {
		if path.Base(name) == "hardware-configuration.nix" {
			found = append(found, name)
		}
		if path.Ext(name) != ".nix" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
		if err != nil {
			continue // reported when it is copied
		}
		for _, m := range hardwareFile.FindAll(text, -1) {
			found = append(found, path.Join(path.Dir(name), string(m)))
		}
	}
	found = slices.DeleteFunc(found, func(p string) bool { return !filepath.IsLocal(filepath.FromSlash(p)) })
	slices.Sort(found)
	o.chooseHardware(field, slices.Compact(found), files)
}

func (o *offline) chooseHardware(field string, found, files []string) {
	if len(found) == 0 {
		o.g.warn(field, "nothing in the folder imports a hardware-configuration.nix; the one that is made on the computer will lie beside it, unused",
			"import ./hardware-configuration.nix, unless the configuration says itself which file systems and drivers the computer has")
		return
	}
	ours := slices.IndexFunc(found, func(p string) bool {
		return slices.Contains(strings.Split(path.Dir(p), "/"), o.host)
	})
	switch {
	case ours >= 0:
		o.hardware = found[ours]
	case len(found) == 1 || slices.Contains(found, o.hardware):
		if len(found) == 1 {
			o.hardware = found[0]
		}
	default:
		o.g.fault(field, "the folder has several hardware-configuration.nix, and none lies in a folder called "+o.host+": "+strings.Join(found, ", "),
			"move the host's into a folder of its name")
		return
	}
	if !slices.Contains(files, o.hardware) {
		o.addHardware("target/" + o.hardware)
	}
}

// lockedRevision finds revisions in a lock file.
var lockedRevision = regexp.MustCompile(`"rev": *"([0-9a-f]{40})"`)

// compareRevision warns where the flake and the image use different revisions of
// nixpkgs: little of the two can then be shared.
func (o *offline) compareRevision(folder string) {
	text, err := os.ReadFile(filepath.Join(folder, "flake.lock"))
	if err != nil {
		return // reported above
	}
	want := o.g.pin.Revision
	if want == "" || bytes.Contains(text, []byte(want)) || !lockedRevision.Match(text) {
		return
	}
	o.g.warn("nixos.revision", "the flake to install is locked to another revision of nixpkgs than the image, so the image holds two sets of packages",
		"set nixos.revision to the flake's, or run nix flake update in its folder")
}

// cleanPath is a path of a design in its simplest form.
func cleanPath(name string) string { return path.Clean(filepath.ToSlash(name)) }
