package archive

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/internal/progress"

	"golang.org/x/sync/errgroup"
)

const (
	// helperVersion changes whenever a helper root is made in another way.
	helperVersion = 1
	// helperAge is how long a helper root serves before it is made anew.
	helperAge = 90 * 24 * time.Hour
	// helperMark is the file in a helper root that describes it.
	helperMark = ".isowright-helper.json"
	// unpackers is how many packages are unpacked at once.
	unpackers = 4
)

// HelperPackages are what a helper root needs to make root file systems and
// boot images; the essential packages come on top.
func HelperPackages() []string {
	return []string{
		"apt", "ca-certificates", "debian-archive-keyring", "gpgv", "grub-common", "kmod", "mmdebstrap", "mount",
		"passwd", "perl", "util-linux", "xz-utils", "zstd",
	}
}

// PoolDir is where this package keeps package files in a cache.
func PoolDir(cacheDir string) string { return filepath.Join(cacheDir, "archive") }

// HelperRoot is a small Debian system that was only unpacked: good for running
// its programs in a chroot, never booted.
type HelperRoot struct {
	// Dir is its folder. It must not be changed.
	Dir    string
	unlock func()
}

// Close says that the helper root is no longer used.
func (h *HelperRoot) Close() { h.unlock() }

// helperInfo is the content of helperMark.
type helperInfo struct {
	Created  time.Time `json:"created"`
	State    string    `json:"state"`
	Packages []string  `json:"packages"` // "name version"
}

// Helper gives a helper root with the named packages, their dependencies and
// the essential packages. It is made once (download about 60 MB, 250 MB on
// disk), kept in CacheDir/helper and made anew when the names change or it is
// older than 90 days; without a network an old one serves on. The caller
// closes it after use, which lets another process replace it.
func Helper(ctx context.Context, c Config, names []string, sink progress.Sink) (*HelperRoot, error) {
	c, err := c.normal()
	if err != nil {
		return nil, err
	}
	b := newHelperBuild(c, names)
	unlock, err := waitLock(ctx, b.lock, true)
	if err != nil {
		return nil, fmt.Errorf("lock helper root: %w", err)
	}
	info, err := b.read()
	// Offline a new one would come of the same old packages.
	if err == nil && (c.Offline || c.Now.Sub(info.Created) < helperAge) {
		return b.use(unlock)
	}
	there := err == nil
	unlock()
	err = b.replace(ctx, there, sink)
	if err != nil && (!there || ctx.Err() != nil) {
		return nil, fmt.Errorf("make helper root: %w", err)
	}
	if err != nil {
		sink.Report(progress.Event{Step: "helper", Text: fmt.Sprintf("the build tools are from %s and could not be renewed: %v", info.Created.Format(time.DateOnly), err)})
	}
	if unlock, err = waitLock(ctx, b.lock, true); err != nil {
		return nil, fmt.Errorf("lock helper root: %w", err)
	}
	if _, err := b.read(); err != nil {
		unlock()
		return nil, fmt.Errorf("make helper root: %w", err)
	}
	return b.use(unlock)
}

// helperBuild is one helper root in the cache: its folder, the folder it is
// made in, and the lock that both share.
type helperBuild struct {
	c               Config
	names           []string
	dir, part, lock string
}

func newHelperBuild(c Config, names []string) helperBuild {
	names = slices.Clone(names)
	slices.Sort(names)
	names = slices.Compact(names)
	key := fmt.Sprintf("%d %s %s %s", helperVersion, c.Release, c.Arch, strings.Join(names, " "))
	dir := filepath.Join(c.CacheDir, "helper", fmt.Sprintf("%x", sha256.Sum256([]byte(key)))[:16])
	return helperBuild{c, names, dir, dir + ".part", dir + ".lock"}
}

// read gives the mark of a finished root.
func (b helperBuild) read() (helperInfo, error) {
	var info helperInfo
	data, err := os.ReadFile(filepath.Join(b.dir, helperMark))
	if err != nil {
		return info, err
	}
	return info, json.Unmarshal(data, &info)
}

func (b helperBuild) use(unlock func()) (*HelperRoot, error) {
	if err := os.Chtimes(b.lock, b.c.Now, b.c.Now); err != nil {
		unlock()
		return nil, err
	}
	return &HelperRoot{b.dir, unlock}, nil
}

// replace makes the root unless another process just did. One that is only
// old (there) is left alone while someone uses it.
func (b helperBuild) replace(ctx context.Context, there bool, sink progress.Sink) error {
	unlock, err := takeLock(b.lock, false)
	if errors.Is(err, errLocked) {
		if there {
			return nil
		}
		unlock, err = lockFile(ctx, b.lock)
	}
	if err != nil {
		return err
	}
	defer unlock()
	if info, err := b.read(); err == nil && b.c.Now.Sub(info.Created) < helperAge {
		return nil
	}
	if err := pruneHelpers(b); err != nil {
		return err
	}
	if err := b.make(ctx, sink); err != nil {
		return errors.Join(err, os.RemoveAll(b.part))
	}
	if err := os.RemoveAll(b.dir); err != nil {
		return err
	}
	return os.Rename(b.part, b.dir)
}

