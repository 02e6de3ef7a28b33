package view

import (
	stdcontext "context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/catalog/offer"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/ui/model"
)

// shelfText is a small archive: name, component, version, kilobytes, what it
// needs, what it is.
const shelfText = `base-files|main|13.8|400||Debian base system miscellaneous files
bash|main|5.2.37-2|7200|libc6|GNU Bourne Again SHell
btop|main|1.3.2-0.1|1500|libc6 libstdc++6|modern and colourful resource monitor that shows usage and stats
cryptsetup|main|2:2.7.5-2|880|libc6 libcryptsetup12 dmsetup|disk encryption support - startup scripts
dmsetup|main|2:1.02.205-2|290|libc6|Linux Kernel Device Mapper userspace library
dosfstools|main|4.2-1.2|310|libc6|utilities for making and checking MS-DOS FAT filesystems
firefox-esr|main|128.14.0esr-1|249000|libc6 libstdc++6 libgtk-3-0t64|Mozilla Firefox web browser - Extended Support Release (ESR)
firmware-iwlwifi|non-free-firmware|20250410-2|116900||Binary firmware for Intel Wireless cards
gddrescue|main|1.29-1|330|libc6 libstdc++6|GNU data recovery tool
gdisk|main|1.0.10-2|890|libc6 libstdc++6|GPT fdisk text-mode partitioning tool
git|main|1:2.47.3-0|48600|libc6 perl less libcurl3t64-gnutls|fast, scalable, distributed revision control system
gparted|main|1.6.0-1|7200|libc6 libgtk-3-0t64 parted|GNOME partition editor
grep|main|3.11-4|1300|libc6|GNU grep, egrep and fgrep
htop|main|3.4.1-5|430|libc6 libncursesw6|interactive processes viewer
less|main|668-1|320|libc6|pager program similar to more
libc6|main|2.41-12|12900||GNU C Library: Shared libraries
libcryptsetup12|main|2:2.7.5-2|560|libc6|disk encryption support - shared library
libcurl3t64-gnutls|main|8.14.1-2|980|libc6|easy-to-use client-side URL transfer library (GnuTLS flavour)
libgtk-3-0t64|main|3.24.49-3|9100|libc6|GTK graphical user interface library
libncursesw6|main|6.5-6|410|libc6|shared libraries for terminal handling (wide character support)
libstdc++6|main|14.2.0-19|2800|libc6|GNU Standard C++ Library v3
lvm2|main|2.03.31-2|4100|libc6 dmsetup|Linux Logical Volume Manager
parted|main|3.6-5|400|libc6|disk partition manipulator
perl|main|5.40.1-6|670|libc6|Larry Wall's Practical Extraction and Report Language
rar|non-free|2:7.01-1|1900|libc6 libstdc++6|Archiver for .rar files
ripgrep|main|14.1.1-1|5200|libc6|recursively searches directories for a regex pattern
rsync|main|3.4.1+ds1-5|830|libc6|fast, versatile, remote (and local) file-copying tool
smartmontools|main|7.4-3|2300|libc6 libstdc++6|control and monitor storage systems using S.M.A.R.T.
steam-installer|contrib|1:1.0.0.83|70|libc6 libgtk-3-0t64|Valve's Steam digital software delivery system
testdisk|main|7.2-4|1700|libc6 libncursesw6|Partition scanner and disk recovery tool, and PhotoRec file recovery tool
tmux|main|3.5a-3|1100|libc6 libncursesw6|terminal multiplexer
vim|main|2:9.1.1230-2|4200|libc6|Vi IMproved - enhanced vi editor
`

// shelf is the small archive in order.
func shelf() []catalog.Listed {
	var all []catalog.Listed
	for line := range strings.Lines(shelfText) {
		f := strings.Split(strings.TrimSpace(line), "|")
		var size int64
		fmt.Sscan(f[3], &size)
		p := catalog.Listed{Section: "utils", Homepage: "https://" + f[0] + ".example.org/"}
		p.Package = catalog.Package{Name: f[0], Component: f[1], Version: f[2], Installed: size * 1000, Download: size * 350, Summary: f[5]}
		p.Essential = f[0] == "base-files" || f[0] == "bash"
		for _, need := range strings.Fields(f[4]) {
			p.Needs = append(p.Needs, []string{need})
		}
		all = append(all, p)
	}
	return all
}

// offering are actions that give a catalogue of packages, kept in a folder.
func offering(dir string, packages []catalog.Listed) func(*model.Env) {
	return func(e *model.Env) {
		e.Actions.Catalogue = func(ctx stdcontext.Context, d design.Design, o builder.Options, _ builder.Want) (*offer.Catalogue, []string, error) {
			if d.Distribution != "debian" {
				return builder.Catalogue(ctx, d, o, builder.Want{})
			}
			return offer.Debian(ctx, dir, offer.Lists{
				State:   catalog.State{ID: "sha256:00", Date: time.Date(2030, 5, 1, 0, 0, 0, 0, time.UTC)},
				Release: d.Release, Components: []string{"main", "contrib", "non-free", "non-free-firmware"},
				Packages: func(stdcontext.Context) (iter.Seq[catalog.Listed], error) { return slices.Values(packages), nil },
			}, o.Progress)
		}
	}
}

