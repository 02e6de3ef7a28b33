package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/internal/progress"

	"golang.org/x/sync/errgroup"
)

// keepStates is how many states stay in the cache.
const keepStates = 5

// stateStore is the part of the cache that holds states:
//
//	states/HASH/state.json       what it is; the date of the file is its last use
//	states/HASH/SUITE.InRelease  the signed file it was made from
//	states/seen.json             newest date seen of each suite
//	lists/HASH                   a Packages file, by the SHA-256 of its text
type stateStore struct{ c Config }

// stateFile is state.json.
type stateFile struct {
	ID         string    `json:"id"`
	Date       time.Time `json:"date"`
	Release    string    `json:"release"`
	Arch       string    `json:"arch"`
	Components []string  `json:"components"`
	Lists      []list    `json:"lists"`
}

func (st stateStore) dir(id string) string {
	return filepath.Join(st.c.CacheDir, "states", strings.TrimPrefix(id, "sha256:"))
}

func (st stateStore) listPath(hash string) string {
	return filepath.Join(st.c.CacheDir, "lists", hash)
}

// load reads a state of the cache; it fails unless all its lists are there.
func (st stateStore) load(id string) (*State, error) {
	if !isSHA256(strings.TrimPrefix(id, "sha256:")) {
		return nil, fmt.Errorf("%q is no ID of an archive state", clip(id))
	}
	data, err := os.ReadFile(filepath.Join(st.dir(id), "state.json"))
	if err != nil {
		return nil, err
	}
	var f stateFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("read archive state: %w", err)
	}
	s := &State{State: catalog.State{Date: f.Date}, Release: f.Release, Arch: f.Arch, Components: f.Components, config: st.c, lists: f.Lists}
	s.describe()
	if s.ID != id {
		return nil, fmt.Errorf("archive state %s in the cache is damaged", id)
	}
	for _, l := range s.lists {
		if info, err := os.Stat(st.listPath(l.SHA256)); err != nil || info.Size() != l.Size {
			return nil, fmt.Errorf("archive state %s in the cache lacks a list", id)
		}
	}
	return s, nil
}

// all gives every whole state of the cache.
func (st stateStore) all() []*State {
	entries, _ := os.ReadDir(filepath.Join(st.c.CacheDir, "states"))
	var out []*State
	for _, e := range entries {
		if s, err := st.load("sha256:" + e.Name()); err == nil {
			out = append(out, s)
		}
	}
	return out
}

// newest gives the newest state of the configuration without the network.
func (st stateStore) newest() (*State, error) {
	e := &Error{Kind: ErrOffline, Hint: "run once with a network, without --offline"}
	if st.c.Want != "" {
		e.Err = fmt.Errorf("the pinned archive state %s was never fetched, or dropped since", st.c.Want)
		return nil, e
	}
	states := slices.DeleteFunc(st.all(), func(s *State) bool { return !s.matches(st.c) })
	if len(states) == 0 {
		e.Err = fmt.Errorf("no state of %s (%s, %s) was ever fetched", st.c.Release, st.c.Arch, strings.Join(st.c.Components, " "))
		return nil, e
	}
	s := slices.MinFunc(states, newestFirst)
	return s, st.touch(s)
}

func (st stateStore) touch(s *State) error {
	return os.Chtimes(filepath.Join(st.dir(s.ID), "state.json"), st.c.Now, st.c.Now)
}

// seen gives the newest date of each suite; a damaged file counts as none.
func (st stateStore) seen() map[string]time.Time {
	seen := map[string]time.Time{}
	if data, err := os.ReadFile(filepath.Join(st.c.CacheDir, "states", "seen.json")); err == nil {
		_ = json.Unmarshal(data, &seen)
	}
	return seen
}

// save writes a state whose lists are in place, notes its dates and drops the
// states that were not used for longest.
func (st stateStore) save(s *State, suites []suite, releases []*release) error {
	dir := st.dir(s.ID)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	seen := st.seen()
	for i, r := range releases {
		if err := writeAside(filepath.Join(dir, suites[i].Name+".InRelease"), r.signed); err != nil {
			return err
		}
		if r.Date.After(seen[suites[i].Name]) {
			seen[suites[i].Name] = r.Date
		}
	}
	data, err := json.MarshalIndent(stateFile{s.ID, s.Date, s.Release, s.Arch, s.Components, s.lists}, "", "\t")
	if err != nil {
		return err
	}
	// state.json comes last: a folder without it is no state.
	if err := writeAside(filepath.Join(dir, "state.json"), data); err != nil {
		return err
	}
	if err := st.touch(s); err != nil {
		return err
	}
	if data, err = json.MarshalIndent(seen, "", "\t"); err != nil {
		return err
	}
	if err := writeAside(filepath.Join(st.c.CacheDir, "states", "seen.json"), data); err != nil {
		return err
	}
	return st.prune()
}

