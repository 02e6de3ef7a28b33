package vm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// Accel is how a guest's instructions are carried out.
type Accel struct {
	// Name is "kvm" (by the processor) or "tcg" (translated by QEMU, 10 to 50
	// times slower).
	Name string
	// Reason tells a person why this one.
	Reason string
}

func (a Accel) String() string {
	if a.Reason == "" {
		return a.Name
	}
	return a.Name + ": " + a.Reason
}

const (
	// kvmSurrender is what QEMU writes when KVM meets an instruction that it
	// would have to emulate and cannot.
	kvmSurrender = "KVM internal error"
	// trialTime is what a trial may take. A working KVM needs 0.3 s.
	trialTime = 8 * time.Second
)

// ChooseAccel says whether KVM truly works here, by running a tiny guest with
// it: there are machines on which /dev/kvm opens but ordinary guests die or
// crawl. That takes up to 8 s, so callers that start several machines keep
// the answer. An error means that QEMU itself does not run, or the end of ctx.
func ChooseAccel(ctx context.Context, tools Tools) (Accel, error) {
	if runtime.GOARCH != "amd64" {
		return Accel{"tcg", "KVM runs x86-64 guests on x86-64 processors only"}, nil
	}
	dev, err := os.OpenFile("/dev/kvm", os.O_RDWR, 0)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return Accel{"tcg", "/dev/kvm is missing (virtualisation is off in the firmware setup, or this is a guest itself)"}, nil
	case errors.Is(err, os.ErrPermission):
		return Accel{"tcg", "this user may not use /dev/kvm (the group kvm may: sudo usermod -aG kvm \"$USER\", then log in again)"}, nil
	case err != nil:
		return Accel{"tcg", fmt.Sprintf("KVM cannot be used: %v", err)}, nil
	}
	dev.Close()
	return tryKVM(ctx, tools)
}

// tryKVM runs the trial with KVM and judges it.
func tryKVM(ctx context.Context, tools Tools) (Accel, error) {
	start := time.Now()
	result, err := runTrial(ctx, tools, "kvm")
	if err != nil {
		return Accel{}, fmt.Errorf("try KVM: %w", err)
	}
	if result.done {
		took := time.Since(start).Round(10 * time.Millisecond)
		return Accel{"kvm", fmt.Sprintf("a trial guest ran well (%v)", took)}, nil
	}
	return Accel{"tcg", "KVM opens but does not work here: a trial guest " + result.trouble()}, nil
}

// trial is how far the trial guest came.
type trial struct {
	stages  string // what it wrote
	done    bool
	timeout bool
	stderr  string
}

// trouble completes the sentence "a trial guest …".
func (t trial) trouble() string {
	where := "in its firmware"
	switch {
	case strings.HasSuffix(t.stages, string(rune(stageReal))):
		where = "in real mode"
	case strings.HasSuffix(t.stages, string(rune(stageProtected))):
		where = "in protected mode"
	case strings.HasSuffix(t.stages, string(rune(stageLong))):
		where = "in long mode"
	}
	switch {
	case strings.Contains(t.stderr, kvmSurrender):
		return fmt.Sprintf("died %s (%s)", where, firstLine([]byte(t.stderr), kvmSurrender))
	case t.timeout:
		return fmt.Sprintf("was still %s after %v", where, trialTime)
	}
	line, _, _ := strings.Cut(t.stderr, "\n")
	return fmt.Sprintf("ended %s (%s)", where, line)
}

// runTrial boots trialSector with an accelerator.
func runTrial(ctx context.Context, tools Tools, accel string) (trial, error) {
	dir, err := os.MkdirTemp("", "isowright-trial-")
	if err != nil {
		return trial{}, err
	}
	defer os.RemoveAll(dir)
	disk := filepath.Join(dir, "disk")
	// SeaBIOS does not read a disk of one sector.
	if err := os.WriteFile(disk, append(trialSector(), make([]byte, 1<<20)...), 0o600); err != nil {
		return trial{}, err
	}
	return watchTrial(ctx, command{
		path: tools.QEMU,
		args: []string{"-nodefaults", "-no-user-config", "-no-reboot", "-display", "none",
			"-machine", "q35", "-accel", accel, "-cpu", "max", "-m", "64",
			"-boot", "menu=off,strict=on",
			"-drive", drive("if=none,id=disk,readonly=on", "raw", disk),
			"-device", "virtio-blk-pci,drive=disk,bootindex=0",
			"-debugcon", "stdio", "-device", "isa-debug-exit,iobase=0xf4,iosize=1"},
		dir: dir,
	})
}

// watchTrial runs the trial's QEMU until it ends, gives up or takes too long.
func watchTrial(ctx context.Context, c command) (trial, error) {
	var stages strings.Builder // written to until wait returns
	var gaveUp sync.Once
	surrender := make(chan struct{})
	c.stdout = func(b []byte) { stages.Write(b) }
	c.stderr = func(b []byte) {
		if strings.Contains(string(b), kvmSurrender) {
			gaveUp.Do(func() { close(surrender) })
		}
	}
	process, err := startProcess(c)
	if err != nil {
		return trial{}, err
	}
	var t trial
	limit := time.NewTimer(trialTime)
	defer limit.Stop()
	select {
	case <-process.done:
	case <-surrender:
	case <-limit.C:
		t.timeout = true
	case <-ctx.Done():
	}
	process.kill()
	exit := process.wait()
	if ctx.Err() != nil {
		return trial{}, ctx.Err()
	}
	t.stages, t.stderr = stages.String(), process.stderrTail()
	var status *exec.ExitError
	t.done = errors.As(exit, &status) && status.ExitCode() == trialExit &&
		strings.HasSuffix(t.stages, string(rune(stageDone)))
	return t, nil
}
