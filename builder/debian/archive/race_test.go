//go:build race

package archive

// raceDetector says that everything is many times slower.
const raceDetector = true
