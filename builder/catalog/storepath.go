package catalog

import (
	"path"
	"strings"
)

// OfStorePath parts the base name of a Nix store path into the package's name and
// version: without the hash, and where the first hyphen stands that no letter
// follows, as builtins.parseDrvName does. What follows the version, such as the
// name of an output, belongs to it.
func OfStorePath(storePath string) (name, version string) {
	_, whole, ok := strings.Cut(path.Base(storePath), "-")
	if !ok {
		return path.Base(storePath), ""
	}
	for i := 0; i+1 < len(whole); i++ {
		c := whole[i+1] | 0x20 // as a small letter
		if whole[i] == '-' && (c < 'a' || c > 'z') {
			return whole[:i], whole[i+1:]
		}
	}
	return whole, ""
}
