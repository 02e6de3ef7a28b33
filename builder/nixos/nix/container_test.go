package nix

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/internal/run"
)

// engines are those to test with: podman, and docker where ISOWRIGHT_DOCKER=1
// says that an engine runs.
func engines(t *testing.T) []string {
	t.Helper()
	tools := []string{Podman, "nix", "busybox"}
	all := []string{Podman}
	if os.Getenv("ISOWRIGHT_DOCKER") == "1" {
		tools, all = append(tools, Docker), append(all, Docker)
	}
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
				t.Fatalf("%s is missing (.ci/setup all, PATH=$(.ci/nix):$PATH)", tool)
			}
			t.Skip(tool + " is not installed")
		}
	}
	return all
}

// testImage makes an image of the Nix in PATH and a shell. Its store is in a
// volume of the test's own.
func testImage(t *testing.T, engine string) (image, volume string) {
	t.Helper()
	return importImage(t, engine, "nix", writeImage)
}

// emptyImage makes one that has a shell alone.
func emptyImage(t *testing.T, engine string) (image, volume string) {
	t.Helper()
	return importImage(t, engine, "empty", func(w io.Writer) error {
		busybox, err := exec.LookPath("busybox")
		if err != nil {
			return err
		}
		data, err := os.ReadFile(busybox)
		if err != nil {
			return err
		}
		t := tar.NewWriter(w)
		if err := addFile(t, "bin/sh", data); err != nil {
			return err
		}
		return t.Close()
	})
}

func importImage(t *testing.T, engine, name string, write func(io.Writer) error) (image, volume string) {
	t.Helper()
	image = fmt.Sprintf("localhost/isowright-test-%s:%d", name, os.Getpid())
	volume = fmt.Sprintf("isowright-test-%d-%x", os.Getpid(), sha256.Sum256([]byte(t.Name())))[:40]
	in, out := io.Pipe()
	go func() { out.CloseWithError(write(out)) }()
	cmd := exec.Command(engine, "import", "-", image)
	cmd.Stdin = in
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s import: %v %s", engine, err, text)
	}
	t.Cleanup(func() {
		for _, args := range [][]string{{"volume", "rm", "-f", volume}, {"image", "rm", "-f", image}} {
			if text, err := exec.Command(engine, args...).CombinedOutput(); err != nil {
				t.Errorf("%s %v: %v %s", engine, args, err, text)
			}
		}
	})
	return image, volume
}

// writeImage writes the root of the image: .ci/nix keeps a whole Debian root
// beside its wrappers, of which only Nix and its libraries are taken.
func writeImage(w io.Writer) error {
	nix, err := exec.LookPath("nix")
	if err != nil {
		return err
	}
	root := filepath.Dir(filepath.Dir(nix))
	libs := filepath.Join(root, "usr/lib/x86_64-linux-gnu")
	loader := filepath.Join(libs, "ld-linux-x86-64.so.2")
	listed, err := exec.Command(loader, "--library-path", libs, "--list", filepath.Join(root, "usr/bin/nix")).Output()
	if err != nil {
		return fmt.Errorf("list the libraries of nix: %w", err)
	}
	busybox, err := exec.LookPath("busybox")
	if err != nil {
		return err
	}
	files := map[string]string{"bin/sh": busybox, "usr/bin/nix": filepath.Join(root, "usr/bin/nix"), "lib64/ld-linux-x86-64.so.2": loader}
	for _, lib := range regexp.MustCompile(regexp.QuoteMeta(libs)+`/\S+`).FindAllString(string(listed), -1) {
		files["usr/lib/x86_64-linux-gnu/"+filepath.Base(lib)] = lib
	}
	t := tar.NewWriter(w)
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range files {
			if !yield(name) {
				return
			}
		}
	}) {
		data, err := os.ReadFile(files[name])
		if err != nil {
			return err
		}
		if err := addFile(t, name, data); err != nil {
			return err
		}
	}
	for name, text := range map[string]string{
		"etc/passwd": "root:x:0:0::/root:/bin/sh\n", "etc/group": "root:x:0:\n",
		"etc/nix/nix.conf": "substituters =\nflake-registry =\n", "root/.keep": "", "tmp/.keep": "",
	} {
		if err := addFile(t, name, []byte(text)); err != nil {
			return err
		}
	}
	for name, target := range map[string]string{
		"usr/bin/nix-build": "nix", "usr/bin/nix-store": "nix",
		"bin/mkdir": "sh", "bin/ln": "sh", "bin/chmod": "sh", "bin/sleep": "sh",
	} {
		if err := t.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: target}); err != nil {
			return err
		}
	}
	return t.Close()
}

