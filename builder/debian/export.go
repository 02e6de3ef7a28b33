package debian

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
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

// Export writes what Debian's own tools need to make the plan's root without
// this program: the packages, the archive, mmdebstrap's command line and every
// file that the design adds or changes. The settings depend on the bootstrapped
// root (user and group ids among others), so one is made if the cache has none.
func (s *System) Export(ctx context.Context, p plan.Plan, dir string) error {
	if err := emptyFolder(dir); err != nil {
		return err
	}
	work, err := os.MkdirTemp(s.CacheDir, "export-")
	if err != nil {
		return err
	}
	defer s.Remove(context.WithoutCancel(ctx), work)
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
	if err := configure.Apply(root, p); err != nil {
		return fmt.Errorf("configure the system: %w", err)
	}
	overlay, removed, err := difference(before, root)
	if err != nil {
		return err
	}
	return s.writeExport(p, dir, overlay, removed)
}

// emptyFolder makes dir and refuses one that holds anything.
func emptyFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err == nil && len(entries) > 0 {
		err = &fs.PathError{Op: "export into", Path: dir, Err: fmt.Errorf("the folder is not empty")}
	}
	return err
}

// difference is what was added or changed, as a tar, and the paths that are
// gone.
func difference(before, after *tree.Set) (overlay []byte, removed []string, err error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for e := range after.Entries() {
		if old, ok := before.Get(e.Path); e.Path == "" || ok && sameEntry(old, e) {
			continue
		}
		if err := writeMember(w, e); err != nil {
			return nil, nil, fmt.Errorf("write the overlay: %s: %w", e.Path, err)
		}
	}
	for e := range before.Entries() {
		if _, ok := after.Get(e.Path); !ok {
			if _, ok := after.Get(e.Parent()); ok {
				removed = append(removed, e.Path)
			}
		}
	}
	return out.Bytes(), removed, w.Close()
}

// sameEntry compares all but the date, which Apply sets everywhere.
func sameEntry(a, b tree.Entry) bool {
	return a.Type == b.Type && a.Mode == b.Mode && a.UID == b.UID && a.GID == b.GID &&
		a.Size == b.Size && a.Link == b.Link && a.Content == b.Content
}

func writeMember(w *tar.Writer, e tree.Entry) error {
	h := &tar.Header{
		Name: "./" + e.Path, Mode: int64(e.Mode), Uid: int(e.UID), Gid: int(e.GID),
		ModTime: time.Unix(e.ModTime, 0), Size: e.Size, Linkname: e.Link, Format: tar.FormatPAX,
	}
	switch e.Type {
	case tree.File:
		h.Typeflag = tar.TypeReg
	case tree.Dir:
		h.Typeflag, h.Name = tar.TypeDir, h.Name+"/"
	case tree.Symlink:
		h.Typeflag = tar.TypeSymlink
	case tree.HardLink:
		h.Typeflag, h.Linkname = tar.TypeLink, "./"+e.Link
	default:
		return fmt.Errorf("a %s cannot be exported", e.Type)
	}
	if err := w.WriteHeader(h); err != nil {
		return err
	}
	_, err := io.Copy(w, e.Open())
	return err
}

func (s *System) writeExport(p plan.Plan, dir string, overlay []byte, removed []string) error {
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
	script := exportScript(p)
	for name, content := range map[string]string{
		"packages":         packages.String(),
		"sources.list":     s.exportSources(p.Design),
		"bootstrap.sh":     script,
		"chroot.sh":        configure.ChrootScript(p.Design),
		"overlay.tar":      string(overlay),
		"removed":          strings.Join(append(removed, ""), "\n"),
		"grub.cfg":         string(cfg),
		"kernel-line":      strings.Join(p.KernelLine, " ") + "\n",
		"design.isowright": string(source),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			return err
		}
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
	return os.Chmod(filepath.Join(dir, "bootstrap.sh"), 0o755)
}

// exportSources is the sources.list that the design's packages come from.
func (s *System) exportSources(d design.Design) string {
	mirror, security := d.Archive.Mirror, d.Archive.Security
	if mirror == "" {
		mirror, security = archive.DefaultMirror, archive.DefaultSecurity
	}
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
# newer. Run it as root or as a user with subordinate ids:
#   ./bootstrap.sh root.tar
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: $0 root.tar}
export here SOURCE_DATE_EPOCH=%d
mmdebstrap --variant=apt --format=tar --skip=output/mknod \
  --include=%s \
  --aptopt='APT::Install-Recommends "false"' \
  --customize-hook='cp -R "$here"/chroot-files/. "$1"/' \
  --customize-hook='chroot "$1" /bin/sh -eu -c "$(cat "$here"/chroot.sh)"' \
  --customize-hook='while IFS= read -r name; do rm -rf "${1:?}/${name:?}"; done < "$here"/removed' \
  --customize-hook='tar -C "$1" --numeric-owner -xpf "$here"/overlay.tar' \
  %s "$out" "$here"/sources.list
`, p.Date.Unix(), strings.Join(wanted(p), ","), p.Design.Release)
}
