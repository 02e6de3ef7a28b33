package source

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/isowright/isowright/builder/design"
)

const profiles = "networking.networkmanager.ensureProfiles.profiles"

// network says how the image comes to its addresses. All bases but netboot have
// NetworkManager; a design that says more than "dhcp" gets it there too.
func (g *generator) network() {
	m := g.module("network.nix", "How the image comes to its addresses.")
	n := g.d.Network
	if n.Mode == "off" {
		m.replace("network.mode", "networking.networkmanager.enable", boolean(false))
		m.replace("network.mode", "networking.useDHCP", boolean(false))
		m.replace("network.mode", "networking.dhcpcd.enable", boolean(false))
		return
	}
	wired := n.Mode == "static" || n.Interface != ""
	if g.netboot() && (wired || len(n.WiFi) > 0) {
		m.replace("network", "networking.networkmanager.enable", boolean(true))
	}
	if wired {
		g.wired(m, n)
	}
	if len(n.DNS) > 0 {
		m.set("network.dns", "networking.nameservers", words("network.dns", n.DNS))
	}
	if len(n.Search) > 0 {
		m.set("network.search", "networking.search", words("network.search", n.Search))
	}
	for i, w := range n.WiFi {
		g.wifi(m, i, w)
	}
}

// wired makes the one profile for the cable and keeps NetworkManager from making
// its own.
func (g *generator) wired(m *module, n design.Network) {
	connection := []pair{at1("id", text("wired")), at1("type", text("ethernet")), at1("autoconnect-priority", integer(10))}
	profile := []pair{}
	switch {
	case n.Interface == "":
	case strings.ContainsAny(n.Interface, "*?[!"):
		profile = append(profile, at1("match", attrs(at1("interface-name", text(n.Interface).of("network.interface")))))
	default:
		connection = append(connection, at1("interface-name", text(n.Interface).of("network.interface")))
	}
	profile = append(profile, at1("connection", attrs(connection...)))
	if n.Mode == "static" {
		profile = append(profile, at1("ipv4", addressing(n, netip.Addr.Is4)), at1("ipv6", addressing(n, netip.Addr.Is6)))
	} else {
		profile = append(profile, at1("ipv4", attrs(at1("method", text("auto")))), at1("ipv6", attrs(at1("method", text("auto")))))
	}
	m.set("network", profiles+".wired", attrs(profile...))
	m.comment("No other wired connection is made by itself.")
	m.set("network", "networking.networkmanager.settings.main.no-auto-default", text("*"))
}

// addressing is one section of a NetworkManager profile, for one family of
// addresses. (nm-settings-keyfile(5))
func addressing(n design.Network, family func(netip.Addr) bool) expr {
	pairs := []pair{at1("method", text("manual"))}
	count := 0
	for i, s := range n.Addresses {
		if p, err := netip.ParsePrefix(s); err == nil && family(p.Addr()) {
			count++
			pairs = append(pairs, at1(fmt.Sprintf("address%d", count), text(p.String()).of(element("network.addresses", i))))
		}
	}
	if count == 0 {
		return attrs(at1("method", text("disabled")))
	}
	routes := 0
	for i, s := range n.Gateways {
		a, err := netip.ParseAddr(s)
		if err != nil || !family(a) {
			continue
		}
		everywhere := "0.0.0.0/0"
		if a.Is6() {
			everywhere = "::/0"
		}
		routes++
		pairs = append(pairs, at1(fmt.Sprintf("route%d", routes), text(everywhere+","+s).of(element("network.gateways", i))))
	}
	return attrs(pairs...)
}

// wifi makes a profile of a wireless network.
func (g *generator) wifi(m *module, i int, w design.WiFi) {
	field := element("network.wifi", i)
	name := fmt.Sprintf("wifi-%d", i+1)
	pairs := []pair{
		at1("connection", attrs(at1("id", text(name)), at1("type", text("wifi")))),
		at1("wifi", attrs(append([]pair{
			at1("mode", text("infrastructure")),
			at1("ssid", text(keyfileSSID(w.SSID)).of(field+".ssid")),
		}, hidden(w)...)...)),
	}
	if w.PSK != "" {
		pairs = append(pairs, at1("wifi-security", attrs(at1("key-mgmt", text("wpa-psk")), at1("psk", text(w.PSK).of(field+".psk")))))
		g.warn(field+".psk", "everyone who holds the image can read the key of this network in its store", "use a network that is meant for it, or join by hand with nmtui")
	}
	pairs = append(pairs, at1("ipv4", attrs(at1("method", text("auto")))), at1("ipv6", attrs(at1("method", text("auto")))))
	m.comment("Wi-Fi " + commentText(w.SSID))
	m.set(field, profiles+"."+name, attrs(pairs...))
}

func hidden(w design.WiFi) []pair {
	if !w.Hidden {
		return nil
	}
	return []pair{at1("hidden", boolean(true))}
}
