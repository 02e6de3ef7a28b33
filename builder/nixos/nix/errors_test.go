package nix

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// known is a flake that fails, and what is said of it.
type known struct {
	name  string
	flake string
	// files lie beside flake.nix.
	files map[string]string
	// build instead of evaluate.
	build    bool
	settings Settings
	// wrap is a shell command that nix is run by: `exec WRAP nix …`.
	wrap string
	// option lines of nix.conf.
	options []string

	kind          Kind
	subject, text string
	hint          string
	tail          string
}

// evaluations are errors of the language.
func evaluations() []known {
	return []known{
		{name: "undefined", flake: "x = \n pkgz.git;",
			kind: KindUndefined, subject: "pkgz", text: "There is nothing called pkgz (flake.nix:13)."},
		{name: "attribute", flake: `x = { hello = 1; }.helo;`,
			kind: KindNoAttribute, subject: "helo", text: "There is no helo (flake.nix:12).", hint: "did you mean hello?"},
		{name: "selection", flake: `x = { hello = 1; };`, kind: KindNoOutput, text: "has no packages.", hint: "nix flake show"},
		{name: "syntax", flake: `x = import ./bad.nix;`, files: map[string]string{"bad.nix": "{\n  a = 1\n}\n"},
			kind: KindSyntax, text: "mistake in the Nix language (bad.nix:3): unexpected '}', expecting ';'.", hint: "semicolon"},
		{name: "recursion", flake: `x = let a = b; b = a; in a;`, kind: KindRecursion, text: "goes in a circle (flake.nix:12)."},
		{name: "file", flake: `x = import ./nope.nix;`, kind: KindNoFile, text: "nope.nix does not exist", hint: "put it back"},
		{name: "read file", flake: `x = builtins.readFile ./nope.txt;`, kind: KindNoFile, text: "nope.txt does not exist"},
		{name: "impure", flake: `x = builtins.readFile /etc/passwd;`, kind: KindImpure, subject: "/etc", text: "outside of the flake"},
		{name: "search path", flake: `x = <nixpkgs>;`, kind: KindImpure, text: "outside of the flake"},
		{name: "throw", flake: `x = throw "bar was removed, use baz";`, kind: KindEvaluation, text: "Bar was removed, use baz"},
		{name: "type", flake: `x = 1 + "a";`, kind: KindEvaluation, text: "Cannot add a string to an integer"},
		{name: "coerce", flake: `x = "a${1}";`, kind: KindEvaluation, text: "Cannot coerce an integer to a string"},
		{name: "argument", flake: `x = ({ a }: a) { b = 1; };`, kind: KindEvaluation, text: "called without required argument 'a'"},
		{name: "assert", flake: `x = assert 1 == 2; 1;`, kind: KindEvaluation, text: "is not equal to"},
		{name: "feature", flake: `x = (drv "x" "true" { __impure = true; }).drvPath;`,
			kind: KindFeature, subject: "impure-derivations", hint: "experimental-features"},
		{name: "memory", flake: `x = builtins.foldl' (a: b: a ++ [ b ] ++ a) [ ] (builtins.genList (x: x) 60);`,
			wrap: "prlimit --as=400000000", kind: KindMemory, text: "out of memory", hint: "swap"},
	}
}

