package configure

import (
	"strings"

	"github.com/isowright/isowright/builder/design"
)

// ChrootFiles are files by path without leading slash that must be in the
// bootstrap's chroot, mode 0644, before ChrootScript runs. Apply writes the
// same again.
func ChrootFiles(d design.Design) map[string]string {
	files := map[string]string{}
	if d.System.Keyboard.Layout != "" {
		files[keyboardFile] = keyboardText(d.System.Keyboard)
	}
	return files
}

// ChrootScript is a sh(1) script for the bootstrap's chroot that makes the
// locale and the keymap; it is empty where nothing has to be made. It ends with
// an error, and says why, for a locale that Debian does not have.
func ChrootScript(d design.Design) string {
	var parts []string
	if name := localeOf(d); !builtInLocale(name) {
		parts = append(parts, `WANT=`+quote(name)+`
export WANT
awk '$1 == ENVIRON["WANT"] { print; exit }' /usr/share/i18n/SUPPORTED >/etc/locale.gen
if ! [ -s /etc/locale.gen ]; then
	echo "E: Debian has no locale $WANT; /usr/share/i18n/SUPPORTED lists those it has" >&2
	exit 1
fi
locale-gen
`)
	}
	if d.System.Keyboard.Layout != "" {
		// A keymap that is there already would be kept.
		parts = append(parts, "rm -f /etc/console-setup/cached_*\nsetupcon --force --save-only\n")
	}
	if len(parts) == 0 {
		return ""
	}
	return "#!/bin/sh\nset -eu\n" + strings.Join(parts, "")
}

// quote makes one word of sh(1) from any text without NUL.
func quote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
