//go:build race

package view

// The race detector makes everything many times slower.
const watched = false