// absent are actions that find no list, and fetch until the test lets them.
func absent(step chan progress.Event) func(*model.Env) {
	return func(e *model.Env) {
		e.Actions.Catalogue = func(ctx stdcontext.Context, _ design.Design, o builder.Options, w builder.Want) (*offer.Catalogue, []string, error) {
			if !w.Newest {
				return nil, nil, offer.ErrAbsent
			}
			for {
				select {
				case event := <-step:
					o.Progress(event)
				case <-ctx.Done():
					return nil, nil, ctx.Err()
				}
			}
		}
	}
}

// toPackages brings the page of packages to the front, with a small archive.
func toPackages(t *testing.T, w *testWindow, template string) *packages {
	t.Helper()
	w.session.SetActions(offering(t.TempDir(), shelf()))
	w.open(t, template)
	w.frame.to("packages")
	w.until(t, "the offer", func() bool { return w.session.Catalogue().State == model.OfferReady })
	return w.frame.pages[model.Packages].(*packages)
}

func packagesScreens() []screen {
	filled := func(state, template string, more func(t *testing.T, w *testWindow, p *packages)) screen {
		return screen{name: "packages-" + state, begin: func(t *testing.T, w *testWindow) {
			p := toPackages(t, w, template)
			if more != nil {
				more(t, w, p)
			}
		}}
	}
	searching := filled("searching", "rescue", func(t *testing.T, w *testWindow, p *packages) {
		test.Type(p.search, "partition")
		w.frame.c.focus(p.list)
		p.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	})
	searching.golden, searching.shot = true, "packages"
	return []screen{
		{name: "packages-loading", begin: func(t *testing.T, w *testWindow) {
			w.session.SetActions(func(e *model.Env) {
				e.Actions.Catalogue = func(ctx stdcontext.Context, _ design.Design, _ builder.Options, _ builder.Want) (*offer.Catalogue, []string, error) {
					<-ctx.Done()
					return nil, nil, ctx.Err()
				}
			})
			w.open(t, "minimal")
			w.frame.to("packages")
		}},
		{name: "packages-absent", begin: func(t *testing.T, w *testWindow) {
			w.session.SetActions(absent(nil))
			w.open(t, "minimal")
			w.frame.to("packages")
		}},
		{name: "packages-fetching", begin: func(t *testing.T, w *testWindow) {
			step := make(chan progress.Event)
			w.session.SetActions(absent(step))
			w.open(t, "rescue")
			w.frame.to("packages")
			w.settle()
			w.session.FetchCatalogue()
			step <- progress.Event{Step: "catalogue", Text: "downloading package lists", Done: 4_200_000, Total: 9_800_000}
			j := w.session.Job(model.Packages)
			w.until(t, "progress", func() bool { return j.Phase() != nil })
		}},
		{name: "packages-failed", begin: func(t *testing.T, w *testWindow) {
			w.session.SetActions(func(e *model.Env) {
				e.Actions.Catalogue = func(stdcontext.Context, design.Design, builder.Options, builder.Want) (*offer.Catalogue, []string, error) {
					return nil, nil, errors.New("open the list of packages: permission denied")
				}
			})
			w.open(t, "minimal")
			w.frame.to("packages")
		}},
		filled("filled", "minimal", nil),
		searching,
		filled("nothing", "minimal", func(_ *testing.T, _ *testWindow, p *packages) { test.Type(p.search, "zzz") }),
		filled("ticked", "rescue", func(_ *testing.T, _ *testWindow, p *packages) {
			p.filtered(model.FilterTicked)
			p.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		}),
		filled("group", "rescue", func(_ *testing.T, _ *testWindow, p *packages) { p.grouping("Disks and partitions") }),
		filled("unknown", "rescue", func(_ *testing.T, w *testWindow, p *packages) {
			w.frame.c.edit(model.Act("x"), func(d *design.Design) { d.Packages = append(d.Packages, "ripgerp") })
			p.showTicked("ripgerp")
		}),
		filled("consent", "minimal", func(_ *testing.T, w *testWindow, p *packages) {
			test.Type(p.search, "rar")
			w.frame.c.tickPackage("rar", true)
		}),
		filled("import", "minimal", func(_ *testing.T, w *testWindow, _ *packages) {
			i := w.frame.c.newImporting()
			i.text.SetText("sudo apt install htop tmux git ripgerp\n# and those\nfirmware-iwlwifi, vim")
		}),
		filled("nixos", "nixos-macbook", func(_ *testing.T, _ *testWindow, p *packages) { test.Type(p.search, "editor") }),
	}
}
