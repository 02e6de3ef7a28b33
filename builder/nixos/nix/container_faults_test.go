package nix

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// says makes programs of these names that print a text and fail, in a folder
// for PATH.
func says(t *testing.T, programs map[string]string) []string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range programs {
		script := "#!/bin/sh\n/bin/cat >&2 <<'END'\n" + text + "\nEND\nexit 1\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return []string{"PATH=" + dir + ":/usr/bin:/bin"}
}

// Texts as Docker 20.10 and 28.2 and podman 4.3 print them.
const (
	dockerDown   = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
	dockerDenied = `permission denied while trying to connect to the Docker daemon socket at unix:///run/docker.sock: Get "http://%2Frun%2Fdocker.sock/v1.50/version": dial unix /run/docker.sock: connect: permission denied`
	podmanNoIDs  = `time="2026-01-01T00:00:00Z" level=error msg="running ` + "`/usr/bin/newuidmap 42 0 1000 1`" + `: No subuid ranges found for user \"me\" in /etc/subuid"` +
		"\nError: cannot set up namespace using \"/usr/bin/newuidmap\": exit status 1"
)

func TestEnginesThatDoNotWork(t *testing.T) {
	for _, c := range []struct {
		engine     string
		programs   map[string]string
		text, hint string
	}{
		{Docker, map[string]string{Docker: dockerDown}, "its engine is not running", "systemctl start docker"},
		{Docker, map[string]string{Docker: dockerDenied}, "you may not use it", "usermod -aG docker"},
		{Podman, map[string]string{Podman: podmanNoIDs}, "cannot set up namespace", "--add-subuids"},
		{Podman, map[string]string{Podman: "Error: something new."}, "podman does not work: something new.", "podman info"},
		// Neither, one, or both are installed.
		{"", map[string]string{Podman: podmanNoIDs, Docker: dockerDown}, "not running", "systemctl"},
		{"", map[string]string{Docker: dockerDown}, "- docker is installed, but its engine is not running", "systemctl"},
	} {
		env := says(t, c.programs)
		if c.engine == "" { // not the computer's own
			env = []string{strings.TrimSuffix(env[0], ":/usr/bin:/bin")}
		}
		_, err := FindContainer(t.Context(), ContainerSearch{Engine: c.engine, Env: env})
		var e *Error
		if !errors.As(err, &e) || e.Kind != KindContainer || !strings.Contains(e.Text, c.text) || !strings.Contains(e.Hint, c.hint) {
			t.Errorf("%v: %+v", c.programs, err)
		}
	}
	_, err := FindContainer(t.Context(), ContainerSearch{Env: []string{"PATH=" + t.TempDir()}})
	var e *Error
	if !errors.As(err, &e) || !strings.Contains(e.Text, "podman is not installed\n- docker is not installed") || !strings.Contains(e.Hint, "podman") {
		t.Errorf("none installed: %+v", err)
	}
}

func TestImageThatIsNotThere(t *testing.T) {
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}
	for _, engine := range engines(t) {
		_, err := FindContainer(t.Context(), ContainerSearch{Engine: engine, Image: "localhost:1/none:1", Env: env})
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Text, "could not fetch the image localhost:1/none:1") ||
			!strings.Contains(e.Text, "connection refused") || !strings.Contains(e.Hint, "check the network") {
			t.Errorf("%s: %+v", engine, err)
		}
	}
}

// TestImageWithoutNix has a shell, but no Nix, behind a name that exists.
func TestImageWithoutNix(t *testing.T) {
	for _, engine := range engines(t) {
		image, volume := emptyImage(t, engine)
		_, err := FindContainer(t.Context(), ContainerSearch{Engine: engine, Image: image, Volume: volume})
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Text, "could not start Nix") || !strings.Contains(e.Hint, "must hold nix") {
			t.Errorf("%s: %+v", engine, err)
		}
	}
}

