package source

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/design"
)

// files puts the person's files into the running system: a single file below
// /etc the way NixOS does that, all else by an activation script, which copies
// it anew at each start.
func (g *generator) files() {
	m := g.module("files.nix", "Files of one's own in the running system.")
	var script []line
	for i, f := range g.d.Files {
		if f.On == "medium" {
			continue
		}
		field := element("files", i)
		p := g.asset(field+".source", f.Source)
		if p == "" {
			continue
		}
		full, _ := g.resolve(field+".source", f.Source)
		info, err := os.Stat(full)
		if err != nil {
			g.fault(field+".source", strconv.Quote(f.Source)+" cannot be read: "+err.Error(), "check the file")
			continue
		}
		g.warnReadable(field, f, info)
		if rest, ok := strings.CutPrefix(f.Target, "/etc/"); ok && !info.IsDir() {
			m.set(field, "environment.etc", etcFile(field, p, f, info), rest)
			continue
		}
		script = append(script, g.placeLines(field, p, full, f, info)...)
	}
	if len(script) == 0 {
		return
	}
	m.let("place", code(placeFunction))
	e := expr{lines: []line{{text: "''"}, {text: "  ${place}"}}, atom: true}
	e.lines = append(e.lines, script...)
	e.lines = append(e.lines, line{text: "''"})
	m.comment("Copied at each start, after the accounts are there.")
	m.set("files", "system.activationScripts.ownFiles", attrs(
		at("deps", list(text("etc"), text("users"), text("groups"))), at("text", e)))
}

// placeFunction copies a file or folder. A folder that is there already keeps
// its owner and mode; a file or link in a file's place is replaced.
const placeFunction = `''
  # place SOURCE TARGET MODE OWNER; MODE and OWNER may be empty
  place() {
    local source=$1 target=$2 mode=$3 owner=$4 entry name to
    while IFS= read -r -d "" entry; do
      name=''${entry#?}
      to=$target''${name:+/$name}
      mkdir -p -- "$(dirname -- "$to")"
      case $entry in
        d*)
          if [ -d "$to" ]; then continue; fi
          mkdir -- "$to"
          ;;
        *)
          cp -dT --remove-destination -- "$source''${name:+/$name}" "$to"
          ;;
      esac
      if [ -n "$owner" ]; then chown -h "$owner" -- "$to"; fi
      case $entry in
        f*) chmod "''${mode:-u+w}" -- "$to" ;;
      esac
    done < <(find "$source" -printf '%y%P\0')
  }
''`

// warnReadable tells that the store hides nothing.
func (g *generator) warnReadable(field string, f design.File, info fs.FileInfo) {
	mode := modeOf(f, info)
	if n, err := strconv.ParseUint(mode, 8, 32); err == nil && n&0o004 == 0 && !info.IsDir() {
		g.warn(field+".mode", "the running system hides "+f.Target+" from other users, but a copy that everyone can read lies in the image's store", "put secrets on the machine itself")
	}
}

// modeOf is a file's mode in the image, in octal.
func modeOf(f design.File, info fs.FileInfo) string {
	if f.Mode != "" {
		return f.Mode
	}
	return fmt.Sprintf("%04o", info.Mode().Perm()&^0o022)
}

// etcFile is one file below /etc. Without mode and owner it becomes a link into
// the store.
func etcFile(field, asset string, f design.File, info fs.FileInfo) expr {
	pairs := []pair{at1("source", code(localPath(0, asset)))}
	usual := f.Mode == "" && (info.Mode().Perm()&0o044 == 0o044)
	if !usual || f.Owner != "" {
		pairs = append(pairs, at1("mode", text(modeOf(f, info)).of(field+".mode")))
	}
	if f.Owner != "" {
		user, group, has := strings.Cut(f.Owner, ":")
		pairs = append(pairs, at1("user", text(etcID(user)).of(field+".owner")))
		switch {
		case has:
			pairs = append(pairs, at1("group", text(etcID(group)).of(field+".owner")))
		case !isNumber(user):
			pairs = append(pairs, at1("group", code("config.users.users."+attrName(user)+".group").of(field+".owner")))
		}
	}
	return attrs(pairs...)
}

// etcID writes a user or group as environment.etc takes it: numbers begin with
// a plus sign.
func etcID(s string) string {
	if isNumber(s) {
		return "+" + s
	}
	return s
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789") == "" && s != "" }

// placeLines call place for one file or folder, and set what the store forgets:
// modes other than 0644 and 0755.
func (g *generator) placeLines(field, asset, full string, f design.File, info fs.FileInfo) []line {
	owner := f.Owner
	if owner != "" && !strings.Contains(owner, ":") && !isNumber(owner) {
		owner += ":" // and the user's own group
	}
	mode := f.Mode
	if mode == "" && !info.IsDir() {
		mode = modeOf(f, info)
	}
	call := func(words ...string) line {
		out := make([]string, len(words))
		for i, w := range words {
			out[i] = strings.Join(indented(shellWord(w)), "\n")
		}
		return line{"  " + strings.Join(out, " "), field}
	}
	head := line{"  place ${" + localPath(0, asset) + "} " + strings.TrimSpace(call(f.Target, mode, owner).text), field}
	lines := []line{head}
	if mode != "" || !info.IsDir() {
		return lines
	}
	err := filepath.WalkDir(full, func(name string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		perm := info.Mode().Perm() &^ 0o022
		if perm == 0o644 || perm == 0o755 {
			return nil
		}
		rel, err := filepath.Rel(full, name)
		if err == nil {
			lines = append(lines, call("chmod", fmt.Sprintf("%04o", perm), "--", f.Target+"/"+filepath.ToSlash(rel)))
		}
		return err
	})
	if err != nil {
		g.fault(field+".source", strconv.Quote(f.Source)+" cannot be read: "+err.Error(), "check the folder")
	}
	return lines
}
