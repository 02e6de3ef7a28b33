package term

// Cluster is what stands in one place: a character with its marks.
type Cluster struct {
	Base  rune
	Marks []rune
}

func (c Cluster) runes() int { return 1 + len(c.Marks) }

// logical splits a text into clusters, in the order of reading.
func logical(text string) []Cluster {
	var all []Cluster
	for _, r := range text {
		all = append(all, Cluster{Base: r})
	}
	return all
}

// visual brings clusters into the order of the eye, from left to right.
func visual(text []Cluster) []Cluster { return text }
