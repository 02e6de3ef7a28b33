package debian

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/debian/archive"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/internal/sandbox"
)

// index is the archive in one state, with apt as the one who resolves.
type index struct {
	*archive.Index
	sys    *System
	design design.Design
	state  *archive.State
}

// index fetches a state of a design's archive; "" is the newest.
func (s *System) index(ctx context.Context, d design.Design, state string) (*index, error) {
	st, err := archive.Fetch(ctx, s.archive(d, state), s.Progress)
	if err != nil {
		return nil, withHint(err)
	}
	x, err := st.Load(ctx)
	if err != nil {
		return nil, withHint(err)
	}
	return &index{Index: x, sys: s, design: d, state: st}, nil
}

// archive says where a design's packages come from.
func (s *System) archive(d design.Design, state string) archive.Config {
	mirror, security := s.mirrors(d)
	return archive.Config{
		CacheDir: s.CacheDir, Mirror: mirror, Security: security, Release: d.Release,
		Components: append([]string{"main"}, d.Archive.Components...), Arch: d.Architecture,
		Now: s.Now, Offline: s.Offline, Want: state,
	}
}

// State is the archive's.
func (x *index) State() catalog.State { return x.state.State }

// Find gives packages by name.
func (x *index) Find(names []string) ([]catalog.Package, error) {
	if err := x.known(names); err != nil {
		return nil, err
	}
	found := make([]catalog.Package, len(names))
	for i, name := range names {
		found[i] = x.Index.Find(name).Package(catalog.ReasonBase)
	}
	return found, nil
}

// records are the archive's own records of packages.
func (x *index) records(packages []catalog.Package) ([]*archive.Record, error) {
	all := make([]*archive.Record, len(packages))
	for i, p := range packages {
		if all[i] = x.FindVersion(p.Name, p.Version); all[i] == nil || all[i].SHA256 != p.SHA256 {
			return nil, fmt.Errorf("the archive's lists do not have %s %s: plan again", p.Name, p.Version)
		}
	}
	return all, nil
}

// known refuses names that the state does not have, all at once.
func (x *index) known(names []string) error {
	var unknown []catalog.Unknown
	names = slices.Clone(names)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if x.Index.Find(name) == nil {
			unknown = append(unknown, catalog.Unknown{Name: name, Near: x.Near(name), Providers: x.Providers(name)})
		}
	}
	if unknown != nil {
		return &catalog.UnknownError{Unknown: unknown}
	}
	return nil
}

// Resolve asks apt, on an empty system, what the request would install.
func (x *index) Resolve(ctx context.Context, r catalog.Request) ([]catalog.Package, error) {
	if err := x.known(slices.Concat(r.Base, r.Ticked)); err != nil {
		return nil, err
	}
	helper, err := x.sys.helper(ctx, x.design)
	if err != nil {
		return nil, err
	}
	defer helper.Close()
	x.sys.Progress.Report(progress.Event{Step: "resolve", Text: "Resolving the packages"})
	root, err := x.aptRoot(ctx, helper.Dir)
	if err != nil {
		return nil, err
	}
	args := []string{"--simulate", "--yes", "-q", "-o", "APT::Install-Recommends=false", "install", "?essential"}
	var out bytes.Buffer
	err = x.apt(ctx, helper.Dir, root, &out, append(args, slices.Concat(r.Base, r.Ticked)...)...)
	if err != nil {
		return nil, conflict(err, out.String(), r.Ticked)
	}
	return x.packages(out.String(), r)
}

