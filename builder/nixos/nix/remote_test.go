package nix

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// machine is a second computer: an sshd of the test's own on loopback, whose
// nix-daemon has a store of its own at the same store folder.
type machine struct {
	url     string
	options string // for ssh
}

// newMachine starts it; everything it needs lies in the place's folder.
func (p *place) newMachine(t *testing.T) machine {
	t.Helper()
	sshd := "/usr/sbin/sshd"
	if _, err := os.Stat(sshd); err != nil {
		if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
			t.Fatal("openssh-server is missing")
		}
		t.Skip("openssh-server is not installed")
	}
	dir := filepath.Join(p.dir, "ssh")
	for _, name := range []string{"ssh", "store", "remote/store"} {
		if err := os.MkdirAll(filepath.Join(p.dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"host", "user"} {
		out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(dir, key)).CombinedOutput()
		if err != nil {
			t.Fatalf("ssh-keygen: %v %s", err, out)
		}
	}
	daemon := p.remoteDaemon(t)
	port := p.startServer(t, sshd, dir)
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	return machine{
		url: fmt.Sprintf("ssh-ng://%s@127.0.0.1?remote-program=%s", me.Username, daemon),
		options: fmt.Sprintf("-p %s -F none -i %s/user -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=%s/known",
			port, dir, dir),
	}
}

