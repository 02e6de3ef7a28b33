package configure_test

import (
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/debian/configure"
	"github.com/isowright/isowright/builder/design"
)

// refusal is a design with one fault.
type refusal struct {
	d     design.Design
	field string
}

func user(u design.User) design.Design {
	if u.Name == "" {
		u.Name = "anna"
	}
	return design.Design{Users: []design.User{u}}
}

func net(n design.Network) design.Design { return design.Design{Network: n} }

func system(s design.System) design.Design { return design.Design{System: s} }

// TestRefused lists what only text in another meaning could become, and what
// the image lacks.
func TestRefused(t *testing.T) {
	for _, table := range []map[string]refusal{refusedAccounts, refusedNames, refusedNetworks, refusedArchives} {
		for name, c := range table {
			t.Run(name, func(t *testing.T) {
				refused(t, configure.Apply(fixture(t), planOf(c.d)), c.field)
			})
		}
	}
}

var refusedAccounts = map[string]refusal{
	"name with colon":     {user(design.User{Name: "a:0:0"}), "users[0].name"},
	"name with newline":   {user(design.User{Name: "a\nb"}), "users[0].name"},
	"name with specifier": {user(design.User{Name: "a%n"}), "users[0].name"},
	"name with command":   {user(design.User{Name: "a$(id)"}), "users[0].name"},
	"name of sudo":        {user(design.User{Name: "ALL"}), "users[0].name"},
	"name taken":          {user(design.User{Name: "daemon"}), "users[0].name"},
	"name of a group":     {user(design.User{Name: "audio"}), "users[0].name"},
	"full name, colon":    {user(design.User{FullName: "a:/root:/bin/sh"}), "users[0].full_name"},
	"full name, newline":  {user(design.User{FullName: "a\nroot2:x:0:0"}), "users[0].full_name"},
	"plain password":      {user(design.User{PasswordHash: "secret"}), "users[0].password_hash"},
	"hash with colon":     {user(design.User{PasswordHash: "$6$a$b:0"}), "users[0].password_hash"},
	"hash with newline":   {user(design.User{PasswordHash: "$6$a$b\nx::0"}), "users[0].password_hash"},
	"root's plain text":   {design.Design{Root: design.Root{PasswordHash: "toor"}}, "root.password_hash"},
	"unknown group":       {user(design.User{Groups: []string{"adm", "wheel"}}), "users[0].groups[1]"},
	"group with comma":    {user(design.User{Groups: []string{"adm,sudo"}}), "users[0].groups[0]"},
	"missing shell":       {user(design.User{Shell: "/bin/zsh"}), "users[0].shell"},
	"shell is no program": {user(design.User{Shell: "/usr/bin/zsh-readme"}), "users[0].shell"},
	"relative shell":      {user(design.User{Shell: "usr/bin/bash"}), "users[0].shell"},
	"shell is a folder":   {user(design.User{Shell: "/usr"}), "users[0].shell"},
	"unknown sudo":        {user(design.User{Sudo: "yes"}), "users[0].sudo"},
	"two lines of key":    {user(design.User{SSHKeys: []string{"ssh-ed25519 A\ncommand=\"x\" ssh-rsa B"}}), "users[0].ssh_keys[0]"},
	"root's key":          {design.Design{Root: design.Root{SSHKeys: []string{"ok", "a\nb"}}}, "root.ssh_keys[1]"},
}

