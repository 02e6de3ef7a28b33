package flash

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/diskfs/go-diskfs/partition/gpt"
	"github.com/google/uuid"
)

// RestoreOptions are how a stick shall be made usable again.
type RestoreOptions struct {
	// GPT makes a GPT instead of an MBR. An MBR suits more devices, and sticks
	// of up to 2 TiB.
	GPT bool
	// Label of the file system: at most 11 of A to Z, 0 to 9, "-", "_" and " ".
	Label    string
	Patience time.Duration
	// Random gives serial numbers; nil: crypto/rand.
	Random io.Reader
}

// Restore gives a stick one partition with an empty FAT32 file system, reads
// back all that it wrote, and closes it. As in Write the first MiB comes last.
func Restore(ctx context.Context, s Stick, o RestoreOptions) (Report, error) {
	w := newWriting(s, nil, Options{Patience: o.Patience, geometry: usual()})
	err := w.run(ctx, func(ctx context.Context) error { return w.restore(ctx, o) })
	return w.report, err
}

func (w *writing) restore(ctx context.Context, o RestoreOptions) error {
	w.enter(Preparing)
	if err := w.chosen(); err != nil {
		return err
	}
	parts, err := empty(w.d.size, w.d.sector, o)
	if err != nil {
		return fault(Unfit, "choose another label or stick", err, "the stick cannot be given an empty file system")
	}
	if err := w.blank(ctx); err != nil {
		return err
	}
	w.head = parts[0].data
	parts = pieces(parts[1:], int64(w.d.g.chunk))
	w.total = 0
	for _, p := range parts {
		w.total += p.n
	}
	w.enter(Writing)
	zeros := aligned(w.d.g.chunk)
	for _, p := range parts {
		data := p.data
		if data == nil {
			data = zeros[:p.n]
		}
		if err := w.put(ctx, piece{data, p.at}); err != nil {
			return err
		}
	}
	w.enter(Flushing)
	if err := w.d.sync(ctx); err != nil {
		return err
	}
	w.enter(Verifying)
	if err := w.readExtents(ctx, parts); err != nil {
		return err
	}
	w.enter(Finishing)
	err = w.commit(ctx)
	w.report.Verified = err == nil
	return err
}

// readExtents compares what is on the stick with what was written last at each
// place.
func (w *writing) readExtents(ctx context.Context, parts []extent) error {
	for i, p := range parts {
		want := aligned(int(p.n))
		for _, later := range parts[i:] {
			begin, end := max(p.at, later.at), min(p.at+p.n, later.at+later.n)
			if begin >= end {
				continue
			}
			clear(want[begin-p.at : end-p.at])
			if later.data != nil {
				copy(want[begin-p.at:end-p.at], later.data[begin-later.at:])
			}
		}
		got := aligned(int(p.n))
		if err := w.d.read(ctx, got, p.at); err != nil {
			return err
		}
		if at := firstDifference(got, want); at >= 0 {
			return mismatch(p.at+int64(at), want[at:], got[at:])
		}
		w.report.ReadBack += p.n
		w.tell(p.n)
	}
	return nil
}

// pieces cuts extents into parts that can be written at once.
func pieces(list []extent, chunk int64) []extent {
	var cut []extent
	for _, e := range list {
		if e.data != nil {
			e.n = int64(len(e.data))
			cut = append(cut, e)
			continue
		}
		for ; e.n > chunk; e.n -= chunk {
			cut = append(cut, extent{at: e.at, n: chunk})
			e.at += chunk
		}
		if e.n > 0 {
			cut = append(cut, e)
		}
	}
	return cut
}

// empty is everything to be written to an empty stick, its first MiB first. A
// later extent lies over an earlier one.
func empty(size, sector int64, o RestoreOptions) ([]extent, error) {
	if err := checkLabel(o.Label); err != nil {
		return nil, err
	}
	random := o.Random
	if random == nil {
		random = rand.Reader
	}
	seed := make([]byte, 36)
	if _, err := io.ReadFull(random, seed); err != nil {
		return nil, fmt.Errorf("draw serial numbers: %w", err)
	}
	const mib = 1 << 20
	if size < 4*mib {
		return nil, fmt.Errorf("it has only %s", amount(size))
	}
	// The last MiB has the second GPT, or nothing.
	start, end := mib/sector, (size/mib-1)*mib/sector
	f, err := newFAT32(start, end-start, sector, o.Label, binary.LittleEndian.Uint32(seed))
	if err != nil {
		return nil, err
	}
	table := memory{head: aligned(mib), tail: aligned(int(size - end*sector)), from: end * sector}
	if o.GPT {
		err = table.writeGPT(size, sector, start, end, seed[4:])
	} else {
		err = table.writeMBR(start, end-start, binary.LittleEndian.Uint32(seed[4:]))
	}
	if err != nil {
		return nil, err
	}
	all := []extent{{data: table.head}, {at: table.from, data: table.tail}}
	return append(all, f.extents()...), nil
}

// memory are both ends of a stick.
type memory struct {
	head, tail []byte
	from       int64 // where the tail lies
}

// writeMBR makes an MBR of one partition, type 0x0c: FAT32 with LBA. Its CHS
// addresses say that they are too small to be used.
func (m *memory) writeMBR(start, sectors int64, signature uint32) error {
	if start+sectors > 0xffffffff {
		return fmt.Errorf("an MBR cannot hold %d sectors: use a GPT", sectors)
	}
	binary.LittleEndian.PutUint32(m.head[440:], signature)
	entry := m.head[446:]
	copy(entry[1:], "\xfe\xff\xff\x0c\xfe\xff\xff")
	binary.LittleEndian.PutUint32(entry[8:], uint32(start))
	binary.LittleEndian.PutUint32(entry[12:], uint32(sectors))
	m.head[510], m.head[511] = 0x55, 0xaa
	return nil
}

// writeGPT has go-diskfs make a GPT of one partition.
func (m *memory) writeGPT(size, sector, start, end int64, seed []byte) error {
	disk, err := uuid.FromBytes(seed[:16])
	if err != nil {
		return err
	}
	part, err := uuid.FromBytes(seed[16:32])
	if err != nil {
		return err
	}
	table := gpt.Table{
		LogicalSectorSize: int(sector), PhysicalSectorSize: int(sector), GUID: disk.String(), ProtectiveMBR: true,
		Partitions: []*gpt.Partition{{
			Index: 1, Start: uint64(start), End: uint64(end) - 1, Type: gpt.MicrosoftBasicData, Name: "stick", GUID: part.String(),
		}},
	}
	return table.Write(m, size)
}

// WriteAt is what go-diskfs needs of a file.
func (m *memory) WriteAt(b []byte, at int64) (int, error) {
	into := m.head
	if at >= m.from {
		into, at = m.tail, at-m.from
	}
	if at < 0 || at+int64(len(b)) > int64(len(into)) {
		return 0, fmt.Errorf("a partition table at %d: %w", at, fs.ErrInvalid)
	}
	return copy(into[at:], b), nil
}

var errOnlyWritten = fmt.Errorf("a partition table is only written: %w", fs.ErrInvalid)

func (m *memory) Stat() (fs.FileInfo, error)        { return nil, errOnlyWritten }
func (m *memory) Read([]byte) (int, error)          { return 0, errOnlyWritten }
func (m *memory) ReadAt([]byte, int64) (int, error) { return 0, errOnlyWritten }
func (m *memory) Seek(int64, int) (int64, error)    { return 0, errOnlyWritten }
func (m *memory) Close() error                      { return nil }