// builds are errors of builds.
func builds() []known {
	return []known{
		{name: "exit", flake: `x = drv "bad" "echo why; exit 7" { };`,
			kind: KindBuild, subject: "bad", text: "Building bad failed with exit code 7.", hint: "nix log /", tail: "why"},
		{name: "dependency", flake: `x = drv "top" "cat ${drv "bad" "echo why; exit 7" { }} >$out" { };`,
			kind: KindBuild, subject: "bad", text: "Building bad failed", tail: "why"},
		{name: "no output", flake: `x = drv "bad" "echo done" { };`, kind: KindBuild, subject: "bad", text: "failed", tail: "done"},
		{name: "killed", flake: `x = drv "big" "echo much; kill -9 $$" { };`,
			kind: KindMemory, subject: "big", text: "Building big was killed", hint: "max-jobs", tail: "much"},
		{name: "signal", flake: `x = drv "big" "kill -11 $$" { };`, kind: KindBuild, subject: "big", text: "failed: signal 11 (Segmentation fault)."},
		{name: "silent", flake: `x = drv "slow" "sleep 100" { };`, settings: Settings{Options: map[string]string{"max-silent-time": "1"}},
			kind: KindTimeout, subject: "slow", text: "longer than the 1 seconds"},
		{name: "timeout", flake: `x = drv "slow" "while sleep .1; do echo .; done" { };`, settings: Settings{Options: map[string]string{"timeout": "1"}},
			kind: KindTimeout, subject: "slow", text: "longer than the 1 seconds"},
		{name: "hash", flake: `x = drv "src.tar.gz" "echo x >$out" { outputHashMode = "flat"; outputHashAlgo = "sha256"; outputHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="; };`,
			kind: KindHash, subject: "src.tar.gz", text: "got:       sha256-c8s4WKaHqElMozIwUwFigvPa051Cz2LKTnndoqrH2aw=", hint: "newer revision"},
		{name: "collision", flake: "x = drv \"system-path\" \"echo 'pkgs.buildEnv error: two given paths contain a conflicting subpath:'; echo '  `/nix/store/a/bin/x'\\\\'' and'; echo '  `/nix/store/b/bin/x'\\\\'''; exit 25\" { };",
			kind: KindCollision, subject: "system-path", text: "bring the same file:\n- /nix/store/a/bin/x\n- /nix/store/b/bin/x"},
		{name: "system", flake: `x = drv "other" "true" { system = "riscv64-linux"; };`,
			kind: KindNoBuilder, text: "cannot build other, which is for riscv64-linux", hint: "remote builder"},
		{name: "features", flake: `x = drv "other" "true" { requiredSystemFeatures = [ "warp" ]; };`,
			kind: KindNoBuilder, text: "needs warp", hint: "remote builder"},
		{name: "jobs", flake: `x = drv "here" "true" { };`, settings: Settings{MaxJobs: new(int)},
			kind: KindNoBuilder, text: "No computer may build", hint: "raise max-jobs"},
		{name: "builder away", flake: `x = drv "here" "true" { };`,
			settings: Settings{MaxJobs: new(int), Builders: "ssh-ng://nobody@127.0.0.1?ssh-key=/nonexistent x86_64-linux"},
			options:  []string{}, kind: KindRemote, text: "127.0.0.1"},
		{name: "store away", flake: `x = drv "here" "true" { };`,
			settings: Settings{Store: "ssh-ng://nobody@127.0.0.1", Options: map[string]string{sshOptions: "-p 1"}},
			kind:     KindRemote, text: "127.0.0.1", hint: "ssh"},
		{name: "disk full in the build", flake: `x = drv "big" "cat /dev/zero >$out" { };`,
			wrap: inDisk("store", "3m"), kind: KindDiskFull, subject: "big", text: "A disk is full", hint: "nix store gc"},
		{name: "disk full in the store", flake: `x = drv "big" "true" { src = ./big; };`, files: map[string]string{"big": strings.Repeat("x", 4<<20)},
			wrap: inDisk("store", "1m"), kind: KindDiskFull, text: "A disk is full", hint: "nix store gc"},
	}
}

// inDisk runs nix with a small file system at a folder of the place.
func inDisk(folder, size string) string {
	return `unshare -rm sh -c 'mount -t tmpfs -o size=` + size + ` tmpfs "$HOME/` + folder + `" && exec "$@"' sh`
}

func TestKnownErrors(t *testing.T) {
	for _, k := range evaluations() {
		t.Run("eval "+k.name, func(t *testing.T) { k.run(t) })
	}
	for _, k := range builds() {
		k.build = true
		t.Run("build "+k.name, func(t *testing.T) { k.run(t) })
	}
}

