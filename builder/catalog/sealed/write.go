package sealed

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"time"

	bolt "go.etcd.io/bbolt"
)

// batch is how many records are written in one transaction.
const batch = 5000

// Writer fills a new catalogue.
type Writer struct {
	db      *bolt.DB
	tx      *bolt.Tx
	pending int
}

// Create starts a file with empty buckets. It needs no sync: it counts once
// Seal has copied it.
func Create(path string, buckets ...string) (*Writer, error) {
	db, err := bolt.Open(path, 0o644, &bolt.Options{
		Timeout: time.Second, NoSync: true, NoGrowSync: true, NoFreelistSync: true, NoStatistics: true,
		FreelistType: bolt.FreelistMapType, InitialMmapSize: 256 << 20,
	})
	if err != nil {
		return nil, err
	}
	err = db.Update(func(tx *bolt.Tx) error {
		for _, name := range buckets {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		db.Close()
		return nil, err
	}
	return &Writer{db: db}, nil
}

// Put writes a record. It is fastest where the keys of a bucket come in order.
func (w *Writer) Put(bucket, key string, data []byte) (err error) {
	if w.tx == nil {
		if w.tx, err = w.db.Begin(true); err != nil {
			return err
		}
	}
	b := w.tx.Bucket([]byte(bucket))
	b.FillPercent = 0.95
	if err := b.Put([]byte(key), data); err != nil {
		return err
	}
	if w.pending++; w.pending >= batch {
		return w.commit()
	}
	return nil
}

func (w *Writer) commit() error {
	if w.tx == nil {
		return nil
	}
	tx := w.tx
	w.tx, w.pending = nil, 0
	return tx.Commit()
}

// Seal copies what was written to out and puts the seal behind it.
func (w *Writer) Seal(out io.Writer, format Format) error {
	if err := w.commit(); err != nil {
		return err
	}
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	var n int64
	err := w.db.View(func(tx *bolt.Tx) (err error) {
		n, err = tx.WriteTo(io.MultiWriter(out, sum))
		return err
	})
	if err != nil {
		return err
	}
	end := []byte(format.Magic)
	end = binary.LittleEndian.AppendUint32(end, format.Version)
	end = binary.LittleEndian.AppendUint64(end, uint64(n))
	_, err = out.Write(binary.LittleEndian.AppendUint32(end, sum.Sum32()))
	return err
}

// Close ends the writing; what is unfinished is dropped.
func (w *Writer) Close() error {
	if w.tx != nil {
		w.tx.Rollback()
		w.tx = nil
	}
	return w.db.Close()
}
