// Package model is what the window shows, without a window: the open designs
// with undo and redo, their problems and plans, and the work that runs.
//
// Everything in it belongs to one goroutine, the one that draws. Work that takes
// long runs in goroutines that the model starts; what comes of it is handed back
// through the Poster. Nothing here locks, and nothing here draws.
package model
