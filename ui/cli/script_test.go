package cli_test

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/catalog/offer"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/ui/cli"
)

// TestMain runs the tests, or the command line where a script calls it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"isowright": command})
}

// command is main.go with actions that end as the script wishes. Only what
// comes after the command line is replaced: the builder.
func command() {
	ctx, stop := cli.Signals(context.Background())
	var root fs.FS
	if computer := os.Getenv("COMPUTER"); computer != "" {
		root = os.DirFS(computer)
	}
	code := cli.Run(ctx, cli.Env{
		Root: root, Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv,
		Now:     time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Actions: scriptActions(os.Getenv("BUILDER")),
	})
	stop()
	os.Exit(code)
}

// TestScripts runs testdata/*.txt.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			examples, err := filepath.Abs("../../examples")
			e.Setenv("EXAMPLES", examples)
			e.Setenv("HOME", e.WorkDir)
			return err
		},
		Condition: func(cond string) (bool, error) {
			tool, ok := strings.CutPrefix(cond, "have-")
			if !ok {
				return false, errors.New("unknown condition")
			}
			_, err := exec.LookPath(tool)
			if err != nil && os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
				return false, err
			}
			return err == nil, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"code": code, "bootsector": bootsector, "ownimage": ownimage, "channels": channels},
	})
}

// code runs a command and compares its exit code: code 3 isowright check FILE.
// What it prints is there for stdout and stderr.
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N program [args...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ProcessState.String()
		got = strings.TrimPrefix(got, "exit status ")
	case err != nil:
		ts.Fatalf("%s: %v", args[1], err)
	}
	if got != args[0] {
		ts.Fatalf("%v: exit code %s, want %s", args[1:], got, args[0])
	}
}

// bootsector writes a disk image that says a text on the serial line when a
// BIOS starts it: bootsector FILE TEXT.
func bootsector(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bootsector FILE TEXT")
	}
	image := make([]byte, 1<<20)
	code := []byte{
		0x31, 0xc0, // xor ax, ax
		0x8e, 0xd8, // mov ds, ax
		0xfc,             // cld
		0xbe, 0x14, 0x7c, // mov si, text
		0xba, 0xf8, 0x03, // mov dx, 0x3f8
		0xac,       // next: lodsb
		0x84, 0xc0, // test al, al
		0x74, 0x03, // jz end
		0xee,       // out dx, al
		0xeb, 0xf8, // jmp next
		0xf4, // end: hlt
	}
	copy(image[copy(image, code):], args[1]+"\r\n")
	image[510], image[511] = 0x55, 0xaa
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), image, 0o644))
}

// scriptActions end in the way that is named.
func scriptActions(end string) cli.Actions {
	return cli.Actions{
		Plan: func(ctx context.Context, d design.Design, o builder.Options) (plan.Plan, error) {
			o.Progress.Report(progress.Event{Step: "index", Text: "reading the archive's index"})
			if err := failures[end]; strings.HasPrefix(end, "plan-") {
				return plan.Plan{}, err
			}
			return scriptPlan(design.WithDefaults(d)), nil
		},
		Build: func(ctx context.Context, p plan.Plan, o builder.Options) (builder.Image, error) {
			o.Log.Info("packing blocks")
			o.Progress.Report(progress.Event{Step: "squashfs", Done: 10, Total: 100})
			o.Progress.Report(progress.Event{Step: "iso", Done: 100, Total: 100})
			if strings.HasPrefix(end, "build-signal") {
				return builder.Image{}, interrupted(ctx, end == "build-signal-twice")
			}
			if err := failures[end]; err != nil {
				return builder.Image{}, err
			}
			return scriptImage(p, o)
		},
		Catalogue: func(ctx context.Context, d design.Design, o builder.Options, _ builder.Want) (*offer.Catalogue, []string, error) {
			o.Progress.Report(progress.Event{Step: "catalogue", Text: "asking the archive for its state"})
			if err := failures[end]; err != nil {
				return nil, nil, err
			}
			p := scriptPlan(d)
			lists := offer.Lists{State: p.State, Packages: func(context.Context) (iter.Seq[catalog.Listed], error) {
				return func(yield func(catalog.Listed) bool) {
					for _, k := range p.Packages {
						k.Summary = "interactive " + strings.Join(d.Archive.Components, " ")
						if !yield(catalog.Listed{Package: k}) {
							return
						}
					}
				}, nil
			}}
			dir := filepath.Join(offer.Dir(o.CacheDir), strings.Join(d.Archive.Components, " "))
			return offer.Debian(ctx, dir, lists, nil)
		},
		// These two are the builder's own: they make nothing.
		Roots: builder.Roots, FreeRoots: builder.FreeRoots,
		Export: func(ctx context.Context, d design.Design, dir string, o builder.Options) error {
			if err := failures[end]; err != nil {
				return err
			}
			return os.Mkdir(dir, 0o755)
		},
	}
}

