package store

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"

	bolt "go.etcd.io/bbolt"
)

// A record in the library is sealed, since bbolt does not notice changed bytes:
// its value ends with the number of the transaction that wrote it (8 bytes) and
// the CRC-32C (4 bytes) of the bucket's name, a zero byte, the key and all of
// the value before, both big-endian. So a record is known even where the pages
// that lead to it are lost, and of several versions the newest.
const sealSize = 12

func sum(bucket, key, value []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	c := crc32.Checksum(bucket, table)
	c = crc32.Update(c, table, []byte{0})
	c = crc32.Update(c, table, key)
	return crc32.Update(c, table, value)
}

// seal gives a record's value in the file.
func seal(bucket, key, content []byte, tx uint64) []byte {
	b := make([]byte, 0, len(content)+sealSize)
	b = append(b, content...)
	b = binary.BigEndian.AppendUint64(b, tx)
	return binary.BigEndian.AppendUint32(b, sum(bucket, key, b))
}

// unseal gives the content of a value and the transaction that wrote it.
func unseal(bucket, key, value []byte) (content []byte, tx uint64, ok bool) {
	n := len(value) - sealSize
	if n < 0 || sum(bucket, key, value[:n+8]) != binary.BigEndian.Uint32(value[n+8:]) {
		return nil, 0, false
	}
	return value[:n:n], binary.BigEndian.Uint64(value[n:]), true
}

// put writes a record.
func put(tx *bolt.Tx, bucket, key, content []byte) error {
	b, err := tx.CreateBucketIfNotExists(bucket)
	if err != nil {
		return err
	}
	return b.Put(key, seal(bucket, key, content, uint64(tx.ID())))
}

// putJSON writes v as a record.
func putJSON(tx *bolt.Tx, bucket, key []byte, v any) error {
	content, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return put(tx, bucket, key, content)
}

// get reads a record, nil if there is none. It is valid as long as tx.
func get(tx *bolt.Tx, bucket, key []byte) ([]byte, error) {
	b := tx.Bucket(bucket)
	if b == nil {
		return nil, nil
	}
	value := b.Get(key)
	if value == nil {
		return nil, nil
	}
	return open(bucket, key, value)
}

// open unseals what is in the file.
func open(bucket, key, value []byte) ([]byte, error) {
	content, _, ok := unseal(bucket, key, value)
	if !ok {
		return nil, fmt.Errorf("%w: a record of %s has changed bytes", errDamaged, bucket)
	}
	return content, nil
}

// getJSON reads a record into v and says whether it is there.
func getJSON(tx *bolt.Tx, bucket, key []byte, v any) (bool, error) {
	content, err := get(tx, bucket, key)
	if content == nil {
		return false, err
	}
	return true, parse(bucket, content, v)
}

func parse(bucket, content []byte, v any) error {
	if err := json.Unmarshal(content, v); err != nil {
		return fmt.Errorf("%w: a record of %s: %w", errDamaged, bucket, err)
	}
	return nil
}

// list reads the records of a bucket, from the last key on, as many as limit
// (0: all).
func list[T any](tx *bolt.Tx, bucket []byte, limit int) ([]T, error) {
	b := tx.Bucket(bucket)
	if b == nil {
		return nil, nil
	}
	var all []T
	c := b.Cursor()
	for k, v := c.Last(); k != nil && (limit == 0 || len(all) < limit); k, v = c.Prev() {
		content, err := open(bucket, k, v)
		if err != nil {
			return nil, err
		}
		var one T
		if err := parse(bucket, content, &one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// remove deletes a record, if there is one.
func remove(tx *bolt.Tx, bucket, key []byte) error {
	if b := tx.Bucket(bucket); b != nil {
		return b.Delete(key)
	}
	return nil
}

// number is a key that sorts by value.
func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// next is the number after the last of a bucket. bbolt's own counter is not
// used: nothing would tell that its bytes have changed.
func next(tx *bolt.Tx, bucket []byte) (uint64, error) {
	b := tx.Bucket(bucket)
	if b == nil {
		return 1, nil
	}
	k, v := b.Cursor().Last()
	if k == nil {
		return 1, nil
	}
	if _, err := open(bucket, k, v); err != nil {
		return 0, err
	}
	if len(k) != 8 {
		return 0, fmt.Errorf("%w: a number of %s has %d bytes", errDamaged, bucket, len(k))
	}
	return binary.BigEndian.Uint64(k) + 1, nil
}

// thin removes the records with the numbers up to last-keep. Numbers are given
// out in order.
func thin(tx *bolt.Tx, bucket []byte, last, keep uint64) error {
	b := tx.Bucket(bucket)
	if b == nil || last <= keep {
		return nil
	}
	c := b.Cursor()
	for k, _ := c.First(); len(k) == 8 && binary.BigEndian.Uint64(k) <= last-keep; k, _ = c.First() {
		if err := c.Delete(); err != nil {
			return err
		}
	}
	return nil
}
