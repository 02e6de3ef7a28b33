package debian

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/isowright/isowright/builder/debian/archive"
	"github.com/isowright/isowright/builder/debian/configure"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/builder/tree"
)

// Export writes what Debian's own tools need to make the design's root without
// this program: the packages, the archive, mmdebstrap's command line and every
// file that the design adds or changes. The settings depend on the bootstrapped
// root (user and group ids among others), so one is made if the cache has none.
// work is a folder for what is too large for memory.
func (s *System) Export(ctx context.Context, d design.Design, date time.Time, dir, work string) error {
	p, err := s.Plan(ctx, d, date)
	if err != nil {
		return err
	}
	return s.exportPlan(ctx, p, dir, work)
}

func (s *System) exportPlan(ctx context.Context, p plan.Plan, dir, work string) error {
	x, err := s.index(ctx, p.Design, p.State.ID)
	if err != nil {
		return err
	}
	if err := archive.Download(ctx, s.archive(p.Design, ""), p.Packages, s.pool(), s.Progress); err != nil {
		return withHint(err)
	}
	helper, err := s.helper(ctx, p.Design)
	if err != nil {
		return err
	}
	defer helper.Close()
	root, file, err := s.bootstrap(ctx, p, x, helper.Dir, work)
	if err != nil {
		return err
	}
	defer file.Close()
	before := root.Clone()
	// Which packages count as installed by themselves depends on the version of
	// apt, so the file is exported as it is.
	before.Remove("var/lib/apt/extended_states")
	if err := configure.Apply(root, p); err != nil {
		return fmt.Errorf("configure the system: %w", err)
	}
	removed, err := writeOverlay(before, root, filepath.Join(dir, "overlay.tar"))
	if err != nil {
		return err
	}
	return s.writeExport(p, dir, removed)
}

func writeOverlay(before, after *tree.Set, name string) ([]string, error) {
	out, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	removed, err := difference(before, after, out)
	if err != nil {
		return nil, err
	}
	return removed, out.Close()
}

func (s *System) writeExport(p plan.Plan, dir string, removed []string) error {
	cfg, err := grub.Config(p.Menu)
	if err != nil {
		return err
	}
	source, err := design.Encode(p.Design)
	if err != nil {
		return err
	}
	var packages strings.Builder
	for _, k := range p.Packages {
		fmt.Fprintf(&packages, "%s\t%s\t%s\n", k.Name, k.Version, k.Reason)
	}
	for name, content := range map[string]string{
		"packages":         packages.String(),
		"sources.list":     exportSources(p.Design),
		"bootstrap.sh":     exportScript(p),
		"finish.sh":        exportFinish,
		"chroot.sh":        configure.ChrootScript(p.Design),
		"removed":          strings.Join(append(removed, ""), "\n"),
		"grub.cfg":         string(cfg),
		"kernel-line":      strings.Join(p.KernelLine, " ") + "\n",
		"design.isowright": string(source),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "chroot-files"), 0o755); err != nil {
		return err
	}
	for name, content := range configure.ChrootFiles(p.Design) {
		path := filepath.Join(dir, "chroot-files", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			return err
		}
	}
	for _, name := range []string{"bootstrap.sh", "finish.sh"} {
		if err := os.Chmod(filepath.Join(dir, name), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// exportSources is the sources.list that the design's packages come from.
func exportSources(d design.Design) string {
	mirror, security := ownMirrors(d, archive.DefaultMirror, archive.DefaultSecurity)
	components := strings.Join(append([]string{"main"}, d.Archive.Components...), " ")
	lines := fmt.Sprintf("deb %s %s %s\n", mirror, d.Release, components)
	if d.Release != "sid" {
		lines += fmt.Sprintf("deb %s %s-updates %s\ndeb %s %s-security %s\n",
			mirror, d.Release, components, security, d.Release, components)
	}
	return lines
}

// exportScript is the bootstrap as a shell script.
func exportScript(p plan.Plan) string {
	return fmt.Sprintf(`#!/bin/sh
# Makes root.tar, the root file system of this design, with mmdebstrap 1.3 or
# newer (before 1.4 with a few device nodes more). Run it as root or as a user
# with subordinate ids, from a folder that everybody may read:
#   ./bootstrap.sh root.tar
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: $0 root.tar}
export SOURCE_DATE_EPOCH=%d
# What mmdebstrap itself would clean up, finish.sh does: it comes before the
# last settings there.
mmdebstrap --variant=apt --format=tar --skip=output/mknod \
  --skip=cleanup/apt --skip=cleanup/reproducible \
  --include=%s \
  --aptopt='APT::Install-Recommends "false"' \
  --aptopt='APT::Sandbox::User "root"' \
  --customize-hook="$here"/finish.sh \
  %s "$out" "$here"/sources.list
`, p.Date.Unix(), strings.Join(wanted(p), ","), p.Design.Release)
}

// exportFinish is mmdebstrap's hook in an export: the packages' own programs,
// what Apply removes and what it adds.
const exportFinish = `#!/bin/sh
# Makes the design's settings in the root folder $1; mmdebstrap runs it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=${1:?usage: $0 folder}
# dpkg-query, not the shell, fills this in.
# shellcheck disable=SC2016
query='${Package}\t${Version}\n'
have=$(chroot "$root" dpkg-query -W -f "$query" | LC_ALL=C sort)
want=$(cut -f 1,2 "$here"/packages | LC_ALL=C sort)
if [ "$have" != "$want" ]; then
	echo "W: the archive has other packages now than the design was planned with:" >&2
	printf '%s\n' "$have" "$want" | LC_ALL=C sort | uniq -u >&2
fi
cp -R "$here"/chroot-files/. "$root"/
chroot "$root" /bin/sh -eu -c "$(cat "$here"/chroot.sh)"
while IFS= read -r name; do
	rm -rf "${root:?}/${name:?}"
done <"$here"/removed
find "$root"/var/log "$root"/var/lib/apt/lists "$root"/var/cache/apt -type f \
	! -name btmp ! -name wtmp ! -name lastlog -exec rm -f {} +
rm -rf "$root"/var/lib/apt/lists/auxfiles "$root"/var/cache/debconf/tmp.ci \
	"$root"/var/cache/ldconfig/aux-cache "$root"/var/lib/dbus/machine-id \
	"$root"/etc/.resolv.conf.systemd-resolved.bak
chmod 0700 "$root"/var/lib/apt/lists/partial "$root"/var/cache/apt/archives/partial
tar -C "$root" --numeric-owner --xattrs --xattrs-include='*' -xpf "$here"/overlay.tar
`
