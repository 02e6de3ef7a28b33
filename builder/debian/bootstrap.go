package debian

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/debian/archive"
	"github.com/isowright/isowright/builder/debian/configure"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/builder/tree"
	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/internal/sandbox"
	"golang.org/x/sys/unix"
)

// bootstrap gives the root tree of a plan's packages, from the cache or through
// mmdebstrap. The tree reads from the returned file.
func (s *System) bootstrap(ctx context.Context, p plan.Plan, x *index, helper, dir string) (*tree.Set, *os.File, error) {
	key, err := rootKey(p, helper)
	if err != nil {
		return nil, nil, err
	}
	s.Progress.Report(progress.Event{Step: "root", Text: "Making the root file system"})
	kept := filepath.Join(s.CacheDir, "roots", key+".tar")
	if !s.Clean {
		t, f, err := readKept(ctx, kept)
		if err == nil || ctx.Err() != nil {
			s.Log.Info("root taken from the cache", "file", kept)
			return t, f, err
		}
		s.Log.Info("no root in the cache", "reason", err)
	}
	spool, err := os.Create(filepath.Join(dir, "root.tar"))
	if err != nil {
		return nil, nil, err
	}
	t, err := s.mmdebstrap(ctx, p, x, helper, dir, spool)
	if err == nil {
		err = keepRoot(spool, kept)
	}
	if err != nil {
		spool.Close()
		return nil, nil, err
	}
	return t, spool, nil
}

// readKept opens a root of the cache and notes that it was used.
func readKept(ctx context.Context, kept string) (*tree.Set, *os.File, error) {
	f, err := os.Open(kept)
	if err != nil {
		return nil, nil, err
	}
	t, err := tree.FromTarFile(ctx, f)
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	now := time.Now()
	_ = os.Chtimes(kept, now, now) // the age only says which root goes first
	return t, f, nil
}

