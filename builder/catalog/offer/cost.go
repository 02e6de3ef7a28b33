package offer

import "slices"

// Cost is what a package adds to an image, an estimate.
type Cost struct {
	// Packages is how many come that are not there yet, itself included;
	// Installed and Download are their bytes together.
	Packages            int
	Installed, Download int64
	// Brings are the names of those that come with it, sorted.
	Brings []string
	// Present: it is there already. NeededBy are then the packages that need
	// it, sorted; none where it was asked for by name or is essential.
	Present  bool
	NeededBy []string
}

// Set is a set of packages with everything that they need. It can be used by
// several goroutines.
type Set struct {
	g *graph
	// in tells which packages are in the set, members are their numbers.
	in      []bool
	members []uint32
}

// Set completes what a design asks for, with what every system has. Names that
// the catalogue does not have are passed over. It is nil where dependencies
// are not known, which is so for NixOS.
func (c *Catalogue) Set(names []string) *Set {
	g := c.graph()
	if g == nil {
		return nil
	}
	s := &Set{g: g, in: make([]bool, g.packages())}
	queue := slices.Clone(g.essential)
	for _, name := range names {
		if n, ok := g.number(name); ok {
			queue = append(queue, n)
		}
	}
	s.members = g.grow(queue, func(n uint32) bool { return s.in[n] }, func(n uint32) { s.in[n] = true })
	return s
}

// grow adds packages and what they need to a set and gives the new ones. The
// order is apt's, for the first to come decides which alternatives the others
// take: those that were asked for, then what each of them needs, and what that
// needs, before the next.
func (g *graph) grow(asked []uint32, has func(uint32) bool, add func(uint32)) []uint32 {
	var added []uint32
	take := func(n uint32) {
		add(n)
		added = append(added, n)
	}
	for _, n := range asked {
		if !has(n) {
			take(n)
		}
	}
	var complete func(n uint32)
	complete = func(n uint32) {
		g.each(n, func(choices []uint32) {
			if len(choices) > 0 && !slices.ContainsFunc(choices, has) {
				take(choices[0])
				complete(choices[0])
			}
		})
	}
	for _, n := range slices.Clone(added) {
		complete(n)
	}
	return added
}

// Total is how many packages the set has, and their bytes.
func (s *Set) Total() (packages int, installed, download int64) {
	return len(s.members), s.g.sum(s.g.installed, s.members), s.g.sum(s.g.download, s.members)
}

func (g *graph) sum(sizes []uint64, of []uint32) int64 {
	total := int64(0)
	for _, n := range of {
		total += int64(sizes[n])
	}
	return total
}

// Has tells whether a package is in the set.
func (s *Set) Has(name string) bool {
	n, ok := s.g.number(name)
	return ok && s.in[n]
}

// Added says what a package would add to the set, or who needs it where it is
// in the set already. ok is false for a name that the catalogue does not have,
// and for a nil set.
func (s *Set) Added(name string) (cost Cost, ok bool) {
	if s == nil {
		return cost, false
	}
	n, ok := s.g.number(name)
	if !ok {
		return cost, false
	}
	if s.in[n] {
		return Cost{Present: true, NeededBy: s.neededBy(n)}, true
	}
	more := map[uint32]bool{}
	added := s.g.grow([]uint32{n}, func(n uint32) bool { return s.in[n] || more[n] }, func(n uint32) { more[n] = true })
	cost = Cost{
		Packages: len(added), Installed: s.g.sum(s.g.installed, added), Download: s.g.sum(s.g.download, added),
	}
	for _, n := range added[1:] {
		cost.Brings = append(cost.Brings, s.g.name(n))
	}
	slices.Sort(cost.Brings)
	return cost, true
}

// neededBy names the members that have a dependency on a package.
func (s *Set) neededBy(n uint32) []string {
	var out []string
	for _, member := range s.members {
		needs := false
		s.g.each(member, func(choices []uint32) { needs = needs || slices.Contains(choices, n) })
		if needs && member != n {
			out = append(out, s.g.name(member))
		}
	}
	slices.Sort(out)
	return out
}
