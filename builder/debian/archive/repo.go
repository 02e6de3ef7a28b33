package archive

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// WriteRepo writes a repository with exactly these packages below dir, for
// apt lines such as
//
//	deb [trusted=yes] file:///archive trixie main
//
// It is not signed: its packages were authenticated when they were fetched,
// and apt still checks each against its hash. The stanzas are the archive's
// own; the pool must lie (or be mounted) at dir/pool.
func WriteRepo(ctx context.Context, dir, suite, arch string, date time.Time, packages []*Record) error {
	var list strings.Builder
	for _, r := range packages {
		list.WriteString(r.Stanza)
		list.WriteString("\n\n")
	}
	text := list.String()
	if err := ctx.Err(); err != nil {
		return err
	}
	path := "main/binary-" + arch + "/Packages"
	folder := filepath.Join(dir, "dists", suite)
	if err := os.MkdirAll(filepath.Join(folder, filepath.Dir(path)), 0o755); err != nil {
		return fmt.Errorf("write local repository: %w", err)
	}
	if err := writeAside(filepath.Join(folder, path), []byte(text)); err != nil {
		return fmt.Errorf("write local repository: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	release := fmt.Sprintf("Origin: Isowright\nLabel: Isowright\nSuite: %s\nCodename: %s\nDate: %s\n"+
		"Architectures: %s\nComponents: main\nSHA256:\n %x %d %s\n",
		suite, suite, date.UTC().Format("Mon, 02 Jan 2006 15:04:05 UTC"), arch, sha256.Sum256([]byte(text)), len(text), path)
	if err := writeAside(filepath.Join(folder, "Release"), []byte(release)); err != nil {
		return fmt.Errorf("write local repository: %w", err)
	}
	return nil
}
