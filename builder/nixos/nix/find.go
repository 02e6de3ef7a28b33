package nix

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Search says where to look for nix and how to use it.
type Search struct {
	// Path is the program or the folder that holds it; empty: looked for in
	// PATH and where installers put it.
	Path string
	// Env is the environment of nix; nil: this process's.
	Env      []string
	Settings Settings
	// Home is a folder for results of a remote store, where this computer's
	// does not take them because it does not trust the user; empty: they cannot
	// be brought here then.
	Home string
	// Container has nix run in a container, where it names an Engine.
	Container ContainerSearch
	// Design is the project file, for the commands of a MissingError.
	Design string
}

// MissingError tells that no nix that serves was found.
type MissingError struct {
	// Looked are the places, in order.
	Looked []string
	// Old is a nix that is too old, with its place.
	Old     Version
	OldPath string
	// Tried is why no container could be had, where one was asked for.
	Tried string
	// Choices are the ways to build nonetheless.
	Choices []Choice
}

// Error says what is missing.
func (e *MissingError) Error() string {
	text := e.missing()
	if e.Tried != "" {
		text += "; " + e.Tried
	}
	return text
}

func (e *MissingError) missing() string {
	if e.OldPath != "" {
		return fmt.Sprintf("%s is %s, but %s or newer is needed", e.OldPath, e.Old, Oldest())
	}
	return "there is no Nix on this computer (looked in " + strings.Join(e.Looked, ", ") + ")"
}

// Hint says what to do: the ways that are possible, with their commands.
func (e *MissingError) Hint() string {
	var b strings.Builder
	if e.OldPath != "" {
		b.WriteString("Update it (`nix upgrade-nix`, or your distribution's newer package), or give the path of a newer one. Or:\n")
	}
	for _, c := range e.Choices {
		if !c.Possible {
			continue
		}
		b.WriteString("- " + c.Title + ". " + c.Why + "\n")
		for _, line := range c.Commands {
			b.WriteString("    " + line + "\n")
		}
	}
	for _, c := range e.Choices {
		if !c.Possible {
			b.WriteString("- Not as it is: " + c.Title + ". " + c.Why + "\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Find looks for a nix that serves and asks it for its settings and its store.
// Where there is none, the error is a *MissingError; where nix is there but
// its store cannot be used, an *Error.
func Find(ctx context.Context, s Search) (*Nix, error) {
	env := s.Env
	if env == nil {
		env = os.Environ()
	}
	s.Container.Env = env
	switch s.Container.Engine {
	case Podman, Docker, Builtin:
		return s.findElsewhere(ctx)
	}
	missing := &MissingError{}
	for _, path := range candidates(s.Path, env) {
		if dir := filepath.Dir(path); !slices.Contains(missing.Looked, dir) {
			missing.Looked = append(missing.Looked, dir)
		}
		if !executable(path) {
			continue
		}
		n := &Nix{Path: path, env: env, settings: s.Settings, places: &Places{}, homeDir: s.Home}
		if err := n.askVersion(ctx); err != nil {
			if s.Path != "" || ctx.Err() != nil {
				return nil, err
			}
			continue
		}
		if !n.Version.Serves() {
			if missing.OldPath == "" {
				missing.Old, missing.OldPath = n.Version, path
			}
			continue
		}
		return n, n.ask(ctx)
	}
	if s.Container.Engine == Auto {
		n, err := s.findElsewhere(ctx)
		if err == nil || ctx.Err() != nil {
			return n, err
		}
		missing.Tried = err.Error()
	}
	missing.Choices = choices(ctx, computer{
		files: os.DirFS("/"), goos: runtime.GOOS, env: env, design: s.Design,
		brings: s.Container.Unpack != nil, root: os.Geteuid() == 0,
	})
	return nil, missing
}

// findElsewhere finds a nix in a container, or the one that is only unpacked.
func (s Search) findElsewhere(ctx context.Context) (*Nix, error) {
	var unpacked error
	if s.Container.Engine == Builtin || s.Container.Engine == Auto && s.Container.Unpack != nil {
		n, err := s.findUnpacked(ctx)
		if err == nil || s.Container.Engine == Builtin || ctx.Err() != nil {
			return n, err
		}
		unpacked = err
	}
	c, err := FindContainer(ctx, s.Container)
	if err != nil {
		return nil, errors.Join(err, unpacked)
	}
	n := &Nix{Path: "nix", env: s.Container.Env, settings: s.Settings, container: c}
	if c.store != "" {
		n.places = &Places{folder: c.store}
	}
	if err := n.askVersion(ctx); err != nil {
		return nil, err
	}
	if !n.Version.Serves() {
		return nil, c.tooOld(n.Version)
	}
	return n, n.ask(ctx)
}

// ask learns the settings and the store.
func (n *Nix) ask(ctx context.Context) error {
	if err := n.askConfig(ctx); err != nil {
		return err
	}
	if err := n.askStore(ctx); err != nil {
		return err
	}
	n.own = n.places
	n.settle()
	return nil
}

// candidates lists where nix may be.
func candidates(explicit string, env []string) []string {
	if explicit != "" {
		if info, err := os.Stat(explicit); err == nil && info.IsDir() {
			return []string{filepath.Join(explicit, "nix")}
		}
		return []string{explicit}
	}
	var dirs []string
	for _, dir := range filepath.SplitList(getenv(env, "PATH")) {
		if filepath.IsAbs(dir) {
			dirs = append(dirs, dir)
		}
	}
	dirs = append(dirs, "/nix/var/nix/profiles/default/bin")
	if home := getenv(env, "HOME"); home != "" {
		dirs = append(dirs, filepath.Join(home, ".nix-profile/bin"), filepath.Join(home, ".local/state/nix/profile/bin"))
	}
	dirs = append(dirs, "/run/current-system/sw/bin")
	var paths []string
	for _, dir := range dirs {
		if path := filepath.Join(dir, "nix"); !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths
}

// getenv gives the last value of name, as the system does.
func getenv(env []string, name string) string {
	for _, v := range slices.Backward(env) {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

func (n *Nix) askVersion(ctx context.Context) error {
	var out bytes.Buffer
	_, err := n.run(ctx, command{args: []string{"--version"}, out: &out})
	if err != nil {
		return fmt.Errorf("ask %s for its version: %w", n.Path, err)
	}
	n.Version, err = ParseVersion(out.String())
	if err != nil {
		return fmt.Errorf("%s: %w", n.Path, err)
	}
	return nil
}

// errNotOurs marks an answer that cannot be read.
var errNotOurs = errors.New("unexpected answer")
