package nixpkgs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"

	"github.com/isowright/isowright/builder/catalog/sealed"
	"github.com/isowright/isowright/builder/catalog/search"
)

// Catalogue is what one channel offers. It can be used by several goroutines
// until it is closed.
type Catalogue struct {
	info     Info
	packages *search.Index
	options  *search.Index
	file     *sealed.File       // nil: built in
	builtin  map[string]Package // of the built-in list
}

// Open reads the catalogue of a channel from the folder, without a network. The
// kinds of its errors are ErrMissing, ErrDamaged, ErrVersion and ErrChannel;
// Load deals with them.
func Open(dir, channel string) (*Catalogue, error) {
	if !channelPattern.MatchString(channel) {
		return nil, &Error{Kind: ErrChannel, URL: channel, Hint: hintChannel}
	}
	path := Path(dir, channel)
	file, info, err := openFile(path)
	if err != nil {
		return nil, err
	}
	c := &Catalogue{info: info, file: file}
	if err := c.load(); err != nil {
		file.Close()
		return nil, &Error{Kind: ErrDamaged, URL: path, Err: err}
	}
	return c, nil
}

// openFile opens a catalogue that is as it was written.
func openFile(path string) (*sealed.File, Info, error) {
	file, err := sealed.Open(path, format)
	var unusable *sealed.Error
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, Info{}, &Error{Kind: ErrMissing, URL: path}
	case errors.As(err, &unusable):
		return nil, Info{}, &Error{Kind: unusable.Kind, URL: path, Err: errors.New(unusable.Why)}
	case err != nil:
		return nil, Info{}, fmt.Errorf("open the catalogue: %w", err)
	}
	h, err := readHeadOf(file)
	if err != nil {
		file.Close()
		return nil, Info{}, &Error{Kind: ErrDamaged, URL: path, Err: err}
	}
	return file, h.info(file.Info), nil
}

// readHeadOf reads what a catalogue says of itself.
func readHeadOf(file *sealed.File) (*head, error) {
	h := new(head)
	err := file.View(bucketIndex, keyHead, func(data []byte) error { return json.Unmarshal(data, h) })
	return h, err
}

// readHead is readHeadOf for a path.
func readHead(path string) (*head, error) {
	file, _, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readHeadOf(file)
}

// load reads the search indexes into memory.
func (c *Catalogue) load() error {
	c.packages, c.options = new(search.Index), new(search.Index)
	err := c.file.View(bucketIndex, bucketPackages, c.packages.UnmarshalBinary)
	return errors.Join(err, c.file.View(bucketIndex, bucketOptions, c.options.UnmarshalBinary))
}

// Close ends the use of the catalogue.
func (c *Catalogue) Close() error {
	if c.file == nil {
		return nil
	}
	return c.file.Close()
}

// Info says what the catalogue is of.
func (c *Catalogue) Info() Info { return c.info }

// Package gives a package by its attribute.
func (c *Catalogue) Package(attr string) (Package, bool) {
	if c.file == nil {
		p, ok := c.builtin[attr]
		return p, ok
	}
	var p Package
	err := c.file.View(bucketPackages, attr, func(data []byte) error { return json.Unmarshal(data, &p) })
	return p, err == nil
}

// Option gives an option by its name.
func (c *Catalogue) Option(name string) (Option, bool) {
	if c.file == nil {
		return Option{}, false
	}
	var o Option
	err := c.file.View(bucketOptions, name, func(data []byte) error { return json.Unmarshal(data, &o) })
	return o, err == nil
}

// Search finds up to limit packages by what a person typed, the likeliest
// first: words of attributes, names, commands and summaries, from the first
// letter on. All words must be there; what lies in a set (haskellPackages …)
// comes later unless the set is named.
func (c *Catalogue) Search(query string, limit int) []Package {
	var out []Package
	for _, attr := range c.Find(query, limit) {
		if p, ok := c.Package(attr); ok {
			out = append(out, p)
		}
	}
	return out
}

// Find is Search for the attributes alone.
func (c *Catalogue) Find(query string, limit int) []string {
	found := c.packages.Search(query, limit)
	attrs := make([]string, len(found))
	for i, item := range found {
		attrs[i] = c.packages.Name(item)
	}
	return attrs
}

// Attrs are the attributes of all packages, in the list's order.
func (c *Catalogue) Attrs() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range c.packages.Len() {
			if !yield(c.packages.Name(i)) {
				return
			}
		}
	}
}

// SearchOptions finds options likewise, by words of their names and
// descriptions.
func (c *Catalogue) SearchOptions(query string, limit int) []Option {
	var out []Option
	for _, item := range c.options.Search(query, limit) {
		if o, ok := c.Option(c.options.Name(item)); ok {
			out = append(out, o)
		}
	}
	return out
}

// Near gives attributes that a name which does not exist may mean, the
// likeliest first; also those of which it is the command ("nvim").
func (c *Catalogue) Near(name string) []string { return c.packages.Near(name) }

// NearOptions gives names of options likewise.
func (c *Catalogue) NearOptions(name string) []string { return c.options.Near(name) }
