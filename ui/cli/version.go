package cli

import (
	"cmp"
	"fmt"
	"runtime/debug"
)

// release is the version in FyneApp.toml, written in when a release is linked;
// empty in all other builds.
var release string

// version is the release's or the module's version, and what the build recorded
// of the source.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	text := cmp.Or(release, info.Main.Version, "(devel)")
	if revision := settings["vcs.revision"]; revision != "" {
		text += fmt.Sprintf(", revision %.12s", revision)
		if settings["vcs.modified"] == "true" {
			text += " with changes"
		}
	}
	return fmt.Sprintf("%s (%s, %s/%s)", text, info.GoVersion, settings["GOOS"], settings["GOARCH"])
}
