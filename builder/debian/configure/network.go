package configure

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"github.com/isowright/isowright/builder/design"
)

const (
	networkFolder = "etc/systemd/network"
	wifiFolder    = "var/lib/iwd"
	stubResolver  = "../run/systemd/resolve/stub-resolv.conf"
)

var (
	// interfacePattern is a name or shell pattern as systemd.network(5) matches
	// them.
	interfacePattern = regexp.MustCompile(`^[A-Za-z0-9_.:*?\[\]-]+$`)
	searchDomain     = regexp.MustCompile(`^~?[A-Za-z0-9_.-]+$`)
	pskDigits        = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)
	literalSSID      = regexp.MustCompile(`^[A-Za-z0-9 _-]+$`)
)

// network lets systemd-networkd and, for wireless networks, iwd bring up the
// interfaces.
func (r *root) network() error {
	n := r.design.Network
	switch n.Mode {
	case "", "dhcp", "static":
	case "off":
		return r.networkOff()
	default:
		r.fault("network.mode", fmt.Sprintf("%q is unknown", n.Mode), "use \"dhcp\", \"static\" or \"off\"")
		return nil
	}
	if err := r.write(networkFolder+"/80-isowright-wired.network", r.wired(n), 0o644); err != nil {
		return err
	}
	if err := r.enable("systemd-networkd.service", "multi-user.target"); err != nil {
		return err
	}
	if err := r.enable("systemd-networkd.socket", "sockets.target"); err != nil {
		return err
	}
	err := r.link(localUnits+"/dbus-org.freedesktop.network1.service", "/"+systemUnits+"/systemd-networkd.service")
	if err != nil {
		return err
	}
	if err := r.resolver(); err != nil {
		return err
	}
	return r.wifi(n.WiFi)
}

// resolver hands names to systemd-resolved.
func (r *root) resolver() error {
	if err := r.enable("systemd-resolved.service", "sysinit.target"); err != nil {
		return err
	}
	err := r.link(localUnits+"/dbus-org.freedesktop.resolve1.service", "/"+systemUnits+"/systemd-resolved.service")
	if err != nil {
		return err
	}
	return r.link("etc/resolv.conf", stubResolver)
}

// networkOff keeps every interface down but the loopback.
func (r *root) networkOff() error {
	for _, unit := range []string{"systemd-networkd.service", "systemd-networkd.socket"} {
		if err := r.link(localUnits+"/"+unit, "/dev/null"); err != nil {
			return err
		}
	}
	if r.exists(systemUnits + "/iwd.service") {
		if err := r.link(localUnits+"/iwd.service", "/dev/null"); err != nil {
			return err
		}
	}
	if r.exists(systemUnits + "/systemd-resolved.service") {
		return r.link("etc/resolv.conf", stubResolver)
	}
	return r.write("etc/resolv.conf", "", 0o644)
}

// wired is the systemd.network(5) file of the wired interfaces. Every value is
// checked or made from a parsed address, so none can leave its line.
func (r *root) wired(n design.Network) string {
	var b strings.Builder
	switch {
	case n.Interface == "":
		// Virtual interfaces have a kind.
		b.WriteString("[Match]\nType=ether\nKind=!*\n")
	case interfacePattern.MatchString(n.Interface):
		fmt.Fprintf(&b, "[Match]\nName=%s\n", n.Interface)
	default:
		r.fault("network.interface", fmt.Sprintf("%q is no interface name or pattern", n.Interface), "use one such as \"en*\"")
	}
	// Nothing waits for a cable.
	b.WriteString("\n[Link]\nRequiredForOnline=no\n\n[Network]\n")
	if n.Mode == "static" {
		if len(n.Addresses) == 0 {
			r.fault("network.addresses", "a static network needs an address", "add one such as \"192.0.2.10/24\"")
		}
		b.WriteString("DHCP=no\n")
	} else {
		b.WriteString("DHCP=yes\n")
	}
	for i, s := range n.Addresses {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			r.fault(fmt.Sprintf("network.addresses[%d]", i), fmt.Sprintf("%q is no address with prefix length", s),
				"write it as \"192.0.2.10/24\"")
		}
		fmt.Fprintf(&b, "Address=%s\n", p)
	}
	r.addresses(&b, "Gateway", "network.gateways", n.Gateways)
	r.addresses(&b, "DNS", "network.dns", n.DNS)
	for i, s := range n.Search {
		if !searchDomain.MatchString(s) {
			r.fault(fmt.Sprintf("network.search[%d]", i), fmt.Sprintf("%q is no domain", s), "")
			continue
		}
		fmt.Fprintf(&b, "Domains=%s\n", s)
	}
	return b.String()
}

func (r *root) addresses(b *strings.Builder, key, field string, list []string) {
	for i, s := range list {
		a, err := netip.ParseAddr(s)
		if err != nil || a.Zone() != "" {
			r.fault(fmt.Sprintf("%s[%d]", field, i), fmt.Sprintf("%q is no IP address", s), "write it as \"192.0.2.1\"")
			continue
		}
		fmt.Fprintf(b, "%s=%s\n", key, a)
	}
}

// wifi makes known networks for iwd, see iwd.network(5).
func (r *root) wifi(networks []design.WiFi) error {
	if len(networks) == 0 {
		return nil
	}
	if err := r.mkdir(wifiFolder, 0o700, 0, 0); err != nil {
		return err
	}
	seen := map[string]bool{}
	for i, w := range networks {
		field := fmt.Sprintf("network.wifi[%d]", i)
		if len(w.SSID) < 1 || len(w.SSID) > 32 {
			r.fault(field+".ssid", "an SSID has 1 to 32 bytes", "")
		}
		if w.PSK != "" && !pskDigits.MatchString(w.PSK) {
			r.fault(field+".psk", "this is no key of 64 hexadecimal digits", "wpa_passphrase SSID prints it")
		}
		name := wifiFile(w)
		if seen[name] {
			r.fault(field+".ssid", "this network is listed twice", "")
		}
		seen[name] = true
		if err := r.write(wifiFolder+"/"+name, wifiText(w), 0o600); err != nil {
			return err
		}
	}
	err := r.write(networkFolder+"/81-isowright-wlan.network",
		"[Match]\nType=wlan\n\n[Link]\nRequiredForOnline=no\n\n[Network]\nDHCP=yes\nIgnoreCarrierLoss=3s\n", 0o644)
	if err != nil {
		return err
	}
	return r.enable("iwd.service", "multi-user.target")
}

// wifiFile is iwd's name for a network: the SSID where it is plain, else "="
// and its bytes in hexadecimal.
func wifiFile(w design.WiFi) string {
	name := w.SSID
	if !literalSSID.MatchString(name) {
		name = "=" + hex.EncodeToString([]byte(name))
	}
	if w.PSK == "" {
		return name + ".open"
	}
	return name + ".psk"
}

func wifiText(w design.WiFi) string {
	text := ""
	if w.PSK != "" {
		text = "[Security]\nPreSharedKey=" + strings.ToLower(w.PSK) + "\n\n"
	}
	text += "[Settings]\nAutoConnect=true\n"
	if w.Hidden {
		text += "Hidden=true\n"
	}
	return text
}
