package debian

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/internal/run"
)

// What apt 3.0.3 printed for real requests; with APT::Solver=3.0 the head
// differs.
const (
	headContext = "E: Unable to correct problems, you have held broken packages.\n" +
		"E: The following information from --solver 3.0 may provide additional context:\n   "
	headSolver = "E: "
	decisions  = "Unable to satisfy dependencies. Reached two conflicting decisions:\n"

	twoMailServers = decisions + `   1. postfix:amd64 is not selected for install because:
      1. exim4-daemon-light:amd64=4.98.2-1+deb13u5 is selected for install
      2. postfix:amd64 Conflicts mail-transport-agent
         [selected exim4-daemon-light:amd64=4.98.2-1+deb13u5]
   2. postfix:amd64=3.10.13-0+deb13u1 is selected for install`
	twoInits = decisions + `   1. systemd-sysv:amd64 is not selected for install because:
      1. sysvinit-core:amd64=3.14-4 is selected for install
      2. systemd-sysv:amd64 Conflicts sysvinit-core
   2. systemd-sysv:amd64=257.13-1~deb13u1 is selected for install`
	withBase = decisions + `   1. systemd:amd64=257.13-1~deb13u1 is not selected for install because:
      1. systemd-standalone-sysusers:amd64=257.13-1~deb13u1 is selected for install
      2. systemd-standalone-sysusers:amd64 Conflicts systemd-sysusers
         [selected systemd-standalone-sysusers:amd64]
   2. systemd:amd64=257.13-1~deb13u1 is selected for install because:
      1. systemd-timesyncd:amd64=257.13-1~deb13u1 is selected for install
      2. systemd-timesyncd:amd64 Depends systemd
      3. systemd:amd64 is available in version 257.13-1~deb13u1`
	otherArch = decisions + `   1. steam-installer:amd64=1:1.0.0.83~ds-3 is selected for install
   2. steam-installer:amd64 Depends steam-libs-i386 (= 1:1.0.0.83~ds-3)
      but none of the choices are installable:
      [no choices]`

	unmet = `Reading package lists...
The following information may help to resolve the situation:

The following packages have unmet dependencies:
 exim4-config : Conflicts: postfix but 3.10.13-0+deb13u1 is to be installed
 steam-installer : Depends: steam-libs-i386 (= 1:1.0.0.83~ds-3) but it is not installable
                   Breaks: steam
E: not a reason : of these
`
)

func TestConflict(t *testing.T) {
	for _, c := range []struct {
		name, tail, out string
		ticked          []string
		reasons, names  []string
	}{
		{"both ticked", headContext + twoMailServers, "", []string{"postfix", "exim4-daemon-light", "htop"},
			[]string{"postfix conflicts with mail-transport-agent, which exim4-daemon-light provides"},
			[]string{"postfix", "exim4-daemon-light"}},
		{"the solver by itself", headSolver + twoMailServers, "", nil,
			[]string{"postfix conflicts with mail-transport-agent, which exim4-daemon-light provides"},
			[]string{"postfix", "exim4-daemon-light"}},
		{"named directly, one ticked", headContext + twoInits, unmet, []string{"sysvinit-core"},
			[]string{"systemd-sysv conflicts with sysvinit-core"}, []string{"sysvinit-core"}},
		{"with what the base needs", headContext + withBase, "", []string{"apache2-bin", "systemd-standalone-sysusers"},
			[]string{"systemd-standalone-sysusers conflicts with systemd-sysusers, which systemd provides",
				"systemd-timesyncd needs systemd"},
			[]string{"systemd-standalone-sysusers"}},
		{"of another architecture", headContext + otherArch, "", nil,
			[]string{"steam-installer needs steam-libs-i386 (= 1:1.0.0.83~ds-3), which cannot be installed"},
			[]string{"steam-installer"}},
		{"apt before 3", "E: Unable to correct problems, you have held broken packages.", unmet, nil,
			[]string{"exim4-config conflicts with postfix but 3.10.13-0+deb13u1 is to be installed",
				"steam-installer needs steam-libs-i386 (= 1:1.0.0.83~ds-3) but it is not installable",
				"steam-installer breaks steam"},
			[]string{"exim4-config", "steam-installer"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := conflict(&run.Error{Name: "apt-get", Err: errors.New("exit status 100"), Tail: c.tail}, c.out, c.ticked)
			var got *catalog.ConflictError
			if !errors.As(err, &got) {
				t.Fatalf("no conflict: %v", err)
			}
			if !slices.Equal(got.Reasons, c.reasons) {
				t.Errorf("reasons %q, want %q", got.Reasons, c.reasons)
			}
			if !slices.Equal(got.Names, c.names) {
				t.Errorf("names %q, want %q", got.Names, c.names)
			}
		})
	}
}

