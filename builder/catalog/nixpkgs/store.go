package nixpkgs

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/catalog/groups"
	"github.com/isowright/isowright/builder/catalog/sealed"
	"github.com/isowright/isowright/builder/catalog/search"
)

// A catalogue is a sealed file, so whoever has it open may go on reading when it
// is replaced.
//
// Buckets: "packages" and "options" hold a JSON object under each name, "index"
// the search indexes "packages" and "options" and, as "head", what the
// catalogue is of.
const (
	bucketPackages = "packages"
	bucketOptions  = "options"
	bucketIndex    = "index"
	keyHead        = "head"
)

// Dir is the folder of the catalogues in the program's cache.
func Dir(cache string) string { return filepath.Join(cache, "catalogues") }

// Path is the file of a channel's catalogue.
func Path(dir, channel string) string { return filepath.Join(dir, channel+".db") }

// head is what a catalogue says of itself.
type head struct {
	Channel  string    `json:"channel"`
	Revision string    `json:"revision"`
	Release  string    `json:"release"`
	Fetched  time.Time `json:"fetched"`
	Packages int       `json:"packages"`
	Options  int       `json:"options"`
	// Tag and Modified are the server's words for the list of packages.
	Tag      string `json:"tag"`
	Modified string `json:"modified"`
}

// info adds when the file was last known to be new.
func (h *head) info(file os.FileInfo) Info {
	return Info{
		Channel: h.Channel, Revision: h.Revision, Release: h.Release, Fetched: h.Fetched, Checked: file.ModTime(),
		Packages: h.Packages, Options: h.Options,
	}
}

// format tells the files of this package; its version changes with everything
// that makes older files unreadable.
var format = sealed.Format{Magic: "isowright nixpkgs", Version: 1}

// writer fills a new catalogue.
type writer struct {
	*sealed.Writer
	packages *search.Builder
	options  *search.Builder
	listed   map[string]groups.Line
}

// newWriter starts a file.
func newWriter(path string) (*writer, error) {
	file, err := sealed.Create(path, bucketPackages, bucketOptions, bucketIndex)
	if err != nil {
		return nil, fmt.Errorf("write the catalogue: %w", err)
	}
	return &writer{
		Writer: file, listed: groups.ByName(assets.NixpkgsList),
		packages: search.NewBuilder(search.Sets), options: search.NewBuilder(search.Paths),
	}, nil
}

func (w *writer) addPackage(p Package) error {
	l, known := w.listed[p.Attr]
	boost := 0
	if known {
		boost = l.Boost()
	}
	w.packages.Add(search.Item{
		Name: p.Attr, Other: append([]string{p.PName, p.Command}, l.Keywords...), Summary: p.Summary, Boost: boost,
	})
	return w.put(bucketPackages, p.Attr, p)
}

func (w *writer) addOption(o Option) error {
	w.options.Add(search.Item{Name: o.Name, Summary: firstWords(o.Description)})
	return w.put(bucketOptions, o.Name, o)
}

// firstWords is the part of a description by which an option is found.
func firstWords(s string) string { return s[:min(len(s), 400)] }

// put writes a record.
func (w *writer) put(bucket, key string, v any) error {
	data, err := json.Marshal(v)
	if err == nil {
		err = w.Put(bucket, key, data)
	}
	if err != nil {
		return &localError{err}
	}
	return nil
}

// finish writes the indexes and the head.
func (w *writer) finish(h head) error {
	packages, err := marshal(w.packages)
	if err != nil {
		return err
	}
	options, err := marshal(w.options)
	if err != nil {
		return err
	}
	about, err := json.Marshal(h)
	if err != nil {
		return err
	}
	for key, value := range map[string][]byte{bucketPackages: packages, bucketOptions: options, keyHead: about} {
		if err := w.Put(bucketIndex, key, value); err != nil {
			return fmt.Errorf("write the catalogue: %w", err)
		}
	}
	return nil
}

func marshal(b *search.Builder) ([]byte, error) {
	x, err := b.Index()
	if err != nil {
		return nil, fmt.Errorf("index the catalogue: %w", err)
	}
	return x.MarshalBinary()
}