func addFile(t *tar.Writer, name string, data []byte) error {
	if err := t.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o755, Size: int64(len(data))}); err != nil {
		return err
	}
	_, err := t.Write(data)
	return err
}

const inContainer = `
      dep = drv "dep" "echo from dep; printf %s dep >$out" { };
      top = drv "top" ''
        echo "@nix { \"action\": \"setPhase\", \"phase\": \"installPhase\" }" >&2
        mkdir -p $out/iso $out/bin
        echo "an image" >$out/iso/x.iso; echo run >$out/bin/run; chmod 755 $out/bin/run
        ln -s ../iso $out/bin/up; ln -s ${self.dep} $out/dep; ln -s $out/bin/up/x.iso $out/link; ln -s /etc/passwd $out/out
        echo one'' { PATH = "/bin"; };
      bad = drv "bad" "echo it went wrong; exit 3" { };
      slow = drv "slow" "trap : TERM INT; echo started; while :; do :; done" { };
      plan = { version = 1; drv = self.top.drvPath; };
`

// TestContainer builds in a container as one would without, and leaves nothing
// that runs.
func TestContainer(t *testing.T) {
	for _, engine := range engines(t) {
		t.Run(engine, func(t *testing.T) { testContainer(t, engine) })
	}
}

func testContainer(t *testing.T, engine string) {
	image, volume := testImage(t, engine)
	begin := time.Now()
	n, err := Find(t.Context(), Search{Container: ContainerSearch{Engine: engine, Image: image, Volume: volume}})
	if err != nil {
		t.Fatalf("%v\n%+v", err, err)
	}
	c := n.container
	t.Logf("%s %s needs %q, found in %v", c.Engine, c.Version, c.Needs, time.Since(begin))
	if n.StoreDir != "/nix/store" || !n.Version.Serves() || n.Sandbox {
		t.Errorf("found %+v", n)
	}
	p := &place{Nix: n, dir: tempDir(t)}
	dir := p.flake(t, "a, \"b\"#c", inContainer)
	t.Run("eval", func(t *testing.T) {
		var plan struct{ Drv string }
		if err := n.Eval(t.Context(), Flake(dir, "plan"), &plan); err != nil || !strings.HasSuffix(plan.Drv, "-top.drv") {
			t.Errorf("evaluated to %+v, %v", plan, err)
		}
	})
	t.Run("build", func(t *testing.T) { buildInContainer(t, p, dir) })
	t.Run("failure", func(t *testing.T) {
		_, err := n.Build(t.Context(), Spec{Installable: Flake(dir, "bad")})
		var e *Error
		if !errors.As(err, &e) || e.Kind != KindBuild || e.Subject != "bad" || e.Tail != "it went wrong" {
			t.Errorf("%+v", err)
		}
	})
	t.Run("cancel", func(t *testing.T) { cancelInContainer(t, p, dir) })
	t.Run("killed", func(t *testing.T) { killWithContainer(t, c, dir) })
}

func buildInContainer(t *testing.T, p *place, dir string) {
	var h heard
	n := p.With(h.watch())
	plan, err := n.DryRun(t.Context(), Flake(dir, "top"))
	if err != nil || len(plan.Build) != 2 {
		t.Errorf("dry run: %+v, %v", plan, err)
	}
	link := filepath.Join(p.dir, "result")
	paths, err := n.Build(t.Context(), Spec{Installable: Flake(dir, "top"), OutLink: link})
	if err != nil || len(paths) != 1 {
		t.Fatalf("built %v, %v", paths, err)
	}
	want := progress.Event{Step: StepBuild, Text: "building top (install)", Done: 2, Total: 2, Unit: "derivations"}
	if !slices.Contains(h.of(StepBuild), want) || !slices.Contains(h.lines, "top> one") {
		t.Errorf("events %v, log:\n%s", h.of(StepBuild), h.log())
	}
	if target, err := os.Readlink(link); err != nil || target != paths[0] {
		t.Errorf("link to %q, %v", target, err)
	}
	infos, err := n.PathInfo(t.Context(), paths...)
	if err != nil || len(infos) != 2 {
		t.Fatalf("closure: %+v, %v", infos, err)
	}
	closure := []string{infos[0].Path, infos[1].Path}
	seen, err := n.Readable(t.Context(), filepath.Join(p.dir, "unused"), closure...)
	if err != nil {
		t.Fatal(err)
	}
	if n.container.store == "" && (n.container.Engine == Podman || os.Getuid() == 0) {
		t.Errorf("the volume's folder cannot be read by %d", os.Getuid())
	}
	image, err := FindImage(seen.Of(paths[0]))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(image); err != nil || string(text) != "an image\n" {
		t.Errorf("image: %q, %v", text, err)
	}
	// The same where it cannot be read, as with Docker for an ordinary user.
	blind := *n
	other := *n.container
	other.store = ""
	blind.container, blind.places = &other, nil
	for range 2 {
		copied, err := blind.Readable(t.Context(), filepath.Join(p.dir, "copies"), closure...)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range closure {
			if a, b := listing(t, seen.Of(path)), listing(t, copied.Of(path)); a != b {
				t.Errorf("%s was copied as\n%s\ninstead of\n%s", path, b, a)
			}
		}
		for _, place := range []Places{seen, copied} {
			if got, err := place.Resolve(paths[0] + "/link"); err != nil || got != place.Of(paths[0]+"/iso/x.iso") {
				t.Errorf("link leads to %s, %v", got, err)
			}
			if got, err := place.Resolve(paths[0] + "/out"); err == nil {
				t.Errorf("a link out of the store leads to %s", got)
			}
		}
	}
	if copies := h.of(StepCopy); len(copies) < 2 || copies[len(copies)-1].Done < copies[0].Total || copies[0].Total == 0 {
		t.Errorf("copying reported %v", copies)
	}
	// Another container finds all built: the store stays.
	var again heard
	if same, err := p.With(again.watch()).Build(t.Context(), Spec{Installable: Flake(dir, "top")}); err != nil || !slices.Equal(same, paths) {
		t.Errorf("again: %v, %v", same, err)
	}
	if strings.Contains(again.log(), "top> ") {
		t.Errorf("built again:\n%s", again.log())
	}
	roots, err := n.Roots(t.Context(), p.dir)
	if err != nil || len(roots) != 1 || roots[0].Path != paths[0] || roots[0].Gone || roots[0].ClosureSize == 0 {
		t.Errorf("roots: %+v, %v", roots, err)
	}
}

