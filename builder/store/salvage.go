package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strings"

	bolt "go.etcd.io/bbolt"
)

// salvage writes to fresh a library of the records that can still be read in
// the damaged file, and tells how many of each kind. A record that is lost is
// taken from an earlier version of it, where the file still has one. Where the
// pages that lead to a kind's records are bad, also records come back that had
// been removed: better a draft too much than one too few.
func salvage(damaged *os.File, fresh string) (string, error) {
	found := findings{}
	err := mapped(damaged, func(data []byte) error {
		found.collect(data)
		return nil
	})
	if err != nil {
		return "", err
	}
	if err := os.Remove(fresh); err != nil && !os.IsNotExist(err) {
		return "", err
	}
	db, err := bolt.Open(fresh, 0o600, &bolt.Options{FreelistType: bolt.FreelistMapType})
	if err != nil {
		return "", err
	}
	defer db.Close()
	err = db.Update(func(tx *bolt.Tx) error {
		if _, err := begin(tx); err != nil {
			return err
		}
		return found.write(tx)
	})
	if err != nil {
		return "", err
	}
	return found.words(), db.Close()
}

// findings are the newest versions of records by bucket and key.
type findings map[string]map[string]version

type version struct {
	tx      uint64
	content []byte
}

// kind is a bucket whose records are saved, with what people call them; those
// without a name belong to others.
type kind struct {
	bucket       []byte
	one, several string
}

func kinds() []kind {
	return []kind{
		{draftBucket(), "draft", "drafts"},
		{recentBucket(), "recent design", "recent designs"},
		{thumbnailBucket(), "", ""},
		{buildBucket(), "build", "builds"},
		{logBucket(), "", ""},
		{designBucket(), "", ""},
		{packageBucket(), "", ""},
		{flashBucket(), "line of the journal", "lines of the journal"},
	}
}

// isKind says whether the library has such a bucket.
func isKind(bucket string) bool {
	return bucket == string(metaBucket()) ||
		slices.ContainsFunc(kinds(), func(k kind) bool { return string(k.bucket) == bucket })
}

// collect looks everywhere in the file. What it keeps is copied.
func (f findings) collect(data []byte) {
	live := map[string]map[string]bool{}
	p, err := openPages(data)
	if err == nil {
		live = p.liveKeys()
	}
	p.scan(func(key, value []byte) {
		for _, k := range kinds() {
			content, tx, ok := unseal(k.bucket, key, value)
			if !ok {
				continue
			}
			name := string(k.bucket)
			keys, whole := live[name]
			if whole && !keys[string(key)] {
				return
			}
			if f[name] == nil {
				f[name] = map[string]version{}
			}
			if old, ok := f[name][string(key)]; !ok || tx > old.tx {
				f[name][string(key)] = version{tx, bytes.Clone(content)}
			}
			return
		}
	})
}

// liveKeys are the keys of the buckets whose pages are all good. Where the root
// is good, a bucket that it does not have is an empty one.
func (p *pages) liveKeys() map[string]map[string]bool {
	buckets := map[string][]byte{}
	rootWhole := p.rootBuckets(buckets) == nil
	live := map[string]map[string]bool{}
	for _, k := range kinds() {
		name := string(k.bucket)
		root, there := buckets[name]
		keys := map[string]bool{}
		var err error
		if there {
			err = p.bucket(name, root, func(_ string, _ uint32, key, _ []byte) error {
				keys[string(key)] = true
				return nil
			})
		}
		if err == nil && (there || rootWhole) {
			live[name] = keys
		}
	}
	return live
}

// rootBuckets are the values of the root's elements by their keys. The root of
// a library is one leaf of known names.
func (p *pages) rootBuckets(buckets map[string][]byte) error {
	damage := fmt.Errorf("%w: its root has changed bytes", errDamaged)
	flags, b, err := p.page(p.root)
	if err != nil || flags != leafFlag {
		return damage
	}
	scanLeaf(b, func(flags uint32, key, value []byte) {
		if flags&bucketFlag != 0 {
			buckets[string(key)] = value
		}
	})
	for name := range buckets {
		if !isKind(name) {
			return damage
		}
	}
	if len(buckets) == 0 || len(buckets) != int(binary.NativeEndian.Uint16(b[10:])) {
		return damage
	}
	return nil
}

// write puts the records into an empty library.
func (f findings) write(tx *bolt.Tx) error {
	for bucket, records := range f {
		for key, v := range records {
			if err := put(tx, []byte(bucket), []byte(key), v.content); err != nil {
				return err
			}
		}
	}
	return nil
}

// words tell what was saved.
func (f findings) words() string {
	var list []string
	for _, k := range kinds() {
		switch n := len(f[string(k.bucket)]); {
		case k.one == "" || n == 0:
		case n == 1:
			list = append(list, "1 "+k.one)
		default:
			list = append(list, fmt.Sprintf("%d %s", n, k.several))
		}
	}
	if len(list) == 0 {
		return "; nothing of it could be read"
	}
	return "; saved: " + strings.Join(list, ", ")
}
