package design

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // the formats that GRUB shows
	_ "image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// CheckFiles looks at the files and folders that a design names, relative to
// d.Dir: whether they are there, can be read, are of the right kind and lie in
// the project's folder also when links are followed. It reads only the headers
// of pictures and fonts, and the names in folders that are to be copied. Paths
// that Validate refuses are left to it.
func CheckFiles(d Design) Problems {
	c := &fileChecker{dir: d.Dir}
	for i, f := range d.Files {
		c.copied(element("files", i)+".source", f.Source)
	}
	if d.Boot.Background != "" {
		c.picture("boot.background", d.Boot.Background)
	}
	if _, own := OwnTheme(d.Boot.Theme); d.Boot.Theme != "" && !own {
		c.theme(d.Boot.Theme)
	}
	for i, font := range d.Boot.Fonts {
		c.font(element("boot.fonts", i), font)
	}
	if d.NixOS != nil {
		c.nixos(*d.NixOS)
	}
	return c.problems
}

type fileChecker struct {
	dir      string
	problems Problems
}

func (c *fileChecker) add(field, text, hint string) {
	c.problems = append(c.problems, Problem{Field: field, Text: text, Hint: hint})
}

// resolve finds where a relative path leads, links followed.
func (c *fileChecker) resolve(field, name string) (string, fs.FileInfo, bool) {
	quiet := checker{}
	if !quiet.localPath(field, name) {
		return "", nil, false // Validate reports it
	}
	full, err := filepath.EvalSymlinks(filepath.Join(c.dir, filepath.FromSlash(name)))
	if err == nil {
		var base, rel string
		if base, err = filepath.EvalSymlinks(baseDir(c.dir)); err == nil {
			rel, err = filepath.Rel(absolute(base), absolute(full))
			if err == nil && !filepath.IsLocal(rel) {
				c.add(field, show(name)+" is a link that leaves the project's folder", "copy what it points to into the folder")
				return "", nil, false
			}
		}
	}
	var info fs.FileInfo
	if err == nil {
		info, err = os.Stat(full)
	}
	if err != nil {
		c.failed(field, name, err)
		return "", nil, false
	}
	return full, info, true
}

// baseDir is the folder that relative paths start from.
func baseDir(dir string) string {
	if dir == "" {
		return "."
	}
	return dir
}

// absolute makes a path absolute; one that cannot be stays as it is.
func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// failed words an error of the file system.
func (c *fileChecker) failed(field, name string, err error) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.add(field, show(name)+" does not exist", "paths are relative to the project file, in "+show(baseDir(c.dir)))
	case errors.Is(err, fs.ErrPermission):
		c.add(field, show(name)+" cannot be read: permission denied", "let your user read it: chmod u+r")
	default:
		var cause *fs.PathError
		if errors.As(err, &cause) {
			err = cause.Err
		}
		c.add(field, show(name)+" cannot be read: "+err.Error(), "check the file")
	}
}

// open opens a regular file.
func (c *fileChecker) open(field, name string) *os.File {
	full, info, ok := c.resolve(field, name)
	if !ok {
		return nil
	}
	if !info.Mode().IsRegular() {
		c.add(field, show(name)+" is "+kindOf(info)+", not a file", "name a file")
		return nil
	}
	f, err := os.Open(full)
	if err != nil {
		c.failed(field, name, err)
		return nil
	}
	return f
}

func kindOf(info fs.FileInfo) string {
	if info.IsDir() {
		return "a folder"
	}
	return "a device, pipe or socket"
}

// folder checks that a path is a folder that can be listed.
func (c *fileChecker) folder(field, name string) (string, bool) {
	full, info, ok := c.resolve(field, name)
	if !ok {
		return "", false
	}
	if !info.IsDir() {
		c.add(field, show(name)+" is not a folder", "name a folder")
		return "", false
	}
	if _, err := os.ReadDir(full); err != nil {
		c.failed(field, name, err)
		return "", false
	}
	return full, true
}

// copied checks a file or folder that goes on the image.
func (c *fileChecker) copied(field, name string) {
	_, info, ok := c.resolve(field, name)
	switch {
	case !ok:
	case info.IsDir():
		c.folder(field, name)
	default:
		f := c.open(field, name)
		if f == nil {
			return
		}
		defer f.Close()
		head := make([]byte, 4096)
		n, err := io.ReadFull(f, head)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			c.failed(field, name, err)
		}
		if HoldsSecret(head[:n]) {
			c.add(field, show(name)+" is a private key; an image is readable by everyone who holds it", "put secrets on the machine itself")
		}
	}
}

// HoldsSecret says whether the beginning of a file (a few KiB are enough) is
// that of a private key, which must not get onto an image.
func HoldsSecret(head []byte) bool {
	return containsAny(string(head), secretMarks)
}

