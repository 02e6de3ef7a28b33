package assets

import (
	"embed"
	"io/fs"
)

//go:embed words/*.json
var words embed.FS

// Words are the texts of the window in other languages, one file each:
// LANGUAGE.json.
func Words() fs.FS {
	// The folder is embedded, so it is there.
	dir, err := fs.Sub(words, "words")
	if err != nil {
		panic(err)
	}
	return dir
}
