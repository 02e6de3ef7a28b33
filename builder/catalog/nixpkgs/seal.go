package nixpkgs

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	bolt "go.etcd.io/bbolt"

	"github.com/isowright/isowright/internal/safefile"
)

// format changes with everything that makes older files unreadable.
const format = 1

// The seal: a magic text, the format, the length of what is before it and the
// CRC-32C of that, little-endian. bbolt does not look behind its pages, and it
// may crash on pages that are damaged, so this is looked at first.
const (
	sealMagic = "isowright nixpkgs"
	sealSize  = len(sealMagic) + 4 + 8 + 4
)

// seal copies what was written to out and puts the seal behind it.
func (w *writer) seal(out *safefile.File) error {
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	var n int64
	err := w.db.View(func(tx *bolt.Tx) (err error) {
		n, err = tx.WriteTo(io.MultiWriter(out, sum))
		return err
	})
	if err != nil {
		return err
	}
	end := append(make([]byte, 0, sealSize), sealMagic...)
	end = binary.LittleEndian.AppendUint32(end, format)
	end = binary.LittleEndian.AppendUint64(end, uint64(n))
	_, err = out.Write(binary.LittleEndian.AppendUint32(end, sum.Sum32()))
	return err
}

// checkSeal holds an opened catalogue to its seal.
func checkSeal(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	damaged := func(why string) error {
		return &Error{Kind: ErrDamaged, URL: f.Name(), Err: fmt.Errorf("%s", why)}
	}
	n := info.Size() - int64(sealSize)
	if n < 0 {
		return damaged("too short")
	}
	end := make([]byte, sealSize)
	if _, err := f.ReadAt(end, n); err != nil {
		return err
	}
	rest := end[len(sealMagic):]
	if string(end[:len(sealMagic)]) != sealMagic || binary.LittleEndian.Uint64(rest[4:]) != uint64(n) {
		return damaged("its end is not there")
	}
	if v := binary.LittleEndian.Uint32(rest); v != format {
		return &Error{Kind: ErrVersion, URL: f.Name(), Err: fmt.Errorf("format %d, not %d", v, format)}
	}
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	if _, err := io.CopyBuffer(sum, struct{ io.Reader }{io.NewSectionReader(f, 0, n)}, make([]byte, 1<<20)); err != nil {
		return err
	}
	if sum.Sum32() != binary.LittleEndian.Uint32(rest[12:]) {
		return damaged("its checksum is wrong")
	}
	return nil
}
