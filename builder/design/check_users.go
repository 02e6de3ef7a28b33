package design

import (
	"crypto/rsa"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/crypto/ssh"
)

var (
	// The names that Debian's useradd and adduser both take.
	userName = regexp.MustCompile(`^[a-z_][a-z0-9_-]{0,31}$`)
	// crypt(5): prefix, parameters, salt, hash.
	yescrypt    = regexp.MustCompile(`^\$y\$[./A-Za-z0-9]+\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}$`)
	sha512crypt = regexp.MustCompile(`^\$6\$(?:rounds=([1-9][0-9]{0,9})\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}$`)
)

// systemNames belong to the distributions: an account or its group of that
// name is there already, or a package would make it.
var systemNames = strings.Fields(`
	root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc nobody nogroup
	adm tty disk kmem dialout fax voice cdrom floppy tape sudo audio dip operator src shadow utmp video
	sasl plugdev staff users wheel input kvm render sgx crontab netdev lpadmin scanner bluetooth
	messagebus sshd ssh polkitd rtkit avahi colord geoclue gdm sddm lightdm dnsmasq tss uuidd
	ntpsec chrony statd rpc usbmux saned pulse pipewire nm-openvpn nm-openconnect speech-dispatcher
	gnome-initial-setup hplip whoopsie fwupd-refresh Debian-gdm Debian-snmp cosmic-greeter plasmalogin
	nixbld keys lock uinput nm-iodine nscd ntp dhcpcd postgres mysql redis docker podman libvirt`)

func isSystemName(name string) bool {
	return slices.Contains(systemNames, name) || strings.HasPrefix(name, "systemd-") ||
		strings.HasPrefix(name, "_") || strings.HasPrefix(name, "nixbld")
}

func (c *checker) users(d Design) {
	seen := map[string]bool{}
	for i, u := range d.Users {
		at := element("users", i)
		c.userName(at+".name", u.Name)
		if seen[u.Name] && u.Name != "" {
			c.add(at+".name", "there are two users of the name "+show(u.Name), "rename one of them")
		}
		seen[u.Name] = true
		if c.line(at+".full_name", u.FullName, 100) && strings.ContainsAny(u.FullName, ":,") {
			c.add(at+".full_name", "the full name contains a colon or comma, which /etc/passwd cannot hold", "leave it out")
		}
		c.passwordHash(at+".password_hash", u.PasswordHash)
		c.groups(at+".groups", u.Groups)
		c.oneOf(at+".sudo", u.Sudo, "password", "nopassword")
		if u.Sudo == "password" && u.PasswordHash == "" {
			c.add(at+".sudo", "the user has no password to become root with", `give the user a password, or let sudo do without one ("nopassword")`)
		}
		c.publicKeys(at+".ssh_keys", u.SSHKeys)
		c.shell(at+".shell", u.Shell)
	}
	c.passwordHash("root.password_hash", d.Root.PasswordHash)
	c.publicKeys("root.ssh_keys", d.Root.SSHKeys)
}

func (c *checker) userName(field, name string) {
	switch {
	case name == "":
		c.add(field, "the user has no name", `give it one: name = "anna"`)
	case name == "root":
		c.add(field, "root is not a user of one's own", "use the section [root]")
	case !userName.MatchString(name):
		c.add(field, show(name)+" is not a user's name",
			"at most 32 small letters, digits, _ and -, starting with a letter")
	case isSystemName(name):
		c.add(field, show(name)+" belongs to the system", "choose another name")
	}
}

func (c *checker) groups(field string, groups []string) {
	c.unique(field, groups)
	for i, g := range groups {
		if !userName.MatchString(g) {
			c.add(element(field, i), show(g)+" is not a group's name", "at most 32 small letters, digits, _ and -")
		}
	}
}

func (c *checker) shell(field, s string) {
	if s != "" && c.imagePath(field, s) && strings.ContainsAny(s, ": ") {
		c.add(field, "the path contains a colon or blank, which /etc/passwd cannot hold", "name a shell like "+path.Clean(defaultDebianShell))
	}
}

// hashHint tells how to make a hash.
const hashHint = "make a hash with: openssl passwd -6   or: mkpasswd -m yescrypt"

