package configure

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/tree"
)

const (
	keyboardFile = "etc/default/keyboard"
	consoleCache = "etc/console-setup/cached_"
	zoneFolder   = "usr/share/zoneinfo/"
)

var (
	hostName   = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$`)
	localeName = regexp.MustCompile(`^[A-Za-z][A-Za-z_]*(\.[A-Za-z0-9-]+)?(@[a-z]+)?$`)
	zoneName   = regexp.MustCompile(`^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$`)
	// xkbWord is what XKB's rules use in the names of layouts and options.
	xkbWord = regexp.MustCompile(`^[A-Za-z0-9_,:()+-]*$`)
)

// names sets what the system calls itself and how it speaks to people.
func (r *root) names() error {
	for _, do := range []func() error{r.hostname, r.locale, r.keyboard, r.dateConsole, r.timeZone, r.machineID} {
		if err := do(); err != nil {
			return err
		}
	}
	return r.write("etc/fstab", "# A live system: the medium and the memory over it are mounted at start.\n", 0o644)
}

func (r *root) hostname() error {
	name := r.design.System.Hostname
	if name == "" {
		name = "debian"
	}
	if !hostName.MatchString(name) || strings.Contains(name, "..") {
		r.fault("system.hostname", fmt.Sprintf("%q cannot be a host name", name),
			"use letters, digits and \"-\", at most 64")
		return nil
	}
	names := name
	if short, _, ok := strings.Cut(name, "."); ok {
		names += " " + short
	}
	if err := r.write("etc/hostname", name+"\n", 0o644); err != nil {
		return err
	}
	return r.write("etc/hosts", "127.0.0.1\tlocalhost\n127.0.1.1\t"+names+"\n"+
		"::1\tlocalhost ip6-localhost ip6-loopback\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n", 0o644)
}

// localeOf is the design's locale.
func localeOf(d design.Design) string {
	if d.System.Locale == "" {
		return "C.UTF-8"
	}
	return d.System.Locale
}

// builtInLocale says whether libc brings the locale, so that nothing has to be
// made.
func builtInLocale(name string) bool {
	switch name {
	case "C", "POSIX", "C.UTF-8", "C.utf8":
		return true
	}
	return false
}

func (r *root) locale() error {
	name := localeOf(r.design)
	if !localeName.MatchString(name) {
		r.fault("system.locale", fmt.Sprintf("%q cannot be a locale", name), "use a name such as \"de_DE.UTF-8\"")
		return nil
	}
	if have, err := r.hasLocale(name); err != nil {
		return err
	} else if !have {
		r.fault("system.locale", fmt.Sprintf("the image has no locale %q", name),
			"locale -a lists the names; /usr/share/i18n/SUPPORTED has all that Debian can make")
	}
	if err := r.write("etc/locale.conf", "LANG="+name+"\n", 0o644); err != nil {
		return err
	}
	return r.link("etc/default/locale", "../locale.conf")
}

// hasLocale looks for a locale in libc's archive and beside it. There the
// character set is written in small letters without hyphens.
func (r *root) hasLocale(name string) (bool, error) {
	if builtInLocale(name) {
		return true, nil
	}
	if before, charset, ok := strings.Cut(name, "."); ok {
		charset, modifier, at := strings.Cut(charset, "@")
		name = before + "." + strings.ReplaceAll(strings.ToLower(charset), "-", "")
		if at {
			name += "@" + modifier
		}
	}
	if r.exists("usr/lib/locale/" + name) {
		return true, nil
	}
	archive, err := r.set.ReadFile("usr/lib/locale/locale-archive")
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return bytes.Contains(archive, []byte("\x00"+name+"\x00")), err
}

// keyboardText is /etc/default/keyboard, keyboard(5).
func keyboardText(k design.Keyboard) string {
	model := k.Model
	if model == "" {
		model = "pc105"
	}
	return fmt.Sprintf("XKBMODEL=\"%s\"\nXKBLAYOUT=\"%s\"\nXKBVARIANT=\"%s\"\nXKBOPTIONS=\"%s\"\n\nBACKSPACE=\"guess\"\n",
		model, k.Layout, k.Variant, k.Options)
}

func (r *root) keyboard() error {
	k := r.design.System.Keyboard
	if k.Layout == "" {
		return nil
	}
	if !r.checkKeyboard(k) {
		return nil
	}
	text := keyboardText(k)
	old, err := r.set.ReadFile(keyboardFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if string(old) != text {
		// The keymap in the cache was made for another layout.
		for _, name := range r.set.Glob(consoleCache + "*") {
			r.set.Remove(name)
		}
	}
	if err := r.write(keyboardFile, text, 0o644); err != nil {
		return err
	}
	return r.link("etc/vconsole.conf", "default/keyboard")
}

func (r *root) checkKeyboard(k design.Keyboard) bool {
	good := true
	for _, f := range []struct{ field, value string }{
		{"layout", k.Layout}, {"variant", k.Variant}, {"model", k.Model}, {"options", k.Options},
	} {
		if !xkbWord.MatchString(f.value) {
			r.fault("system.keyboard."+f.field, fmt.Sprintf("%q is no name of XKB's", f.value),
				"see xkeyboard-config(7) for the names")
			good = false
		}
	}
	return good
}

// dateConsole makes the console's settings one second older than the keymap
// made from them. Only then does console-setup.sh take the keymap as it is; it
// makes it anew at every start otherwise, which takes long.
func (r *root) dateConsole() error {
	made := r.set.Glob(consoleCache + "*")
	if len(made) == 0 {
		return nil
	}
	for _, name := range made {
		if e, ok := r.set.Get(name); ok && e.Type == tree.File {
			if err := r.redate(e, r.date, nil); err != nil {
				return err
			}
		}
	}
	for _, name := range []string{keyboardFile, "etc/default/console-setup"} {
		if e, ok := r.set.Get(name); ok && e.Type == tree.File {
			if err := r.redate(e, r.date-1, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *root) timeZone() error {
	zone := r.design.System.TimeZone
	if zone == "" {
		zone = "Etc/UTC"
	}
	if e, ok := r.follow(zoneFolder + zone); !zoneName.MatchString(zone) || !ok || e.Type != tree.File {
		r.fault("system.time_zone", fmt.Sprintf("the image has no time zone %q", zone),
			"use a name of the tz database such as \"Europe/Berlin\"; old names are in the package tzdata-legacy")
		return nil
	}
	r.set.Remove("etc/timezone")
	return r.link("etc/localtime", path.Join("/", zoneFolder, zone))
}

// machineID leaves the ID empty: systemd then makes one on each machine.
func (r *root) machineID() error {
	r.set.Remove("var/lib/dbus/machine-id")
	return r.write("etc/machine-id", "", 0o444)
}
