package nix

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/internal/run"
)

// DefaultImage is the image that a container is made of where the person names
// none: the one that Nix's own project publishes, for both kinds of processor.
const DefaultImage = "docker.io/nixos/nix:2.31.2"

// The values of ContainerSearch.Engine.
const (
	Podman = "podman"
	Docker = "docker"
	// Builtin is no container: a Nix that was only unpacked, see Unpacked.
	Builtin = "builtin"
	// Auto is the first that works, where this computer has no Nix.
	Auto = "auto"
)

// KindContainer is for what a container engine says, not Nix.
const KindContainer Kind = "container"

// Container is a podman or docker that was seen to run Nix here. The store lies
// in a volume, which stays. Each call of nix is a container of its own, which
// does not.
type Container struct {
	// Engine is Podman or Docker, Path the program, Version its version.
	Engine, Path, Version string
	Image, Volume         string
	// Needs are the arguments that this computer turned out to need.
	Needs []string

	// global stand before the subcommand, flags behind "run".
	global, flags []string
	// config are lines for nix.conf inside.
	config  []string
	env     []string
	folders []string
	// store is the folder of this computer that is /nix inside, empty where
	// it cannot be read from here.
	store string
}

// ContainerSearch says which container to look for.
type ContainerSearch struct {
	// Engine is Podman, Docker, Builtin or Auto.
	Engine string
	// Image and Volume; empty: DefaultImage and a volume named after the image,
	// so that another image does not meet a store without its own programs.
	Image, Volume string
	// Folders are shown to each container beside those that a call names: the
	// ones with links to results, which the garbage collector looks at.
	Folders []string
	// Env is the environment; nil: this process's.
	Env []string
	// Watch hears of the image's download.
	Watch Watch
	// Unpack brings the root of a Debian system that has the package nix-bin,
	// for Builtin; nil: there is no Builtin. The root must stay as it is until
	// the program ends.
	Unpack func(context.Context) (string, error)
	// Dir is where Builtin keeps its store.
	Dir string
}

// FindContainer looks for an engine that works, fetches the image where it is
// not there yet, and finds out by trying what else this computer needs for Nix
// to build in it. Where that fails, the error is an *Error of KindContainer.
func FindContainer(ctx context.Context, s ContainerSearch) (*Container, error) {
	if s.Env == nil {
		s.Env = os.Environ()
	}
	if s.Image == "" {
		s.Image = DefaultImage
	}
	if s.Volume == "" {
		s.Volume = volumeFor(s.Image)
	}
	var faults []*Error
	for _, engine := range s.engines() {
		c, err := s.engine(ctx, engine)
		if err == nil {
			err = c.prepare(ctx, s.Watch)
		}
		if err == nil {
			return c, nil
		}
		var e *Error
		if !errors.As(err, &e) {
			return nil, err
		}
		faults = append(faults, e)
	}
	return nil, noEngine(faults)
}

func (s ContainerSearch) engines() []string {
	if s.Engine == Podman || s.Engine == Docker {
		return []string{s.Engine}
	}
	return []string{Podman, Docker}
}

// noEngine joins what stands in the way of each engine. The hint is that of one
// that is installed.
func noEngine(faults []*Error) *Error {
	if len(faults) == 1 {
		return faults[0]
	}
	e := &Error{Kind: KindContainer, Text: "No container can be started on this computer"}
	for _, f := range faults {
		e.Details = append(e.Details, strings.TrimSuffix(f.Text, "."))
		if e.Hint == "" || f.Subject != "missing" {
			e.Hint = f.Hint
		}
	}
	e.Text = listed(e.Text, e.Details)
	return e
}

// volumeFor names the volume of an image: "isowright-nixos-nix-2.31.2".
func volumeFor(image string) string {
	name, _, _ := strings.Cut(image, "@")
	if host, rest, ok := strings.Cut(name, "/"); ok && strings.ContainsAny(host, ".:") {
		name = rest
	}
	return "isowright-" + regexp.MustCompile(`[^a-zA-Z0-9_.-]+`).ReplaceAllString(name, "-")
}

