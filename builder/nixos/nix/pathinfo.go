package nix

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
)

// PathInfo is what a store knows of a store path.
type PathInfo struct {
	Path string
	// NarHash is the hash of its NAR ("sha256-…="), NarSize its size in bytes.
	NarHash string
	NarSize int64
	// References are the store paths it refers to, itself too where it does.
	References []string
	// Deriver is the derivation that made it, empty where unknown.
	Deriver string
	// ClosureSize is the NAR size of everything it needs; DownloadSize and
	// ClosureDownloadSize are compressed bytes in a cache. 0 where not asked
	// for or not known.
	ClosureSize         int64
	DownloadSize        int64
	ClosureDownloadSize int64
}

// PathInfo gives the closure of paths in this computer's store, sorted by
// path.
func (n *Nix) PathInfo(ctx context.Context, paths ...string) ([]PathInfo, error) {
	return n.pathInfo(ctx, paths, append(n.keeping(), "--recursive")...)
}

// Sizes tells what store ("https://cache.nixos.org"; empty: this computer's)
// knows of the paths, with the sizes of their closures. Paths that it does not
// have are left out.
func (n *Nix) Sizes(ctx context.Context, store string, paths ...string) ([]PathInfo, error) {
	flags := []string{"--closure-size"}
	if store != "" {
		flags = append(flags, "--store", store)
	} else {
		flags = append(flags, n.keeping()...)
	}
	return n.pathInfo(ctx, paths, flags...)
}

// SizesAnywhere asks this computer's store and then the caches for the sizes of
// closures, before anything of them is here. What nobody knows, or what cannot
// be asked, is left out; the only error is ctx's.
func (n *Nix) SizesAnywhere(ctx context.Context, paths ...string) ([]PathInfo, error) {
	var known []PathInfo
	for _, store := range append([]string{""}, n.Substituters...) {
		if len(paths) == 0 {
			break
		}
		infos, err := n.Sizes(ctx, store, paths...)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			continue
		}
		known = append(known, infos...)
		paths = slices.DeleteFunc(slices.Clone(paths), func(path string) bool {
			return slices.ContainsFunc(infos, func(i PathInfo) bool { return i.Path == path })
		})
	}
	return known, nil
}

func (n *Nix) pathInfo(ctx context.Context, paths []string, flags ...string) ([]PathInfo, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	var out bytes.Buffer
	args := slices.Concat([]string{"path-info", "--json"}, flags)
	if n.Version.Name != "Lix" && n.Version.AtLeast(2, 33) {
		args = append(args, "--json-format", "1")
	}
	if err := n.call(ctx, &out, append(args, paths...)...); err != nil {
		return nil, fmt.Errorf("ask the store: %w", err)
	}
	return decodePathInfo(out.Bytes(), n.StoreDir)
}

// infoAnswer is one path in all of nix's forms.
type infoAnswer struct {
	Path                string          `json:"path"`
	Valid               *bool           `json:"valid"`
	NarHash             json.RawMessage `json:"narHash"`
	NarSize             int64           `json:"narSize"`
	References          []string        `json:"references"`
	Deriver             *string         `json:"deriver"`
	ClosureSize         *int64          `json:"closureSize"`
	DownloadSize        *int64          `json:"downloadSize"`
	ClosureDownloadSize *int64          `json:"closureDownloadSize"`
}

// versionedAnswer is the form of format 2 and later.
type versionedAnswer struct {
	Version  int                    `json:"version"`
	StoreDir string                 `json:"storeDir"`
	Info     map[string]*infoAnswer `json:"info"`
}

// decodePathInfo reads what `nix path-info --json` prints: a list (before
// 2.19 and Lix), an object by path, or one with a version and base names
// (2.33 and later). Paths that the store does not have are left out.
func decodePathInfo(text []byte, storeDir string) ([]PathInfo, error) {
	byPath := map[string]*infoAnswer{}
	var list []*infoAnswer
	var versioned versionedAnswer
	trimmed := bytes.TrimSpace(text)
	switch {
	case bytes.HasPrefix(trimmed, []byte("[")):
		if err := decode(text, &list); err != nil {
			return nil, err
		}
		for _, a := range list {
			if a != nil && a.Path != "" {
				byPath[a.Path] = a
			}
		}
	case json.Unmarshal(text, &versioned) == nil && versioned.Info != nil:
		byPath = versioned.Info
		storeDir = cmp.Or(versioned.StoreDir, storeDir)
	default:
		if err := decode(text, &byPath); err != nil {
			return nil, err
		}
	}
	infos := []PathInfo{}
	for name, a := range byPath {
		if a == nil || a.Valid != nil && !*a.Valid || len(a.NarHash) == 0 {
			continue
		}
		info, err := a.info(name, storeDir)
		if err != nil {
			return nil, fmt.Errorf("store path %q: %w", name, err)
		}
		infos = append(infos, info)
	}
	slices.SortFunc(infos, func(a, b PathInfo) int { return cmp.Compare(a.Path, b.Path) })
	return infos, nil
}

// info gives base names their folder and the hash its usual form.
func (a *infoAnswer) info(name, storeDir string) (PathInfo, error) {
	hash, err := narHash(a.NarHash)
	if err != nil {
		return PathInfo{}, err
	}
	if a.NarSize < 0 {
		return PathInfo{}, fmt.Errorf("%w: size %d", errNotOurs, a.NarSize)
	}
	whole := func(p string) string {
		if p == "" || strings.HasPrefix(p, "/") {
			return p
		}
		return path.Join(storeDir, p)
	}
	p := PathInfo{
		Path: whole(name), NarHash: hash, NarSize: a.NarSize,
		ClosureSize: orZero(a.ClosureSize), DownloadSize: orZero(a.DownloadSize),
		ClosureDownloadSize: orZero(a.ClosureDownloadSize),
	}
	for _, r := range a.References {
		p.References = append(p.References, whole(r))
	}
	if a.Deriver != nil && *a.Deriver != "unknown-deriver" {
		p.Deriver = whole(*a.Deriver)
	}
	return p, nil
}

func orZero(n *int64) int64 {
	if n == nil {
		return 0
	}
	return max(0, *n)
}
