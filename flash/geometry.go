package flash

// geometry are the sizes that a stick is worked in, in bytes. Each is a
// multiple of the one before.
type geometry struct {
	// block is what is compared, written and hashed by itself. Smaller ones
	// save little more, and cheap sticks write pieces below their erase block
	// at a fraction of their speed.
	block int
	// head is what is written last.
	head int
	// chunk is one read or write.
	chunk int
	// owed bounds what a stick, or the kernel, may have taken without having
	// confirmed it: the bar must not run ahead of the medium.
	owed int64
}

// usual is the geometry of real sticks. Tests work in a smaller one.
func usual() geometry {
	return geometry{block: 256 << 10, head: 1 << 20, chunk: 4 << 20, owed: 32 << 20}
}
