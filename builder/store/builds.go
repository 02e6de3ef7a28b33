package store

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/klauspost/compress/zstd"
	bolt "go.etcd.io/bbolt"
)

const (
	// maxBuilds bounds the builds that are kept; the oldest go first.
	maxBuilds = 200
	// MaxLog bounds a build's log, in bytes: its end is kept.
	MaxLog = 1 << 20
	// maxPart bounds a build's design and its list of packages, in bytes.
	maxPart = 8 << 20
)

// The builds by number; and by the same number, packed with zstd, their logs,
// designs and lists of packages.
func buildBucket() []byte   { return []byte("builds") }
func logBucket() []byte     { return []byte("build-logs") }
func designBucket() []byte  { return []byte("build-designs") }
func packageBucket() []byte { return []byte("build-packages") }

// How builds end.
const (
	Done      = "done"
	Failed    = "failed"
	Cancelled = "cancelled"
)

// BuildRecord is one build and how it ended.
type BuildRecord struct {
	// ID counts up from 1; AddBuild gives it.
	ID uint64 `json:"id"`
	// Design is the path of the design's file, "" where it has none.
	Design   string    `json:"design,omitempty"`
	Name     string    `json:"name"`
	DesignID string    `json:"design_id,omitempty"`
	PlanID   string    `json:"plan_id,omitempty"`
	Started  time.Time `json:"started"`
	Ended    time.Time `json:"ended"`
	// Result is Done, Failed or Cancelled; Error says why it failed and Hint
	// what to do.
	Result string `json:"result"`
	Error  string `json:"error,omitempty"`
	Hint   string `json:"hint,omitempty"`
	// Image is the image's path, with its size in bytes and its SHA-256 in
	// hexadecimal; empty unless it was done.
	Image  string `json:"image,omitempty"`
	Size   int64  `json:"size,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	// Packages is the number of packages.
	Packages int          `json:"packages"`
	Phases   []BuildPhase `json:"phases,omitempty"`

	// What follows is only read by Build. Of a long log the end is kept.
	Log []byte `json:"-"`
	// DesignText is the design in its canonical form.
	DesignText []byte `json:"-"`
	// PackageList is a list as catalog.List writes it.
	PackageList []byte `json:"-"`
}

// BuildPhase is one step of a build and how long it took.
type BuildPhase struct {
	Step    string  `json:"step"`
	Seconds float64 `json:"seconds"`
}

// part is what is kept of a build beside its record.
type part struct {
	bucket []byte
	data   *[]byte
}

func (r *BuildRecord) parts() []part {
	return []part{{logBucket(), &r.Log}, {designBucket(), &r.DesignText}, {packageBucket(), &r.PackageList}}
}

// AddBuild keeps a build and gives its number. A recent design of that path
// learns of the image.
func (l *Library) AddBuild(r BuildRecord) (uint64, error) {
	const doing = "write the history of builds"
	if len(r.Log) > MaxLog {
		r.Log = tailOf(r.Log)
	}
	var packed [][]byte
	for _, p := range r.parts() {
		if len(*p.data) > maxPart {
			return 0, fmt.Errorf("%s: %w: %d bytes, %d are the most", doing, ErrTooLarge, len(*p.data), maxPart)
		}
		b, err := pack(*p.data)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", doing, err)
		}
		packed = append(packed, b)
	}
	err := l.update(doing, func(tx *bolt.Tx) (err error) {
		if r.ID, err = next(tx, buildBucket()); err != nil {
			return err
		}
		if err := putJSON(tx, buildBucket(), number(r.ID), r); err != nil {
			return err
		}
		for i, p := range r.parts() {
			if err := putPart(tx, p.bucket, r.ID, packed[i]); err != nil {
				return err
			}
		}
		if err := noteBuilt(tx, r); err != nil {
			return err
		}
		return thin(tx, buildBucket(), r.ID, maxBuilds)
	})
	return r.ID, err
}

// putPart keeps a part, if there is any, and forgets those of old builds.
func putPart(tx *bolt.Tx, bucket []byte, id uint64, packed []byte) error {
	if len(packed) > 0 {
		if err := put(tx, bucket, number(id), packed); err != nil {
			return err
		}
	}
	return thin(tx, bucket, id, maxBuilds)
}

// tailOf is the end of a log that is too long, from a line's begin on.
func tailOf(log []byte) []byte {
	log = log[len(log)-MaxLog:]
	if n := bytes.IndexByte(log, '\n'); n >= 0 {
		log = log[n+1:]
	}
	return log
}

// noteBuilt tells the recent designs of an image.
func noteBuilt(tx *bolt.Tx, r BuildRecord) error {
	if r.Result != Done {
		return nil
	}
	err := changeRecent(tx, r.Design, func(d *Recent) { d.Built, d.Image, d.Size = r.Ended, r.Image, r.Size })
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// Builds gives the builds, at most limit (0: all), the newest first, without
// their logs, designs and lists of packages.
func (l *Library) Builds(limit int) (all []BuildRecord, err error) {
	err = l.view("read the history of builds", func(tx *bolt.Tx) (err error) {
		all, err = list[BuildRecord](tx, buildBucket(), limit)
		return err
	})
	return all, err
}

// Build gives one build with all that is kept of it, or ErrNotFound.
func (l *Library) Build(id uint64) (r BuildRecord, err error) {
	err = l.view("read the history of builds", func(tx *bolt.Tx) error {
		r = BuildRecord{}
		there, err := getJSON(tx, buildBucket(), number(id), &r)
		switch {
		case err != nil:
			return err
		case !there:
			return fmt.Errorf("%w: build %d", ErrNotFound, id)
		}
		for _, p := range r.parts() {
			b, err := get(tx, p.bucket, number(id))
			if err != nil {
				return err
			}
			if *p.data, err = unpack(b); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && r.ID == 0 {
		err = fmt.Errorf("read the history of builds: %w: build %d", ErrNotFound, id)
	}
	return r, err
}

func pack(b []byte) ([]byte, error) {
	if len(b) == 0 {
		return nil, nil
	}
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	if err != nil {
		return nil, err
	}
	defer w.Close()
	return w.EncodeAll(b, nil), nil
}

// unpack takes at most maxPart bytes out.
func unpack(b []byte) ([]byte, error) {
	if len(b) == 0 {
		return nil, nil
	}
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxPart))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	out, err := r.DecodeAll(b, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: unpack: %w", errDamaged, err)
	}
	return out, nil
}
