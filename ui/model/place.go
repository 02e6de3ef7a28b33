package model

import "strings"

// Section is a page of the window. Its text is kept stable.
type Section string

// The pages, in the order of the sidebar. Start is the one without a design.
const (
	Start    Section = "start"
	Overview Section = "overview"
	Base     Section = "base"
	Packages Section = "packages"
	Drivers  Section = "drivers"
	System   Section = "system"
	Users    Section = "users"
	Startup  Section = "startup"
	BootMenu Section = "bootmenu"
	Files    Section = "files"
	Build    Section = "build"
	Try      Section = "try"
	Flash    Section = "flash"
	History  Section = "history"
)

// Place is what is to be seen: a page, and the field on it that has the focus.
type Place struct {
	Section Section
	// Field as in design.Problem; empty: the page's first.
	Field string
}

// Place is where the person is.
func (s *Session) Place() Place { return s.place }

// Show leads to a page.
func (s *Session) Show(section Section) { s.ShowPlace(Place{Section: section}) }

// ShowField leads to the page that has a field of the design.
func (s *Session) ShowField(field string) {
	s.ShowPlace(Place{Section: SectionOf(field), Field: field})
}

// ShowPlace leads to a place.
func (s *Session) ShowPlace(p Place) {
	s.place = p
	s.attend()
	s.tell(Change{What: PlaceChanged, Doc: s.current})
}

// SectionOf is the page that has a field of the design. The longest beginning
// that the table knows decides.
func SectionOf(field string) Section {
	table := map[string]Section{
		"": Overview, "distribution": Base, "release": Base, "base": Base, "desktop": Base, "architecture": Base,
		"archive": Base, "nixos": Base, "packages": Packages, "nixos.unfree": Packages, "nixos.insecure": Packages,
		"nixos.broken": Packages, "drivers": Drivers, "kernel": Drivers, "nixos.kernel": Drivers, "nixos.zfs": Drivers,
		"nixos.kernel_modules": Drivers, "nixos.initrd_modules": Drivers, "nixos.blacklisted_modules": Drivers,
		"nixos.module_packages": Drivers, "nixos.firmware": Drivers, "system": System, "network": System, "texts": System,
		"nixos.help_line": System, "nixos.console_font": System, "nixos.early_console": System, "users": Users, "root": Users, "ssh": Users,
		"startup": Startup, "nixos.post_boot": Startup, "boot": BootMenu, "nixos.menu": BootMenu,
		"nixos.specialisations": BootMenu, "files": Files, "nixos.offline": Files, "nixos.contents": Files,
		"nixos.store_contents": Files, "compression": Build, "output": Overview, "name": Overview, "volume_label": Overview,
	}
	for part := field; ; {
		if section, ok := table[part]; ok {
			return section
		}
		cut := strings.LastIndexAny(part, ".[")
		if cut < 0 {
			return Overview
		}
		part = part[:cut]
	}
}
