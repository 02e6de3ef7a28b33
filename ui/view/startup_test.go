package view

import (
	"testing"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
)

// startupScreens are those of the page Start-up.
func startupScreens() []screen {
	return []screen{
		{name: "startup-empty", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal")
			w.session.Show(model.Startup)
		}},
		{name: "startup-filled", golden: true, begin: func(t *testing.T, w *testWindow) {
			w.open(t, "nixos-minimal").Edit(model.Act("x"), func(d *design.Design) {
				twoUsers(d)
				d.Startup = design.Startup{Autologin: "ada", Command: "cage -- firefox --kiosk https://example.org", CommandUser: "guest"}
				nix(d).PostBoot = "echo 1 > /sys/module/snd_hda_intel/parameters/power_save\n"
			})
			w.session.Show(model.Startup)
		}},
		{name: "startup-problems", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), func(d *design.Design) {
				d.Startup = design.Startup{Autologin: "nobody-here", CommandUser: "ada"}
			})
			w.session.Show(model.Startup)
		}},
	}
}
