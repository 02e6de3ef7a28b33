package design

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

var (
	interfacePattern = regexp.MustCompile(`^[A-Za-z0-9._*?\[\]!-]+$`)
	domainPattern    = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?$`)
	pskPattern       = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)
)

func (c *checker) network(n Network) {
	known := c.oneOf("network.mode", n.Mode, "dhcp", "static", "off")
	c.interfaceName(n.Interface)
	prefixes := c.addresses(n.Addresses)
	c.gateways(n.Gateways, prefixes)
	for i, s := range n.DNS {
		if a, err := netip.ParseAddr(s); err != nil || a.IsUnspecified() || a.IsMulticast() {
			c.add(element("network.dns", i), show(s)+" is not the address of a server", "write it like 192.0.2.53 or 2001:db8::53")
		}
	}
	c.unique("network.dns", n.DNS)
	for i, s := range n.Search {
		if len(s) > 253 || !domainPattern.MatchString(s) {
			c.add(element("network.search", i), show(s)+" is not a domain", "write it like example.org")
		}
	}
	c.unique("network.search", n.Search)
	if known {
		c.networkMode(n)
	}
	c.wifi(n.WiFi)
}

// networkMode checks that the settings fit the mode.
func (c *checker) networkMode(n Network) {
	static := len(n.Addresses) > 0 || len(n.Gateways) > 0
	switch {
	case n.Mode == "static" && len(n.Addresses) == 0:
		c.add("network.addresses", "a static network needs an address", `write addresses = ["192.0.2.10/24"]`)
	case n.Mode == "off" && (static || n.Interface != "" || len(n.DNS)+len(n.Search)+len(n.WiFi) > 0):
		c.add("network.mode", "the network is off, but has settings", "remove them, or choose dhcp or static")
	case (n.Mode == "" || n.Mode == "dhcp") && static:
		c.add("network.mode", "addresses and gateways come from the network with dhcp", `set mode = "static" or remove them`)
	}
}

func (c *checker) interfaceName(s string) {
	const field = "network.interface"
	hint := "write a name like enp3s0 or a pattern like en*"
	if !c.matches(field, s, interfacePattern, "an interface", hint) {
		return
	}
	if !strings.ContainsAny(s, "*?[") && (len(s) > 15 || s == "." || s == "..") {
		c.add(field, show(s)+" is not an interface", "a name has at most 15 characters")
	}
	if s == "lo" {
		c.add(field, "lo is the machine's own loop", hint)
	}
	if strings.Count(s, "[") != strings.Count(s, "]") {
		c.add(field, "a bracket is not closed", hint)
	}
}

func (c *checker) addresses(list []string) []netip.Prefix {
	var prefixes []netip.Prefix
	c.unique("network.addresses", list)
	for i, s := range list {
		field := element("network.addresses", i)
		hint := "write it with the prefix length, like 192.0.2.10/24 or 2001:db8::2/64"
		p, err := netip.ParsePrefix(s)
		switch {
		case err != nil:
			c.add(field, show(s)+" is not an address with prefix length", hint)
		case p.Addr().IsUnspecified() || p.Addr().IsMulticast() || p.Addr().IsLoopback() || p.Bits() == 0:
			c.add(field, show(s)+" cannot be a machine's address", hint)
		case p.Addr().Is4() && p.Bits() < 31 && p.Addr() == p.Masked().Addr():
			c.add(field, show(s)+" is the network's address, not a machine's", hint)
		default:
			prefixes = append(prefixes, p)
		}
	}
	return prefixes
}

func (c *checker) gateways(list []string, prefixes []netip.Prefix) {
	c.unique("network.gateways", list)
	for i, s := range list {
		field := element("network.gateways", i)
		a, err := netip.ParseAddr(s)
		reached := slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(a) })
		switch {
		case err != nil || a.IsUnspecified() || a.IsMulticast() || a.Zone() != "":
			c.add(field, show(s)+" is not the address of a gateway", "write it like 192.0.2.1")
		case !reached && !a.IsLinkLocalUnicast() && len(prefixes) > 0:
			c.add(field, show(s)+" is in none of the networks of network.addresses", "check the address and the prefix length")
		case slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Addr() == a }):
			c.add(field, show(s)+" is the machine's own address", "name the router's")
		}
	}
}

// wifi checks wireless networks. Messages never hold a key: it may be the
// passphrase.
func (c *checker) wifi(list []WiFi) {
	seen := map[string]bool{}
	for i, w := range list {
		at := element("network.wifi", i)
		switch {
		case w.SSID == "":
			c.add(at+".ssid", "the network has no name", `write ssid = "Office"`)
		case len(w.SSID) > 32:
			c.add(at+".ssid", "the name is longer than 32 bytes", "copy it from the access point")
		case strings.ContainsFunc(w.SSID, isControl):
			c.add(at+".ssid", "the name contains a control character", "copy it from the access point")
		case seen[w.SSID]:
			c.add(at+".ssid", "the network "+show(w.SSID)+" is there twice", "remove one of the two")
		}
		seen[w.SSID] = true
		if w.PSK != "" && !pskPattern.MatchString(w.PSK) {
			c.add(at+".psk", "the key is not 64 hexadecimal digits; a passphrase must not stand in a design",
				"make the key with: wpa_passphrase SSID, and copy what follows psk=")
		}
	}
}
