package offer

import (
	"encoding/binary"
	"errors"
	"math"
	"sort"
	"strings"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/catalog/search"
)

// graph holds the sizes and dependencies of all packages by their numbers: the
// places in the list.
type graph struct {
	// index has the names, in order.
	index *search.Index
	// installed and Download are bytes of each package.
	installed, download []uint64
	// needs are the ends of each package's dependencies in choices, which are
	// the ends of each dependency's choices in names: numbers of packages, the
	// preferred first.
	needs, choices, names []uint32
	// essential packages are in every system.
	essential []uint32
}

// packages is how many there are.
func (g *graph) packages() int { return len(g.needs) }

// name gives a package's name by its number.
func (g *graph) name(n uint32) string { return g.index.Name(int(n)) }

// number gives a package's number by its name.
func (g *graph) number(name string) (uint32, bool) {
	n, found := sort.Find(g.packages(), func(i int) int { return strings.Compare(name, g.index.Name(i)) })
	return uint32(n), found
}

// each calls look for every dependency of a package with its choices.
func (g *graph) each(n uint32, look func(choices []uint32)) {
	for i := begin(g.needs, n); i < g.needs[n]; i++ {
		look(g.names[begin(g.choices, i):g.choices[i]])
	}
}

func begin(ends []uint32, n uint32) uint32 {
	if n == 0 {
		return 0
	}
	return ends[n-1]
}

// graphBuilder makes a graph of packages that come in the list's order. Names
// may be needed before they come, so they get a mark when first met.
type graphBuilder struct {
	graph
	marks map[string]uint32
	// number is the place in the list of what a mark stands for, absent where
	// it has not come.
	number []uint32
}

const absent = math.MaxUint32

func newGraphBuilder() *graphBuilder { return &graphBuilder{marks: map[string]uint32{}} }

func (b *graphBuilder) mark(name string) uint32 {
	m, ok := b.marks[name]
	if !ok {
		m = uint32(len(b.number))
		b.marks[name] = m
		b.number = append(b.number, absent)
	}
	return m
}

// add takes the next package.
func (b *graphBuilder) add(p catalog.Listed) {
	n := uint32(b.packages())
	b.number[b.mark(p.Name)] = n
	if p.Essential {
		b.essential = append(b.essential, n)
	}
	for _, dependency := range p.Needs {
		for _, name := range dependency {
			b.names = append(b.names, b.mark(name))
		}
		b.choices = append(b.choices, uint32(len(b.names)))
	}
	b.needs = append(b.needs, uint32(len(b.choices)))
	b.installed = append(b.installed, uint64(max(0, p.Installed)))
	b.download = append(b.download, uint64(max(0, p.Download)))
}

// finish puts numbers in the place of marks; what never came is left out.
func (b *graphBuilder) finish() *graph {
	g := b.graph
	g.names = make([]uint32, 0, len(b.names))
	g.choices = make([]uint32, len(b.choices))
	for i := range b.choices {
		for _, mark := range b.names[begin(b.choices, uint32(i)):b.choices[i]] {
			if n := b.number[mark]; n != absent {
				g.names = append(g.names, n)
			}
		}
		g.choices[i] = uint32(len(g.names))
	}
	return &g
}

// parts are the lists of numbers in the order of the form as bytes.
func (g *graph) parts() (large []*[]uint64, small []*[]uint32) {
	return []*[]uint64{&g.installed, &g.download}, []*[]uint32{&g.needs, &g.choices, &g.names, &g.essential}
}

// encode gives the graph as bytes, all little-endian: for each list its length
// as uint32 and its numbers, first those of uint64.
func (g *graph) encode() ([]byte, error) {
	var out []byte
	var err error
	large, small := g.parts()
	for _, l := range large {
		out = binary.LittleEndian.AppendUint32(out, uint32(len(*l)))
		if out, err = binary.Append(out, binary.LittleEndian, *l); err != nil {
			return nil, err
		}
	}
	for _, l := range small {
		out = binary.LittleEndian.AppendUint32(out, uint32(len(*l)))
		if out, err = binary.Append(out, binary.LittleEndian, *l); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// errGraph says that bytes are no graph.
var errGraph = errors.New("not the dependencies of a catalogue")

// decodeGraph reads a graph. It holds every number to what the others rely on,
// so it may be given anything.
func decodeGraph(data []byte) (*graph, error) {
	g := new(graph)
	large, small := g.parts()
	var ok bool
	for _, l := range large {
		if *l, data, ok = numbers[uint64](data, 8); !ok {
			return nil, errGraph
		}
	}
	for _, l := range small {
		if *l, data, ok = numbers[uint32](data, 4); !ok {
			return nil, errGraph
		}
	}
	if len(data) > 0 || !g.sound() {
		return nil, errGraph
	}
	return g, nil
}

// numbers takes one list off the bytes.
func numbers[N uint32 | uint64](data []byte, width int) (list []N, rest []byte, ok bool) {
	if len(data) < 4 {
		return nil, nil, false
	}
	n := int(binary.LittleEndian.Uint32(data))
	data = data[4:]
	if n > len(data)/width {
		return nil, nil, false
	}
	list = make([]N, n)
	if _, err := binary.Decode(data[:n*width], binary.LittleEndian, list); err != nil {
		return nil, nil, false
	}
	return list, data[n*width:], true
}

// sound holds that all numbers are of something.
func (g *graph) sound() bool {
	n := g.packages()
	if len(g.installed) != n || len(g.download) != n || !ascending(g.needs, len(g.choices)) || !ascending(g.choices, len(g.names)) {
		return false
	}
	for _, list := range [][]uint32{g.names, g.essential} {
		for _, number := range list {
			if int(number) >= n {
				return false
			}
		}
	}
	return true
}

// ascending tells whether ends cut n things into parts.
func ascending(ends []uint32, n int) bool {
	last := uint32(0)
	for _, end := range ends {
		if end < last {
			return false
		}
		last = end
	}
	return int(last) == n
}
