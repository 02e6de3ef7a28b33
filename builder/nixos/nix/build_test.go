package nix

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/internal/progress"
)

const simple = `
      dep = drv "dep" "echo from dep; printf %s dep >$out" { };
      top = drv "top" ''
        echo "@nix { \"action\": \"setPhase\", \"phase\": \"installPhase\" }" >&2
        echo one; echo two >&2
        read x <${self.dep}; echo "$x ${self.dep}" >$out'' { };
      plan = { version = 1; names = [ "a" "ü'\"\\" ]; drv = self.top.drvPath; };
`

func TestBuild(t *testing.T) {
	p := newPlace(t)
	dir := p.flake(t, "a b#c", simple)
	var h heard
	link := filepath.Join(p.dir, "result")
	paths, err := p.With(h.watch()).Build(t.Context(), Spec{Installable: Flake(dir, "top"), OutLink: link})
	if err != nil {
		t.Fatal(err)
	}
	if target, err := os.Readlink(link); err != nil || !slices.Equal(paths, []string{target}) {
		t.Errorf("built %v, link to %q, %v", paths, target, err)
	}
	want := []progress.Event{
		{Step: StepBuild, Text: "building dep", Total: 2, Unit: "derivations"},
		{Step: StepBuild, Text: "building top (install)", Done: 1, Total: 2, Unit: "derivations"},
		{Step: StepBuild, Text: "building top (install)", Done: 2, Total: 2, Unit: "derivations"},
	}
	for _, e := range want {
		if !slices.Contains(h.of(StepBuild), e) {
			t.Errorf("no event %v in %v", e, h.of(StepBuild))
		}
	}
	for _, line := range []string{"dep> from dep", "top> one", "top> two"} {
		if !slices.Contains(h.lines, line) {
			t.Errorf("no line %q in the log:\n%s", line, h.log())
		}
	}
}

func TestEval(t *testing.T) {
	p := newPlace(t)
	var plan struct {
		Version int
		Names   []string
		Drv     string
	}
	if err := p.Eval(t.Context(), Flake(p.flake(t, "f", simple), "plan"), &plan); err != nil {
		t.Fatal(err)
	}
	if plan.Version != 1 || !slices.Equal(plan.Names, []string{"a", `ü'"\`}) || !strings.HasSuffix(plan.Drv, "-top.drv") {
		t.Errorf("evaluated to %+v", plan)
	}
}

func TestBuildFails(t *testing.T) {
	p := newPlace(t)
	dir := p.flake(t, "f", `
      bad = drv "bad" "i=0; while [ $i -lt 100 ]; do echo line $i; i=$((i+1)); done; exit 3" { };
      top = drv "top" "cat ${self.bad} >$out" { };`)
	_, err := p.Build(t.Context(), Spec{Installable: Flake(dir, "top")})
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is no *Error", err)
	}
	if e.Kind != KindBuild || e.Subject != "bad" || !strings.HasSuffix(e.Derivation, "-bad.drv") {
		t.Errorf("%+v", e)
	}
	lines := strings.Split(e.Tail, "\n")
	if len(lines) != tailLines || lines[0] != "line 60" || lines[39] != "line 99" {
		t.Errorf("tail is %q", e.Tail)
	}
	if !strings.Contains(e.Text, "Building bad failed with exit code 3") || !strings.Contains(e.Hint, "nix log "+e.Derivation) {
		t.Errorf("text %q, hint %q", e.Text, e.Hint)
	}
}

// Cancelling ends nix and what a build has started within a second.
func TestCancel(t *testing.T) {
	p := newPlace(t)
	marker := filepath.Join(p.dir, "pids")
	dir := p.flake(t, "f", `
      slow = drv "slow" ''
        trap "" TERM INT HUP
        sleep 1000 &
        echo $! >>`+marker+`; echo $$ >>`+marker+`
        echo started
        while :; do sleep 1000; done'' { };`)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	started := make(chan struct{})
	watch := Watch{Log: func(line string) {
		if line == "slow> started" {
			close(started)
		}
	}}
	failed := make(chan error, 1)
	go func() {
		_, err := p.With(watch).Build(ctx, Spec{Installable: Flake(dir, "slow")})
		failed <- err
	}()
	<-started
	begin := time.Now()
	cancel()
	err := <-failed
	took := time.Since(begin)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want cancelled", err)
	}
	if took > time.Second {
		t.Errorf("cancelling took %v", took)
	}
	pids, err := os.ReadFile(marker)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range strings.Fields(string(pids)) {
		pid, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		ended(t, pid)
	}
	t.Logf("cancelled in %v", took)
}
