package offer

import (
	"slices"
	"strings"
	"testing"
)

// listings are texts with the names in them and words of the problems.
var listings = []struct {
	name, text string
	want       string
	problems   []string
}{
	{"names", "git\nhtop\n\n  vim  \n", "git htop vim", nil},
	{"many on a line", "git htop, vim;nano\tgit\r\ncurl\r\n", "git htop vim nano curl", nil},
	{"comments", "# tools\ngit # version control\n#htop\nlibstdc++6", "git libstdc++6", nil},
	{"bullets", "- git\n* htop\n• vim", "git htop vim", nil},
	{"apt", "sudo apt install -y git htop=3.2* vim/trixie-backports g++ libc6:i386", "git htop vim g++ libc6", nil},
	{"apt after another", "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --no-install-recommends \\\n  git \\\n  curl && rm -rf /var\nnano", "git curl nano", nil},
	{"apt takes away", "apt install git vim- ./own.deb", "git", []string{`"vim-" asks to take`, `"./own.deb"`}},
	{"a package apt", "apt\nnix-bin", "apt nix-bin", nil},
	{"dpkg -l", `Desired=Unknown/Install/Remove/Purge/Hold
| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend
|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)
||/ Name           Version      Architecture Description
+++-==============-============-============-=================================
ii  adduser        3.152        all          add and remove users and groups
rc  oldthing       1.0          amd64        gone, its settings left
hi  libc6:amd64    2.41-12      amd64        GNU C Library: Shared libraries
`, "adduser libc6", nil},
	{"selections", "adduser\t\t\t\t\tinstall\nlibc6:amd64\t\thold\nold\tdeinstall\n", "adduser libc6", nil},
	{"apt list", "Listing...\nadduser/stable,now 3.152 all [installed]\nzsh/stable 5.9-8 amd64\n", "adduser zsh", nil},
	{"nix-env -qaP", "nixos.firefox   firefox-140.0\nnixpkgs.python3Packages.numpy  python3-numpy-2.2\n", "firefox python3Packages.numpy", nil},
	{"nix commands", "nix-env -iA nixos.git nixos.vim\nnix profile install nixpkgs#ripgrep\nnix-shell -p jq fd", "git vim ripgrep jq fd", nil},
	{"systemPackages", "environment.systemPackages = with pkgs; [\n  git # version control\n  pkgs.htop\n  /* no */ kdePackages.kate\n];", "git htop kdePackages.kate", nil},
	{"an expression", "{ pkgs, ... }:\n{ environment.systemPackages = with pkgs; [\n git\n (python3.withPackages (ps: [ ps.numpy ]))\n vim ]; }", "git vim",
		[]string{"Line 4: \"(python3.withPackages", "Only the list in brackets"}},
	{"cut off", "with pkgs; [ git vim", "git vim", nil},
	{"a list alone", "[ git vim ]", "git vim", nil},
	{"nonsense", "git\n<html>\n--", "git", []string{"Line 2: \"<html>\" is not", "Line 3"}},
	{"empty", " \n\n", "", nil},
}

func TestParseList(t *testing.T) {
	for _, c := range listings {
		names, problems := ParseList(c.text)
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		for _, words := range c.problems {
			if !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, words) }) {
				t.Errorf("%s: nothing says %q: %q", c.name, words, problems)
			}
		}
		if len(c.problems) == 0 && len(problems) > 0 {
			t.Errorf("%s: %q", c.name, problems)
		}
	}
	if _, problems := ParseList(strings.Repeat("<\n", 1000)); len(problems) != maxProblems+1 {
		t.Errorf("%d problems are told", len(problems))
	}
	if _, problems := ParseList("# " + strings.Repeat("x", maxList)); len(problems) != 1 {
		t.Errorf("a text that is too long: %q", problems)
	}
}

func FuzzParseList(f *testing.F) {
	for _, c := range listings {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		names, problems := ParseList(text)
		if len(names) > maxNames || len(problems) > maxProblems+1 {
			t.Fatalf("%d names, %d problems", len(names), len(problems))
		}
		for i, name := range names {
			if !namePattern.MatchString(name) || slices.Contains(names[:i], name) {
				t.Fatalf("the name %q", name)
			}
		}
		// What was read is read again as it is.
		again, _ := ParseList(strings.Join(names, "\n"))
		if len(names) > 0 && !slices.Equal(names, again) {
			t.Fatalf("%q is read again as %q", names, again)
		}
	})
}
