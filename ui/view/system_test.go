package view

import (
	"testing"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
)

// systemScreens are those of the page System.
func systemScreens() []screen {
	filled := func(d *design.Design) {
		d.System = design.System{Hostname: "rescue", Locale: "de_DE.UTF-8", TimeZone: "Europe/Berlin",
			Keyboard: design.Keyboard{Layout: "de", Variant: "nodeadkeys"}}
		d.Network = design.Network{Mode: "static", Interface: "en*", Addresses: []string{"192.0.2.10/24", "2001:db8::2/64"},
			Gateways: []string{"192.0.2.1"}, DNS: []string{"192.0.2.53"}, Search: []string{"example.org"},
			WiFi: []design.WiFi{{SSID: "Office", PSK: "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e"}, {SSID: "Guests", Hidden: true}}}
		d.Texts = design.Texts{BeforeLogin: "Rescue system of ACME\nCall 4711 before you change anything, and write down what you did and why you did it.\n",
			AfterLogin: "Tools: testdisk, ddrescue, smartctl", OnSSH: "Authorised people only.\n"}
	}
	return []screen{
		{name: "system-empty", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal")
			w.session.Show(model.System)
		}},
		{name: "system-filled", shot: "system", golden: true, begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), filled)
			w.session.Show(model.System)
		}},
		{name: "system-network", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), filled)
			w.session.Show(model.System)
			w.scrollTo(0.45)
		}},
		{name: "system-texts", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "nixos-minimal").Edit(model.Act("x"), filled)
			w.session.Show(model.System)
			w.scrollTo(1)
		}},
		{name: "system-problems", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), func(d *design.Design) {
				d.System.Hostname = "not a name!"
				d.System.TimeZone = "posix/Europe/Berlin"
				d.Network = design.Network{Mode: "off", Addresses: []string{"192.0.2.0/24"}}
			})
			w.session.Show(model.System)
		}},
		{name: "system-wifi", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), filled)
			w.session.Show(model.System)
			w.settle()
			(&wifiList{c: w.frame.c}).ask(0)
		}},
	}
}
