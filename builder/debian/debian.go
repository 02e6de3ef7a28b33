// Package debian realises designs as Debian systems: the archive's packages,
// resolved by apt and installed by mmdebstrap in a helper root, become a root
// file system tree.
//
// It needs no Debian tool on the host and no rights beyond user namespaces. It
// does not configure a system through live-config and never unpacks the
// finished root on the host.
package debian

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/debian/archive"
	"github.com/isowright/isowright/builder/debian/configure"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/internal/sandbox"
)

// Config are the surroundings of a System.
type Config struct {
	// CacheDir keeps archive states, package files, the helper root and
	// bootstrapped roots.
	CacheDir string
	// Mirror and Security are used where a design names none; empty: what the
	// host's apt uses, else the public archive.
	Mirror, Security string
	// Clean makes every root anew; Offline fetches nothing; WorkOnDisk unpacks
	// on disk even where memory would do.
	Clean, Offline, WorkOnDisk bool
	Now                        time.Time
	Log                        *slog.Logger
	Progress                   progress.Sink
}

// System builds Debian images.
type System struct{ Config }

// New makes a System.
func New(c Config) *System {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &System{c}
}

// Available says whether this computer can bootstrap a system.
func (s *System) Available(ctx context.Context) error { return sandbox.Available(ctx) }

// minimal is what a text-mode live system needs beyond the essential packages.
// login and tzdata have to be named: Debian 13 has them required only, and
// without login nobody gets past the prompt.
var minimal = []string{
	"apt", "ca-certificates", "console-setup", "dbus", "e2fsprogs", "fdisk", "iproute2",
	"iputils-ping", "kbd", "kmod", "less", "libpam-systemd", "linux-image-amd64", "live-boot",
	"locales", "login", "nano", "netbase", "nftables", "pciutils", "systemd-resolved",
	"systemd-sysv", "systemd-timesyncd", "tzdata", "udev", "usbutils", "zstd",
}

// bootLoader are the packages whose files start an image.
var bootLoader = []string{
	"grub-common", "grub-efi-amd64-signed", "grub-pc-bin", "shim-helpers-amd64-signed", "shim-signed",
}

// Refuse says what a design asks for that this version cannot do.
func (s *System) Refuse(d design.Design) design.Problems {
	var problems design.Problems
	refuse := func(field, text, hint string) {
		problems = append(problems, design.Problem{Field: field, Text: text, Hint: hint})
	}
	if d.Base != "minimal" {
		refuse("base", fmt.Sprintf("this version builds no %s Debian image", d.Base), `choose the base "minimal"`)
	}
	if d.Architecture != "amd64" {
		refuse("architecture", fmt.Sprintf("this version builds no Debian image for %s", d.Architecture),
			`use architecture = "amd64"`)
	}
	if len(d.Drivers) > 0 {
		refuse("drivers", "this version has no driver catalogue for Debian",
			"tick the driver's package instead (firmware-iwlwifi …) and name its component in archive.components")
	}
	return problems
}

// Plan resolves a design against the archive's state, fetched where needed.
func (s *System) Plan(ctx context.Context, d design.Design, date time.Time) (plan.Plan, error) {
	d = design.WithDefaults(d)
	x, err := s.index(ctx, d, d.Archive.State)
	if err != nil {
		return plan.Plan{}, err
	}
	p, err := plan.Make(ctx, d, base(d), x, date)
	if err != nil {
		return plan.Plan{}, err
	}
	p.Sizes.Download = s.Missing(p)
	return p, nil
}

// Menu is the boot menu that a design's image will have.
func Menu(d design.Design) grub.Menu {
	d = design.WithDefaults(d)
	return plan.Menu(d, base(d))
}

// base is what Debian needs for a design.
func base(d design.Design) catalog.Base {
	packages := slices.Concat(minimal, configure.Packages(d))
	slices.Sort(packages)
	loader := bootLoader
	if startsMemtest(d.Boot.Entries) {
		loader = append(slices.Clone(loader), "memtest86+")
	}
	return catalog.Base{
		Packages:   slices.Compact(packages),
		Boot:       loader,
		Parameters: []string{"boot=live", "live-media-path=/live/{id}", "nonetworking"},
		ToRAM:      []string{"toram=filesystem.squashfs"},
		BootSize:   70e6,
		Ratio:      0.58,
	}
}

// startsMemtest says whether a menu has an entry for Memtest86+.
func startsMemtest(entries []design.BootEntry) bool {
	return slices.ContainsFunc(entries, func(e design.BootEntry) bool {
		return e.Kind == "memtest" || startsMemtest(e.Entries)
	})
}

// mirrors are where a design's packages come from: the design's own, else the
// option's, else those of the host.
func (s *System) mirrors(d design.Design) (mirror, security string) {
	mirror, security = s.Mirror, s.Security
	if mirror == "" {
		mirror, security = archive.HostMirrors(os.DirFS("/"))
		security = cmp.Or(s.Security, security)
	}
	return ownMirrors(d, mirror, security)
}

// ownMirrors puts a design's mirrors in the place of others. Where a mirror
// comes without its security archive, that lies beside it.
func ownMirrors(d design.Design, mirror, security string) (string, string) {
	if d.Archive.Mirror != "" {
		mirror, security = d.Archive.Mirror, ""
	}
	security = cmp.Or(d.Archive.Security, security, strings.TrimRight(mirror, "/")+"-security")
	return mirror, security
}

// pool is where package files are kept between builds.
func (s *System) pool() string { return archive.PoolDir(s.CacheDir) }

// Unpacked is a root with Debian packages that are only unpacked. The caller
// closes it after use.
func (s *System) Unpacked(ctx context.Context, d design.Design, packages []string) (*archive.HelperRoot, error) {
	h, err := archive.Helper(ctx, s.archive(d, ""), packages, s.Progress)
	return h, withHint(err)
}

// helper is the root directory whose programs do Debian's work.
func (s *System) helper(ctx context.Context, d design.Design) (*archive.HelperRoot, error) {
	return s.Unpacked(ctx, d, archive.HelperPackages())
}

// env is the environment of every program in the helper root.
func env(date time.Time) []string {
	return []string{
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8", "TMPDIR=/scratch",
		"DEBIAN_FRONTEND=noninteractive", fmt.Sprintf("SOURCE_DATE_EPOCH=%d", date.Unix()),
	}
}

// Missing is how many bytes of a plan's packages are not in the pool.
func (s *System) Missing(p plan.Plan) int64 {
	var n int64
	for _, k := range slices.Concat(p.Packages, p.Boot) {
		info, err := os.Stat(filepath.Join(s.pool(), filepath.FromSlash(k.Filename)))
		if err != nil || info.Size() != k.Download {
			n += k.Download
		}
	}
	return n
}

// Remove takes a work folder away. Files that belong to ids of the sandbox are
// removed by a sandbox.
func (s *System) Remove(ctx context.Context, dir string) error {
	if err := sandbox.RemoveAll(ctx, dir); err != nil {
		return fmt.Errorf("remove %s: %w", dir, err)
	}
	return nil
}
