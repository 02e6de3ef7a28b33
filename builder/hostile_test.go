package builder_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

// nasty tries to get out of every place a text of a design ends in.
const nasty = "$(reboot) `reboot` ${HOME} \"; reboot; ' } %n %% \\n \\l <&|>#!~*?[x] é 漢"

// nastyWord is what of it a word of the kernel line may hold: GRUB passes
// quotes and backslashes on with a backslash, so a design may not have them.
const nastyWord = "isowright.nasty=$(reboot)`reboot`${HOME};{}%n<&|>#!~*?[x]"

// hostileDesign has a nasty text in each field that takes free text.
func hostileDesign(t *testing.T) design.Design {
	t.Helper()
	dir := t.TempDir()
	timeout := 8
	d := design.Design{
		Format: design.Format, Name: "Hostile " + nasty, VolumeLabel: "HOSTILE", Output: "hostile.iso",
		Distribution: "debian", Release: "trixie", Base: "minimal", Dir: dir,
		Kernel: design.Kernel{Parameters: []string{"console=tty0", "console=ttyS0,115200", nastyWord, "isowright.blank=a b"}},
		System: design.System{Hostname: "hostile", TimeZone: "America/New_York", Keyboard: design.Keyboard{Layout: "us"}},
		Users: []design.User{{
			Name: "eve", FullName: "Eve " + strings.NewReplacer(",", "", ":", "", "=", "").Replace(nasty), Sudo: "nopassword",
		}},
		Texts: design.Texts{
			BeforeLogin: "before " + nasty + "\nsecond line }\n",
			OnSSH:       "ssh " + nasty + "\nEOF\n",
			AfterLogin:  "after " + nasty + "\n'\nEOF\n",
		},
		Startup: design.Startup{Command: `printf '%s\n' '` + strings.ReplaceAll(nasty, "'", `'\''`) + `' > /run/nasty; exec sleep infinity`},
		Boot: design.Boot{
			Title: "Title " + nasty, Serial: true, Timeout: &timeout,
			Default: "Start " + nasty,
			Entries: []design.BootEntry{
				{Title: "Other } ' entry", Kind: "submenu", Entries: []design.BootEntry{{Title: "Deep " + nasty}}},
				{Title: "Start " + nasty},
			},
		},
		Files: []design.File{
			{Source: "file", Target: "/opt/" + nastyName},
			{Source: "file", Target: "/" + nastyName, On: "medium"},
		},
	}
	check(t, os.WriteFile(filepath.Join(dir, "file"), []byte(nasty), 0o644))
	return d
}

// nastyName is what of it a file name may hold.
const nastyName = "$(reboot) `reboot` \"; ' } %n \\n <&|>#!~*?[x] é 漢"

// TestImageHostile boots a design full of texts that try to escape: each comes
// out as text in the menu, in the guest and in the files.
func TestImageHostile(t *testing.T) {
	d := hostileDesign(t)
	image := buildForTest(t, d)
	g := boot(t, image, ways[1])
	g.common(image.Plan.Design)
	g.hostile(d)
}

func (g *guest) hostile(d design.Design) {
	g.t.Helper()
	g.want("cat /run/nasty", nasty+"\n")
	g.want("cat /etc/issue.net", d.Texts.OnSSH)
	if !strings.Contains(g.serial.String(), "before "+nasty+"\r\n") {
		g.t.Error("the text before login is not on the serial console as it stands")
	}
	g.want("grep -c 'isowright.blank=a b' /proc/cmdline", "1\n")
	for _, name := range []string{"/opt/" + nastyName, "/run/live/medium/" + nastyName} {
		g.want("cat "+quote(name), nasty)
	}
	g.want("sed -n 's/^Name: //p' /usr/lib/isowright/design", d.Name+"\n")
	g.want("cat /run/live/medium/.disk/info | tr -d '\\n'", d.Name+" "+g.image.Plan.LiveID)
	// GRUB shows the titles on the serial line as they stand, cut at its edge.
	shown := g.serial.String()
	for _, title := range []string{"Other } ' entry", "Start $(reboot) `reboot` ${HOME} \"; reboot; ' }"} {
		if !strings.Contains(shown, title) {
			g.t.Errorf("the menu on the serial line does not show %q", title)
		}
	}
}

// quote makes text one word of sh(1).
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