// listing tells names, kinds, right to execute, links and contents of a tree.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text := []byte(nil)
		var target string
		switch {
		case info.Mode().IsRegular():
			text, err = os.ReadFile(path)
		case info.Mode()&fs.ModeSymlink != 0:
			target, err = os.Readlink(path)
		}
		fmt.Fprintf(&b, "%s %v %o %q %q\n", strings.TrimPrefix(path, dir), info.Mode().Type(), info.Mode()&0o444, target, text)
		if info.Mode().IsRegular() {
			fmt.Fprintf(&b, "run: %v\n", info.Mode()&0o111 == 0o111)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// running lists the containers of this process.
func running(t *testing.T, c *Container) string {
	t.Helper()
	out, err := c.engineCall(context.Background(), nil, "ps", "--all", "--quiet", "--filter", fmt.Sprintf("name=isowright-%d-", os.Getpid()))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

func cancelInContainer(t *testing.T, p *place, dir string) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	started := make(chan struct{})
	failed := make(chan error, 1)
	watch := Watch{Log: func(line string) {
		if line == "slow> started" {
			close(started)
		}
	}}
	go func() {
		_, err := p.With(watch).Build(ctx, Spec{Installable: Flake(dir, "slow")})
		failed <- err
		close(failed)
	}()
	select {
	case <-started:
	case err := <-failed:
		t.Fatal(err)
	}
	if running(t, p.container) == "" {
		t.Error("no container runs")
	}
	begin := time.Now()
	cancel()
	err := <-failed
	took := time.Since(begin)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want cancelled", err)
	}
	if took > 2*time.Second {
		t.Errorf("cancelling took %v", took)
	}
	if left := running(t, p.container); left != "" {
		t.Errorf("still there: %s", left)
	}
	t.Logf("cancelled in %v", took)
}

// killWithContainer kills the client and lets go of its input, which is what
// the system does when this program is killed.
func killWithContainer(t *testing.T, c *Container, dir string) {
	cmd, end, err := c.wrap(run.Cmd{Path: "nix", Args: append(base(), "build", "--print-build-logs", "--no-link", Flake(dir, "slow")), Env: c.env})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cmd.Line = func(line string) {
		if strings.Contains(line, "started") {
			cancel()
		}
	}
	if err := run.Run(ctx, cmd); !errors.Is(err, context.Canceled) { // no grace: killed
		t.Fatal(err)
	}
	name := cmd.Args[slices.Index(cmd.Args, "--name")+1]
	if err := end(nil); err != nil { // lets go without removing
		t.Fatal(err)
	}
	wait, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	if _, err := c.engineCall(wait, nil, "wait", name); wait.Err() != nil {
		t.Errorf("the container still runs: %v", err)
		if err := c.remove(name, wait.Err()); err != nil {
			t.Error(err)
		}
	}
	for wait.Err() == nil && running(t, c) != "" { // until the engine has tidied up
	}
	if left := running(t, c); left != "" {
		t.Errorf("still there: %s", left)
	}
}
