package nixpkgs

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/isowright/isowright/builder/catalog/search"
)

// A catalogue is a bbolt file with a seal behind it. Once it has its name it is
// never changed, only replaced, so whoever has it open may go on reading.
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

// batch is how many records are written in one transaction.
const batch = 5000

// writer fills a new catalogue.
type writer struct {
	db       *bolt.DB
	tx       *bolt.Tx
	pending  int
	packages *search.Builder
	options  *search.Builder
	listed   map[string]listing
}

// newWriter starts a file, which needs no sync: it counts once it is sealed.
func newWriter(path string) (*writer, error) {
	db, err := bolt.Open(path, 0o644, &bolt.Options{
		Timeout: time.Second, NoSync: true, NoGrowSync: true, NoFreelistSync: true, NoStatistics: true,
		FreelistType: bolt.FreelistMapType, InitialMmapSize: 256 << 20,
	})
	if err != nil {
		return nil, fmt.Errorf("write the catalogue: %w", err)
	}
	w := &writer{
		db: db, listed: byAttr(),
		packages: search.NewBuilder(search.Sets), options: search.NewBuilder(search.Paths),
	}
	err = db.Update(func(tx *bolt.Tx) error {
		for _, name := range []string{bucketPackages, bucketOptions, bucketIndex} {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("write the catalogue: %w", err)
	}
	return w, nil
}

func (w *writer) addPackage(p Package) error {
	l := w.listed[p.Attr]
	w.packages.Add(search.Item{
		Name: p.Attr, Other: append([]string{p.PName, p.Command}, l.keywords...), Summary: p.Summary, Boost: l.boost,
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
func (w *writer) put(bucket, key string, v any) (err error) {
	defer func() {
		if err != nil {
			err = &localError{err}
		}
	}()
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if w.tx == nil {
		if w.tx, err = w.db.Begin(true); err != nil {
			return err
		}
	}
	b := w.tx.Bucket([]byte(bucket))
	b.FillPercent = 0.95 // the lists come in order
	if err := b.Put([]byte(key), data); err != nil {
		return err
	}
	if w.pending++; w.pending >= batch {
		return w.commit()
	}
	return nil
}

func (w *writer) commit() error {
	if w.tx == nil {
		return nil
	}
	tx := w.tx
	w.tx, w.pending = nil, 0
	return tx.Commit()
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
	if err := w.commit(); err != nil {
		return fmt.Errorf("write the catalogue: %w", err)
	}
	err = w.db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(bucketIndex))
		for key, value := range map[string][]byte{bucketPackages: packages, bucketOptions: options, keyHead: about} {
			if err := b.Put([]byte(key), value); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write the catalogue: %w", err)
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

// close ends the writing; what is unfinished is dropped.
func (w *writer) close() error {
	if w.tx != nil {
		w.tx.Rollback()
		w.tx = nil
	}
	return w.db.Close()
}
