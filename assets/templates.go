package assets

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed templates
var templates embed.FS

// Template is a design to begin with.
type Template struct {
	// Name is what people call it by, Summary one line about it.
	Name, Summary string
	// Text is a project file.
	Text string
	// Files lie beside the project file.
	Files []TemplateFile
}

// TemplateFile is a file of a template; Path has slashes and starts from the
// project file's folder.
type TemplateFile struct{ Path, Text string }

// Templates gives the templates, the simplest first.
func Templates() []Template {
	list := []Template{
		{Name: "minimal", Summary: "a small Debian system that logs root in on the console"},
		{Name: "rescue", Summary: "a Debian stick with tools to mend disks and file systems, and an ssh server"},
		{Name: "kiosk", Summary: "a Debian stick that shows one web page in Firefox on the whole screen, and nothing else"},
		{Name: "ssh", Summary: "a Debian system that you reach over ssh: put in your key"},
		{Name: "nixos-minimal", Summary: "the NixOS installer on the console, with git and htop"},
		{Name: "nixos-macbook", Summary: "the NixOS installer with GNOME, and Wi-Fi on MacBooks (Broadcom, not free software)"},
		{Name: "nixos-ssh", Summary: "a NixOS system that you reach over ssh: put in your key and your password's hash"},
		{Name: "nixos-installer", Summary: "a NixOS stick that greets you and starts your own program, here a list of the disks"},
		{Name: "nixos-netboot", Summary: "a NixOS system that many computers start over the network, without a stick"},
		{Name: "nixos-offline", Summary: "a NixOS system that installs itself on a computer without a network"},
		{Name: "nixos-offline-flake", Summary: "installs your own flake without a network, and lets you change it on the way"},
		{Name: "nixos-offline-calamares", Summary: "installs your own configuration.nix without a network, with GNOME and Calamares; many gigabytes"},
	}
	folders := map[string]string{"nixos-offline-flake": "flake", "nixos-offline-calamares": "configuration"}
	for i := range list {
		list[i].Text = read("templates/" + list[i].Name + ".isowright")
		if folder := folders[list[i].Name]; folder != "" {
			list[i].Files = folderFiles("templates/" + folder)
		}
	}
	return list
}

// read gives an embedded file. That one is missing can only be a mistake in the
// tables above.
func read(name string) string {
	text, err := templates.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// folderFiles lists the embedded files below a folder.
func folderFiles(folder string) []TemplateFile {
	var files []TemplateFile
	err := fs.WalkDir(templates, folder, func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files = append(files, TemplateFile{strings.TrimPrefix(name, "templates/"), read(name)})
		}
		return err
	})
	if err != nil {
		panic(err)
	}
	return files
}
