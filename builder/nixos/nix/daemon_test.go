package nix

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// daemon starts a nix-daemon of the place's own and gives the same nix as its
// client.
func (p *place) daemon(t *testing.T, config ...string) *Nix {
	t.Helper()
	socket := filepath.Join(p.dir, "socket")
	cmd := exec.Command(filepath.Join(filepath.Dir(p.Path), "nix-daemon"))
	cmd.Env = append(p.environment(config...), "NIX_DAEMON_SOCKET_PATH="+socket)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- cmd.Wait() }()
	t.Cleanup(func() {
		// It may have ended by itself.
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-stopped
	})
	for tries := 0; ; tries++ {
		n, err := Find(t.Context(), Search{Env: p.clientEnv()})
		var e *Error
		if err == nil {
			return n
		}
		// Each try takes as long as nix needs to start.
		if !errors.As(err, &e) || e.Kind != KindDaemon || tries > 100 {
			t.Fatal(err)
		}
	}
}

// clientEnv is the environment of the daemon's clients.
func (p *place) clientEnv() []string {
	return append(slices.Clone(p.env), "NIX_REMOTE=daemon", "NIX_DAEMON_SOCKET_PATH="+filepath.Join(p.dir, "socket"))
}

// A daemon that does not trust the user ignores settings, and we tell.
func TestUntrusted(t *testing.T) {
	p := newPlace(t)
	n := p.daemon(t, "trusted-users = somebody-else")
	if n.Trusted || !strings.HasPrefix(n.Store, "daemon") && !strings.HasPrefix(n.Store, "unix") {
		t.Errorf("found %+v", n)
	}
	dir := p.flake(t, "f", packages)
	settings := Settings{Options: map[string]string{"substituters": "http://127.0.0.1:1", "max-jobs": "2", "sandbox": "true"}}
	var h heard
	if _, err := n.WithSettings(settings).With(h.watch()).Build(t.Context(), Spec{Installable: Flake(dir, "low")}); err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, w := range h.warnings {
		if w.Kind == KindUntrusted {
			told = append(told, w.Subject)
			if !strings.Contains(w.Hint, "trusted-users") {
				t.Errorf("%+v", w)
			}
		}
	}
	if got := strings.Join(told, " "); !strings.Contains(got, "sandbox") || !strings.Contains(got, "http://127.0.0.1:1") {
		t.Errorf("told of %q; log:\n%s", told, h.log())
	}
}

func TestTrusted(t *testing.T) {
	p := newPlace(t)
	n := p.daemon(t, "trusted-users = *")
	if !n.Trusted || n.StoreDir != filepath.Join(p.dir, "store") || n.Sandbox {
		t.Errorf("found %+v", n)
	}
}

// Cancelling ends a build that a daemon does for us.
func TestDaemonCancel(t *testing.T) {
	p := newPlace(t)
	n := p.daemon(t)
	marker := filepath.Join(p.dir, "pid")
	dir := p.flake(t, "f", `slow = drv "slow" "echo $$ >`+marker+`; echo started; while :; do sleep 1; done" { };`)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var begin time.Time
	_, err := n.With(Watch{Log: func(line string) {
		if line == "slow> started" {
			begin = time.Now()
			cancel()
		}
	}}).Build(ctx, Spec{Installable: Flake(dir, "slow")})
	if !errors.Is(err, context.Canceled) || time.Since(begin) > time.Second {
		t.Fatalf("error %v after %v, want cancelled", err, time.Since(begin))
	}
	ended(t, pidIn(t, marker))
}

// A nix that does not listen is killed, and so is what it had started.
func TestCancelDeaf(t *testing.T) {
	p := newPlace(t)
	marker := filepath.Join(p.dir, "pid")
	dir := p.flake(t, "f", `
      slow = drv "slow" ''
        trap "" TERM INT HUP
        sh -c 'echo $$ >`+marker+`; echo started; while :; do sleep 1; done' &
        wait'' { };`)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var begin time.Time
	_, err := p.With(Watch{Log: func(line string) {
		if line == "slow> started" {
			signalChildren(t, syscall.SIGSTOP)
			begin = time.Now()
			cancel()
		}
	}}).Build(ctx, Spec{Installable: Flake(dir, "slow")})
	took := time.Since(begin)
	if !errors.Is(err, context.Canceled) || took > time.Second {
		t.Fatalf("error %v after %v, want cancelled", err, took)
	}
	if took < grace {
		t.Errorf("it listened after all: %v", took)
	}
	ended(t, pidIn(t, marker))
}

// signalChildren signals our children; there is but nix.
func signalChildren(t *testing.T, signal syscall.Signal) {
	t.Helper()
	count := 0
	for _, p := range below(os.Getpid()) {
		if parent, _, ok := stat(p.pid); ok && parent == os.Getpid() {
			if err := syscall.Kill(p.pid, signal); err != nil {
				t.Fatal(err)
			}
			count++
		}
	}
	if count != 1 {
		t.Errorf("signalled %d processes", count)
	}
}

func pidIn(t *testing.T, file string) int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// Somebody else ends nix: the kernel that is out of memory, or a person.
func TestEndedByOthers(t *testing.T) {
	p := newPlace(t)
	dir := p.flake(t, "f", `slow = drv "slow" "echo started; exec sleep 1000" { };`)
	tests := []struct {
		signal syscall.Signal
		known
	}{
		{syscall.SIGKILL, known{kind: KindMemory, text: "Nix was killed", hint: "memory"}},
		{syscall.SIGINT, known{kind: KindInterrupted, text: "interrupted"}},
		{syscall.SIGABRT, known{kind: KindOther, text: "aborted"}},
	}
	for _, tt := range tests {
		t.Run(tt.signal.String(), func(t *testing.T) {
			_, err := p.With(Watch{Log: func(line string) {
				if line == "slow> started" {
					signalChildren(t, tt.signal)
				}
			}}).Build(t.Context(), Spec{Installable: Flake(dir, "slow")})
			tt.check(t, err)
		})
	}
}
