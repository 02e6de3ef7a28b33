package main_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// phase is a moment of a build at which it is ended.
type phase struct {
	// step and text are of the progress event that is waited for; text is a
	// part of the event's.
	step, text string
	// without are the parts of the cache that have to be made anew, which
	// makes the phase happen or last longer.
	without []string
	// hang is where the mirror stops answering; drop a package that has to be
	// fetched again.
	hang, drop string
	design     design
	args       []string
	// late is a phase so short that it may be over when the signal comes:
	// then the image has to be complete.
	late bool
	// once leaves out the kill, for the phases that take long to come to.
	once bool
}

// onDisk is the phase in which the root is unpacked on disk.
const onDisk = "root on the disk"

const large = 192 << 20

// phases are those that progress reports, in their order.
var phases = map[string]phase{
	"catalogue":       {step: "catalogue", without: []string{"states"}, hang: "InRelease$"},
	"catalogue lists": {step: "catalogue", text: "lists", without: []string{"states", "lists"}, hang: "/by-hash/"},
	"helper":          {step: "helper", without: []string{"helper"}},
	"resolve":         {step: "resolve", without: []string{"apt"}},
	"prepare":         {step: "prepare"},
	"download":        {step: "download", drop: "htop", hang: "/htop_"},
	"root unpacking":  {step: "root", text: "Unpacking", without: []string{"roots"}},
	"root initrd":     {step: "root", text: "Making the initrd", without: []string{"roots"}, once: true},
	"configure":       {step: "configure"},
	"boot files":      {step: "boot files", design: design{bytes: large}},
	"squashfs":        {step: "squashfs", design: design{level: 22}},
	"image":           {step: "image"},
	"checksum":        {step: "checksum", design: design{bytes: large}},
	"finish":          {step: "finish", late: true},
	onDisk:            {step: "root", text: "Setting up", without: []string{"roots"}, args: []string{"--work-on-disk"}},
}

// TestEndedAtEveryPhase kills a build at each phase, then starts another that
// is ended by Ctrl-C at the same phase: nothing of either may be left.
func TestEndedAtEveryPhase(t *testing.T) {
	for name, p := range phases {
		if name == onDisk {
			continue // where it matters who owns the files
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newRig(t, p, nil).killThenInterrupt()
		})
	}
}

// TestEndedAsOrdinaryUser does the same as a user without rights, for the
// phases in which programs run in a user namespace.
func TestEndedAsOrdinaryUser(t *testing.T) {
	needRoot(t)
	for _, name := range []string{"resolve", "root unpacking", onDisk, "configure", "squashfs"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newRig(t, phases[name], newUser(t)).killThenInterrupt()
		})
	}
}

// rig is a place in which builds are ended.
type rig struct {
	*testing.T
	phase
	user *user
	// small is the size of the disk of the output folder; empty: the usual.
	small      string
	cache, out string
	args       []string
}

func newRig(t *testing.T, p phase, u *user) *rig {
	r := &rig{T: t, phase: p, user: u}
	r.cache = ownCache(t, p.without...)
	if p.drop != "" {
		dropPackage(t, r.cache, p.drop)
	}
	dir := openDir(t)
	r.out = filepath.Join(dir, "out")
	check(t, os.Mkdir(r.out, 0o755))
	if p.design.level == 0 {
		p.design.level = 1
	}
	r.args = append([]string{
		"build", "--json", writeDesign(t, dir, p.design), "--cache", r.cache, "-o", filepath.Join(r.out, "x.iso"),
	}, p.args...)
	if p.hang != "" {
		m := newMirror(t, t.Cleanup)
		m.fail(faultHang, p.hang, -1)
		r.args = append(r.args, m.args()...)
	}
	if u != nil {
		u.own(t, r.cache, r.out)
	}
	return r
}

