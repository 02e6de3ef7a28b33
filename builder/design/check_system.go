package design

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	// RFC 1123 section 2.1, one label.
	hostLabel = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)
	// language[_TERRITORY][.charset][@modifier], as in locale(7).
	localePattern = regexp.MustCompile(`^([a-z]{2,3}(?:_[A-Z]{2})?)(?:\.([A-Za-z0-9-]+))?(@[a-zA-Z]+)?$`)
	localeCharset = regexp.MustCompile(`^(UTF-8|ISO-8859-([1-9]|1[0-6])|KOI8-[RTU]|CP125[0-9]|GB18030|GBK|GB2312|BIG5(-HKSCS)?|EUC-(JP|KR|TW)|TIS-620|ARMSCII-8|GEORGIAN-PS|TCVN5712-1|RK1048|PT154)$`)

	xkbLayout  = regexp.MustCompile(`^[a-z][a-z0-9_-]*(\([A-Za-z0-9_-]+\))?(,[a-z][a-z0-9_-]*(\([A-Za-z0-9_-]+\))?){0,3}$`)
	xkbVariant = regexp.MustCompile(`^[A-Za-z0-9_-]*(,[A-Za-z0-9_-]*){0,3}$`)
	xkbModel   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_+/-]*$`)
	xkbOptions = regexp.MustCompile(`^[A-Za-z0-9_]+(:[A-Za-z0-9_()+-]+)?(,[A-Za-z0-9_]+(:[A-Za-z0-9_()+-]+)?)*$`)

	zonePattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$`)
)

func (c *checker) system(s System) {
	c.matches("system.hostname", s.Hostname, hostLabel, "a host name",
		"1 to 63 letters, digits and hyphens, not starting or ending with a hyphen, no dots")
	c.locale(s.Locale)
	c.keyboard(s.Keyboard)
	c.timeZone(s.TimeZone)
}

func (c *checker) locale(s string) {
	const field = "system.locale"
	if s == "" || s == "C" || s == "POSIX" || s == "C.UTF-8" {
		return
	}
	m := localePattern.FindStringSubmatch(s)
	switch {
	case m == nil:
		c.add(field, show(s)+" is not a locale", "write it like de_DE.UTF-8 or C.UTF-8")
	case m[2] == "":
		c.add(field, "the locale does not say its character set", "write "+m[1]+".UTF-8"+m[3])
	case !localeCharset.MatchString(m[2]):
		c.add(field, show(m[2])+" is not a locale's character set", "write "+m[1]+".UTF-8"+m[3])
	}
}

func (c *checker) keyboard(k Keyboard) {
	const field = "system.keyboard"
	c.matches(field+".layout", k.Layout, xkbLayout, "a keyboard layout", `a name of XKB like de, or several like "us,ru"`)
	c.matches(field+".variant", k.Variant, xkbVariant, "a keyboard variant", "a name of XKB like nodeadkeys")
	c.matches(field+".model", k.Model, xkbModel, "a keyboard model", "a name of XKB like pc105")
	c.matches(field+".options", k.Options, xkbOptions, "a list of keyboard options", "write it like grp:alt_shift_toggle,compose:ralt")
	if layouts, variants := strings.Count(k.Layout, ","), strings.Count(k.Variant, ","); variants > layouts {
		c.add(field+".variant", "there are more variants than layouts", "one variant for each layout, in the same order")
	}
}

func (c *checker) timeZone(s string) {
	const field = "system.time_zone"
	hint := "a name of the tz database like Europe/Berlin or Etc/UTC"
	if c.matches(field, s, zonePattern, "a time zone", hint) &&
		(strings.HasPrefix(s, "posix/") || strings.HasPrefix(s, "right/")) {
		c.add(field, "the time zone names a folder of variants", "write "+show(s[6:]))
	}
}

// maxText is the length in bytes of a login text or script.
const maxText = 64 << 10

// text checks a text of several lines.
func (c *checker) text(field, s string) {
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t':
		case r == 0x1b:
			c.add(field, "the text contains an escape character, which would command the reader's terminal",
				"remove colours and cursor movements")
			return
		case r == '\r':
			c.add(field, "the text contains a carriage return", "save the file with Unix line ends")
			return
		case isControl(r):
			c.add(field, fmt.Sprintf("the text contains the control character U+%04X", r), "only line ends and tabs are allowed")
			return
		case isHidden(r):
			c.add(field, fmt.Sprintf("the text contains the invisible character U+%04X", r), "type it again")
			return
		}
	}
	if len(s) > maxText {
		c.add(field, fmt.Sprintf("the text is longer than %d bytes", maxText), "put it into a file and name it under files")
	}
}

func (c *checker) texts(t Texts) {
	c.text("texts.before_login", t.BeforeLogin)
	c.text("texts.on_ssh", t.OnSSH)
	c.text("texts.after_login", t.AfterLogin)
}

func (c *checker) startup(d Design) {
	c.account("startup.autologin", d.Startup.Autologin, d)
	c.account("startup.command_user", d.Startup.CommandUser, d)
	if d.Startup.CommandUser != "" && d.Startup.Command == "" {
		c.add("startup.command_user", "there is no command for the user to run", "set startup.command or remove this")
	}
	switch s := d.Startup.Command; {
	case strings.ContainsAny(s, "\r\n"):
		c.add("startup.command", "the command has more than one line", "put a script on the image (files) and start that")
	case strings.ContainsFunc(s, func(r rune) bool { return r != '\t' && isControl(r) }) || strings.ContainsFunc(s, isHidden):
		c.add("startup.command", "the command contains a control or invisible character", "type it again")
	case s != "" && strings.TrimSpace(s) == "":
		c.add("startup.command", "the command is empty", "remove it")
	}
}

// account checks the name of somebody who exists on the image.
func (c *checker) account(field, name string, d Design) {
	if name == "" || name == "root" || name == "nixos" && d.Distribution == "nixos" {
		return // nixpkgs's installer bases have a user "nixos"
	}
	names := []string{"root"}
	for _, u := range d.Users {
		if u.Name == name {
			return
		}
		names = append(names, u.Name)
	}
	hint := "add the user under [[users]]"
	if similar := near(name, names); similar != "" {
		hint = "did you mean " + similar + "?"
	}
	c.add(field, "there is no user "+show(name), hint)
}