// rootKey is the hash of everything that decides a bootstrapped root.
func rootKey(p plan.Plan, helper string) (string, error) {
	names := make([]string, len(p.Packages))
	for i, k := range p.Packages {
		names[i] = k.Name + " " + k.SHA256
	}
	data, err := json.Marshal([]any{
		names, mmdebstrapArgs(p), customize, configure.ChrootFiles(p.Design), configure.ChrootScript(p.Design),
		p.Date.Unix(), filepath.Base(helper),
	})
	if err != nil {
		return "", fmt.Errorf("name the root: %w", err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// wanted are the packages that were asked for by name; the rest comes with
// them.
func wanted(p plan.Plan) []string {
	var names []string
	for _, k := range p.Packages {
		if k.Reason == catalog.ReasonBase || k.Reason == catalog.ReasonTicked {
			names = append(names, k.Name)
		}
	}
	return names
}

// keptRoots is how many bootstrapped roots stay in the cache.
const keptRoots = 3

// keepRoot moves a finished root into the cache and drops the oldest. It is
// flushed first: half a root after a power cut would look like a whole one.
func keepRoot(tar *os.File, kept string) error {
	err := os.MkdirAll(filepath.Dir(kept), 0o755)
	if err == nil {
		err = tar.Sync()
	}
	if err == nil {
		err = os.Rename(tar.Name(), kept)
	}
	if err != nil {
		return fmt.Errorf("keep the root: %w", err)
	}
	return pruneOldest(filepath.Dir(kept), keptRoots)
}

// mmdebstrap installs the plan's packages in the helper root and reads the
// result as a tar stream into spool.
func (s *System) mmdebstrap(ctx context.Context, p plan.Plan, x *index, helper, dir string, spool *os.File) (*tree.Set, error) {
	repo, hooks := filepath.Join(dir, "repo"), filepath.Join(dir, "hooks")
	records, err := x.records(p.Packages)
	if err != nil {
		return nil, err
	}
	if err := archive.WriteRepo(ctx, repo, p.Design.Release, p.Design.Architecture, p.Date, records); err != nil {
		return nil, err
	}
	// The mount point of the package files.
	if err := os.Mkdir(filepath.Join(repo, "pool"), 0o755); err != nil {
		return nil, err
	}
	if err := writeHooks(hooks, p); err != nil {
		return nil, fmt.Errorf("write the hooks: %w", err)
	}
	spec := sandbox.Spec{
		Root: helper,
		Binds: []sandbox.Bind{
			{Host: repo, Inside: "/archive"},
			{Host: filepath.Join(s.pool(), "pool"), Inside: "/archive/pool"},
			{Host: hooks, Inside: "/hooks"},
		},
		Tmpfs: map[string]int64{"/tmp": 0},
		Args:  mmdebstrapArgs(p), Env: env(p.Date), Dir: "/scratch",
	}
	if err := s.workSpace(&spec, p, dir); err != nil {
		return nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	done := make(chan error, 1)
	go func() {
		err := sandbox.Run(ctx, spec, sandbox.Streams{Stdout: w, Line: s.followBootstrap(len(p.Packages))})
		w.Close()
		done <- err
	}()
	t, readErr := tree.FromTar(ctx, r, spool)
	r.Close()
	err = <-done
	if readErr != nil && !errors.Is(readErr, io.ErrUnexpectedEOF) && ctx.Err() == nil {
		// mmdebstrap failed because nobody read on.
		return nil, readErr
	}
	if err != nil {
		return nil, bootstrapError(err)
	}
	return t, readErr
}

// mmdebstrapArgs is the command line inside the helper root.
func mmdebstrapArgs(p plan.Plan) []string {
	return []string{
		"/usr/bin/mmdebstrap", "--verbose", "--mode=root", "--variant=apt", "--format=tar",
		// A user namespace cannot make device nodes; the live system has them
		// from devtmpfs. Left out for root too, so that both give the same.
		"--skip=output/mknod",
		"--include=" + strings.Join(wanted(p), ","),
		`--aptopt=APT::Install-Recommends "false"`,
		`--aptopt=APT::Sandbox::User "root"`,
		"--dpkgopt=force-unsafe-io",
		// apt runs inside the new root and has to see the archive there.
		`--setup-hook=mkdir -p "$1"/archive && mount --rbind /archive "$1"/archive`,
		`--customize-hook=umount -R "$1"/archive && rmdir "$1"/archive`,
		"--customize-hook=/hooks/customize",
		p.Design.Release, "-", "/hooks/sources.list",
	}
}

// customize is mmdebstrap's hook for a finished system.
const customize = `#!/bin/sh
# Puts the files in place that the packages' own programs read, then runs those.
set -eu
cp -R /hooks/files/. "$1"/
chroot "$1" /bin/sh -eu -c "$(cat /hooks/script)"
`

// writeHooks writes what mmdebstrap reads besides packages.
func writeHooks(dir string, p plan.Plan) error {
	if err := os.MkdirAll(filepath.Join(dir, "files"), 0o755); err != nil {
		return err
	}
	files := map[string]string{
		"customize":    customize,
		"script":       configure.ChrootScript(p.Design),
		"sources.list": "deb [trusted=yes] file:///archive " + p.Design.Release + " main\n",
	}
	for name, content := range configure.ChrootFiles(p.Design) {
		files["files/"+name] = content
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		mode := fs.FileMode(0o644)
		if name == "customize" {
			mode = 0o755
		}
		if err := os.WriteFile(path, []byte(files[name]), mode); err != nil {
			return err
		}
	}
	return nil
}

// workSpace gives mmdebstrap memory to unpack in where there is enough, because
// dpkg is several times faster there and nothing has to be removed afterwards;
// else a folder on disk.
func (s *System) workSpace(spec *sandbox.Spec, p plan.Plan, dir string) error {
	need := p.Sizes.Installed*3/2 + 256<<20
	free, err := availableMemory()
	if err != nil {
		return err
	}
	if free > need+1<<30 && !s.WorkOnDisk {
		spec.Tmpfs["/scratch"] = need * 2
		return nil
	}
	s.Log.Info("unpacking on disk", "memory", free, "needed", need)
	work := filepath.Join(dir, "unpack")
	if err := os.Mkdir(work, 0o755); err != nil {
		return err
	}
	spec.Binds = append(spec.Binds, sandbox.Bind{Host: work, Inside: "/scratch", Writable: true})
	return nil
}

// availableMemory is what the kernel thinks can be used without swapping, in
// bytes.
func availableMemory() (int64, error) {
	data, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(data)) {
		var kib int64
		if n, _ := fmt.Sscanf(line, "MemAvailable: %d kB", &kib); n == 1 {
			return kib << 10, nil
		}
	}
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		return 0, err
	}
	return int64(info.Freeram) * int64(info.Unit), nil
}

// followBootstrap turns mmdebstrap's lines into progress: each package is
// unpacked once and set up once.
func (s *System) followBootstrap(packages int) func(string) {
	e := progress.Event{Step: "root", Total: int64(2 * packages), Unit: "package steps"}
	return func(line string) {
		s.Log.Info(line, "program", "mmdebstrap")
		switch {
		case strings.HasPrefix(line, "Unpacking "), strings.HasPrefix(line, "Setting up "):
			// A package that has to be repaired is set up twice.
			e.Done = min(e.Done+1, e.Total)
			e.Text, _, _ = strings.Cut(line, " (")
		case strings.HasPrefix(line, "update-initramfs: Generating"):
			e.Text = "Making the initrd"
		case strings.HasPrefix(line, "I: creating tarball"):
			e.Text = "Reading the finished root"
		default:
			return
		}
		s.Progress.Report(e)
	}
}