// killThenInterrupt is the test. The second run also clears what the first
// left, because the first could not.
func (r *rig) killThenInterrupt() {
	if !r.once {
		b := r.start()
		b.waitFor(r.step, r.text)
		b.signal(unix.SIGKILL)
		b.wait()
		r.noProcess()
		r.noMount()
	}
	// The time is measured again where the computer was busy with other tests.
	var took time.Duration
	for range 3 {
		if took = r.interrupt(); took < time.Second {
			return
		}
	}
	r.Errorf("Ctrl-C took %v", took)
}

// interrupt ends a build by Ctrl-C and gives how long it took.
func (r *rig) interrupt() time.Duration {
	b := r.start()
	b.waitFor(r.step, r.text)
	b.signal(unix.SIGINT)
	took := b.wait()
	r.Logf("%s: Ctrl-C took %v", r.Name(), took.Round(time.Millisecond))
	r.noProcess()
	r.noMount()
	code := b.cmd.ProcessState.ExitCode()
	if r.late && code == 0 {
		r.complete()
		return 0
	}
	if code != 130 {
		r.Errorf("exit code %d after Ctrl-C, want 130; last event %s", code, b.last)
	}
	r.nothingLeft()
	return took
}

// complete holds that the image is there with everything beside it.
func (r *rig) complete() {
	r.Helper()
	want := "x.iso x.iso.cdx.json x.iso.log x.iso.packages x.iso.sha256"
	if got := strings.Join(list(r.T, r.out), " "); got != want {
		r.Errorf("in the output folder are %s, want %s", got, want)
	}
	cmd := exec.Command("sha256sum", "--check", "--quiet", "x.iso.sha256")
	cmd.Dir = r.out
	if out, err := cmd.CombinedOutput(); err != nil {
		r.Errorf("%v: %s", err, out)
	}
}

// nothingLeft looks for files of a run.
func (r *rig) nothingLeft() {
	r.Helper()
	for _, f := range list(r.T, r.out) {
		r.Errorf("left in the output folder: %s", f)
	}
	for _, f := range list(r.T, filepath.Join(r.cache, "work")) {
		if f != "lock" {
			r.Errorf("left in the work folder: %s", f)
		}
	}
	for _, part := range sharedParts {
		if info, err := os.Lstat(filepath.Join(r.cache, part)); err != nil || !info.IsDir() || part == "archive" || part == "lists" {
			continue // shared, or downloads that the next run goes on with
		}
		for _, f := range list(r.T, filepath.Join(r.cache, part)) {
			if strings.Contains(f, ".part") {
				r.Errorf("left in the cache: %s/%s", part, f)
			}
		}
	}
}

func list(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		check(t, err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// noProcess holds that no process is left. Children of a killed program are
// ours, since we are their reaper.
func (r *rig) noProcess() {
	r.Helper()
	within(r.T, "processes are left", func() string { return orphans(r.T) })
}

// noMount holds that no process has one of our folders mounted.
func (r *rig) noMount() {
	r.Helper()
	within(r.T, "mounts are left", func() string {
		files, err := filepath.Glob("/proc/[0-9]*/mountinfo")
		check(r.T, err)
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err == nil && strings.Contains(string(data), filepath.Dir(r.cache)+"/") {
				return f
			}
		}
		return ""
	})
}

// within gives the kernel time to end what was killed.
func within(t *testing.T, what string, look func() string) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	end := time.After(5 * time.Second)
	for {
		found := look()
		if found == "" {
			return
		}
		select {
		case <-tick.C:
		case <-end:
			t.Errorf("%s: %s", what, found)
			return
		}
	}
}

// orphans are living processes that became our children without being started
// by us: the program's are in process groups of their own, what we start stays
// in ours.
func orphans(t *testing.T) string {
	t.Helper()
	own := unix.Getpgrp()
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	check(t, err)
	var found []string
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			continue // it ended
		}
		// pid (name) state ppid pgrp …
		text := string(data)
		fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
		parent, _ := strconv.Atoi(fields[1])
		group, _ := strconv.Atoi(fields[2])
		if parent == os.Getpid() && group != own && fields[0] != "Z" {
			found = append(found, strings.TrimSpace(text[:min(len(text), 60)]))
		}
	}
	return strings.Join(found, ", ")
}