// aptRoot is apt's own folder for this state, filled once.
func (x *index) aptRoot(ctx context.Context, helper string) (string, error) {
	id := strings.TrimPrefix(x.state.ID, "sha256:")
	base := filepath.Join(x.sys.CacheDir, "apt")
	dir := filepath.Join(base, id)
	if isDir(dir) {
		now := time.Now()
		return dir, os.Chtimes(dir, now, now)
	}
	if err := os.MkdirAll(base, 0o755); err != nil {
		return "", fmt.Errorf("prepare apt: %w", err)
	}
	part, done, err := newPart(base, id)
	if err != nil {
		return "", fmt.Errorf("prepare apt: %w", err)
	}
	defer done()
	if err := x.fillAptRoot(ctx, helper, part); err != nil {
		return "", fmt.Errorf("prepare apt: %w", err)
	}
	if err := os.Rename(part, dir); err != nil && !isDir(dir) { // another run may have been faster
		return "", fmt.Errorf("prepare apt: %w", err)
	}
	return dir, pruneOldest(base, keptAptRoots)
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// keptAptRoots is how many states apt's folders are kept for; each takes about
// 120 MB.
const keptAptRoots = 2

func (x *index) fillAptRoot(ctx context.Context, helper, dir string) error {
	for _, d := range []string{"lists/partial", "archives/partial", "etc/preferences.d", "etc/apt.conf.d", "repo"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return err
		}
	}
	var all []*archive.Record
	for _, r := range x.Records() {
		all = append(all, x.Versions(r.Name)...)
	}
	if err := archive.WriteRepo(ctx, filepath.Join(dir, "repo"), x.design.Release, x.design.Architecture, x.state.Date, all); err != nil {
		return err
	}
	const conf = `Dir::State "/apt";
Dir::State::lists "/apt/lists";
Dir::State::status "/apt/status";
Dir::State::extended_states "/apt/extended_states";
Dir::Cache "/apt";
Dir::Etc "/apt/etc";
APT::Sandbox::User "root";
Acquire::Languages "none";
`
	for name, content := range map[string]string{
		"apt.conf": conf, "status": "", "etc/sources.list": "deb [trusted=yes] file:///archive " + x.design.Release + " main\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return x.apt(ctx, helper, dir, nil, "-qq", "update")
}

// apt runs apt-get in the helper root with its own folder.
func (x *index) apt(ctx context.Context, helper, dir string, out *bytes.Buffer, args ...string) error {
	streams := sandbox.Streams{Line: func(l string) { x.sys.Log.Info(l, "program", "apt-get") }}
	if out != nil {
		streams.Stdout = out
	}
	return sandbox.Run(ctx, sandbox.Spec{
		Root: helper,
		Binds: []sandbox.Bind{
			{Host: dir, Inside: "/apt", Writable: true},
			{Host: filepath.Join(dir, "repo"), Inside: "/archive"},
		},
		Tmpfs: map[string]int64{"/tmp": 0, "/scratch": 0},
		Args:  append([]string{"/usr/bin/apt-get"}, args...),
		Env:   append(env(x.state.Date), "APT_CONFIG=/apt/apt.conf"),
	}, streams)
}

// packages reads apt's simulation: "Inst NAME (VERSION ORIGIN [ARCH]) …".
func (x *index) packages(simulation string, r catalog.Request) ([]catalog.Package, error) {
	var all []catalog.Package
	for line := range strings.Lines(simulation) {
		rest, ok := strings.CutPrefix(line, "Inst ")
		if !ok {
			continue
		}
		name, rest, _ := strings.Cut(rest, " ")
		_, rest, _ = strings.Cut(rest, "(")
		version, _, ok := strings.Cut(rest, " ")
		name, _, _ = strings.Cut(name, ":")
		r := x.FindVersion(name, version)
		if !ok || r == nil {
			return nil, fmt.Errorf("apt-get chose %s %s, which the archive's lists do not have", name, version)
		}
		all = append(all, r.Package(""))
	}
	if len(all) == 0 {
		return nil, errors.New("apt-get chose no package at all")
	}
	slices.SortFunc(all, func(a, b catalog.Package) int { return strings.Compare(a.Name, b.Name) })
	x.giveReasons(all, r)
	return all, nil
}

// giveReasons says of each package who wanted it; of several the first by name.
func (x *index) giveReasons(all []catalog.Package, r catalog.Request) {
	neededBy := map[string]string{}
	for _, p := range all {
		for _, need := range x.FindVersion(p.Name, p.Version).Needs() {
			if _, ok := neededBy[need]; !ok && need != p.Name {
				neededBy[need] = p.Name
			}
		}
	}
	for i := range all {
		p := &all[i]
		by, needed := neededBy[p.Name]
		for _, alias := range x.FindVersion(p.Name, p.Version).Offers() {
			if other, ok := neededBy[alias]; ok && !needed {
				by, needed = other, true
			}
		}
		switch {
		case slices.Contains(r.Ticked, p.Name):
			p.Reason = catalog.ReasonTicked
		case slices.Contains(r.Base, p.Name), !needed:
			p.Reason = catalog.ReasonBase
		default:
			p.Reason = "needed by " + by
		}
	}
}
