package nixpkgs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/isowright/isowright/builder/catalog/search"
)

// Catalogue is what one channel offers. It can be used by several goroutines
// until it is closed.
type Catalogue struct {
	info     Info
	packages *search.Index
	options  *search.Index
	db       *bolt.DB           // nil: built in
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
	db, info, err := openFile(path)
	if err != nil {
		return nil, err
	}
	c := &Catalogue{info: info, db: db}
	if err := c.load(); err != nil {
		db.Close()
		return nil, &Error{Kind: ErrDamaged, URL: path, Err: err}
	}
	return c, nil
}

// openFile opens a catalogue that is as it was written.
func openFile(path string) (*bolt.DB, Info, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Info{}, &Error{Kind: ErrMissing, URL: path}
	}
	if err != nil {
		return nil, Info{}, fmt.Errorf("open the catalogue: %w", err)
	}
	file, err := f.Stat()
	if err == nil {
		err = checkSeal(f)
	}
	if err != nil {
		f.Close()
		return nil, Info{}, err
	}
	// bbolt gets the very file that was looked at; nobody ever locks it for
	// writing.
	db, err := bolt.Open(path, 0, &bolt.Options{
		ReadOnly: true, Timeout: 5 * time.Second, NoStatistics: true,
		OpenFile: func(string, int, os.FileMode) (*os.File, error) { return f, nil },
	})
	if err != nil {
		f.Close()
		return nil, Info{}, fmt.Errorf("open the catalogue: %w", err) // whole, but it cannot be locked or mapped
	}
	h, err := dbHead(db)
	if err != nil {
		db.Close()
		return nil, Info{}, &Error{Kind: ErrDamaged, URL: path, Err: err}
	}
	return db, h.info(file), nil
}

// dbHead reads what a catalogue says of itself.
func dbHead(db *bolt.DB) (*head, error) {
	h := new(head)
	err := view(db, bucketIndex, keyHead, func(data []byte) error { return json.Unmarshal(data, h) })
	return h, err
}

// readHead is dbHead for a file.
func readHead(path string) (*head, error) {
	db, _, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return dbHead(db)
}

var errNone = errors.New("no such record")

// view reads one record; errNone if there is none.
func view(db *bolt.DB, bucket, key string, read func([]byte) error) error {
	return db.View(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		if b == nil {
			return errNone
		}
		data := b.Get([]byte(key))
		if data == nil {
			return errNone
		}
		return read(data)
	})
}

// load reads the search indexes into memory.
func (c *Catalogue) load() error {
	c.packages, c.options = new(search.Index), new(search.Index)
	err := view(c.db, bucketIndex, bucketPackages, c.packages.UnmarshalBinary)
	return errors.Join(err, view(c.db, bucketIndex, bucketOptions, c.options.UnmarshalBinary))
}

// Close ends the use of the catalogue.
func (c *Catalogue) Close() error {
	if c.db == nil {
		return nil
	}
	return c.db.Close()
}

// Info says what the catalogue is of.
func (c *Catalogue) Info() Info { return c.info }

// Package gives a package by its attribute.
func (c *Catalogue) Package(attr string) (Package, bool) {
	if c.db == nil {
		p, ok := c.builtin[attr]
		return p, ok
	}
	var p Package
	err := view(c.db, bucketPackages, attr, func(data []byte) error { return json.Unmarshal(data, &p) })
	return p, err == nil
}

// Option gives an option by its name.
func (c *Catalogue) Option(name string) (Option, bool) {
	if c.db == nil {
		return Option{}, false
	}
	var o Option
	err := view(c.db, bucketOptions, name, func(data []byte) error { return json.Unmarshal(data, &o) })
	return o, err == nil
}

// Search finds up to limit packages by what a person typed, the likeliest
// first: words of attributes, names, commands and summaries, from the first
// letter on. All words must be there; what lies in a set (haskellPackages …)
// comes later unless the set is named.
func (c *Catalogue) Search(query string, limit int) []Package {
	var out []Package
	for _, item := range c.packages.Search(query, limit) {
		if p, ok := c.Package(c.packages.Name(item)); ok {
			out = append(out, p)
		}
	}
	return out
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