// passwordHash checks a crypt(5) hash. Its messages never hold the value: it
// may be the password itself.
func (c *checker) passwordHash(field, s string) {
	switch {
	case s == "":
	case yescrypt.MatchString(s):
	case sha512crypt.MatchString(s):
		rounds := sha512crypt.FindStringSubmatch(s)[1]
		if n, err := strconv.Atoi(rounds); rounds != "" && (err != nil || n < 1000 || n > 999999999) {
			c.add(field, "the hash has a number of rounds that crypt does not take", "1000 to 999999999; "+hashHint)
		}
	case s == "*" || strings.HasPrefix(s, "!"):
		c.add(field, "this is the mark of a locked password", "leave the field out: without a hash there is no login by password")
	case strings.HasPrefix(s, "$y$") || strings.HasPrefix(s, "$6$"):
		c.add(field, "the hash is incomplete or damaged", "copy it whole, or "+hashHint)
	case strings.HasPrefix(s, "$"):
		c.add(field, "the hash is of a scheme that is weak or not accepted here; only yescrypt ($y$) and SHA-512 ($6$) are", hashHint)
	default:
		c.add(field, "this is not a password hash; a plain password must not stand in a design", hashHint)
	}
}

const minRSA = 2048

// keyOptions are the options of sshd(8) that may stand before a key. sshd drops
// a line with an option it does not know, which would lock its owner out.
var keyOptions = strings.Fields(`agent-forwarding cert-authority command environment expiry-time from
	no-agent-forwarding no-port-forwarding no-pty no-user-rc no-x11-forwarding permitlisten permitopen
	port-forwarding principals pty no-touch-required verify-required restrict tunnel user-rc x11-forwarding`)

// publicKeys checks lines of an authorized_keys file, options included.
func (c *checker) publicKeys(field string, keys []string) {
	seen := map[string]int{}
	for i, line := range keys {
		at := element(field, i)
		key := c.publicKey(at, line)
		if key == nil {
			continue
		}
		id := string(key.Marshal())
		if first, ok := seen[id]; ok {
			c.add(at, fmt.Sprintf("this is the same key as number %d", first+1), "remove one of the two")
			continue
		}
		seen[id] = i
	}
}

// publicKey checks one line and returns its key, nil if it has none.
func (c *checker) publicKey(field, line string) ssh.PublicKey {
	hint := "paste the line of the file ending in .pub: ssh-ed25519 AAAA… name"
	if strings.ContainsAny(line, "\r\n") || strings.ContainsFunc(line, func(r rune) bool { return r != '\t' && isControl(r) }) {
		c.add(field, "a key must be one line without control characters", hint)
		return nil
	}
	if strings.HasPrefix(strings.TrimSpace(line), "#") {
		c.add(field, "this is a comment, not a key", hint)
		return nil
	}
	key, _, options, _, err := ssh.ParseAuthorizedKey([]byte(line))
	if err != nil {
		c.add(field, "this is not a public ssh key", hint)
		return nil
	}
	for _, o := range options {
		name, _, _ := strings.Cut(strings.ToLower(o), "=")
		if !slices.Contains(keyOptions, name) {
			c.add(field, "sshd knows no option "+show(name)+" before a key", "sshd(8) lists them under AUTHORIZED_KEYS FILE FORMAT")
		}
	}
	switch k := key.(type) {
	case *ssh.Certificate:
		c.add(field, "this is a certificate, which sshd does not take as a key", "use the public key it was made for")
		return nil
	case ssh.CryptoPublicKey:
		if r, ok := k.CryptoPublicKey().(*rsa.PublicKey); ok && r.N.BitLen() < minRSA {
			c.add(field, fmt.Sprintf("the RSA key has only %d bits", r.N.BitLen()), "make a new one with: ssh-keygen -t ed25519")
		}
	}
	if strings.HasPrefix(key.Type(), "ssh-dss") {
		c.add(field, "OpenSSH no longer takes DSA keys", "make a new one with: ssh-keygen -t ed25519")
	}
	return key
}

func (c *checker) ssh(s SSH) {
	if s.Port < 0 || s.Port > 65535 {
		c.add("ssh.port", fmt.Sprintf("%d is not a port", s.Port), "1 to 65535, or 0 for 22")
	}
	if !s.Enable && (s.PasswordLogin || s.Port != 0) {
		c.add("ssh.enable", "settings of an ssh server that is off", "set enable = true or remove the section")
	}
}
