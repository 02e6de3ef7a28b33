package script

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/internal/need"
)

// scripts reads testdata/language.txt: pairs of a script and what GRUB prints.
func scripts(t *testing.T) [][2]string {
	t.Helper()
	data, err := os.ReadFile("testdata/language.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(data), "compares with a real one.\n")
	var all [][2]string
	for _, pair := range strings.Split(text, "===\n") {
		in, out, ok := strings.Cut(pair, "---\n")
		if !ok {
			t.Fatalf("no output: %s", pair)
		}
		all = append(all, [2]string{in, out})
	}
	return all
}

// output drops what GRUB prints beside the echoes.
func output(printed []string) string {
	var lines strings.Builder
	for _, line := range printed {
		line = strings.TrimRight(line, " ")
		if line != "" && !strings.HasPrefix(line, "error: ") && line != "Incorrect command." {
			lines.WriteString(line + "\n")
		}
	}
	return lines.String()
}

func TestLanguage(t *testing.T) {
	for _, s := range scripts(t) {
		m := run(t, map[string]string{"boot/grub/grub.cfg": s[0]}, Options{Platform: "emu"})
		if got := output(m.printed); got != s[1] {
			t.Errorf("script:\n%s\ngot:\n%s\nGRUB prints:\n%s", s[0], got, s[1])
		}
	}
}

// run runs /boot/grub/grub.cfg of files.
func run(t *testing.T, files map[string]string, o Options) *Machine {
	t.Helper()
	medium := fstest.MapFS{}
	for name, text := range files {
		medium[name] = &fstest.MapFile{Data: []byte(text)}
	}
	o.Files, o.Config = medium, "boot/grub/grub.cfg"
	if o.Platform == "" {
		o.Platform = scene.BIOS
	}
	m, err := Run(o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestAgainstGRUB lets the real GRUB (grub-emu, which runs as a program) print
// what the kept outputs say.
func TestAgainstGRUB(t *testing.T) {
	need.Tools(t, "grub-emu", "script")
	escapes := regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]|\r`)
	for _, s := range scripts(t) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "grub.cfg"), []byte(s[0]+"echo that was all\nhalt\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("timeout", "60", "script", "-qc", "stty cols 400; exec grub-emu -d '"+dir+"' </dev/null", "/dev/null")
		cmd.Env = append(os.Environ(), "TERM=dumb")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("grub-emu: %v", err)
		}
		_, text, ok := strings.Cut(escapes.ReplaceAllString(string(out), ""), "Welcome to GRUB!")
		text, rest, all := strings.Cut(text, "that was all")
		if !ok || !all {
			t.Fatalf("grub-emu did not run the script to its end: %s%s", text, rest)
		}
		// A script that returned from a failing function prints "false" as an error.
		if got := output(strings.Split(text, "\n")); got != s[1] {
			t.Errorf("script:\n%s\nGRUB prints:\n%s\nkept:\n%s", s[0], got, s[1])
		}
	}
}