// picture checks a PNG or JPEG by its header.
func (c *fileChecker) picture(field, name string) {
	f := c.open(field, name)
	if f == nil {
		return
	}
	defer f.Close()
	config, format, err := image.DecodeConfig(f)
	switch {
	case err != nil || format != "png" && format != "jpeg":
		c.add(field, show(name)+" is not a picture that can be read", "save it as PNG or JPEG")
	case config.Width > 16384 || config.Height > 16384:
		c.add(field, fmt.Sprintf("the picture has %d by %d pixels", config.Width, config.Height), "make it as large as a screen, at most 16384 each way")
	}
}

// theme checks a theme's folder or archive; what lies in an archive is looked at
// when the image is planned.
func (c *fileChecker) theme(name string) {
	const field = "boot.theme"
	full, info, ok := c.resolve(field, name)
	if !ok {
		return
	}
	if info.IsDir() {
		c.themeFolder(field, name, full)
		return
	}
	f := c.open(field, name)
	if f == nil {
		return
	}
	defer f.Close()
	head := make([]byte, archiveHead)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		c.failed(field, name, err)
	} else if !isArchive(head[:n]) {
		c.add(field, show(name)+" is neither a folder nor an archive of a theme", "name the theme's folder, or its file .tar, .tar.gz, .tar.xz or .zip")
	}
}

func (c *fileChecker) themeFolder(field, name, full string) {
	if _, ok := c.folder(field, name); !ok {
		return
	}
	info, err := os.Stat(filepath.Join(full, "theme.txt"))
	if err != nil || !info.Mode().IsRegular() {
		c.add(field, "the folder "+show(name)+" has no theme.txt", "name the folder in which the theme's theme.txt lies")
	}
}

// archiveHead is how much of an archive tells its kind, in bytes: tar's mark
// stands at 257 (POSIX ustar).
const archiveHead = 257 + 5

// isArchive says whether a file begins like one in a format that themes are
// taken from: gzip (RFC 1952), xz (its format's description, 2.1.1), zip
// (APPNOTE.TXT, 4.3.7) or tar.
func isArchive(head []byte) bool {
	for _, magic := range []string{"\x1f\x8b", "\xfd7zXZ\x00", "PK\x03\x04"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return len(head) == archiveHead && string(head[257:]) == "ustar"
}

// pf2Magic begins a PF2 font: section FILE, length 4, content PFF2.
var pf2Magic = []byte("FILE\x00\x00\x00\x04PFF2")

func (c *fileChecker) font(field, name string) {
	f := c.open(field, name)
	if f == nil {
		return
	}
	defer f.Close()
	head := make([]byte, len(pf2Magic))
	if _, err := io.ReadFull(f, head); err != nil || !bytes.Equal(head, pf2Magic) && !isOutline(name, head) {
		c.add(field, show(name)+" is neither a TrueType or OpenType font nor one of GRUB's (PF2)",
			"name a file that ends in .ttf, .otf or .pf2 and is such a font")
	}
}

// isOutline says whether a file is a TrueType or OpenType font, by its ending
// and by the first four bytes of its table directory (OpenType 1.9).
func isOutline(name string, head []byte) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".ttf", ".otf":
		begin := string(head[:4])
		return begin == "\x00\x01\x00\x00" || begin == "OTTO" || begin == "true"
	}
	return false
}

func (c *fileChecker) nixos(n NixOS) {
	for i, name := range n.Imports {
		field := element("nixos.imports", i)
		full, info, ok := c.resolve(field, name)
		if !ok {
			continue
		}
		if !info.IsDir() {
			c.closeQuietly(c.open(field, name))
		} else if _, err := os.Stat(filepath.Join(full, "default.nix")); err != nil {
			c.add(field, "the folder "+show(name)+" has no default.nix", "name a file ending in .nix")
		}
	}
	if n.Menu.SplashBIOS != "" {
		c.picture("nixos.menu.splash_bios", n.Menu.SplashBIOS)
	}
	if n.Menu.SplashEFI != "" {
		c.picture("nixos.menu.splash_efi", n.Menu.SplashEFI)
	}
	if rest, local := strings.CutPrefix(n.Flake.URL, "./"); local || n.Flake.URL == "." {
		c.flake("nixos.flake.url", rest)
	}
	if n.Offline.Flake != "" {
		c.flake("nixos.offline.flake", strings.TrimPrefix(n.Offline.Flake, "./"))
	}
	if n.Offline.Configuration != "" {
		c.folder("nixos.offline.configuration", strings.TrimPrefix(n.Offline.Configuration, "./"))
	}
}

func (c *fileChecker) closeQuietly(f *os.File) {
	if f != nil {
		f.Close()
	}
}

// flake checks a folder with a flake.nix.
func (c *fileChecker) flake(field, name string) {
	if name == "" || name == "." {
		name = "."
	}
	if full, ok := c.folder(field, name); ok {
		if _, err := os.Stat(filepath.Join(full, "flake.nix")); err != nil {
			c.add(field, "the folder "+show(name)+" has no flake.nix", "name the folder of the flake")
		}
	}
}