var refusedNames = map[string]refusal{
	"ssh port":            {design.Design{SSH: design.SSH{Enable: true, Port: 70000}}, "ssh.port"},
	"host name":           {system(design.System{Hostname: "a b"}), "system.hostname"},
	"host name, newline":  {system(design.System{Hostname: "a\n127.0.0.1 b"}), "system.hostname"},
	"host name, dots":     {system(design.System{Hostname: "a..b"}), "system.hostname"},
	"locale not made":     {system(design.System{Locale: "fr_FR.UTF-8"}), "system.locale"},
	"locale with command": {system(design.System{Locale: "de_DE.UTF-8\nPATH=/x"}), "system.locale"},
	"part of a locale":    {system(design.System{Locale: "DE.UTF-8"}), "system.locale"},
	"keyboard, quote":     {system(design.System{Keyboard: design.Keyboard{Layout: `de"; id #`}}), "system.keyboard.layout"},
	"keyboard, command":   {system(design.System{Keyboard: design.Keyboard{Layout: "de", Variant: "$(id)"}}), "system.keyboard.variant"},
	"keyboard, backtick":  {system(design.System{Keyboard: design.Keyboard{Layout: "de", Options: "`id`"}}), "system.keyboard.options"},
	"keyboard, newline":   {system(design.System{Keyboard: design.Keyboard{Layout: "de", Model: "pc\nA=1"}}), "system.keyboard.model"},
	"time zone":           {system(design.System{TimeZone: "Mars/Base"}), "system.time_zone"},
	"time zone, path":     {system(design.System{TimeZone: "../../../etc/passwd"}), "system.time_zone"},
	"time zone is folder": {system(design.System{TimeZone: "Europe"}), "system.time_zone"},
	"autologin of nobody": {design.Design{Startup: design.Startup{Autologin: "eve"}}, "startup.autologin"},
	"autologin, option":   {design.Design{Startup: design.Startup{Autologin: "root --x"}}, "startup.autologin"},
	"command user":        {design.Design{Startup: design.Startup{Command: "x", CommandUser: "eve"}}, "startup.command_user"},
	"command, NUL":        {design.Design{Startup: design.Startup{Command: "x\x00y"}}, "startup.command"},
}

var refusedNetworks = map[string]refusal{
	"network mode":         {net(design.Network{Mode: "auto"}), "network.mode"},
	"interface":            {net(design.Network{Interface: "en*\n[Network]"}), "network.interface"},
	"interface, two words": {net(design.Network{Interface: "en* wl*"}), "network.interface"},
	"no address":           {net(design.Network{Mode: "static"}), "network.addresses"},
	"no prefix":            {net(design.Network{Addresses: []string{"192.0.2.1"}}), "network.addresses[0]"},
	"address, newline":     {net(design.Network{Addresses: []string{"192.0.2.1/24\nGateway=1.1.1.1"}}), "network.addresses[0]"},
	"gateway":              {net(design.Network{Mode: "static", Addresses: []string{"192.0.2.1/24"}, Gateways: []string{"x"}}), "network.gateways[0]"},
	"dns with zone":        {net(design.Network{DNS: []string{"fe80::1%n"}}), "network.dns[0]"},
	"search":               {net(design.Network{Search: []string{"a b"}}), "network.search[0]"},
	"passphrase":           {net(design.Network{WiFi: []design.WiFi{{SSID: "a", PSK: "secret"}}}), "network.wifi[0].psk"},
	"long SSID":            {net(design.Network{WiFi: []design.WiFi{{SSID: strings.Repeat("a", 33)}}}), "network.wifi[0].ssid"},
	"same SSID":            {net(design.Network{WiFi: []design.WiFi{{SSID: "a"}, {SSID: "a"}}}), "network.wifi[1].ssid"},
}

var refusedArchives = map[string]refusal{
	"mirror":            {design.Design{Archive: design.Archive{Mirror: "http://a/d\nTrusted: yes", Security: "http://a/s"}}, "archive.mirror"},
	"mirror, two words": {design.Design{Archive: design.Archive{Mirror: "http://a/d http://b", Security: "http://a/s"}}, "archive.mirror"},
	"security":          {design.Design{Archive: design.Archive{Security: "nowhere"}}, "archive.security"},
	"component":         {design.Design{Archive: design.Archive{Components: []string{"main\nTrusted: yes"}}}, "archive.components[0]"},
	"release":           {design.Design{Release: "trixie\nx"}, "release"},
}
