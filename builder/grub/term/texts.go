package term

import (
	"fmt"
	"strconv"
	"strings"
)

// Texts are the sentences that GRUB itself writes. English has those of its
// sources; a translation may take their place one by one.
type Texts struct {
	Header     string // %s: the version
	Keys       string // which keys choose; its two %C are the arrows
	Boot       string // which keys act, in the first menu
	BootNested string // and in a submenu
	Edit       string // below the edit screen
	Shell      string // above the command line
	Pager      string // behind that, in GRUB 2.12
	ShellLeave string // and then, where there is a menu to go back to
	Counting   string // %d: seconds until the entry is booted
	ShortCount string // where that does not fit
}

// English are GRUB's own sentences, of 2.06 and 2.12.
func English() Texts {
	const boot = "Press enter to boot the selected OS, `e' to edit the commands before booting or `c' for a command-line."
	return Texts{
		Header:     "GNU GRUB  version %s",
		Keys:       "Use the %C and %C keys to select which entry is highlighted.",
		Boot:       boot,
		BootNested: boot + " ESC to return previous menu.",
		Edit: "Minimum Emacs-like screen editing is supported. TAB lists completions. Press Ctrl-x or F10 to boot, " +
			"Ctrl-c or F2 for a command-line or ESC to discard edits and return to the GRUB menu.",
		Shell: "Minimal BASH-like line editing is supported. For the first word, TAB lists possible command completions. " +
			"Anywhere else TAB lists possible device or file completions.",
		Pager:      ` To enable less(1)-like paging, "set pager=1".`,
		ShellLeave: " ESC at any time exits.",
		Counting:   "The highlighted entry will be executed automatically in %ds.",
		ShortCount: "%ds",
	}
}

// Prompt is what stands before a line of the command line.
const Prompt = "grub> "

// Characters of the menu outside of ASCII.
const (
	arrowUp      = '\u2191'
	arrowRight   = '\u2192'
	arrowDown    = '\u2193'
	arrowUpDown  = '\u2195'
	frameAcross  = '\u2501'
	frameDown    = '\u2503'
	frameUpLeft  = '\u250F'
	frameUpRight = '\u2513'
	frameLoLeft  = '\u2517'
	frameLoRight = '\u251B'
)

// header is the line with GRUB's version.
func (t Texts) header(version string) string {
	return strings.Replace(t.Header, "%s", version, 1)
}

// help are the sentences below a menu.
func (t Texts) help(nested bool) []string {
	keys := strings.Replace(t.Keys, "%C", string(arrowUp), 1)
	keys = strings.Replace(keys, "%C", string(arrowDown), 1)
	if nested {
		return []string{keys, t.BootNested}
	}
	return []string{keys, t.Boot}
}

// shell is the introduction of a version's command line.
func (t Texts) shell(version string, menu bool) string {
	text := t.Shell
	if pages(version) {
		text += t.Pager
	}
	if menu {
		text += t.ShellLeave
	}
	return text
}

// pages says whether a version tells of its pager: 2.12 does, 2.06 does not.
func pages(version string) bool {
	var major, minor int
	_, err := fmt.Sscanf(version, "%d.%d", &major, &minor)
	return err == nil && (major > 2 || major == 2 && minor >= 12)
}

func seconds(text string, n int) string {
	return strings.Replace(text, "%d", strconv.Itoa(n), 1)
}
