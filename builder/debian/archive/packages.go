package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/catalog"

	"golang.org/x/sync/errgroup"
)

// Record is one package in one version, as its stanza in a Packages file says.
// The relations are raw, as written there.
type Record struct {
	Name, Version, Architecture string
	Depends, PreDepends         string
	Provides, Conflicts, Breaks string
	Priority, Section           string
	// Summary is the short description.
	Summary string
	// Filename is the place in the archive ("pool/…").
	Filename string
	SHA256   string
	// Size of the file and Installed are bytes.
	Size, Installed int64
	Essential       bool
	// Suite, Component and URL say where it comes from.
	Suite, Component string
	base             string
	// Stanza is the whole text without the empty line after it.
	Stanza string
}

// URL is where the package's file is.
func (r *Record) URL() string { return r.base + "/" + r.Filename }

// Field gives any field of the stanza, with its further lines.
func (r *Record) Field(name string) string {
	for field, value := range fields(r.Stanza) {
		if strings.EqualFold(field, name) {
			return value
		}
	}
	return ""
}

// Package gives the record in the form that all distributions share.
func (r *Record) Package(reason string) catalog.Package {
	return catalog.Package{
		Name: r.Name, Version: r.Version, Architecture: r.Architecture, Component: r.Component, Summary: r.Summary,
		Download: r.Size, Installed: r.Installed, URL: r.URL(), Filename: r.Filename, SHA256: r.SHA256, Reason: reason,
	}
}

// Load reads the packages of the state. The lists are checked against their
// hashes again, so a damaged cache is noticed.
func (s *State) Load(ctx context.Context) (*Index, error) {
	var x *Index
	done := make(chan error, 1)
	// It only reads and computes, so it may come to its end unobserved.
	go func() {
		var err error
		x, err = s.load()
		done <- err
	}()
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case err := <-done:
		return x, err
	}
}

func (s *State) load() (*Index, error) {
	parts := make([][]Record, len(s.lists))
	var group errgroup.Group
	for i, l := range s.lists {
		group.Go(func() (err error) {
			parts[i], err = s.loadList(l)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return newIndex(slices.Concat(parts...)), nil
}

func (s *State) loadList(l list) ([]Record, error) {
	path := filepath.Join(s.config.CacheDir, "lists", l.SHA256)
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read package list: %w", err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != l.SHA256 {
		os.Remove(path) // so that the next run fetches it
		return nil, &Error{Kind: ErrHash, URL: path, Hint: "the cache was damaged: run it once more with a network"}
	}
	records, err := parsePackages(string(data))
	if err != nil {
		return nil, &Error{Kind: ErrFormat, URL: l.Suite + " " + l.path(), Err: err, Hint: hintMirror}
	}
	base := s.config.Mirror
	for _, suite := range s.config.suites() {
		if suite.Name == l.Suite {
			base = suite.Base
		}
	}
	for i := range records {
		records[i].Suite, records[i].Component, records[i].base = l.Suite, l.Component, base
	}
	return records, nil
}

// parsePackages reads a Packages file. Every stanza needs what identifies and
// fetches the package.
func parsePackages(text string) ([]Record, error) {
	records := make([]Record, 0, len(text)/800)
	for offset, stanza := range stanzas(text) {
		r, err := parseStanza(stanza)
		if err != nil {
			return nil, fmt.Errorf("stanza at byte %d: %w", offset, err)
		}
		records = append(records, r)
	}
	return records, nil
}

// stanzas cuts a text at its empty lines.
func stanzas(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		offset := 0
		for offset < len(text) {
			rest := text[offset:]
			skip := len(rest) - len(strings.TrimLeft(rest, "\n"))
			if skip > 0 {
				offset += skip
				continue
			}
			end := strings.Index(rest, "\n\n")
			if end < 0 {
				end = len(strings.TrimRight(rest, "\n"))
			}
			if !yield(offset, rest[:end]) {
				return
			}
			offset += end
		}
	}
}

// fields gives the fields of a stanza in order. A value keeps its further
// lines.
func fields(stanza string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for stanza != "" {
			end := 0
			for {
				i := strings.IndexByte(stanza[end:], '\n')
				if i < 0 {
					end = len(stanza)
					break
				}
				end += i
				if end+1 == len(stanza) || stanza[end+1] != ' ' && stanza[end+1] != '\t' {
					break
				}
				end++
			}
			field := stanza[:end]
			stanza = stanza[min(end+1, len(stanza)):]
			name, value, ok := strings.Cut(field, ":")
			if ok && name[:min(1, len(name))] != "#" && !yield(name, strings.TrimSpace(value)) {
				return
			}
		}
	}
}

func parseStanza(stanza string) (Record, error) {
	r := Record{Stanza: stanza}
	for name, value := range fields(stanza) {
		if err := r.set(name, value); err != nil {
			return r, fmt.Errorf("%s %q: %w", name, clip(value), err)
		}
	}
	for _, f := range [...]struct{ name, value string }{
		{"Package", r.Name}, {"Version", r.Version}, {"Architecture", r.Architecture}, {"Filename", r.Filename}, {"SHA256", r.SHA256},
	} {
		if f.value == "" {
			return r, fmt.Errorf("package %q has no %s", clip(r.Name), f.name)
		}
	}
	// The name becomes a path in the pool and in the helper.
	if !filepath.IsLocal(r.Filename) || strings.ContainsAny(r.Filename, "\\\n\x00") || !isSHA256(r.SHA256) {
		return r, fmt.Errorf("package %q has a file name or hash that cannot be", clip(r.Name))
	}
	return r, nil
}

// set takes one field. The names are compared as Debian writes them, which
// saves a third of the time.
func (r *Record) set(name, value string) (err error) {
	switch name {
	case "Package":
		r.Name = value
	case "Version":
		r.Version = value
	case "Architecture":
		r.Architecture = value
	case "Depends":
		r.Depends = value
	case "Pre-Depends":
		r.PreDepends = value
	case "Provides":
		r.Provides = value
	case "Conflicts":
		r.Conflicts = value
	case "Breaks":
		r.Breaks = value
	case "Priority":
		r.Priority = value
	case "Section":
		r.Section = value
	case "Description":
		r.Summary, _, _ = strings.Cut(value, "\n")
	case "Filename":
		r.Filename = value
	case "SHA256":
		r.SHA256 = value
	case "Essential":
		r.Essential = value == "yes"
	case "Size":
		r.Size, err = strconv.ParseInt(value, 10, 64)
	case "Installed-Size":
		r.Installed, err = strconv.ParseInt(value, 10, 64)
		r.Installed *= 1024
	}
	return err
}
