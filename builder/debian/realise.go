package debian

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/debian/archive"
	"github.com/isowright/isowright/builder/debian/configure"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/builder/tree"
	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/internal/sandbox"
)

// Realise fetches, bootstraps and configures the plan's system.
func (s *System) Realise(ctx context.Context, p plan.Plan, dir string) (*plan.Product, error) {
	x, err := s.index(ctx, p.Design, p.State.ID)
	if err != nil {
		return nil, err
	}
	packages := slices.Concat(p.Packages, p.Boot)
	if err := archive.Download(ctx, s.archive(p.Design, ""), packages, s.pool(), s.Progress); err != nil {
		return nil, withHint(err)
	}
	helper, err := s.helper(ctx, p.Design)
	if err != nil {
		return nil, err
	}
	defer helper.Close()
	root, file, err := s.bootstrap(ctx, p, x, helper.Dir, dir)
	if err != nil {
		return nil, err
	}
	product, err := s.finish(ctx, p, root, helper.Dir, dir)
	if err != nil {
		file.Close()
		return nil, err
	}
	product.Close = file.Close
	return product, nil
}

// finish configures a bootstrapped root and makes the boot files for it.
func (s *System) finish(ctx context.Context, p plan.Plan, root *tree.Set, helper, dir string) (*plan.Product, error) {
	s.Progress.Report(progress.Event{Step: "configure", Text: "Writing the system's settings"})
	product := &plan.Product{Root: root, RootPath: p.LiveFolder() + "/filesystem.squashfs"}
	var err error
	if product.Installed, err = matchPlan(root, p); err != nil {
		return nil, err
	}
	kernel, initrd, _, err := configure.TakeKernel(root)
	if err != nil {
		return nil, fmt.Errorf("find the kernel: %w", err)
	}
	if err := configure.Apply(root, p); err != nil {
		return nil, fmt.Errorf("configure the system: %w", err)
	}
	boot, err := s.bootFiles(ctx, p, helper, dir)
	if err != nil {
		return nil, fmt.Errorf("make the boot files: %w", err)
	}
	product.Boot = plan.Boot{ESP: boot.ESP, ElTorito: boot.ElToritoPath, MBRCode: boot.MBRCode}
	product.Medium = medium(p, boot, product.Installed, kernel, initrd)
	return product, nil
}

// medium lists what lies on the medium beside the root file system.
func medium(p plan.Plan, boot grub.Medium, installed []catalog.Package, kernel, initrd tree.Entry) []tree.Entry {
	var all []tree.Entry
	for _, f := range boot.Files {
		all = append(all, tree.Bytes(strings.TrimPrefix(f.Path, "/"), 0o444, f.Data))
	}
	live := strings.TrimPrefix(p.LiveFolder(), "/")
	all = append(all, tree.Bytes(live+"/filesystem.packages", 0o444, catalog.List(installed)))
	kernel.Path, kernel.Mode = live+"/vmlinuz", 0o444
	initrd.Path, initrd.Mode = live+"/initrd.img", 0o444
	return append(all, kernel, initrd)
}

// matchPlan holds that exactly the plan's packages were installed.
func matchPlan(root *tree.Set, p plan.Plan) ([]catalog.Package, error) {
	installed, err := configure.Installed(root)
	if err != nil {
		return nil, fmt.Errorf("read the list of installed packages: %w", err)
	}
	planned := map[string]catalog.Package{}
	for _, k := range p.Packages {
		planned[k.Name+" "+k.Version] = k
	}
	var found []catalog.Package
	for _, k := range installed {
		one, ok := planned[k.Name+" "+k.Version]
		if !ok {
			return nil, fmt.Errorf("%s %s was installed, which is not in the plan", k.Name, k.Version)
		}
		found = append(found, one)
	}
	if len(found) != len(p.Packages) {
		return nil, fmt.Errorf("%d packages were installed, the plan has %d", len(found), len(p.Packages))
	}
	return found, nil
}

// bootFiles takes GRUB and shim from the target's packages and makes the BIOS
// boot image with the helper's grub-mkimage.
func (s *System) bootFiles(ctx context.Context, p plan.Plan, helper, dir string) (grub.Medium, error) {
	target := filepath.Join(dir, "boot")
	if err := os.Mkdir(target, 0o755); err != nil {
		return grub.Medium{}, err
	}
	for _, k := range p.Boot {
		deb := filepath.Join(s.pool(), filepath.FromSlash(k.Filename))
		if err := archive.Unpack(ctx, deb, target); err != nil {
			return grub.Medium{}, err
		}
	}
	const image = "eltorito.img"
	args := grub.BIOSImage("/boot-files/usr/lib/grub/i386-pc", "/boot-files/"+image)
	err := sandbox.Run(ctx, sandbox.Spec{
		Root:  helper,
		Binds: []sandbox.Bind{{Host: target, Inside: "/boot-files", Writable: true}},
		Tmpfs: map[string]int64{"/tmp": 0},
		Args:  append([]string{"/usr/bin/grub-mkimage"}, args...), Env: env(p.Date),
	}, sandbox.Streams{Line: func(l string) { s.Log.Info(l, "program", "grub-mkimage") }})
	if err != nil {
		return grub.Medium{}, err
	}
	eltorito, err := os.ReadFile(filepath.Join(target, image))
	if err != nil {
		return grub.Medium{}, err
	}
	info := strings.ToValidUTF8(p.Design.Name, "?") + " " + p.LiveID
	return grub.BootFiles(os.DirFS(target), grub.AMD64, eltorito, p.Menu, info)
}