// remoteDaemon writes the program that ssh runs: nix-daemon in a mount
// namespace of its own, where the store folder is another one.
func (p *place) remoteDaemon(t *testing.T) string {
	t.Helper()
	var env strings.Builder
	for _, v := range p.env {
		if strings.HasPrefix(v, "NIX_") && !strings.HasPrefix(v, "NIX_STATE_DIR") {
			name, value, _ := strings.Cut(v, "=")
			fmt.Fprintf(&env, "export %s='%s'\n", name, value)
		}
	}
	script := "#!/bin/sh\n" + env.String() +
		"export HOME='" + p.dir + "/remote' NIX_STATE_DIR='" + p.dir + "/remote/var'\n" +
		"exec unshare -rm sh -c 'mount -o bind " + p.dir + "/remote/store " + p.dir + "/store && exec \"$@\"' sh '" +
		filepath.Dir(p.Path) + "/nix-daemon' \"$@\"\n"
	path := filepath.Join(p.dir, "remote-daemon")
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// startServer runs sshd and returns its port.
func (p *place) startServer(t *testing.T, sshd, dir string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	config := "ListenAddress 127.0.0.1:" + port + "\nHostKey " + dir + "/host\nAuthorizedKeysFile " + dir + "/user.pub\n" +
		"StrictModes no\nUsePAM no\nPidFile none\nPasswordAuthentication no\nPermitRootLogin prohibit-password\n"
	host, err := os.ReadFile(dir + "/host.pub")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"config": config, "known": "[127.0.0.1]:" + port + " " + string(host)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// sshd of root wants /run/sshd, which a computer without a server has not.
	args := []string{sshd, "-D", "-e", "-f", dir + "/config"}
	if os.Getuid() == 0 {
		args = append([]string{"unshare", "-m", "sh", "-c", `mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd && exec "$@"`, "sh"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	ready := &until{text: "Server listening", reached: make(chan struct{})}
	cmd.Stderr = ready
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		// The group may have ended; then there is nothing to do.
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-ended
	})
	select {
	case <-ready.reached:
	case err := <-ended:
		ended <- err
		t.Fatalf("sshd ended: %v %s", err, ready.seen.String())
	}
	return port
}

// until is a writer that tells when a text was written.
type until struct {
	text    string
	seen    strings.Builder
	reached chan struct{}
	done    bool
}

func (u *until) Write(b []byte) (int, error) {
	n, err := u.seen.Write(b)
	if !u.done && strings.Contains(u.seen.String(), u.text) {
		u.done = true
		close(u.reached)
	}
	return n, err
}

// where is a derivation that tells in which mount namespace it was built.
const where = `
      where = drv "where" "echo building; head -c 300000 /dev/zero >$out; readlink /proc/self/ns/mnt >>$out" { };
      low = drv "low" "true" { };`

// builtElsewhere reads it.
func builtElsewhere(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := os.Readlink("/proc/self/ns/mnt")
	if err != nil {
		t.Fatal(err)
	}
	theirs := strings.Trim(string(text), "\x00\n")
	if !strings.HasPrefix(theirs, "mnt:[") || theirs == ours {
		t.Errorf("built in %q, and we are in %q", theirs, ours)
	}
}

func TestRemoteBuilder(t *testing.T) {
	p := newPlace(t)
	m := p.newMachine(t)
	none := 0
	n := p.WithSettings(Settings{
		Builders: m.url + " " + p.System + " - 2", MaxJobs: &none,
		Options: map[string]string{sshOptions: m.options},
	})
	var h heard
	paths, err := n.With(h.watch()).Build(t.Context(), Spec{Installable: Flake(p.flake(t, "f", where), "where")})
	if err != nil {
		t.Fatalf("%v\n%s", err, h.log())
	}
	builtElsewhere(t, paths[0])
	if !strings.Contains(fmt.Sprint(h.of(StepBuild)), "building where on 127.0.0.1") || !strings.Contains(h.log(), "where> building") {
		t.Errorf("reports %v\n%s", h.of(StepBuild), h.log())
	}
}

func TestRemoteStore(t *testing.T) {
	p := newPlace(t)
	m := p.newMachine(t)
	n := p.WithSettings(Settings{Store: m.url, Options: map[string]string{sshOptions: m.options}})
	installable := Flake(p.flake(t, "f", where), "where")

	plan, err := n.DryRun(t.Context(), installable)
	if err != nil {
		t.Fatal(err)
	}
	if names(plan.Build) != "where" {
		t.Errorf("plan %+v", plan)
	}
	var h heard
	link := filepath.Join(p.dir, "result")
	paths, err := n.With(h.watch()).Build(t.Context(), Spec{Installable: installable, OutLink: link})
	if err != nil {
		t.Fatalf("%v\n%s", err, h.log())
	}
	builtElsewhere(t, link)
	copied := h.of(StepCopy)
	if len(copied) == 0 || copied[len(copied)-1].Done != copied[len(copied)-1].Total || copied[len(copied)-1].Total < 300_000 {
		t.Errorf("reports of copying %v", copied)
	}
	if !strings.Contains(h.log(), "where> building") {
		t.Errorf("log:\n%s", h.log())
	}
	if _, _, err := p.CollectGarbage(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(paths[0]); err != nil {
		t.Errorf("the result is not kept: %v", err)
	}
	m.options += " -o BatchMode=yes -o PubkeyAuthentication=no"
	n = p.WithSettings(Settings{Store: m.url, Options: map[string]string{sshOptions: m.options}})
	_, err = n.Build(t.Context(), Spec{Installable: installable})
	known{kind: KindRemote, text: "Permission denied (publickey", hint: "ssh"}.check(t, err)
}

// What is built is what was evaluated: its derivation goes to the remote
// store, also where the settings change what an evaluation would take.
func TestRemoteDerivation(t *testing.T) {
	p := newPlace(t)
	m := p.newMachine(t)
	dir := p.flake(t, "f", where+"drv = self.where.drvPath;")
	n := p.WithSettings(Settings{
		Store: m.url, Nixpkgs: Flake(dir, ""),
		Options: map[string]string{sshOptions: m.options},
	})
	var drv string
	if err := n.Eval(t.Context(), Flake(dir, "drv"), &drv); err != nil {
		t.Fatal(err)
	}
	plan, err := n.DryRun(t.Context(), drv+"^*")
	if err != nil || names(plan.Build) != "where" {
		t.Errorf("plan %+v, %v", plan, err)
	}
	paths, err := n.Build(t.Context(), Spec{Installable: drv + "^out"})
	if err != nil {
		t.Fatal(err)
	}
	builtElsewhere(t, paths[0])
}

// A user whom the daemon does not trust gets results of a remote store too, into
// a store of their own.
func TestRemoteUntrusted(t *testing.T) {
	p := newPlace(t)
	m := p.newMachine(t)
	settings := Settings{Store: m.url, Options: map[string]string{sshOptions: m.options}}
	p.daemon(t, "trusted-users = somebody-else")
	search := Search{Env: p.clientEnv(), Settings: settings, Home: filepath.Join(p.dir, "own & store")}
	n, err := Find(t.Context(), search)
	if err != nil || n.Trusted {
		t.Fatal(n, err)
	}
	kept := filepath.Join(p.dir, "kept")
	if err := os.Mkdir(kept, 0o755); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(kept, "result")
	paths, err := n.Build(t.Context(), Spec{Installable: Flake(p.flake(t, "f", where), "where"), OutLink: link})
	if err != nil {
		t.Fatal(err)
	}
	builtElsewhere(t, filepath.Join(search.Home, "nix/store", filepath.Base(paths[0])))
	if _, _, err := n.CollectGarbage(t.Context()); err != nil {
		t.Fatal(err)
	}
	infos, err := n.PathInfo(t.Context(), paths...)
	if err != nil || len(infos) != 1 || infos[0].NarSize < 300_000 {
		t.Errorf("%+v, %v", infos, err)
	}
	roots, err := n.Roots(t.Context(), kept)
	if err != nil || len(roots) != 1 || roots[0].ClosureSize < 300_000 {
		t.Fatalf("roots %+v, %v", roots, err)
	}
	if err := n.Free(roots[0]); err != nil {
		t.Fatal(err)
	}
	if count, _, err := n.CollectGarbage(t.Context()); err != nil || count != 1 {
		t.Errorf("%d paths removed, %v", count, err)
	}
	// Without such a store it is refused, and we tell why.
	search.Home = ""
	if n, err = Find(t.Context(), search); err != nil {
		t.Fatal(err)
	}
	_, err = n.Build(t.Context(), Spec{Installable: Flake(p.flake(t, "f", where), "where")})
	known{kind: KindCacheKey, text: "Nix does not take where", hint: "trusted-public-keys"}.check(t, err)
}

// A cancelled build ends on the remote machine too.
func TestRemoteCancel(t *testing.T) {
	p := newPlace(t)
	m := p.newMachine(t)
	marker := filepath.Join(p.dir, "pid")
	installable := Flake(p.flake(t, "f", `slow = drv "slow" "echo $$ >`+marker+`; echo started; while :; do sleep 1; done" { };`), "slow")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := p.WithSettings(Settings{Store: m.url, Options: map[string]string{sshOptions: m.options}})
	_, err := n.With(Watch{Log: func(line string) {
		if line == "slow> started" {
			cancel()
		}
	}}).Build(ctx, Spec{Installable: installable})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want cancelled", err)
	}
	ended(t, pidIn(t, marker))
}

// ended waits for a process to end.
func ended(t *testing.T, pid int) {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, unix.ESRCH) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	const patience = 10_000 // milliseconds
	if n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, patience); n != 1 {
		t.Errorf("process %d lives on (%v)", pid, err)
	}
}
