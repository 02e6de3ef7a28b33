package search

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf8"
)

// The form of an index as bytes, all numbers little-endian uint32:
//
//	magic, style, items, words, postings, bytes of names, bytes of words
//	ends, wordEnds, postEnds, postings
//	names, words, rank (a byte each)
const (
	magic  = 0x31787769 // "iwx1"
	header = 7
)

// ErrFormat says that bytes are no index.
var ErrFormat = errors.New("not a search index")

// MarshalBinary gives the index as bytes, for UnmarshalBinary.
func (x *Index) MarshalBinary() ([]byte, error) {
	lists := [][]uint32{
		{magic, uint32(x.style), uint32(len(x.ends)), uint32(len(x.wordEnds)), uint32(len(x.postings)),
			uint32(len(x.names)), uint32(len(x.words))},
		x.ends, x.wordEnds, x.postEnds, x.postings,
	}
	size := len(x.names) + len(x.words) + len(x.rank)
	for _, l := range lists {
		size += 4 * len(l)
	}
	out := make([]byte, 0, size)
	for _, l := range lists {
		for _, n := range l {
			out = binary.LittleEndian.AppendUint32(out, n)
		}
	}
	out = append(out, x.names...)
	out = append(out, x.words...)
	return append(out, x.rank...), nil
}

// UnmarshalBinary reads an index. It keeps nothing of data and holds every
// number in it to what Search relies on, so it may be given anything.
func (x *Index) UnmarshalBinary(data []byte) error {
	r := reader{data: data}
	head := r.numbers(header)
	if r.short || head[0] != magic || head[1] > uint32(Flat) {
		return ErrFormat
	}
	items, words, postings := int(head[2]), int(head[3]), int(head[4])
	y := Index{style: Style(head[1])}
	y.ends, y.wordEnds, y.postEnds, y.postings = r.numbers(items), r.numbers(words), r.numbers(words), r.numbers(postings)
	y.names, y.words = r.text(int(head[5])), r.text(int(head[6]))
	y.rank = []byte(r.text(items))
	if r.short || len(r.data) != 0 {
		return fmt.Errorf("%w: wrong length", ErrFormat)
	}
	if err := y.sound(); err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	*x = y
	return nil
}

// sound holds an index to what Search and Near rely on.
func (x *Index) sound() error {
	switch {
	case len(x.ends) > maxItems,
		!ascending(x.ends, len(x.names), false),
		!ascending(x.wordEnds, len(x.words), true),
		!ascending(x.postEnds, len(x.postings), false):
		return errors.New("lengths do not fit")
	case !utf8.ValidString(x.words):
		return errors.New("broken words")
	}
	for _, p := range x.postings {
		if int(p>>8) >= len(x.ends) {
			return errors.New("a word of no item")
		}
	}
	for i := 1; i < len(x.wordEnds); i++ {
		if x.word(i-1) >= x.word(i) {
			return errors.New("words out of order")
		}
	}
	return nil
}

// ascending tells whether ends cut a text of n bytes into parts, none of them
// empty if strict.
func ascending(ends []uint32, n int, strict bool) bool {
	last := uint32(0)
	for _, e := range ends {
		if e < last || strict && e == last {
			return false
		}
		last = e
	}
	return int(last) == n
}

// reader takes pieces off bytes.
type reader struct {
	data  []byte
	short bool
}

// take gives the next n bytes, none where there are fewer.
func (r *reader) take(n int) []byte {
	if r.short || n < 0 || n > len(r.data) {
		r.short = true
		return nil
	}
	piece := r.data[:n]
	r.data = r.data[n:]
	return piece
}

func (r *reader) numbers(n int) []uint32 {
	piece := r.take(4 * n)
	if r.short {
		return nil
	}
	out := make([]uint32, n)
	for i := range out {
		out[i] = binary.LittleEndian.Uint32(piece[4*i:])
	}
	return out
}

func (r *reader) text(n int) string { return string(r.take(n)) }
