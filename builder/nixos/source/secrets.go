package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/design"
)

// leftOut are files of a folder that are not part of a configuration.
var leftOut = regexp.MustCompile(`^(\.git|\.direnv|\.jj|\.hg|result(-.*)?)$`)

// maxSecret is how much of a file is looked at for secrets, in bytes. Keys are
// smaller, and so is what people write by hand.
const maxSecret = 1 << 20

// secrets refuses files of the person's that hold private keys or plain
// passwords: everyone who holds the image could read them.
func (g *generator) secrets(field, full string) {
	if g.searched[full] {
		return
	}
	g.searched[full] = true
	// Files for the image are copied whole.
	whole := strings.HasPrefix(field, "files[")
	err := filepath.WalkDir(full, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && !whole && filepath.Dir(name) == full && leftOut.MatchString(e.Name()):
			return filepath.SkipDir
		case !e.Type().IsRegular():
			return nil
		}
		text, err := beginning(name)
		if err != nil {
			return err
		}
		shown, err := filepath.Rel(filepath.Dir(full), name)
		if err != nil {
			return err
		}
		if design.HoldsSecret(text) {
			g.fault(field, strconv.Quote(shown)+" holds a private key, which everyone could read who holds the image",
				"keep it elsewhere, and bring it to the computer when the system runs")
		}
		if filepath.Ext(name) == ".nix" && design.HoldsPassword(string(text)) {
			g.fault(field, strconv.Quote(shown)+" holds a plain password, which everyone could read who holds the image",
				"give a user a hashedPassword, and anything else a file that is brought to the computer when the system runs")
		}
		return nil
	})
	if err != nil {
		var cause *fs.PathError
		if errors.As(err, &cause) {
			err = fmt.Errorf("%s: %w", cause.Path, cause.Err)
		}
		g.fault(field, "it cannot be read: "+err.Error(), "let your user read all of it")
	}
}

// beginning is what is looked at of a file.
func beginning(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxSecret))
}
