package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/iso"
	"github.com/isowright/isowright/builder/squash"
	"github.com/isowright/isowright/builder/tree"
)

// checkJob is a pair of images to be compared.
type checkJob struct {
	Ours, Peer string
	// Squash is the path of the root file system; empty: the one that there is.
	Squash string
	// Said is the file for what was found.
	Said string
}

// check compares two images in a child and gives what it found equal.
func (o options) check(ctx context.Context, job string, j checkJob) (string, error) {
	j.Said = filepath.Join(o.work, job+".txt")
	if _, err := o.start(ctx, job, j); err != nil {
		return "", err
	}
	said, err := os.ReadFile(j.Said)
	if err != nil {
		return "", fmt.Errorf("read what was compared: %w", err)
	}
	return string(said), nil
}

// opened is an image with its root file system.
type opened struct {
	*os.File
	iso    *iso.Image
	squash *squash.Reader
	// at is where the root file system begins, in bytes.
	at int64
}

func openImage(path, packed string) (opened, error) {
	f, err := os.Open(path)
	if err != nil {
		return opened{}, err
	}
	end, err := size(path)
	if err != nil {
		return opened{}, err
	}
	im, err := iso.Open(f, end)
	if err != nil {
		return opened{}, fmt.Errorf("%s: %w", path, err)
	}
	var found iso.Entry
	err = im.Walk(func(e iso.Entry) error {
		if e.Path == packed || packed == "" && strings.HasSuffix(e.Path, ".squashfs") {
			found = e
		}
		return nil
	})
	if err != nil {
		return opened{}, fmt.Errorf("%s: %w", path, err)
	}
	if len(found.Extents) == 0 {
		return opened{}, fmt.Errorf("%s holds no root file system", path)
	}
	r, err := im.Open(found)
	if err != nil {
		return opened{}, err
	}
	root, err := squash.Open(r)
	if err != nil {
		return opened{}, fmt.Errorf("%s: %w", path, err)
	}
	return opened{f, im, root, found.Extents[0].Offset()}, nil
}

// openPair opens both images of a job.
func openPair(j checkJob) (a, b opened, err error) {
	if a, err = openImage(j.Ours, j.Squash); err != nil {
		return a, b, err
	}
	b, err = openImage(j.Peer, j.Squash)
	return a, b, err
}

// sameTree holds that unsquashfs lists the same in both images (mode, owner,
// size, date, name, target) and that all contents and attributes are the same.
func sameTree(ctx context.Context, j checkJob) error {
	a, b, err := openPair(j)
	if err != nil {
		return err
	}
	defer a.Close()
	defer b.Close()
	listA, err := list(ctx, a)
	if err != nil {
		return err
	}
	listB, err := list(ctx, b)
	if err != nil {
		return err
	}
	if err := sameLists(listA, listB); err != nil {
		return fmt.Errorf("unsquashfs lists: %w", err)
	}
	rootA, err := contents(ctx, a.squash)
	if err != nil {
		return err
	}
	rootB, err := contents(ctx, b.squash)
	if err != nil {
		return err
	}
	if err := sameLists(rootA, rootB); err != nil {
		return fmt.Errorf("contents: %w", err)
	}
	mediumA, err := medium(a.iso)
	if err != nil {
		return err
	}
	mediumB, err := medium(b.iso)
	if err != nil {
		return err
	}
	if err := sameLists(mediumA, mediumB); err != nil {
		return fmt.Errorf("files beside the root: %w", err)
	}
	said := fmt.Sprintf("same %d entries with the same contents, same %d beside them", len(listA), len(mediumA))
	return os.WriteFile(j.Said, []byte(said), 0o644)
}