// prune keeps the states used last and the lists that they need.
func (st stateStore) prune() error {
	root := filepath.Join(st.c.CacheDir, "states")
	entries, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	type used struct {
		dir  string
		when time.Time
	}
	var states []used
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		u := used{dir: filepath.Join(root, e.Name())}
		if info, err := os.Stat(filepath.Join(u.dir, "state.json")); err == nil {
			u.when = info.ModTime()
		}
		states = append(states, u)
	}
	slices.SortFunc(states, func(a, b used) int { return b.when.Compare(a.when) })
	for _, u := range states[min(keepStates, len(states)):] {
		if err := os.RemoveAll(u.dir); err != nil {
			return err
		}
	}
	needed := map[string]bool{}
	for _, s := range st.all() {
		for _, l := range s.lists {
			needed[l.SHA256] = true
		}
	}
	lists, err := os.ReadDir(filepath.Join(st.c.CacheDir, "lists"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range lists {
		if !needed[e.Name()] {
			if err := os.Remove(st.listPath(e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// fetchLists downloads the lists that the cache lacks, in parallel.
func (st stateStore) fetchLists(ctx context.Context, s *State, suites []suite, releases []*release, sink progress.Sink) error {
	type job struct {
		list list
		pack packed
	}
	var jobs []job
	total := int64(0)
	for _, l := range s.lists {
		i := slices.IndexFunc(suites, func(s suite) bool { return s.Name == l.Suite })
		if info, err := os.Stat(st.listPath(l.SHA256)); err == nil && info.Size() == l.Size {
			continue
		}
		p, err := releases[i].packed(suites[i], l)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(jobs, func(j job) bool { return j.list.SHA256 == l.SHA256 }) {
			jobs = append(jobs, job{l, p})
			total += p.size
		}
	}
	count := progress.NewCounter(sink, progress.Event{Step: "catalogue", Text: "downloading package lists", Total: total})
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(connections)
	for _, j := range jobs {
		group.Go(func() error { return st.fetchList(ctx, j.list, j.pack, count) })
	}
	return group.Wait()
}

// packed is how a list lies on the server.
type packed struct {
	blob
	ext   string
	plain string // the URL by name, where blob.url is the one by hash
}

// packed chooses the compression of a list; xz is the smallest that Debian
// has.
func (r *release) packed(s suite, l list) (packed, error) {
	for _, ext := range []string{".xz", ".gz", ""} {
		f, ok := r.Files[l.path()+ext]
		if !ok {
			continue
		}
		p := packed{blob{s.url(l.path() + ext), f.Size, f.SHA256}, ext, s.url(l.path() + ext)}
		if r.ByHash {
			p.url = s.url(path.Dir(l.path()) + "/by-hash/SHA256/" + f.SHA256)
		}
		return p, nil
	}
	return packed{}, &Error{Kind: ErrNotFound, URL: s.url(l.path()), Hint: hintMirror}
}

func (st stateStore) fetchList(ctx context.Context, l list, p packed, count *progress.Counter) error {
	file := st.listPath(l.SHA256) + orElse(p.ext, ".text")
	err := fetchBlob(ctx, st.c, p.blob, file, count.Add)
	if errors.Is(err, ErrNotFound) && p.url != p.plain {
		p.url = p.plain
		err = fetchBlob(ctx, st.c, p.blob, file, count.Add)
	}
	if err != nil {
		return err
	}
	defer os.Remove(file)
	return st.unpackList(ctx, l, p, file)
}

// unpackList decompresses a list and checks the text's own hash.
func (st stateStore) unpackList(ctx context.Context, l list, p packed, file string) (err error) {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	r, err := decompress(p.ext, ctxReader{ctx, in})
	if err != nil {
		return fmt.Errorf("decompress %s: %w", p.url, err)
	}
	defer r.Close()
	out, err := os.CreateTemp(filepath.Dir(file), l.SHA256+".*.part")
	if err != nil {
		return err
	}
	defer func() {
		out.Close()
		if err != nil {
			os.Remove(out.Name())
		}
	}()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, sum), io.LimitReader(r, l.Size+1))
	if err != nil {
		return fmt.Errorf("decompress %s: %w", p.url, err)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); n != l.Size || got != l.SHA256 {
		return &Error{Kind: ErrHash, URL: p.url, Hint: hintMirror, Err: errors.New("the list in it is another than the signed one")}
	}
	return os.Rename(out.Name(), st.listPath(l.SHA256))
}