// interrupted sends this process the signal of Ctrl-C as soon as the build
// runs. A build that does not end by it gets more of them, as from a person, one
// at a time: in a storm of them Go's handler of the deadly one is interrupted so
// often that its stack overflows.
func interrupted(ctx context.Context, stuck bool) error {
	for again := time.Tick(20 * time.Millisecond); ; <-again {
		if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
			return err
		}
		<-ctx.Done()
		if !stuck {
			return &builder.StepError{Step: "iso", Err: ctx.Err()}
		}
	}
}

// failures are how builders end.
var failures = map[string]error{
	"plan-unknown": &builder.StepError{Step: "resolve", Err: &catalog.UnknownError{Unknown: []catalog.Unknown{
		{Name: "htpo", Near: []string{"htop"}}, {Name: "awk", Providers: []string{"mawk", "gawk"}}, {Name: "zzz"},
	}}},
	"plan-conflict": &catalog.ConflictError{Reasons: []string{"a conflicts with b"}, Names: []string{"a", "b"}},
	"plan-problems": design.Problems{{Field: "packages[0]", Text: "too big", Hint: "take it out"}},
	"plan-mirror": &builder.StepError{Step: "index", Err: errors.New("fetch InRelease: connection refused"),
		Hint: "Check the network, or name another archive with --mirror."},
	"build-full": &builder.StepError{Step: "squashfs", Err: &os.PathError{Op: "write", Path: "x.part", Err: syscall.ENOSPC},
		Hint: "Free 2 GiB or choose another folder with -o."},
	"build-tool": &builder.StepError{Step: "packages", Err: errors.New("mmdebstrap: exit status 100"),
		Hint: "Read the log.", Tail: "E: first\nE: second\n"},
	"export-fails": errors.New("nothing to export"),
}

func scriptPlan(d design.Design) plan.Plan {
	return plan.Plan{
		ID: "f00d", DesignID: design.ID(d), LiveID: "f0", Design: d,
		State: catalog.State{ID: "sha256:abc", Date: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Sources: []string{"trixie main"}},
		Date:  time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), VolumeID: d.VolumeLabel, Output: d.Output,
		Packages: []catalog.Package{
			{Name: "dash", Version: "0.5.12-12", Installed: 191 << 10, Download: 98 << 10, Reason: "base"},
			{Name: "htop", Version: "3.4.1-5", Installed: 405 << 10, Download: 170 << 10, Reason: "ticked"},
		},
		KernelLine: []string{"boot=live", "quiet"},
		Menu: grub.Menu{Timeout: 3, Default: []int{1, 0}, Entries: []grub.Entry{
			{Title: "One", Kind: grub.Linux},
			{Title: "More", Kind: grub.Submenu, Entries: []grub.Entry{{Title: "Inner", Kind: grub.Linux}}},
			{Title: "Off", Kind: grub.PowerOff},
		}},
		Files:    []plan.File{{Source: "/somewhere/notes", Target: "/NOTES", OnMedium: true, Size: 2048}},
		Sizes:    plan.Sizes{Download: 1 << 20, Packages: 2 << 20, Installed: 3 << 20, Image: 4 << 20, Work: 5 << 20},
		Warnings: []design.Problem{{Field: "root", Text: "root cannot log in"}},
	}
}

func scriptImage(p plan.Plan, o builder.Options) (builder.Image, error) {
	path := o.Out
	if path == "" {
		path = p.Output
	}
	return builder.Image{
		Path: path, Size: 1234567, SHA256: strings.Repeat("ab", 32), Beside: []string{path + ".sha256"},
		Phases: []builder.Phase{{Step: "squashfs", Seconds: 12.3}, {Step: "iso", Seconds: .4}}, Plan: p,
	}, os.WriteFile(path, []byte("image"), 0o644)
}
