package main_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs testdata/script/*.txt with the real program.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			design := writeDesign(t, openDir(t), design{level: 1})
			e.Setenv("DESIGN", design)
			e.Setenv("PROGRAMS", filepath.Dir(program(t)))
			e.Setenv("HOME", e.WorkDir)
			// Other users go in, too.
			return errors.Join(os.Chmod(e.WorkDir, 0o755), os.Chmod(filepath.Dir(e.WorkDir), 0o755))
		},
		Condition: func(cond string) (bool, error) {
			if cond != "root" {
				return false, errors.New("unknown condition")
			}
			return os.Geteuid() == 0, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code":   code,
			"cache":  func(ts *testscript.TestScript, _ bool, args []string) { ts.Setenv("CACHE", ownCache(t, args...)) },
			"drop":   func(ts *testscript.TestScript, _ bool, args []string) { dropPackage(t, ts.Getenv("CACHE"), args[0]) },
			"clean":  clean,
			"mirror": func(ts *testscript.TestScript, _ bool, args []string) { startMirror(t, ts, args) },
		},
	})
}

// code runs a command and compares its exit code: code 3 isowright check FILE.
// What it prints is there for stdout and stderr. "nobody" before the program
// runs it as that user, "small SIZE FOLDER" with a small disk at the folder.
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N [nobody] program [args...]")
	}
	want, run := args[0], args[1:]
	switch run[0] {
	case "nobody":
		run = append([]string{"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"}, run[1:]...)
	case "small":
		run = onSmallDisk(run[1], ts.MkAbs(run[2]), run[3:]...)
	}
	err := ts.Exec(run[0], run[1:]...)
	got := "0"
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = strings.TrimPrefix(exit.ProcessState.String(), "exit status ")
	case err != nil:
		ts.Fatalf("%s: %v", args[1], err)
	}
	if got != want {
		ts.Fatalf("%v: exit code %s, want %s", args[1:], got, want)
	}
}

// clean holds that a run left nothing in the work folder of the cache.
func clean(ts *testscript.TestScript, neg bool, args []string) {
	entries, err := os.ReadDir(filepath.Join(ts.Getenv("CACHE"), "work"))
	ts.Check(err)
	for _, e := range entries {
		if e.Name() != "lock" {
			ts.Fatalf("left in the work folder: %s", e.Name())
		}
	}
}

// startMirror starts a mirror with a fault: mirror [KIND PATH [TIMES]].
func startMirror(t testing.TB, ts *testscript.TestScript, args []string) {
	m := newMirror(t, ts.Defer)
	if len(args) >= 2 {
		times := -1
		if len(args) == 3 {
			var err error
			times, err = strconv.Atoi(args[2])
			ts.Check(err)
		}
		m.fail(args[0], args[1], times)
	}
	ts.Setenv("MIRROR", m.URL+"/debian")
	ts.Setenv("SECURITY", m.URL+"/debian-security")
}