func (k known) run(t *testing.T) {
	t.Parallel()
	p := newPlace(t, k.options...)
	dir := p.flake(t, "f", k.flake)
	for name, text := range k.files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	n := p.WithSettings(k.settings)
	if k.wrap != "" {
		n.Path = p.wrapped(t, k.wrap)
	}
	installable := Flake(dir, "x")
	if k.kind == KindNoOutput {
		installable = Flake(dir, "packages")
	}
	k.check(t, k.call(t.Context(), n, installable))
}

func (k known) call(ctx context.Context, n *Nix, installable string) error {
	if k.build {
		_, err := n.Build(ctx, Spec{Installable: installable})
		return err
	}
	var into any
	return n.Eval(ctx, installable, &into)
}

// wrapped is a nix that another program starts.
func (p *place) wrapped(t *testing.T, wrap string) string {
	t.Helper()
	path := filepath.Join(p.dir, "wrapped")
	script := "#!/bin/sh\nexec " + wrap + " '" + p.Path + "' \"$@\"\n"
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func asError(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is no *Error", err)
	}
	return e
}

// check compares an error with what is expected of it.
func (k known) check(t *testing.T, err error) {
	t.Helper()
	e := asError(t, err)
	t.Logf("%s | %s | %s", e.Kind, e.Text, e.Hint)
	if e.Kind != k.kind {
		t.Errorf("kind %q, want %q: %+v", e.Kind, k.kind, e)
	}
	if k.subject != "" && e.Subject != k.subject {
		t.Errorf("subject %q, want %q", e.Subject, k.subject)
	}
	if !strings.Contains(e.Text, k.text) {
		t.Errorf("text %q, want %q", e.Text, k.text)
	}
	if !strings.Contains(e.Hint, k.hint) {
		t.Errorf("hint %q, want %q", e.Hint, k.hint)
	}
	if !strings.Contains(e.Tail, k.tail) {
		t.Errorf("tail %q, want %q", e.Tail, k.tail)
	}
}

// What goes wrong outside of this computer.
func TestKnownErrorsElsewhere(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/gone.tar.gz":
			w.WriteHeader(http.StatusNotFound)
		case "/busy.tar.gz":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/closed.tar.gz":
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	t.Cleanup(server.Close)
	once := Settings{Options: map[string]string{"download-attempts": "1", "connect-timeout": "2"}}
	noRegistry := Settings{Options: map[string]string{"flake-registry": ""}}
	tests := []struct {
		reference string
		known
	}{
		{server.URL + "/gone.tar.gz", known{name: "404", kind: KindHTTP, subject: server.URL + "/gone.tar.gz", text: "There is nothing at", hint: "slip"}},
		{server.URL + "/busy.tar.gz", known{name: "503", kind: KindHTTP, text: "(HTTP 503)", hint: "later"}},
		{server.URL + "/closed.tar.gz", known{name: "403", kind: KindHTTP, text: "refused", hint: "access-tokens"}},
		{"http://127.0.0.1:1/x.tar.gz", known{name: "closed port", kind: KindNetwork, text: "127.0.0.1:1/x.tar.gz failed", hint: "network"}},
		{"https://nowhere.invalid/x.tar.gz", known{name: "no name", wrap: "unshare -rn", kind: KindNetwork, subject: "https://nowhere.invalid/x.tar.gz", text: "esolve", hint: "network"}},
		{"github:NixOS/nixpkgs/nixos-26.05", known{name: "github without a network", wrap: "unshare -rn", kind: KindNetwork, text: "api.github.com", hint: "network"}},
		{"git+http://127.0.0.1:1/x", known{name: "git", kind: KindNetwork, text: "git"}},
		{"nosuchflake", known{name: "registry", kind: KindRegistry, subject: "nosuchflake", text: "in no flake registry", hint: "whole reference", settings: noRegistry}},
		{"nosuchflake", known{name: "registry without a network", wrap: "unshare -rn", kind: KindRegistry, text: "list of flake names", hint: "whole reference"}},
		{"path:/nonexistent", known{name: "folder", kind: KindNoFile, text: "does not exist"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			n := p.WithSettings(once)
			if tt.settings.Options != nil {
				n = p.WithSettings(tt.settings)
			}
			if tt.wrap != "" {
				n.Path = p.wrapped(t, tt.wrap)
			}
			_, err := n.Lock(t.Context(), tt.reference)
			tt.check(t, err)
		})
	}
}

