package nix

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/isowright/isowright/internal/run"
)

// keeper is the first program in the container. It ends Nix when its standard
// input ends, which it does when we are killed, and then becomes Nix, so that
// signals reach Nix without a shell in between.
const keeper = `exec 3<&0; { read -r x <&3; kill -TERM 1; } & exec "$@" </dev/null 3<&-`

// passed are variables that hold in the container too. They are passed by name
// alone, so that no list of processes shows their values.
func passed() []string {
	return []string{
		"NIXPKGS_ALLOW_UNFREE", "NIXPKGS_ALLOW_INSECURE", "NIXPKGS_ALLOW_BROKEN",
		"http_proxy", "https_proxy", "no_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY",
	}
}

// containers counts those of this process, for their names.
var containers atomic.Int64

// wrap turns a call of a program of Nix into one that runs it in a container.
// end must be called when the call has ended, with its error: it sees to it that
// nothing runs any more.
func (c *Container) wrap(cmd run.Cmd) (wrapped run.Cmd, end func(error) error, err error) {
	shown, err := shownFolders(cmd.Args, append([]string{cmd.Dir}, c.folders...)...)
	if err != nil {
		return run.Cmd{}, nil, err
	}
	stdin, keep, err := os.Pipe()
	if err != nil {
		return run.Cmd{}, nil, fmt.Errorf("start a container: %w", err)
	}
	name := fmt.Sprintf("isowright-%d-%d", os.Getpid(), containers.Add(1))
	args := slices.Concat(c.global, []string{
		"run", "--rm", "--interactive", "--pull", "never", "--name", name,
		// Labels of SELinux on a person's folders are left as they are.
		"--security-opt", "label=disable",
		"--volume", c.Volume + ":/nix",
	}, c.flags)
	for _, dir := range shown {
		args = append(args, "--mount", mount(dir))
	}
	if cmd.Dir != "" {
		args = append(args, "--workdir", cmd.Dir)
	}
	env := c.environment(cmd.Env)
	args = append(args, "--env", "NIX_CONFIG", "--env", "XDG_CACHE_HOME=/nix/var/cache/isowright")
	for _, v := range passed() {
		if getenv(env, v) != "" {
			args = append(args, "--env", v)
		}
	}
	args = append(args, "--entrypoint", "sh", c.Image, "-c", keeper, "sh", filepath.Base(cmd.Path))
	wrapped = cmd
	wrapped.Path, wrapped.Args, wrapped.Env, wrapped.Dir, wrapped.Stdin = c.Path, append(args, cmd.Args...), env, "", stdin
	return wrapped, func(failed error) error {
		stdin.Close()
		keep.Close()
		return c.remove(name, failed)
	}, nil
}

// environment adds our lines to the settings that Nix reads from NIX_CONFIG.
// There is no sandbox in the sandbox.
func (c *Container) environment(env []string) []string {
	lines := append([]string{"sandbox = false"}, c.config...)
	if own := getenv(env, "NIX_CONFIG"); own != "" {
		lines = append(lines, own)
	}
	env = slices.DeleteFunc(slices.Clone(env), func(v string) bool { return strings.HasPrefix(v, "NIX_CONFIG=") })
	return append(env, "NIX_CONFIG="+strings.Join(lines, "\n"))
}

// remove ends a container whose client did not end by itself. One that did has
// none left.
func (c *Container) remove(name string, failed error) error {
	if endedByItself(failed) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	args := []string{"rm", "--force", name}
	if c.Engine == Podman {
		args = []string{"rm", "--force", "--ignore", "--time", "0", name}
	}
	_, err := c.engineCall(ctx, nil, args...)
	var said *run.Error
	if errors.As(err, &said) && strings.Contains(strings.ToLower(said.Tail), "no such container") {
		return nil
	}
	if err != nil {
		return fmt.Errorf("end the container %s: %w", name, err)
	}
	return nil
}

// endedByItself says whether the client brought the program's own end. 125 and
// up are the engine's troubles and signals.
func endedByItself(err error) bool {
	var exit *exec.ExitError
	return err == nil || errors.As(err, &exit) && exit.Exited() && exit.ExitCode() < 125
}

// mount shows a folder at its own place. The value is a line of CSV (RFC 4180),
// of which a comma or quotation mark in a path needs quoting.
func mount(dir string) string {
	fields := []string{"type=bind", "source=" + dir, "target=" + dir}
	for i, f := range fields {
		if strings.ContainsAny(f, ",\"") {
			fields[i] = `"` + strings.ReplaceAll(f, `"`, `""`) + `"`
		}
	}
	return strings.Join(fields, ",")
}

// shownFolders finds the folders of this computer that a call names: flakes,
// files, links to results; more are further ones, if they are there. They are
// shown inside at the same place.
func shownFolders(args []string, more ...string) ([]string, error) {
	var found []string
	for _, dir := range more {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			found = append(found, dir)
		}
	}
	for _, arg := range args {
		path, ok := hostPath(arg)
		if !ok {
			continue
		}
		if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
			path = filepath.Dir(path)
		} else if err != nil {
			return nil, fmt.Errorf("show %s to the container: %w", path, err)
		}
		found = append(found, path)
	}
	slices.Sort(found)
	var shown []string
	for _, path := range slices.Compact(found) {
		if slices.ContainsFunc(shown, func(s string) bool { return strings.HasPrefix(path, s+"/") }) {
			continue
		}
		if hides(path) {
			return nil, &Error{
				Kind: KindContainer, Subject: path,
				Text: fmt.Sprintf("The folder %s cannot be shown to the container: it would hide the container's own.", path),
				Hint: "put the design and its output into a folder below your home",
			}
		}
		shown = append(shown, path)
	}
	return shown, nil
}

// hostPath tells which path of this computer an argument names: a path, or a
// flake in a folder. Store paths are the container's own.
func hostPath(arg string) (string, bool) {
	for _, scheme := range []string{"path:", "git+file:", "file:"} {
		rest, ok := strings.CutPrefix(arg, scheme)
		if !ok {
			continue
		}
		rest, _, _ = strings.Cut(rest, "#")
		rest, _, _ = strings.Cut(rest, "?")
		unescaped, err := url.PathUnescape(strings.TrimPrefix(rest, "//"))
		if err != nil {
			return "", false
		}
		arg = unescaped
	}
	if !strings.HasPrefix(arg, "/") || strings.ContainsAny(arg, "\x00\n") {
		return "", false
	}
	path := filepath.Clean(arg)
	return path, path != "/nix" && !strings.HasPrefix(path, "/nix/")
}

// hides says whether a folder shown at its own place would hide something that
// the image needs.
func hides(path string) bool {
	top, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch top {
	case "proc", "sys", "dev":
		return true
	case "", "bin", "sbin", "lib", "lib64", "etc", "usr", "root", "var", "run":
		return rest == ""
	}
	return false
}
