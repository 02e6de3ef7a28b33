package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/internal/progress"

	"golang.org/x/sync/errgroup"
)

// connections is how many transfers run at once.
const connections = 6

// Download brings package files into a pool, each to poolDir/Filename, which
// is the archive's own layout. What is there already is checked by size and
// SHA-256 and kept. Of the configuration Client, Backoff, Now and Offline are
// used. Errors are *Error where the archive or the network is at fault.
func Download(ctx context.Context, c Config, packages []catalog.Package, poolDir string, sink progress.Sink) error {
	c = c.network()
	for _, p := range packages {
		if !filepath.IsLocal(p.Filename) || !strings.HasPrefix(p.Filename, "pool/") {
			return fmt.Errorf("package %s has the file name %q, which is not in the pool", p.Name, p.Filename)
		}
	}
	unlock, err := lockFile(ctx, filepath.Join(poolDir, ".lock"))
	if err != nil {
		return fmt.Errorf("lock the package pool: %w", err)
	}
	defer unlock()
	missing, err := missingFiles(ctx, c, packages, poolDir)
	if err != nil {
		return err
	}
	total := int64(0)
	for _, p := range missing {
		total += p.Download
	}
	if c.Offline && len(missing) > 0 {
		return &Error{Kind: ErrOffline, URL: missing[0].URL, Hint: "run once with a network, without --offline",
			Err: fmt.Errorf("%d package files (%d bytes) were never fetched", len(missing), total)}
	}
	count := progress.NewCounter(sink, progress.Event{Step: "download", Text: "downloading packages", Total: total})
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(connections)
	for _, p := range missing {
		group.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return downloadOne(ctx, c, p, filepath.Join(poolDir, p.Filename), count)
		})
	}
	return group.Wait()
}

func downloadOne(ctx context.Context, c Config, p catalog.Package, path string, count *progress.Counter) error {
	err := fetchBlob(ctx, c, blob{p.URL, p.Download, p.SHA256}, path, count.Add)
	var e *Error
	if errors.As(err, &e) && e.Kind == ErrNotFound {
		e.Hint = "the mirror has dropped this version: refresh the catalogue and plan again"
	}
	if err != nil {
		return err
	}
	return os.Chtimes(path, c.Now, c.Now)
}

// missingFiles gives the packages that the pool lacks, the largest first, and
// marks the others as used now.
func missingFiles(ctx context.Context, c Config, packages []catalog.Package, poolDir string) ([]catalog.Package, error) {
	have := make([]bool, len(packages))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range packages {
		group.Go(func() (err error) {
			have[i], err = present(ctx, filepath.Join(poolDir, p.Filename), p, c.Now)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("check the package pool: %w", err)
	}
	var missing []catalog.Package
	listed := map[string]bool{}
	for i, p := range packages {
		if !have[i] && !listed[p.Filename] {
			listed[p.Filename] = true
			missing = append(missing, p)
		}
	}
	slices.SortStableFunc(missing, func(a, b catalog.Package) int { return int(b.Download - a.Download) })
	return missing, nil
}

// present tells whether a file is there and right.
func present(ctx context.Context, path string, p catalog.Package, now time.Time) (bool, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Size() != p.Download {
		return false, err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, ctxReader{ctx, f}); err != nil {
		return false, err
	}
	if hex.EncodeToString(sum.Sum(nil)) != p.SHA256 {
		return false, nil
	}
	return true, os.Chtimes(path, now, now)
}

// Prune removes the files of a pool that were not used for longest until what
// is left has at most maxBytes. The files in keep (names as in
// catalog.Package.Filename) stay whatever their size. Remains of broken
// downloads go too.
func Prune(ctx context.Context, poolDir string, keep []string, maxBytes int64) error {
	unlock, err := lockFile(ctx, filepath.Join(poolDir, ".lock"))
	if err != nil {
		return fmt.Errorf("lock the package pool: %w", err)
	}
	defer unlock()
	kept := map[string]bool{}
	for _, name := range keep {
		kept[filepath.Join(poolDir, name)] = true
	}
	type file struct {
		path string
		info fs.FileInfo
	}
	var files []file
	total := int64(0)
	err = filepath.WalkDir(filepath.Join(poolDir, "pool"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if strings.HasSuffix(path, ".part") {
			return os.Remove(path)
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		total += info.Size()
		if !kept[path] {
			files = append(files, file{path, info})
		}
		return ctx.Err()
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look through the package pool: %w", err)
	}
	slices.SortFunc(files, func(a, b file) int { return a.info.ModTime().Compare(b.info.ModTime()) })
	for _, f := range files {
		if total <= maxBytes {
			break
		}
		if err := os.Remove(f.path); err != nil {
			return fmt.Errorf("prune the package pool: %w", err)
		}
		total -= f.info.Size()
	}
	return nil
}
