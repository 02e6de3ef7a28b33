package source

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// asset copies a file or folder of the person's into assets/ and returns its
// path in the source. Its name there is one that the Nix store takes. It
// returns "" for a file that cannot be used, which is reported.
func (g *generator) asset(field, name string) string {
	full, ok := g.resolve(field, name)
	if !ok {
		return ""
	}
	if have, ok := g.assets[full]; ok {
		return have
	}
	p := g.assetName(path.Base(filepath.ToSlash(name)))
	g.assets[full] = p
	g.add(File{Path: p, Copy: full}, nil)
	return p
}

// assetName makes a name of its own below assets/.
func (g *generator) assetName(base string) string {
	safe := storeWord(base)
	p := "assets/" + safe
	for n := 2; g.hasFile(p); n++ {
		p = fmt.Sprintf("assets/%d-%s", n, safe)
	}
	return p
}

// storeWord makes the name of a store path of any text.
func storeWord(s string) string {
	s = strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("._+-", r) {
			return r
		}
		return '-'
	}, s)
	s = strings.TrimLeft(s, ".-")
	if s == "" {
		s = "file"
	}
	return s[:min(len(s), 100)]
}

func (g *generator) hasFile(p string) bool {
	for _, f := range g.out.Files {
		if f.Path == p || strings.HasPrefix(f.Path, p+"/") {
			return true
		}
	}
	return false
}

// resolve finds a file of the person's, links followed.
func (g *generator) resolve(field, name string) (string, bool) {
	full := filepath.Join(g.d.Dir, filepath.FromSlash(name))
	real, err := filepath.EvalSymlinks(full)
	if err == nil {
		real, err = filepath.Abs(real)
	}
	if err == nil && !g.inProject(real) {
		g.fault(field, strconv.Quote(name)+" is a link that leaves the project's folder", "copy what it points to into the folder")
		return "", false
	}
	if err == nil {
		var info os.FileInfo
		if info, err = os.Stat(real); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
			g.fault(field, strconv.Quote(name)+" is neither a file nor a folder", "name a file or folder")
			return "", false
		}
	}
	if err != nil {
		why := err.Error()
		if missing(err) {
			why = "it does not exist"
		}
		g.fault(field, strconv.Quote(name)+" cannot be read: "+why, "paths are relative to the project file")
		return "", false
	}
	g.secrets(field, real)
	return real, true
}

// inProject says whether an absolute path without links lies in the project's
// folder.
func (g *generator) inProject(full string) bool {
	dir := g.d.Dir
	if dir == "" {
		dir = "."
	}
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return false
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return false
	}
	rel, err := filepath.Rel(dir, full)
	return err == nil && filepath.IsLocal(rel)
}

// relativePath finds Nix's path literals that start from the file's own folder.
var relativePath = regexp.MustCompile(`(?:^|[\s(\[{=;,+])((?:\.\.?/)[A-Za-z0-9._+/-]*[A-Za-z0-9_+-])`)

// importFile copies a Nix file of the person's below imports/, where it stands
// as beside the project file, and with it what it names by relative paths.
func (g *generator) importFile(field, name string) string {
	clean := path.Clean(filepath.ToSlash(name))
	g.importTree(field, clean, map[string]bool{})
	return "imports/" + clean
}

func (g *generator) importTree(field, name string, seen map[string]bool) {
	if seen[name] {
		return
	}
	seen[name] = true
	full, ok := g.resolve(field, name)
	if !ok {
		return
	}
	info, err := os.Stat(full)
	if err != nil {
		return // resolve has just seen it
	}
	if info.IsDir() {
		g.add(File{Path: "imports/" + name, Copy: full}, nil)
		return
	}
	if !strings.HasSuffix(name, ".nix") {
		g.add(File{Path: "imports/" + name, Copy: full}, nil)
		return
	}
	text, err := os.ReadFile(full)
	if err != nil {
		g.fault(field, strconv.Quote(name)+" cannot be read: "+err.Error(), "let your user read it")
		return
	}
	g.ownFile("imports/"+name, string(text), field)
	for _, m := range relativePath.FindAllStringSubmatch(string(text), -1) {
		next := path.Join(path.Dir(name), m[1])
		if !filepath.IsLocal(filepath.FromSlash(next)) {
			g.fault(field, strconv.Quote(name)+" imports "+strconv.Quote(m[1])+", which lies outside of the project's folder", "move it into the folder")
			continue
		}
		if _, err := os.Lstat(filepath.Join(g.d.Dir, filepath.FromSlash(next))); err == nil {
			g.importTree(field, next, seen)
		}
	}
}
