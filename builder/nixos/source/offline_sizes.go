package source

import "fmt"

// OfflineKnown is what is known before a build, in bytes; 0 stands for unknown.
type OfflineKnown struct {
	// Image is the closure of the image's own system, Target that of the system
	// to install, Shared what both hold.
	Image, Target, Shared int64
	// Sources are those of the flake's inputs, BuildInputs what changes need.
	Sources, BuildInputs int64
	// Ratio is the packed size of a store over its unpacked size.
	Ratio float64
}

// OfflineSize is what a level costs, in bytes.
type OfflineSize struct {
	// Level is "A", "B" or "C".
	Level string
	// Added is what the level adds to the image's store, unpacked; Image the
	// image's size with it; Space what the building computer's disk must have
	// free: three times the image.
	Added, Image, Space int64
	// Guessed says which parts are not measured, empty if all are.
	Guessed string
}

// What is taken where nothing is measured. The figures are of nixpkgs in 2026: a
// minimal system, the system's share that a live image has too, nixpkgs's source
// in a store, what the small derivations of a system are built from, and what
// includeSystemBuildDependencies adds, which is about the same for a minimal
// system (0.7 to 13.5 GiB) and for a desktop (16 to 29.4 GiB).
const (
	guessedSystem       = 1200 << 20
	guessedShare        = 0.6
	guessedSources      = 500 << 20
	guessedBuildInputs  = 700 << 20
	guessedDependencies = 13700 << 20
	guessedRatio        = 0.4
	mediumFiles         = 60 << 20
)

// OfflineSizes estimates what each level of an offline installation costs. Level A
// adds what the target's closure has and the image's has not; B adds to this the
// sources and the build inputs; C everything that built the system.
func OfflineSizes(k OfflineKnown) []OfflineSize {
	guess := guesses{}
	image := guess.or("the image's system", k.Image, guessedSystem)
	target := guess.or("the system to install", k.Target, guessedSystem)
	shared := min(guess.or("what both share", k.Shared, int64(guessedShare*float64(min(image, target)))), image, target)
	ratio := k.Ratio
	if ratio <= 0 {
		ratio = guessedRatio
	}
	size := func(level string, added int64, g guesses) OfflineSize {
		packed := int64(float64(image+added)*ratio) + mediumFiles
		return OfflineSize{Level: level, Added: added, Image: packed, Space: 3 * packed, Guessed: g.String()}
	}
	a := size("A", target-shared, guess)
	more := append(guesses{}, guess...)
	added := a.Added + more.or("the sources", k.Sources, guessedSources)
	all := append(guesses{}, more...)
	inputs := more.or("the build inputs", k.BuildInputs, guessedBuildInputs)
	dependencies := all.or("the build dependencies", 0, guessedDependencies)
	b, c := size("B", added+inputs, more), size("C", added+dependencies, all)
	return []OfflineSize{a, b, c}
}

// guesses are the parts of an estimate that are not measured.
type guesses []string

// or is the measured size, or else the guess.
func (g *guesses) or(what string, measured, guess int64) int64 {
	if measured > 0 {
		return measured
	}
	*g = append(*g, what)
	return guess
}

func (g guesses) String() string {
	switch n := len(g); n {
	case 0:
		return ""
	case 1:
		return g[0]
	default:
		s := g[0]
		for _, part := range g[1 : n-1] {
			s += ", " + part
		}
		return fmt.Sprintf("%s and %s", s, g[n-1])
	}
}
