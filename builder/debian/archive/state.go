package archive

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/internal/progress"
)

// State is what the archive held at one moment: authenticated package lists in
// the cache. Its ID hashes the suites' names and their lists, so two states
// with one ID have the same packages, whoever signed them when.
type State struct {
	catalog.State
	// Release, Arch and Components are what was asked for.
	Release, Arch string
	Components    []string
	config        Config
	lists         []list
}

// Fetch gives the state that the configuration asks for: the pinned one, the
// newest in the cache when offline, else the archive's present one, whose
// lists are downloaded unless they are in the cache. Errors are *Error where
// the archive or the network is at fault.
func Fetch(ctx context.Context, c Config, sink progress.Sink) (*State, error) {
	c, err := c.normal()
	if err != nil {
		return nil, err
	}
	unlock, err := lockFile(ctx, filepath.Join(c.CacheDir, "states", ".lock"))
	if err != nil {
		return nil, fmt.Errorf("lock the cache of archive states: %w", err)
	}
	defer unlock()
	store := stateStore{c}
	if c.Want != "" {
		if s, err := store.load(c.Want); err == nil && s.matches(c) {
			return s, store.touch(s)
		}
	}
	if c.Offline {
		return store.newest()
	}
	s, err := fetchState(ctx, c, store, sink)
	if errors.Is(err, ErrHash) {
		// The mirror may have changed between the signed file and the lists.
		s, err = fetchState(ctx, c, store, sink)
	}
	return s, err
}

func fetchState(ctx context.Context, c Config, store stateStore, sink progress.Sink) (*State, error) {
	sink.Report(progress.Event{Step: "catalogue", Text: "asking the archive for its state"})
	suites := c.suites()
	releases, err := fetchReleases(ctx, c, suites)
	if err != nil {
		return nil, err
	}
	s, err := newState(c, suites, releases)
	if err != nil {
		return nil, err
	}
	if c.Want != "" && s.ID != c.Want {
		return nil, &Error{Kind: ErrGone, URL: c.Mirror, Hint: "take the present state into the project, or use a mirror that still has the pinned one",
			Err: fmt.Errorf("%s is not in the cache and the mirror now has %s of %s", c.Want, s.ID, s.Date.Format(time.DateOnly))}
	}
	// A pin names the lists by hash, which is stronger than any date.
	if c.Want == "" {
		if err := checkFresh(store, suites, releases, c.Now); err != nil {
			return nil, err
		}
	}
	if err := store.fetchLists(ctx, s, suites, releases, sink); err != nil {
		return nil, err
	}
	if err := store.save(s, suites, releases); err != nil {
		return nil, fmt.Errorf("keep archive state: %w", err)
	}
	return s, nil
}

// fetchReleases gets and authenticates the InRelease of each suite. Of several
// errors the first suite's counts.
func fetchReleases(ctx context.Context, c Config, suites []suite) ([]*release, error) {
	releases, errs := make([]*release, len(suites)), make([]error, len(suites))
	var all sync.WaitGroup
	for i, s := range suites {
		all.Go(func() { releases[i], errs[i] = fetchRelease(ctx, c, s) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return releases, nil
}

func fetchRelease(ctx context.Context, c Config, s suite) (*release, error) {
	url := s.url("InRelease")
	data, err := fetchSmall(ctx, c, url)
	var e *Error
	if errors.As(err, &e) && e.Kind == ErrNotFound {
		e.Hint = "check the name of the release and the mirror: this mirror does not have it"
	}
	if err != nil {
		return nil, err
	}
	r, err := openRelease(url, data, c.Keyring, c.Now)
	if err != nil {
		return nil, err
	}
	r.signed = data
	return r, r.checkName(s, url)
}

// newState derives the state from what the suites' releases promise.
func newState(c Config, suites []suite, releases []*release) (*State, error) {
	s := &State{Release: c.Release, Arch: c.Arch, Components: c.Components, config: c}
	for i, r := range releases {
		lists, err := r.lists(suites[i], c)
		if err != nil {
			return nil, err
		}
		s.lists = append(s.lists, lists...)
		if r.Date.After(s.Date) {
			s.Date = r.Date
		}
	}
	s.describe()
	return s, nil
}

// describe fills in what follows from the lists.
func (s *State) describe() {
	lines := make([]string, len(s.lists))
	s.Sources = nil
	for i, l := range s.lists {
		lines[i] = fmt.Sprintf("%s %s %s %s\n", l.Suite, l.Component, l.Arch, l.SHA256)
		if l.Arch != "all" {
			s.Sources = append(s.Sources, l.Suite+" "+l.Component)
		}
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "")))
	s.ID = "sha256:" + hex.EncodeToString(sum[:])
}

// checkFresh refuses releases outside their validity or older than those seen
// before, which someone between here and the archive could replay.
func checkFresh(store stateStore, suites []suite, releases []*release, now time.Time) error {
	seen := store.seen()
	for i, r := range releases {
		url := suites[i].url("InRelease")
		if err := r.checkTime(url, now); err != nil {
			return err
		}
		if before := seen[suites[i].Name]; r.Date.Before(before) {
			return &Error{Kind: ErrRollback, URL: url,
				Hint: "this mirror is behind or an old copy is being replayed: try again later, use another mirror, or --offline for the newer state in the cache",
				Err:  fmt.Errorf("it is from %s, one from %s is known", r.Date.Format(time.RFC3339), before.Format(time.RFC3339))}
		}
	}
	return nil
}

// matches tells whether the state is one that the configuration asks for.
func (s *State) matches(c Config) bool {
	return s.Release == c.Release && s.Arch == c.Arch && slices.Equal(s.Components, c.Components)
}

// newestFirst orders states by the date of their newest part.
func newestFirst(a, b *State) int { return cmp.Or(b.Date.Compare(a.Date), strings.Compare(a.ID, b.ID)) }