// A store that cannot be used is told when nix is looked for.
func TestKnownErrorsOfTheStore(t *testing.T) {
	p := newPlace(t)
	socket := filepath.Join(p.dir, "socket")
	env := append(p.env, "NIX_REMOTE=daemon", "NIX_DAEMON_SOCKET_PATH="+socket)
	_, err := Find(t.Context(), Search{Env: env})
	known{kind: KindDaemon, subject: socket, text: "daemon does not answer", hint: "systemctl start nix-daemon"}.check(t, err)

	wrap := `unshare -rm sh -c 'mount -o bind "$HOME/var" "$HOME/var" && mount -o remount,ro,bind "$HOME/var" && exec "$@"' sh`
	n := p.WithSettings(Settings{})
	n.Path = p.wrapped(t, wrap)
	_, err = n.Build(t.Context(), Spec{Installable: Flake(p.flake(t, "f", simple), "top")})
	known{kind: KindPermission, text: "read-only"}.check(t, err)
}

// Git's own words.
func TestKnownErrorsOfGit(t *testing.T) {
	p := newPlace(t)
	dir := p.flake(t, "f", `x = builtins.readFile ./new.txt; y = 1;`)
	git := func(args ...string) {
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=x", "-c", "user.email=x@example.org"}, args...)...)
		cmd.Env = p.env
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git: %v %s", err, out)
		}
	}
	git("init", "-q")
	git("add", "flake.nix")
	git("commit", "-q", "-m", "x")
	if err := os.WriteFile(filepath.Join(dir, "new.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	var into any
	err := p.Eval(t.Context(), "git+file://"+dir+"#x", &into)
	known{kind: KindNoFile, text: "new.txt does not exist", hint: "git add"}.check(t, err)

	if err := os.WriteFile(filepath.Join(dir, "flake.nix"), []byte("{ outputs = _: { y = 2; }; }"), 0o644); err != nil {
		t.Fatal(err)
	}
	var h heard
	if err := p.With(h.watch()).Eval(t.Context(), "git+file://"+dir+"#y", &into); err != nil {
		t.Fatal(err)
	}
	if len(h.warnings) != 1 || h.warnings[0].Kind != KindDirty {
		t.Errorf("warnings %v", h.warnings)
	}
}

// What nix says of paths, lock files and read-only evaluations.
func TestKnownErrorsOfCalls(t *testing.T) {
	p := newPlace(t)
	dir := p.flake(t, "f", `y = 1;`)
	text := `{ inputs.x.url = "path:` + p.flake(t, "other", "z = 1;") + `"; outputs = { self, x }: { y = x.z; }; }`
	if err := os.WriteFile(filepath.Join(dir, "flake.nix"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	gone := p.StoreDir + "/0pwy3bg9mz8x2kk5cbfvp7cvd3f8wq4l-gone"
	drv := `builtins.readFile (derivation { name = "a"; system = "x"; builder = "b"; }).drvPath`
	tests := []struct {
		args []string
		known
	}{
		{[]string{"eval", "--no-update-lock-file", Flake(dir, "y")}, known{name: "lock", kind: KindLock, hint: "nix flake lock"}},
		{[]string{"eval", "--read-only", "--impure", "--expr", drv}, known{name: "read only", kind: KindReadOnlyRun, subject: "a"}},
		{[]string{"build", "--no-link", gone}, known{name: "path", kind: KindOfflinePath, subject: gone, hint: "connect to a network"}},
		{[]string{"path-info", gone}, known{name: "path info", kind: KindOfflinePath, subject: gone}},
		{[]string{"eval", "--no-such-flag"}, known{name: "flag", kind: KindEvaluation, text: "nrecognised flag"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.check(t, p.call(t.Context(), nil, tt.args...)) })
	}
	// Our own evaluation copes with both.
	var y int
	if err := p.Eval(t.Context(), Flake(dir, "y"), &y); err != nil || y != 1 {
		t.Errorf("evaluated to %d, %v", y, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "flake.lock")); err == nil {
		t.Error("evaluating wrote a lock file")
	}
}

// Warnings of an evaluation, in the two ways in which nixpkgs gives them.
func TestWarnings(t *testing.T) {
	p := newPlace(t)
	renamed := "The option `services.openssh.banner' defined in `/nix/store/0pwy3bg9mz8x2kk5cbfvp7cvd3f8wq4l-source/image.nix' has been renamed to `services.openssh.settings.Banner'."
	dir := p.flake(t, "f", `
      x = builtins.warn (builtins.readFile ./text) (builtins.trace ("evaluation warning: " + builtins.readFile ./text)
        (builtins.warn "foo is deprecated" (builtins.trace "just talk" 1)));`)
	if err := os.WriteFile(filepath.Join(dir, "text"), []byte(renamed), 0o644); err != nil {
		t.Fatal(err)
	}
	var h heard
	var into any
	if err := p.With(h.watch()).Eval(t.Context(), Flake(dir, "x"), &into); err != nil {
		t.Fatal(err)
	}
	if len(h.warnings) != 3 {
		t.Fatalf("warnings %v", h.warnings)
	}
	for _, w := range h.warnings[:2] {
		if w.Kind != KindRenamed || w.Subject != "services.openssh.banner" || w.Names[0] != "services.openssh.settings.Banner" || !strings.HasSuffix(w.File, "image.nix") {
			t.Errorf("%+v", w)
		}
	}
	if w := h.warnings[2]; w.Kind != KindWarning || w.Text != "foo is deprecated" {
		t.Errorf("%+v", w)
	}
}

// The person's reference takes the place of the design's nixpkgs.
func TestOverride(t *testing.T) {
	p := newPlace(t)
	dir := p.flake(t, "f", "")
	text := `{ inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05"; outputs = { nixpkgs, ... }: { y = nixpkgs.z; }; }`
	if err := os.WriteFile(filepath.Join(dir, "flake.nix"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	n := p.WithSettings(Settings{Nixpkgs: Flake(p.flake(t, "other", "z = 7;"), "")})
	var y int
	if err := n.Eval(t.Context(), Flake(dir, "y"), &y); err != nil || y != 7 {
		t.Errorf("evaluated to %d, %v", y, err)
	}
}

func TestLock(t *testing.T) {
	p := newPlace(t)
	dir := p.flake(t, "f", `y = 1;`)
	var h heard
	locked, err := p.With(h.watch()).Lock(t.Context(), Flake(dir, ""))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(locked.Hash, "sha256-") || !strings.HasSuffix(locked.Path, "-source") || time.Since(locked.LastModified) > time.Hour || locked.Revision != "" {
		t.Errorf("%+v", locked)
	}
	if len(h.of(StepInputs)) == 0 {
		t.Error("no report")
	}
	// A tarball like a channel's, over HTTP, with the download reported.
	if err := os.WriteFile(filepath.Join(dir, "large"), make([]byte, 5_000_000), 0o644); err != nil {
		t.Fatal(err)
	}
	tarball, err := exec.Command("tar", "-C", dir, "-c", "--transform=s,^,x/,", "flake.nix", "large").Output()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := w.Write(tarball); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	h = heard{}
	if locked, err = p.With(h.watch()).Lock(t.Context(), server.URL+"/nixexprs.tar"); err != nil {
		t.Fatal(err)
	}
	last := h.of(StepInputs)[len(h.of(StepInputs))-1]
	if last.Done < 4_000_000 || last.Total != int64(len(tarball)) && last.Total != 0 {
		t.Errorf("last report %+v of %d", last, len(tarball))
	}
	if locked.LastModified.IsZero() || locked.Hash == "" {
		t.Errorf("%+v", locked)
	}
}
