package inspect

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"

	"github.com/isowright/isowright/builder/catalog"
)

// nixRegistration is where a NixOS image lists its store paths.
const nixRegistration = "nix-path-registration"

// parseRegistration reads what `nix-store --load-db` does: for each store path
// its path, NAR hash, NAR size in bytes, deriver, number of references, and the
// references, a line each.
func parseRegistration(r io.Reader) ([]catalog.Package, error) {
	var list []catalog.Package
	lines := scanner(r)
	for lines.Scan() {
		storePath := lines.Text()
		if storePath == "" {
			continue
		}
		var fields [4]string // hash, size, deriver, number of references
		for i := range fields {
			if !lines.Scan() {
				return nil, brokenRegistration(lines.Err(), storePath)
			}
			fields[i] = lines.Text()
		}
		size, err := strconv.ParseInt(fields[1], 10, 64)
		if err != nil || size < 0 {
			return nil, brokenRegistration(nil, storePath)
		}
		references, err := strconv.Atoi(fields[3])
		if err != nil || references < 0 {
			return nil, brokenRegistration(nil, storePath)
		}
		for range references {
			if !lines.Scan() {
				return nil, brokenRegistration(lines.Err(), storePath)
			}
		}
		name, version := catalog.OfStorePath(path.Base(storePath))
		list = append(list, catalog.Package{Name: name, Version: version, Installed: size})
	}
	if err := lines.Err(); err != nil {
		return nil, brokenRegistration(err, "")
	}
	return list, nil
}

func brokenRegistration(err error, at string) error {
	if err == nil {
		err = errors.New("a record is not complete")
	}
	if at != "" {
		return fmt.Errorf("read %s at %s: %w", nixRegistration, at, err)
	}
	return fmt.Errorf("read %s: %w", nixRegistration, err)
}