// TestConflictOther holds that other failures of apt stay what they are.
func TestConflictOther(t *testing.T) {
	for _, tail := range []string{"", "E: Unable to locate package x", "E: conflicting decisions:\n", " \n : \n"} {
		err := &run.Error{Name: "apt-get", Err: errors.New("exit status 100"), Tail: tail}
		for _, out := range []string{"", "have unmet dependencies:\n", "have unmet dependencies:\n \n  \n : \n a : b\n"} {
			if got := conflict(err, out, nil); got != error(err) {
				t.Errorf("%q, %q: became %v", tail, out, got)
			}
		}
	}
	plain := errors.New("no program at all")
	if conflict(plain, unmet, nil) != plain {
		t.Error("an error that is no program's was read as a conflict")
	}
}

func FuzzConflict(f *testing.F) {
	for _, seed := range []string{twoMailServers, twoInits, withBase, otherArch, unmet} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		err := conflict(&run.Error{Name: "apt-get", Err: errors.New("failed"), Tail: text}, text, nil)
		var c *catalog.ConflictError
		if errors.As(err, &c) && (len(c.Reasons) == 0 || len(c.Names) == 0) {
			t.Errorf("a conflict without reasons or names: %v", c)
		}
	})
}

// TestResolveLive asks the helper's apt about the archive itself.
func TestResolveLive(t *testing.T) {
	d := design.WithDefaults(design.Design{Distribution: "debian", Release: "trixie", Base: "minimal"})
	_, x := liveIndex(t, d)
	resolve := func(ticked ...string) ([]catalog.Package, error) {
		return x.Resolve(t.Context(), catalog.Request{Base: base(d).Packages, Ticked: ticked})
	}
	_, err := resolve("exim4-daemon-light", "postfix")
	var clash *catalog.ConflictError
	if !errors.As(err, &clash) {
		t.Fatalf("two mail servers: %v", err)
	}
	t.Log(clash)
	for _, name := range []string{"exim4-daemon-light", "postfix"} {
		if !strings.Contains(clash.Error(), name) || !slices.Contains(clash.Names, name) {
			t.Errorf("%q does not name %s; names %q", clash, name, clash.Names)
		}
	}
	_, err = resolve("htoop", "default-mta", "htoop")
	var unknown *catalog.UnknownError
	if !errors.As(err, &unknown) || len(unknown.Unknown) != 2 {
		t.Fatalf("unknown names: %v", err)
	}
	for _, u := range unknown.Unknown {
		if u.Name == "htoop" && !slices.Contains(u.Near, "htop") ||
			u.Name == "default-mta" && !slices.Contains(u.Providers, "exim4-daemon-light") {
			t.Errorf("unknown: %+v", u)
		}
	}
	packages, err := resolve("htop", "testdisk")
	check(t, err)
	for _, p := range packages {
		switch {
		case p.Name == "htop" && p.Reason != catalog.ReasonTicked,
			p.Name == "live-boot" && p.Reason != catalog.ReasonBase,
			p.Reason == "":
			t.Errorf("%s: reason %q", p.Name, p.Reason)
		}
		if by, ok := strings.CutPrefix(p.Reason, "needed by "); ok && !needs(x, packages, by, p) {
			t.Errorf("%s: %s does not need it", p.Name, by)
		}
	}
	find := func(name string) bool {
		return slices.ContainsFunc(packages, func(p catalog.Package) bool { return p.Name == name })
	}
	if !find("htop") || !find("libntfs-3g89t64") || !find("bash") || find("postfix") {
		t.Errorf("%d packages, not the ones wanted", len(packages))
	}
	if !slices.IsSortedFunc(packages, func(a, b catalog.Package) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the packages are not sorted")
	}
}

// needs says whether the chosen package by asks for p or for what p offers.
func needs(x *index, chosen []catalog.Package, by string, p catalog.Package) bool {
	i := slices.IndexFunc(chosen, func(k catalog.Package) bool { return k.Name == by })
	if i < 0 {
		return false
	}
	wants := x.FindVersion(by, chosen[i].Version).Needs()
	for _, name := range append(x.FindVersion(p.Name, p.Version).Offers(), p.Name) {
		if slices.Contains(wants, name) {
			return true
		}
	}
	return false
}
