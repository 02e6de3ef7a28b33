package nix

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/internal/run"
)

// Places tells where store paths can be read on this computer. The zero value
// is for a store that is this computer's own.
type Places struct {
	// folder is what stands in for /nix.
	folder string
	// store is the folder that store paths begin with; empty: /nix/store.
	store string
}

// Of is the place of a store path, or of something in it. A link is not
// followed; what it says holds where the store is at its own place.
func (p Places) Of(storePath string) string {
	if rest, ok := strings.CutPrefix(storePath, p.store+"/"); ok && p.store != "" && p.folder != "" {
		return filepath.Join(p.folder, "store", rest)
	}
	rest, ok := strings.CutPrefix(storePath, "/nix/")
	if p.folder == "" || !ok {
		return storePath
	}
	return filepath.Join(p.folder, rest)
}

// maxLinks is how many links are followed, as many as Linux does.
const maxLinks = 40

// Resolve is the place of the file or folder that a path in the store comes to
// when its links are followed.
func (p Places) Resolve(storePath string) (string, error) {
	if p.folder == "" {
		return filepath.EvalSymlinks(storePath)
	}
	const store = "/nix/store/"
	rest, ok := strings.CutPrefix(path.Clean(storePath), store)
	done := path.Clean(store)
	for links := 0; ok && rest != ""; {
		name, after, _ := strings.Cut(rest, "/")
		next := path.Join(done, name)
		info, err := os.Lstat(p.Of(next))
		if err != nil {
			return "", fmt.Errorf("follow %s: %w", storePath, err)
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			done, rest = next, after
			continue
		}
		if links++; links > maxLinks {
			return "", fmt.Errorf("follow %s: too many links", storePath)
		}
		target, err := os.Readlink(p.Of(next))
		if err != nil {
			return "", fmt.Errorf("follow %s: %w", storePath, err)
		}
		if !path.IsAbs(target) {
			target = path.Join(done, target)
		}
		rest, ok = strings.CutPrefix(path.Join(target, after), store)
		done = path.Clean(store)
	}
	if !ok {
		return "", fmt.Errorf("follow %s: it leads out of the store", storePath)
	}
	return p.Of(done), nil
}

// Places tells where the store can be read on this computer, and whether it can.
func (n *Nix) Places() (Places, bool) {
	if n.places == nil {
		return Places{}, false
	}
	return *n.places, true
}

// Readable sees to it that store paths can be read on this computer. Those of a
// container whose volume cannot be looked into are copied below dir, each once;
// it may be kept for the next time.
func (n *Nix) Readable(ctx context.Context, dir string, paths ...string) (Places, error) {
	if n.places != nil {
		return *n.places, nil
	}
	places := Places{folder: dir}
	var missing []string
	for _, p := range paths {
		if _, err := os.Lstat(places.Of(p)); errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, p)
		} else if err != nil {
			return Places{}, fmt.Errorf("copy %s out of the container: %w", p, err)
		}
	}
	if len(missing) == 0 {
		return places, nil
	}
	return places, n.copyOut(ctx, filepath.Join(dir, "store"), missing)
}

// copyOut unpacks what nix-store exports.
func (n *Nix) copyOut(ctx context.Context, dir string, paths []string) error {
	infos, err := n.pathInfo(ctx, paths)
	if err != nil {
		return err
	}
	var total int64
	for _, info := range infos {
		total += info.NarSize
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("copy out of the container: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("copy out of the container: %w", err)
	}
	defer root.Close()
	counter := progress.NewCounter(n.watch.Progress, progress.Event{
		Step: StepCopy, Text: "copying the results out of the container", Total: total,
	})
	reader, writer := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := unpackExport(bufio.NewReaderSize(counter.Reader(reader), 1<<20), root, path.Dir(paths[0]))
		reader.CloseWithError(err)
		done <- err
	}()
	err = n.container.export(ctx, writer, paths)
	writer.CloseWithError(err)
	unpacked := <-done
	if err == nil || errors.Is(err, errNAR) {
		err = unpacked
	}
	if err != nil {
		return fmt.Errorf("copy out of the container: %w", err)
	}
	return nil
}

// export runs nix-store --export in the container.
func (c *Container) export(ctx context.Context, w io.Writer, paths []string) error {
	cmd, end, err := c.wrap(run.Cmd{
		Path: "nix-store", Args: append([]string{"--export"}, paths...), Env: c.env, Stdout: w, Grace: grace,
	})
	if err != nil {
		return err
	}
	err = run.Run(ctx, cmd)
	if ended := end(err); ended != nil {
		return errors.Join(err, ended)
	}
	if err != nil && ctx.Err() == nil {
		return c.explain("could not export store paths", err)
	}
	return err
}

// The format of `nix-store --export` is that of the Nix reference manual,
// "Nix Export Format": per path the number 1, its NAR, a magic number, its name,
// references, deriver and the number 0; in the end the number 0.
const exportMagic = 0x4558494e

// unpackExport unpacks exported paths of a store into root, each all or
// nothing.
func unpackExport(r io.Reader, root *os.Root, storeDir string) error {
	n := narReader{r}
	for {
		more, err := n.number()
		if err != nil {
			return err
		}
		switch more {
		case 0:
			return nil
		case 1:
		default:
			return fmt.Errorf("%w: the number %d between paths", errNAR, more)
		}
		const part = "unpacking.part"
		if err := root.RemoveAll(part); err != nil {
			return err
		}
		if err := unpackNAR(r, root, part); err != nil {
			return err
		}
		name, err := n.exportedName(storeDir)
		if err != nil {
			return err
		}
		if err := root.Rename(part, name); err != nil {
			return err
		}
	}
}

// exportedName reads what follows a path's NAR.
func (n narReader) exportedName(storeDir string) (string, error) {
	if magic, err := n.number(); err != nil || magic != exportMagic {
		return "", errors.Join(err, fmt.Errorf("%w: no magic number behind a path", errNAR))
	}
	whole, err := n.word()
	if err != nil {
		return "", err
	}
	name, ok := strings.CutPrefix(whole, storeDir+"/")
	if !ok || name == "" || strings.HasPrefix(name, ".") || strings.ContainsAny(name, "/\x00") {
		return "", fmt.Errorf("%w: the store path %.80q", errNAR, whole)
	}
	references, err := n.number()
	if err != nil {
		return "", err
	}
	for range references {
		if _, err := n.word(); err != nil {
			return "", err
		}
	}
	if _, err := n.word(); err != nil { // deriver
		return "", err
	}
	if end, err := n.number(); err != nil || end != 0 {
		return "", errors.Join(err, fmt.Errorf("%w: no end behind a path", errNAR))
	}
	return name, nil
}