// TestRemedies: what runtimes say leads to the argument that helps. The texts
// are those of runc 1.1, crun 1.8 and podman 4.3.
func TestRemedies(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Error: crun: setrlimit `RLIMIT_NOFILE`: Operation not permitted: OCI permission denied", "--ulimit nofile="},
		{"Error: runc: runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 6: operation not permitted: OCI permission denied", "--ulimit nproc="},
		{"Error: runc: error setting rlimit type 7: operation not permitted", "--ulimit nofile="},
		{"Error: could not find slirp4netns, the network namespace can't be configured: exec: \"slirp4netns\": executable file not found in $PATH", "--network host"},
		{"Error: crun: sd-bus call: Interactive authentication required.: Permission denied: OCI permission denied", "--cgroup-manager cgroupfs"},
		{"Error: crun: creating cgroup directory `/sys/fs/cgroup/x`: No such file or directory: OCI runtime attempted to invoke a command that was not found", "--cgroups disabled"},
		{"error: unable to load seccomp BPF program: Invalid argument", "filter-syscalls = false"},
		{"error: the group 'nixbld' specified in 'build-users-group' does not exist", "build-users-group ="},
	} {
		container := &Container{Engine: Podman}
		i := slices.IndexFunc(remedies(), func(r remedy) bool { return r.pattern.MatchString(c.text) })
		if i < 0 || !remedies()[i].apply(container) || len(container.Needs) != 1 || !strings.HasPrefix(container.Needs[0], c.want) {
			t.Errorf("%s: %q", c.text, container.Needs)
		}
	}
}

func TestProcessLimit(t *testing.T) {
	limits := func(hard, pids string) fstest.MapFS {
		return fstest.MapFS{
			"self/limits":        {Data: []byte("Limit  Soft Limit  Hard Limit  Units\nMax processes   1000   " + hard + "   processes \nMax open files  1  2  files\n")},
			"sys/kernel/pid_max": {Data: []byte(pids + "\n")},
		}
	}
	for _, c := range []struct {
		proc fstest.MapFS
		want int
	}{{limits("96365", "32768"), 32768}, {limits("20", "32768"), 20}, {limits("unlimited", "4194304"), 4194304}, {fstest.MapFS{}, 0}} {
		if got := processLimit(c.proc); got != c.want {
			t.Errorf("%d, want %d", got, c.want)
		}
	}
}

func TestShownFolders(t *testing.T) {
	dir := t.TempDir()
	flake, file := filepath.Join(dir, "a b", "flake"), filepath.Join(dir, "f.nix")
	if err := os.MkdirAll(flake, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"build", Flake(flake, "image")}, []string{flake}},
		{[]string{"build", Flake(flake, "x"), "--out-link", filepath.Join(dir, "a b", "result")}, []string{filepath.Join(dir, "a b")}},
		{[]string{"--file", file, "/nix/store/abc", "-E", "x: /. + x", "path:/nix/store/abc", "github:a/b"}, []string{dir}},
		{[]string{"git+file://" + strings.ReplaceAll(flake, " ", "%20") + "?ref=main#x"}, []string{flake}},
		{[]string{"path:relative", "--option", "x", "y"}, nil},
	} {
		got, err := shownFolders(c.args)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%q shows %q, %v; want %q", c.args, got, err, c.want)
		}
	}
	for _, path := range []string{"/", "/root", "/etc", "/usr", "/proc/self", "/dev"} {
		var e *Error
		if got, err := shownFolders([]string{"path:" + path}); !errors.As(err, &e) || !strings.Contains(e.Text, path) {
			t.Errorf("%s shows %q, %v", path, got, err)
		}
	}
	if got := mount(`/a,"b`); got != `type=bind,"source=/a,""b","target=/a,""b"` {
		t.Error(got)
	}
}

func TestVolumeFor(t *testing.T) {
	for image, want := range map[string]string{
		DefaultImage: "isowright-nixos-nix-2.31.2", "nixos/nix": "isowright-nixos-nix",
		"localhost:5000/a/b:c": "isowright-a-b-c", "x@sha256:00": "isowright-x",
	} {
		if got := volumeFor(image); got != want {
			t.Errorf("%s: %s, want %s", image, got, want)
		}
	}
}