// list is what unsquashfs says, sorted. The size of a directory is left out: it
// is that of its records, which depends on where the inodes lie.
func list(ctx context.Context, o opened) ([]string, error) {
	cmd := exec.CommandContext(ctx, "unsquashfs", "-offset", strconv.FormatInt(o.at, 10), "-lln", o.Name())
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("unsquashfs of %s: %w", o.Name(), err)
	}
	var all []string
	for l := range strings.Lines(string(out)) {
		fields := strings.Fields(l)
		if strings.HasPrefix(l, "d") && len(fields) > 2 {
			fields = slices.Delete(fields, 2, 3)
		}
		all = append(all, strings.Join(fields, " "))
	}
	slices.Sort(all)
	return all, nil
}

// contents lists names, hashes of what files hold and extended attributes.
// Which of several names of a file comes first is the writer's choice, so all
// of them are hashed.
func contents(ctx context.Context, r *squash.Reader) ([]string, error) {
	var all []string
	hashes := map[string]string{}
	for e := range r.Entries() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		sum := ""
		switch e.Type {
		case tree.File:
			h := sha256.New()
			if _, err := io.Copy(h, e.Open()); err != nil {
				return nil, fmt.Errorf("%s: %w", e.Path, err)
			}
			sum = fmt.Sprintf("%x", h.Sum(nil))
			hashes[e.Path] = sum
		case tree.HardLink:
			sum = hashes[e.Link]
		}
		all = append(all, fmt.Sprintf("%s %s %q", e.Path, sum, e.Xattrs))
	}
	slices.Sort(all)
	return all, r.Err()
}

// medium lists what lies in an image. The boot catalog and the packed root are
// left out: they may differ.
func medium(im *iso.Image) ([]string, error) {
	var all []string
	err := im.Walk(func(e iso.Entry) error {
		if e.Path != "boot/boot.cat" && !strings.HasSuffix(e.Path, ".squashfs") {
			all = append(all, fmt.Sprintf("%s %s %d", e.Path, e.Type, e.Size))
		}
		return nil
	})
	slices.Sort(all)
	return all, err
}

// sameLists names the first line that only one of two sorted lists has.
func sameLists(ours, peer []string) error {
	for i := range max(len(ours), len(peer)) {
		switch {
		case i >= len(ours) || i < len(peer) && peer[i] < ours[i]:
			return fmt.Errorf("only the peer has %q", peer[i])
		case i >= len(peer) || ours[i] < peer[i]:
			return fmt.Errorf("only ours has %q", ours[i])
		}
	}
	return nil
}

// samePackages counts the packages that both images have in the same version.
// Images that have less than nine tenths in common are an error.
func samePackages(_ context.Context, j checkJob) error {
	a, b, err := openPair(j)
	if err != nil {
		return err
	}
	defer a.Close()
	defer b.Close()
	ours, err := installed(a.squash)
	if err != nil {
		return err
	}
	peer, err := installed(b.squash)
	if err != nil {
		return err
	}
	same := 0
	for k := range ours {
		if peer[k] {
			same++
		}
	}
	said := fmt.Sprintf("%d packages in common, %d only ours, %d only the peer's", same, len(ours)-same, len(peer)-same)
	if same*10 < max(len(ours), len(peer))*9 {
		return errors.New(said)
	}
	return os.WriteFile(j.Said, []byte(said), 0o644)
}

// installed are the packages of a root with their versions.
func installed(r *squash.Reader) (map[string]bool, error) {
	all := map[string]bool{}
	for e := range r.Entries() {
		if e.Path != "var/lib/dpkg/status" {
			continue
		}
		data, err := io.ReadAll(e.Open())
		if err != nil {
			return nil, fmt.Errorf("read the list of packages: %w", err)
		}
		for record := range bytes.SplitSeq(data, []byte("\n\n")) {
			name, version := value(record, "Package"), value(record, "Version")
			if strings.HasSuffix(value(record, "Status"), " installed") {
				all[name+" "+version] = true
			}
		}
		return all, nil
	}
	return nil, errors.Join(r.Err(), errors.New("the root has no list of packages"))
}

// value is a field of a control record.
func value(record []byte, key string) string {
	for l := range bytes.Lines(record) {
		if v, ok := bytes.CutPrefix(l, []byte(key+": ")); ok {
			return strings.TrimSpace(string(v))
		}
	}
	return ""
}