// pruneHelpers removes half-made roots and those that nobody used for long.
func pruneHelpers(b helperBuild) error {
	if err := os.RemoveAll(b.part); err != nil {
		return err
	}
	locks, err := filepath.Glob(filepath.Join(filepath.Dir(b.lock), "*.lock"))
	if err != nil {
		return err
	}
	for _, lock := range locks {
		info, err := os.Stat(lock)
		if err != nil || lock == b.lock {
			continue
		}
		unlock, err := takeLock(lock, false)
		if err != nil {
			continue // in use
		}
		dir := strings.TrimSuffix(lock, ".lock")
		err = os.RemoveAll(dir + ".part")
		if b.c.Now.Sub(info.ModTime()) > helperAge {
			err = errors.Join(err, os.RemoveAll(dir))
		}
		unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

// make fetches and unpacks everything into the folder aside.
func (b helperBuild) make(ctx context.Context, sink progress.Sink) error {
	state, err := Fetch(ctx, b.c, sink)
	if err != nil {
		return err
	}
	index, err := state.Load(ctx)
	if err != nil {
		return err
	}
	records, err := index.Closure(b.names, true)
	if err != nil {
		return err
	}
	packages := make([]catalog.Package, len(records))
	info := helperInfo{Created: b.c.Now, State: state.ID}
	for i, r := range records {
		packages[i] = r.Package("helper")
		info.Packages = append(info.Packages, r.Name+" "+r.Version)
	}
	if err := Download(ctx, b.c, packages, PoolDir(b.c.CacheDir), sink); err != nil {
		return err
	}
	if err := os.MkdirAll(b.part, 0o755); err != nil {
		return err
	}
	if err := b.unpack(ctx, packages, sink); err != nil {
		return err
	}
	if err := b.fixUp(); err != nil {
		return fmt.Errorf("finish helper root: %w", err)
	}
	data, err := json.MarshalIndent(info, "", "\t")
	if err != nil {
		return err
	}
	if err := writeAside(filepath.Join(b.part, helperMark), data); err != nil {
		return err
	}
	return syncAll(b.part)
}

// unpack puts base-files first: it has the links of the merged /usr, which the
// others' files must go through.
func (b helperBuild) unpack(ctx context.Context, packages []catalog.Package, sink progress.Sink) error {
	pool, total := PoolDir(b.c.CacheDir), int64(0)
	for _, p := range packages {
		total += p.Download
	}
	count := progress.NewCounter(sink, progress.Event{Step: "helper", Text: "unpacking the build tools", Total: total})
	one := func(ctx context.Context, p catalog.Package) error {
		if err := Unpack(ctx, filepath.Join(pool, p.Filename), b.part); err != nil {
			return err
		}
		count.Add(p.Download)
		return nil
	}
	rest := slices.Clone(packages)
	if i := slices.IndexFunc(rest, func(p catalog.Package) bool { return p.Name == "base-files" }); i >= 0 {
		if err := one(ctx, rest[i]); err != nil {
			return err
		}
		rest = slices.Delete(rest, i, i+1)
	}
	// The largest first, so that no worker is left with one at the end.
	slices.SortStableFunc(rest, func(a, b catalog.Package) int { return int(b.Download - a.Download) })
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(unpackers)
	for _, p := range rest {
		group.Go(func() error { return one(ctx, p) })
	}
	return group.Wait()
}

// fixUp does what maintainer scripts would have done and the tools need, and
// makes the folders on which things are mounted.
func (b helperBuild) fixUp() error {
	root, err := os.OpenRoot(b.part)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, dir := range []string{"proc", "sys", "dev", "run", "tmp", "root", "work", "archive", "out", "cache", "etc", "usr/bin"} {
		if err := root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	if err := root.Chmod("tmp", 0o777|fs.ModeSticky); err != nil {
		return err
	}
	if _, err := root.Lstat("usr/bin/mawk"); err == nil {
		if err := root.Symlink("mawk", "usr/bin/awk"); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	for to, from := range map[string]string{
		"etc/passwd": "usr/share/base-passwd/passwd.master",
		"etc/group":  "usr/share/base-passwd/group.master",
	} {
		data, err := root.ReadFile(from)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = root.WriteFile(to, data, 0o644)
		}
		if err != nil {
			return err
		}
	}
	for name, text := range map[string]string{
		"etc/hosts":         "127.0.0.1\tlocalhost\n::1\tlocalhost\n",
		"etc/hostname":      "localhost\n",
		"etc/nsswitch.conf": "passwd: files\ngroup: files\nshadow: files\nhosts: files\n",
	} {
		if err := root.WriteFile(name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
