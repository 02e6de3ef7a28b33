package assets

import "embed"

//go:embed templates/*.isowright
var templates embed.FS

// Template is a design to begin with.
type Template struct {
	// Name is what people call it by, Summary one line about it.
	Name, Summary string
	// Text is a project file.
	Text string
}

// Templates gives the templates, the simplest first.
func Templates() []Template {
	list := []Template{
		{Name: "minimal", Summary: "a small Debian system that logs root in on the console"},
		{Name: "rescue", Summary: "a Debian stick with tools to mend disks and file systems, and an ssh server"},
	}
	for i := range list {
		text, err := templates.ReadFile("templates/" + list[i].Name + ".isowright")
		if err != nil {
			panic(err) // the table above names a file that is not embedded
		}
		list[i].Text = string(text)
	}
	return list
}
