package source

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

// placedTargets runs an activation script with a "place" that only tells its
// target.
func placedTargets(t testing.TB, script string) []string {
	t.Helper()
	if script == "" {
		return nil
	}
	need(t, "bash")
	i := strings.LastIndex(script, "\n}\n")
	if i < 0 {
		t.Fatalf("the script has no function: %s", script)
	}
	out, err := exec.Command("bash", "-c", `place() { printf '%s\0' "$2"; }; chmod() { :; }`+script[i+2:]).Output()
	if err != nil {
		t.Fatalf("%v: %s", err, script)
	}
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 })
}

var storePath = regexp.MustCompile(`/nix/store/[a-z0-9]{32}-`)

func TestFilesArePlaced(t *testing.T) {
	needNix(t)
	need(t, "bash")
	root := t.TempDir()
	d := minimal()
	d.Dir = person(t)
	d.Files = []design.File{
		{Source: "folder", Target: root + "/opt/it's"},
		{Source: "file", Target: root + "/a/b/file", Mode: "4750", Owner: fmt.Sprintf("%d:%d", os.Getuid(), os.Getgid())},
		{Source: "folder", Target: root + "/there"},
	}
	if strings.HasPrefix(root, "/tmp/") {
		for i := range d.Files { // the running system's /tmp is not the image's
			d.Files[i].Target = strings.Replace(d.Files[i].Target, root, "/here", 1)
		}
	}
	dir := written(t, generate(t, d))
	var script string
	nixEval(t, fmt.Sprintf(`builtins.unsafeDiscardStringContext (import %s/files.nix (%s)).system.activationScripts.ownFiles.text`, dir, fake), &script)
	script = strings.ReplaceAll(storePath.ReplaceAllString(script, dir+"/assets/"), "/here", root)
	if err := os.MkdirAll(root+"/there", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/null", root+"/there/one"); err != nil {
		t.Fatal(err)
	}
	makeReadOnly(t, dir+"/assets")
	for range 2 { // a second start must do no harm
		if out, err := exec.Command("bash", "-euc", script).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s\n%s", err, out, script)
		}
	}
	for name, want := range map[string]string{
		"/opt/it's": "drwxr-xr-x", "/opt/it's/sub": "drwxr-xr-x", "/opt/it's/one": "-rw-r--r--", "/opt/it's/sub/two": "-rw-r--r--",
		"/opt/it's/private": "-rw-r-----", "/opt/it's/link": "Lrwxrwxrwx", "/a/b/file": "urwxr-x---", "/there": "drwx------", "/there/one": "-rw-r--r--",
	} {
		info, err := os.Lstat(root + name)
		if err != nil {
			t.Error(err)
		} else if got := info.Mode().String(); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if text, err := os.ReadFile(root + "/there/one"); err != nil || string(text) != "1\n" {
		t.Errorf("the link was not replaced: %q %v", text, err)
	}
}

// makeReadOnly gives a tree the modes of a Nix store.
func makeReadOnly(t *testing.T, dir string) {
	t.Helper()
	walk := func(change func(name string, info os.FileInfo) error) {
		err := filepath.Walk(dir, func(name string, info os.FileInfo, err error) error {
			if err != nil || info.Mode()&os.ModeSymlink != 0 {
				return err
			}
			return change(name, info)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		walk(func(name string, info os.FileInfo) error { return os.Chmod(name, 0o755) })
	})
	walk(func(name string, info os.FileInfo) error { return os.Chmod(name, info.Mode()&^0o222) })
}
