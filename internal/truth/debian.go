package truth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/debian/archive"
)

// Host is the GRUB of Debian's packages on this computer.
func Host(ctx context.Context) (GRUB, error) {
	out, err := exec.CommandContext(ctx, "dpkg-query", "-W", "-f", "${Version}", "grub-pc-bin").Output()
	if err != nil {
		return GRUB{}, fmt.Errorf("find the version of the host's grub-pc-bin: %w", err)
	}
	return GRUB{Version: string(out), Modules: "/usr/lib/grub"}, nil
}

// Release takes GRUB's modules out of the packages of a Debian release into
// dir. The packages are fetched from the host's mirror into the cache, and held
// to the archive's signature.
func Release(ctx context.Context, release, cacheDir, dir string) (GRUB, error) {
	g, err := fetchModules(ctx, release, cacheDir, dir)
	if err != nil {
		return GRUB{}, fmt.Errorf("fetch GRUB of Debian's release %s: %w", release, err)
	}
	return g, nil
}

func fetchModules(ctx context.Context, release, cacheDir, dir string) (GRUB, error) {
	c := archive.Config{CacheDir: cacheDir, Release: release, Now: time.Now()}
	c.Mirror, c.Security = archive.HostMirrors(os.DirFS("/"))
	state, err := archive.Fetch(ctx, c, nil)
	if errors.Is(err, archive.ErrUnreachable) {
		c.Offline = true // what an earlier run has fetched will do
		state, err = archive.Fetch(ctx, c, nil)
	}
	if err != nil {
		return GRUB{}, err
	}
	index, err := state.Load(ctx)
	if err != nil {
		return GRUB{}, err
	}
	var packages []catalog.Package
	g := GRUB{Modules: filepath.Join(dir, "usr/lib/grub")}
	for _, name := range []string{"grub-pc-bin", "grub-efi-amd64-bin"} {
		record := index.Find(name)
		if record == nil {
			return GRUB{}, fmt.Errorf("there is no package %s", name)
		}
		g.Version = record.Version
		packages = append(packages, record.Package(""))
	}
	pool := archive.PoolDir(cacheDir)
	if err := archive.Download(ctx, c, packages, pool, nil); err != nil {
		return GRUB{}, err
	}
	for _, p := range packages {
		if err := unpackModules(ctx, filepath.Join(pool, p.Filename), dir); err != nil {
			return GRUB{}, err
		}
	}
	return g, nil
}

// unpackModules writes what lies in usr/lib/grub in the package.
func unpackModules(ctx context.Context, deb, dir string) error {
	files, err := archive.Extract(ctx, deb, func(name string) bool { return strings.HasPrefix(name, "usr/lib/grub/") })
	if err != nil {
		return err
	}
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