// building is a running build.
type building struct {
	rig    *rig
	cmd    *exec.Cmd
	events *bufio.Scanner
	pipe   *os.File
	stdout strings.Builder
	last   string
	sent   time.Time
}

func (r *rig) start() *building {
	r.Helper()
	reader, writer, err := os.Pipe()
	check(r.T, err)
	b := &building{rig: r, pipe: reader, events: bufio.NewScanner(reader)}
	b.cmd = exec.Command(program(r.T), r.args...)
	if r.small != "" {
		args := onSmallDisk(r.small, r.out, b.cmd.Args...)
		b.cmd = exec.Command(args[0], args[1:]...)
	}
	if r.user != nil {
		b.cmd = r.user.command(b.cmd.Args...)
	}
	b.cmd.Stderr, b.cmd.Stdout = writer, &b.stdout
	check(r.T, b.cmd.Start())
	check(r.T, writer.Close())
	r.Cleanup(func() { b.cmd.Process.Kill(); reader.Close() })
	return b
}

// waitFor reads events until one of the step comes.
func (b *building) waitFor(step, text string) {
	b.rig.Helper()
	for b.events.Scan() {
		var e struct{ Event, Step, Text string }
		b.last = b.events.Text()
		if err := json.Unmarshal(b.events.Bytes(), &e); err != nil {
			b.rig.Fatalf("event %q: %v", b.last, err)
		}
		if e.Step == step && strings.Contains(e.Text, text) {
			return
		}
	}
	b.cmd.Wait()
	b.rig.Fatalf("the phase %s (%s) never came; last event %s; printed %s", step, text, b.last, b.stdout.String())
}

func (b *building) signal(s syscall.Signal) {
	b.rig.Helper()
	b.sent = time.Now()
	check(b.rig.T, b.cmd.Process.Signal(s))
}

// wait waits for the end and gives how long it took since the signal.
func (b *building) wait() time.Duration {
	go io.Copy(io.Discard, b.pipe)
	var exit *exec.ExitError
	if err := b.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		b.rig.Error(err)
	}
	return time.Since(b.sent)
}

// user is one without rights, who has subordinate ids.
type user struct {
	// passwd and ids are files like /etc/passwd and /etc/subuid.
	passwd, ids string
}

// The ids are some that no system has.
const (
	userID = "61234"
	subIDs = "6300000"
)

func newUser(t *testing.T) *user {
	t.Helper()
	dir := openDir(t)
	u := &user{passwd: filepath.Join(dir, "passwd"), ids: filepath.Join(dir, "ids")}
	line := "builder:x:" + userID + ":" + userID + "::/nonexistent:/bin/sh\n"
	check(t, os.WriteFile(u.passwd, []byte("root:x:0:0:root:/root:/bin/sh\n"+line), 0o644))
	check(t, os.WriteFile(u.ids, []byte("builder:"+subIDs+":65536\n"), 0o644))
	return u
}

// own gives folders to the user. What is shared with the warm cache is copied,
// because the user may not enter root's folders.
func (u *user) own(t *testing.T, cache, out string) {
	t.Helper()
	for _, part := range sharedParts {
		if info, err := os.Lstat(filepath.Join(cache, part)); err == nil && !info.IsDir() {
			copyPart(t, cache, part)
		}
	}
	tool(t, "chown", "-R", "-h", userID+":"+userID, cache, out)
}

// command runs a program as the user. The files are put in place in a mount
// namespace, so that the computer's own stay as they are; the program keeps the
// process id of the first one.
func (u *user) command(args ...string) *exec.Cmd {
	const script = `mount --bind "$0" /etc/passwd && mount --bind "$1" /etc/subuid && mount --bind "$1" /etc/subgid &&
		exec env HOME=/nonexistent setpriv --reuid "$2" --regid "$2" --clear-groups --inh-caps=-all -- "${@:3}"`
	return exec.Command("unshare", append([]string{"--mount", "bash", "-c", script, u.passwd, u.ids, userID}, args...)...)
}
