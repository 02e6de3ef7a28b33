package view

import (
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/words"
)

// entry is a page in the sidebar.
type entry struct {
	section model.Section
	icon    string
	// title is English, for say.
	title string
	// deliver puts it into the second group.
	deliver bool
	build   func(*context) page
}

// entries are all pages, in the order of the sidebar.
func entries() []entry {
	return []entry{
		{model.Overview, "overview", words.Key("Overview"), false, newOverview},
		{model.Base, "base", words.Key("Base"), false, newBase},
		{model.Packages, "packages", words.Key("Packages"), false, newPackages},
		{model.Drivers, "drivers", words.Key("Drivers & firmware"), false, newDrivers},
		{model.System, "system", words.Key("System"), false, newSystem},
		{model.Users, "users", words.Key("Users & access"), false, newUsers},
		{model.Startup, "startup", words.Key("Start-up"), false, newStartup},
		{model.BootMenu, "bootmenu", words.Key("Boot menu"), false, newBootMenu},
		{model.Files, "files", words.Key("Files & offline"), false, newFiles},
		{model.Build, "build", words.Key("Build"), true, newBuild},
		{model.Try, "try", words.Key("Try"), true, newTry},
		{model.Flash, "flash", words.Key("Flash"), true, newFlash},
		{model.History, "history", words.Key("History"), true, newHistory},
	}
}
