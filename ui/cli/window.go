package cli

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// imageSuffixes are the files besides designs that the window opens.
func imageSuffixes() []string { return []string{".iso", ".img", ".gz", ".xz", ".zst", ".bz2"} }

// firstPages are the pages that the desktop's menu opens.
func firstPages() []string { return []string{"start", "flash"} }

// windowArguments takes files for the window and refuses unknown commands.
func (a *app) windowArguments(c *cobra.Command, args []string) error {
	if a.page != "" && !slices.Contains(firstPages(), a.page) {
		return &usageError{
			text: "--page: there is no page " + quote(a.page) + " to begin with",
			hint: "Say " + strings.Join(firstPages(), " or ") + ", or leave it out.",
		}
	}
	for _, arg := range args {
		suffix := filepath.Ext(arg)
		if suffix == designSuffix || slices.Contains(imageSuffixes(), suffix) {
			continue
		}
		hint := ""
		if near := c.SuggestionsFor(arg); len(near) > 0 {
			hint = "Did you mean " + strings.Join(near, " or ") + "? `isowright --help` names the commands."
		}
		return &usageError{text: "there is no command " + quote(arg), hint: hint}
	}
	return nil
}

// window opens the window where there can be one. Where there cannot, a bare
// call explains the commands.
func (a *app) window(c *cobra.Command, args []string) error {
	why := ""
	switch {
	case a.Window == nil:
		why = "this build of the program has no window"
	case a.Getenv("DISPLAY") == "" && a.Getenv("WAYLAND_DISPLAY") == "":
		why = "there is no display here to open the window on"
	default:
		return a.Window(c.Context(), a.page, args)
	}
	if a.page != "" && len(args) == 0 {
		return &usageError{text: why, hint: "`isowright --help` names the commands, which do all that it does."}
	}
	if len(args) > 0 {
		hint := "Say what to do with the design: isowright check, plan or build " + args[0] + "."
		if filepath.Ext(args[0]) != designSuffix {
			hint = "Say what to do with the image: isowright inspect, try or flash " + args[0] + "."
		}
		return &usageError{text: why, hint: hint}
	}
	if a.Window != nil {
		c.PrintErrln("isowright: " + why + "; these commands do all that it does:\n")
	}
	return c.Help()
}
