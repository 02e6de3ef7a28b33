package nix

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestParseVersion(t *testing.T) {
	tests := []struct {
		text   string
		want   Version
		serves bool
	}{
		{"nix (Nix) 2.26.3\n", Version{"Nix", "2.26.3", "", 2, 26}, true},
		{"nix (Nix) 2.18.0", Version{"Nix", "2.18.0", "", 2, 18}, true},
		{"nix (Nix) 2.17.1", Version{"Nix", "2.17.1", "", 2, 17}, false},
		{"nix (Nix) 2.3.16", Version{"Nix", "2.3.16", "", 2, 3}, false},
		{"nix (Nix) 3.0", Version{"Nix", "3.0", "", 3, 0}, true},
		{"nix (Nix) 2.34.0pre20260112_0a1b2c3", Version{"Nix", "2.34.0pre20260112_0a1b2c3", "", 2, 34}, true},
		{"nix (Lix, like Nix) 2.91.1\nSystem type: x86_64-linux\n", Version{"Lix", "2.91.1", "", 2, 91}, true},
		{"nix (Lix, like Nix) 2.90.0", Version{"Lix", "2.90.0", "", 2, 90}, true},
		{"nix (Determinate Nix 3.6.2) 2.29.0", Version{"Determinate Nix", "2.29.0", "3.6.2", 2, 29}, true},
		{"warning: unknown setting 'x'\nnix (Nix) 2.26.3", Version{"Nix", "2.26.3", "", 2, 26}, true},
		{"nix (Tvix) 2.30", Version{"Tvix", "2.30", "", 2, 30}, true},
	}
	for _, tt := range tests {
		v, err := ParseVersion(tt.text)
		if err != nil || v != tt.want || v.Serves() != tt.serves {
			t.Errorf("%q: %+v, serves %t, %v", tt.text, v, v.Serves(), err)
		}
	}
	for _, text := range []string{"", "nix", "nix (Nix)", "bash 5.2", "nix (Nix) abc", "nix (Nix) 2", "nix (Nix) 9999999.1"} {
		if v, err := ParseVersion(text); err == nil {
			t.Errorf("%q is version %+v", text, v)
		}
	}
}

func TestVersionString(t *testing.T) {
	for want, v := range map[string]Version{
		"Nix 2.26.3":                         {Name: "Nix", Text: "2.26.3"},
		"Determinate Nix 3.6.2 (Nix 2.29.0)": {Name: "Determinate Nix", Text: "2.29.0", Product: "3.6.2"},
	} {
		if got := v.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// script writes a program that answers like some nix.
func script(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "nix"), []byte("#!/bin/sh\n"+text), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFindNothing(t *testing.T) {
	home := t.TempDir()
	_, err := Find(t.Context(), Search{Env: []string{"PATH=" + home + ":relative", "HOME=" + home}})
	var missing *MissingError
	if err == nil {
		t.Skip("this computer has a Nix of its own where installers put it")
	}
	if !errors.As(err, &missing) {
		t.Fatal(err)
	}
	if !slices.Contains(missing.Looked, home) || !slices.Contains(missing.Looked, home+"/.nix-profile/bin") || slices.Contains(missing.Looked, "relative") {
		t.Errorf("looked in %q", missing.Looked)
	}
	if !strings.Contains(err.Error(), "there is no Nix on this computer") || !strings.Contains(missing.Hint(), "https://nixos.org/nix/install") {
		t.Errorf("%v, hint %q", err, missing.Hint())
	}
}

func TestFindOld(t *testing.T) {
	old := script(t, `echo 'nix (Nix) 2.8.0'`)
	_, err := Find(t.Context(), Search{Path: old})
	var missing *MissingError
	if !errors.As(err, &missing) {
		t.Fatalf("%v is no *MissingError", err)
	}
	if want := old + "/nix is Nix 2.8.0, but Nix 2.18 or newer is needed"; err.Error() != want || !strings.Contains(missing.Hint(), "Update it") {
		t.Errorf("%q, hint %q", err, missing.Hint())
	}
	_, err = Find(t.Context(), Search{Path: script(t, `echo 'bash 5'`)})
	if err == nil || errors.As(err, &missing) {
		t.Errorf("what is no nix gives %v", err)
	}
	_, err = Find(t.Context(), Search{Path: "/nonexistent/nix"})
	if !errors.As(err, &missing) {
		t.Errorf("a wrong path gives %v", err)
	}
}

// The newer of two is taken, wherever it is in PATH.
func TestFindNewer(t *testing.T) {
	p := newPlace(t)
	env := append(slices.Clone(p.env), "PATH="+script(t, `echo 'nix (Nix) 2.3.16'`)+":"+filepath.Dir(p.Path)+":"+os.Getenv("PATH"))
	n, err := Find(t.Context(), Search{Env: env})
	if err != nil {
		t.Fatal(err)
	}
	if n.Path != p.Path || !n.Version.Serves() || n.System == "" || n.StoreDir != filepath.Join(p.dir, "store") || !n.Trusted || n.Sandbox {
		t.Errorf("found %+v", n)
	}
	if !n.Builds(n.System) || n.Builds("riscv64-linux") || !n.WithSettings(Settings{Store: "ssh-ng://x"}).Builds("riscv64-linux") {
		t.Error("wrong about the systems")
	}
}

// The words of Lix and of Nix before 2.20, as programs that know no others.
func TestFindOtherWords(t *testing.T) {
	dir := script(t, `
case "$*" in
  --version) echo 'nix (Lix, like Nix) 2.91.1' ;;
  *' show-config '*) echo '{"system":{"value":"aarch64-linux"},"extra-platforms":{"value":["armv7l-linux"]},"substituters":{"value":["https://a"]},"sandbox":{"value":true}}' ;;
  *' store ping '*) echo '{"url":"daemon","trusted":true}' ;;
  *' eval '*) echo /nix/store ;;
  *) echo "error: '$*' is not a recognised command" >&2; exit 1 ;;
esac`)
	n, err := Find(t.Context(), Search{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	if n.Version.Name != "Lix" || n.System != "aarch64-linux" || !n.Builds("armv7l-linux") || !n.Trusted || !n.Sandbox || n.StoreDir != "/nix/store" || n.Store != "daemon" {
		t.Errorf("found %+v", n)
	}
}
