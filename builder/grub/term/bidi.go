package term

import (
	"slices"

	"golang.org/x/text/unicode/bidi"
)

// Right-to-left text follows the bidirectional algorithm (Unicode Annex 9) as
// it was before version 6.3: without isolates and without pairs of brackets.
// The library x/text has only the newer one; its tables of classes serve.

const maxLevel = 61

// reorder brings a line into the order of the eye.
func reorder(text []Cluster) []Cluster {
	classes := make([]bidi.Class, len(text))
	right := false
	for i, c := range text {
		p, _ := bidi.LookupRune(c.Base)
		switch classes[i] = p.Class(); classes[i] {
		case bidi.R, bidi.AL, bidi.RLE, bidi.RLO, bidi.LRE, bidi.LRO:
			right = true
		case bidi.LRI, bidi.RLI, bidi.FSI, bidi.PDI:
			classes[i] = bidi.ON
		}
	}
	if !right {
		return text
	}
	base := baseLevel(classes)
	levels := embed(classes, base)
	for start := 0; start < len(text); {
		end := start + 1
		for end < len(text) && levels[end] == levels[start] {
			end++
		}
		before, after := base, base
		if start > 0 {
			before = levels[start-1]
		}
		if end < len(text) {
			after = levels[end]
		}
		level := levels[start]
		resolve(classes[start:end], levels[start:end], direction(max(before, level)), direction(max(after, level)))
		start = end
	}
	return turn(text, levels)
}

// baseLevel is that of the first letter (rules P2 and P3).
func baseLevel(classes []bidi.Class) int {
	for _, c := range classes {
		switch c {
		case bidi.L:
			return 0
		case bidi.R, bidi.AL:
			return 1
		}
	}
	return 0
}

func direction(level int) bidi.Class {
	if level%2 == 1 {
		return bidi.R
	}
	return bidi.L
}

// embed finds the levels that embeddings and overrides ask for (X1 to X9). They
// themselves become boundary neutrals.
func embed(classes []bidi.Class, base int) []int {
	type state struct {
		level    int
		override bidi.Class // ON: none
	}
	stack := []state{{base, bidi.ON}}
	levels := make([]int, len(classes))
	for i, c := range classes {
		top := stack[len(stack)-1]
		levels[i] = top.level
		switch c {
		case bidi.RLE, bidi.RLO, bidi.LRE, bidi.LRO:
			// GRUB embeds left-to-right after RLE too.
			next := state{(top.level + 2) &^ 1, bidi.ON}
			if c == bidi.RLO {
				next.level = (top.level + 1) | 1
			}
			if c == bidi.RLO || c == bidi.LRO {
				next.override = direction(next.level)
			}
			if next.level <= maxLevel {
				stack = append(stack, next)
			}
			classes[i] = bidi.BN
		case bidi.PDF:
			if len(stack) > 1 {
				stack = stack[:len(stack)-1]
			}
			classes[i] = bidi.BN
		case bidi.BN:
		default:
			if top.override != bidi.ON {
				classes[i] = top.override
			}
		}
	}
	return levels
}

// resolve finds the levels within a run of one level (W1 to I2) between texts
// of the directions before and after.
func resolve(classes []bidi.Class, levels []int, before, after bidi.Class) {
	weak(classes, before)
	neutral := func(c bidi.Class) bool {
		return c != bidi.L && c != bidi.R && c != bidi.EN && c != bidi.AN
	}
	strong := func(c bidi.Class) bidi.Class {
		if c == bidi.L {
			return bidi.L
		}
		return bidi.R
	}
	for i := 0; i < len(classes); i++ {
		if !neutral(classes[i]) {
			continue
		}
		end := i
		for end < len(classes) && neutral(classes[end]) {
			end++
		}
		left, right := before, after
		if i > 0 {
			left = strong(classes[i-1])
		}
		if end < len(classes) {
			right = strong(classes[end])
		}
		as := direction(levels[i])
		if left == right {
			as = left
		}
		for ; i < end; i++ {
			classes[i] = as
		}
	}
	for i, c := range classes {
		switch {
		case levels[i]%2 == 0 && c == bidi.R, levels[i]%2 == 1 && c != bidi.R:
			levels[i]++
		case levels[i]%2 == 0 && c != bidi.L:
			levels[i] += 2
		}
	}
}

// weak resolves numbers and their signs (W1 to W7).
func weak(classes []bidi.Class, before bidi.Class) {
	last, strong := before, before
	for i, c := range classes {
		switch c {
		case bidi.NSM:
			classes[i] = last
		case bidi.EN:
			if strong == bidi.AL {
				classes[i] = bidi.AN
			}
		case bidi.L, bidi.R, bidi.AL:
			strong = c
		}
		if c != bidi.BN {
			last = classes[i]
		}
	}
	for i, c := range classes {
		if c == bidi.AL {
			classes[i] = bidi.R
		}
	}
	for i := 1; i+1 < len(classes); i++ {
		left, c, right := classes[i-1], classes[i], classes[i+1]
		if left == right && (left == bidi.EN && (c == bidi.ES || c == bidi.CS) || left == bidi.AN && c == bidi.CS) {
			classes[i] = left
		}
	}
	for i := range classes {
		if classes[i] != bidi.ET {
			continue
		}
		end := i
		for end < len(classes) && classes[end] == bidi.ET {
			end++
		}
		if i > 0 && classes[i-1] == bidi.EN || end < len(classes) && classes[end] == bidi.EN {
			for k := i; k < end; k++ {
				classes[k] = bidi.EN
			}
		}
	}
	strong = before
	for i, c := range classes {
		switch c {
		case bidi.ES, bidi.ET, bidi.CS:
			classes[i] = bidi.ON
		case bidi.L, bidi.R:
			strong = c
		case bidi.EN:
			if strong == bidi.L {
				classes[i] = bidi.L
			}
		}
	}
}

// turn reverses what is right-to-left (L2) and mirrors it. GRUB mirrors within
// left-to-right text that stands in right-to-left text too.
func turn(text []Cluster, levels []int) []Cluster {
	out := make([]Cluster, len(text))
	order := make([]int, len(text))
	highest := 0
	for i := range text {
		order[i] = i
		highest = max(highest, levels[i])
	}
	for level := highest; level > 0; level-- {
		for start := 0; start < len(text); start++ {
			end := start
			for end < len(text) && levels[end] >= level {
				end++
			}
			for a, b := start, end-1; a < b; a, b = a+1, b-1 {
				order[a], order[b] = order[b], order[a]
			}
			start = end
		}
	}
	for i, from := range order {
		out[i] = text[from]
		if levels[from] > 0 {
			out[i].Mirrored = mirrored(out[i].Base) != out[i].Base
		}
	}
	return out
}

// mirrored is the character that looks like another one in a mirror.
func mirrored(r rune) rune {
	const pairs = "()[]{}<>«»‹›≤≥"
	runes := []rune(pairs)
	if i := slices.Index(runes, r); i >= 0 {
		return runes[i^1]
	}
	return r
}