// engine finds the program and asks whether it works; a client without an
// engine behind it does not.
func (s ContainerSearch) engine(ctx context.Context, engine string) (*Container, error) {
	c := &Container{Engine: engine, Image: s.Image, Volume: s.Volume, env: s.Env, folders: s.Folders}
	for _, dir := range filepath.SplitList(getenv(s.Env, "PATH")) {
		if path := filepath.Join(dir, engine); c.Path == "" && filepath.IsAbs(dir) && executable(path) {
			c.Path = path
		}
	}
	if c.Path == "" {
		return nil, &Error{
			Kind: KindContainer, Subject: "missing", Text: engine + " is not installed.",
			Hint: installEngine(engine),
		}
	}
	ask := []string{"version", "--format", "{{.Server.Version}}"}
	if engine == Podman {
		ask = []string{"info", "--format", "{{.Version.Version}}"}
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	out, err := c.engineCall(ctx, nil, ask...)
	if err != nil {
		return nil, c.explain("does not work", err)
	}
	if c.Version = strings.TrimSpace(out); c.Version == "" {
		return nil, c.explain("does not work", &run.Error{Name: engine, Tail: "it names no version"})
	}
	return c, nil
}

// engineCall runs the engine's program and gives what it prints.
func (c *Container) engineCall(ctx context.Context, line func(string), args ...string) (string, error) {
	var out bytes.Buffer
	err := run.Run(ctx, run.Cmd{
		Path: c.Path, Args: slices.Concat(c.global, args), Env: c.env,
		Stdout: &out, Line: line, Grace: grace,
	})
	return out.String(), err
}

// prepare gets the image and finds the way to run Nix in it.
func (c *Container) prepare(ctx context.Context, w Watch) error {
	if _, err := c.engineCall(ctx, nil, "image", "inspect", "--format", "{{.Id}}", c.Image); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		w.Progress.Report(progress.Event{Step: StepInputs, Text: "fetching the image " + c.Image + " of Nix"})
		if _, err := c.engineCall(ctx, w.Log, "pull", "--quiet", c.Image); err != nil {
			return c.explain("could not fetch the image "+c.Image, err)
		}
	}
	if err := c.findNeeds(ctx); err != nil {
		return err
	}
	return c.findStore(ctx)
}

// findStore looks whether the volume's folder can be read from here: it must
// hold what the trial has built.
func (c *Container) findStore(ctx context.Context) error {
	out, err := c.engineCall(ctx, nil, "volume", "inspect", "--format", "{{.Mountpoint}}", c.Volume)
	if err != nil {
		return c.explain("could not show the volume "+c.Volume, err)
	}
	dir := strings.TrimSpace(out)
	found, err := filepath.Glob(filepath.Join(escapeGlob(dir), "store", "*-"+trialName))
	if err != nil || len(found) == 0 {
		return nil // of another computer, or of another user
	}
	if text, err := os.ReadFile(found[0]); err == nil && string(text) == trialText {
		c.store = dir
	}
	return nil
}

// explain words what an engine said when it failed.
func (c *Container) explain(what string, err error) error {
	var failed *run.Error
	if !errors.As(err, &failed) {
		if errors.Is(err, context.DeadlineExceeded) {
			return &Error{Kind: KindContainer, Text: c.Engine + " does not answer.", Hint: "look what `" + c.Engine + " info` says"}
		}
		return fmt.Errorf("%s %s: %w", c.Engine, what, err)
	}
	e := &Error{Kind: KindContainer, Subject: c.Engine, Raw: failed.Tail, Tail: failed.Tail}
	lines := strings.Split(strings.TrimSpace(failed.Tail), "\n")
	last := strings.TrimPrefix(strings.TrimSuffix(strings.TrimSpace(lines[len(lines)-1]), "."), "Error: ")
	e.Text = fmt.Sprintf("%s %s: %s.", c.Engine, what, last)
	e.Hint = "look what `" + c.Engine + " info` says, or take another way to build"
	for _, k := range knownEngineFaults() {
		if k.pattern.MatchString(failed.Tail) {
			e.Hint = k.hint
			if k.text != "" {
				e.Text = k.text
			}
			break
		}
	}
	return e
}

// tooOld refuses an image.
func (c *Container) tooOld(v Version) error {
	return &Error{
		Kind: KindContainer, Subject: c.Image,
		Text: fmt.Sprintf("The image %s holds %s, but %s or newer is needed.", c.Image, v, Oldest()),
		Hint: "name a newer image in the settings, or none for " + DefaultImage,
	}
}
