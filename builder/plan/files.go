package plan

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/look"
)

// listFiles looks at the person's files, folders file by file, and reads each
// once for its hash. What cannot be read is a problem of the design.
func listFiles(ctx context.Context, d design.Design) ([]File, design.Problems, error) {
	var all []File
	var problems design.Problems
	for _, n := range named(d) {
		found, err := n.list(ctx, d)
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if own := (design.Problems)(nil); errors.As(err, &own) {
			problems = append(problems, own...)
			continue
		}
		if err != nil {
			problems = append(problems, design.Problem{
				Field: n.field, Text: fileFault(err),
				Hint: "mend it or take it out of the design",
			})
			continue
		}
		all = append(all, found...)
	}
	return all, problems, nil
}

// namedFile is a file with the field that names it.
type namedFile struct {
	design.File
	field string
}

// list is what the file or folder puts on the image.
func (n namedFile) list(ctx context.Context, d design.Design) ([]File, error) {
	if n.field == themeField {
		return themeFiles(d)
	}
	all, err := walkFile(ctx, d.Dir, n.File)
	if err != nil || !strings.HasPrefix(n.field, "boot.fonts[") {
		return all, err
	}
	for _, f := range all {
		if err := checkFont(f, d.Boot.FontSize); err != nil {
			return nil, design.Problems{{Field: n.field, Text: err.Error(), Hint: "choose another font"}}
		}
	}
	return all, nil
}

// checkFont makes a font as the build will, to learn now whether that goes.
func checkFont(f File, size int) error {
	data, err := os.ReadFile(f.Source)
	if err != nil {
		return err
	}
	_, err = grub.Font(data, size)
	return err
}

const themeField = "boot.theme"

// themeFiles are those that are made for the menu's theme.
func themeFiles(d design.Design) ([]File, error) {
	theme, err := look.Of(d)
	if err != nil {
		return nil, err
	}
	source := ""
	if _, own := design.OwnTheme(d.Boot.Theme); !own {
		if source, err = filepath.Abs(filepath.Join(d.Dir, d.Boot.Theme)); err != nil {
			return nil, err
		}
	}
	var all []File
	for _, name := range theme.Names() {
		data := theme.Files[name]
		sum := sha256.Sum256(data)
		all = append(all, File{
			Source: source, Theme: true, Target: path.Join(look.Folder, name), OnMedium: true, Mode: 0o444,
			Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:]),
		})
	}
	return all, nil
}

// named are all files a design names, with their places on the image.
func named(d design.Design) []namedFile {
	var all []namedFile
	for i, f := range d.Files {
		all = append(all, namedFile{f, fmt.Sprintf("files[%d].source", i)})
	}
	medium := func(field, source, target string) {
		if source != "" {
			all = append(all, namedFile{design.File{Source: source, Target: target, On: "medium"}, field})
		}
	}
	medium("boot.background", d.Boot.Background, Background)
	medium(themeField, d.Boot.Theme, look.Folder)
	for i, f := range d.Boot.Fonts {
		medium(fmt.Sprintf("boot.fonts[%d]", i), f, fontFolder+grub.FontName(f))
	}
	return all
}

// fileFault says in words why a file cannot be used.
func fileFault(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return pe.Path + " does not exist"
		case errors.Is(err, fs.ErrPermission):
			return pe.Path + " may not be read by you"
		}
		return fmt.Sprintf("%s cannot be read: %v", pe.Path, pe.Err)
	}
	return err.Error()
}

func walkFile(ctx context.Context, dir string, f design.File) ([]File, error) {
	root := f.Source
	if !filepath.IsAbs(root) {
		root = filepath.Join(dir, root)
	}
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, err
	}
	if root, err = filepath.Abs(root); err != nil {
		return nil, err
	}
	mode, _ := strconv.ParseUint(f.Mode, 8, 12)
	var all []File
	err = filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		one := File{
			Source: name, Target: path.Join(f.Target, filepath.ToSlash(rel)),
			OnMedium: f.On == "medium", Mode: uint32(mode), Owner: f.Owner,
		}
		if err := one.look(ctx); err != nil {
			return err
		}
		all = append(all, one)
		return nil
	})
	return all, err
}

// look fills in what the file is.
func (f *File) look(ctx context.Context) error {
	info, err := os.Lstat(f.Source)
	if err != nil {
		return err
	}
	switch {
	case info.IsDir():
		f.Dir, f.Mode = true, 0o755
		return nil
	case info.Mode()&fs.ModeSymlink != 0:
		f.Mode = 0o777
		f.Link, err = os.Readlink(f.Source)
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is neither a file nor a folder", f.Source)
	}
	if f.Mode == 0 {
		f.Mode = uint32(info.Mode().Perm()) &^ 0o022
	}
	f.Size, f.SHA256, err = hashFile(ctx, f.Source)
	return err
}

// secretHead is how much of a file is looked at for a private key, in bytes.
const secretHead = 4096

func hashFile(ctx context.Context, name string) (int64, string, error) {
	in, err := os.Open(name)
	if err != nil {
		return 0, "", err
	}
	defer in.Close()
	h := sha256.New()
	r := bufio.NewReaderSize(ctxReader{ctx, in}, secretHead)
	head, err := r.Peek(secretHead)
	if err != nil && err != io.EOF {
		return 0, "", err
	}
	if design.HoldsSecret(head) {
		return 0, "", fmt.Errorf("%s is a private key, which an image would give to everybody who has it", name)
	}
	n, err := io.Copy(h, r)
	return n, hex.EncodeToString(h.Sum(nil)), err
}

// ctxReader ends with its context.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (r ctxReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
