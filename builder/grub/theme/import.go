package theme

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/grub/pf2"
)

// themeFile is the name that themes give to their description.
const themeFile = "theme.txt"

// Imported is a theme of somebody else, made ready for GRUB.
type Imported struct {
	// Name is that of the theme's folder, "" where it has none.
	Name string
	// Files are those of the theme's folder, theme.txt among them.
	Files map[string][]byte
	// Fonts are the names that theme.txt may use, of the files that end in
	// .pf2.
	Fonts map[string]string
	// Notes tell a person what was changed or left out.
	Notes []string
	// Problems are what Load says of the result; one that is Lost means that
	// GRUB would not show the theme.
	Problems []Problem
}

// ImportPath imports the theme in a folder or in an archive (tar, tar.gz,
// tar.xz, zip).
func ImportPath(name string) (*Imported, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("import a theme: %w", err)
	}
	var files map[string][]byte
	if info.IsDir() {
		root, err := os.OpenRoot(name) // links do not lead out of it
		if err != nil {
			return nil, fmt.Errorf("import a theme: %w", err)
		}
		defer root.Close()
		if files, err = readAll(root.FS()); err != nil {
			return nil, fmt.Errorf("import the theme in %s: %w", name, err)
		}
	} else {
		if info.Size() > maxArchive {
			return nil, fmt.Errorf("import the theme in %s: it has %d MiB: at most %d are taken", name, info.Size()>>20, maxArchive>>20)
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("import a theme: %w", err)
		}
		if files, err = Unpack(data); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	imported, err := Import(files)
	if err != nil {
		return nil, fmt.Errorf("import the theme in %s: %w", name, err)
	}
	if imported.Name == "" {
		imported.Name = strings.SplitN(path.Base(name), ".", 2)[0]
	}
	return imported, nil
}

// readAll reads a folder.
func readAll(files fs.FS) (map[string][]byte, error) {
	u := &unpacked{files: memory{}}
	err := fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if info, err := fs.Stat(files, name); err != nil || !info.Mode().IsRegular() {
			return nil // links that lead nowhere or out, devices
		}
		f, err := files.Open(name)
		if err != nil {
			return err
		}
		return errors.Join(u.add(name, f), f.Close())
	})
	return u.files, err
}

// Import makes a theme ready for GRUB: it takes the folder of the only
// theme.txt, turns every picture into one that GRUB shows as it is, names them
// so in theme.txt, keeps fonts and texts about licences, and leaves out what
// else there is.
func Import(files map[string][]byte) (*Imported, error) {
	dir, err := themeDir(memory(files))
	if err != nil {
		return nil, err
	}
	out := &Imported{Files: map[string][]byte{}, Fonts: map[string]string{}}
	if dir != "" {
		out.Name = path.Base(dir)
	}
	renamed := map[string]string{}
	for _, name := range memory(files).names() {
		inner, ok := strings.CutPrefix(name, dir)
		if !ok {
			continue
		}
		if err := out.take(strings.TrimPrefix(inner, "/"), files[name], renamed); err != nil {
			return nil, err
		}
	}
	if err := out.rename(renamed); err != nil {
		return nil, err
	}
	_, out.Problems, err = Load(memory(out.Files), themeFile)
	if lost := (*Problem)(nil); errors.As(err, &lost) {
		out.Problems = append(out.Problems, *lost)
	}
	return out, nil
}

// themeDir finds the folder of the theme.txt that lies least deep.
func themeDir(files memory) (string, error) {
	var found []string
	for _, name := range files.names() {
		if path.Base(name) == themeFile {
			found = append(found, name)
		}
	}
	slices.SortStableFunc(found, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	switch {
	case len(found) == 0:
		return "", errors.New("there is no theme.txt: choose the folder or archive of a theme for GRUB")
	case len(found) > 1 && strings.Count(found[0], "/") == strings.Count(found[1], "/"):
		return "", fmt.Errorf("there are several themes (%s): unpack it and choose one", strings.Join(found, ", "))
	}
	dir := path.Dir(found[0])
	if dir == "." {
		dir = ""
	}
	return dir, nil
}

// take decides about one file of the theme.
func (out *Imported) take(name string, data []byte, renamed map[string]string) error {
	switch ending := strings.ToLower(path.Ext(name)); ending {
	case ".png", ".jpg", ".jpeg", ".tga", ".gif", ".bmp", ".webp":
		return out.picture(name, data, renamed)
	case ".pf2":
		f, err := pf2.Read(data)
		if err != nil {
			out.note("%s is left out: GRUB cannot read it: %v", name, err)
			return nil
		}
		out.Fonts[name] = f.Name
	case ".ttf", ".otf", ".ttc":
		out.note("%s is left out: GRUB reads fonts in the format PF2 alone", name)
		return nil
	default:
		if name != themeFile && !aboutLicence(name) {
			out.note("%s is left out: GRUB does not need it", name)
			return nil
		}
	}
	out.Files[name] = data
	return nil
}

// aboutLicence finds the texts that have to stay with the pictures.
func aboutLicence(name string) bool {
	base := strings.ToLower(path.Base(name))
	return strings.HasSuffix(base, ".license") || slices.ContainsFunc(
		[]string{"license", "licence", "copying", "copyright", "readme", "authors", "credits", "ofl"},
		func(word string) bool { return strings.HasPrefix(base, word) })
}

func (out *Imported) note(format string, args ...any) {
	out.Notes = append(out.Notes, fmt.Sprintf(format, args...))
}

// picture takes a picture under a name that says PNG.
func (out *Imported) picture(name string, data []byte, renamed map[string]string) error {
	png, changed, err := forGRUB(name, data)
	if err != nil {
		out.note("%s is left out: %v", name, err)
		return nil
	}
	target := name
	if ending := path.Ext(name); ending != ".png" {
		target = strings.TrimSuffix(name, ending) + ".png"
		renamed[name] = target
	}
	if _, taken := out.Files[target]; taken {
		return fmt.Errorf("the pictures %s and %s would both become %s: rename one of them", name, target, target)
	}
	out.Files[target] = png
	switch {
	case target != name:
		out.note("%s became %s", name, target)
	case changed:
		out.note("%s was written anew, so that GRUB shows it as it is", name)
	}
	return nil
}
