//go:build !race

package view

// watched says that TestNothingHoldsTheWindowUp holds the window to its limit.
const watched = true
