package source

import (
	"bytes"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

const offlineHead = `format = 1
distribution = "nixos"
release = "26.05"
base = "minimal"
name = "Offline"

[system]
hostname = "acme"

[[users]]
name = "alice"
password_hash = "$y$j9T$abcdefghijklmnopqrstu.$oT1TcMQ3kTZ6aO0bBWLSpKMbOcmd6yN3ZUn4SSVXzx1"

`

// textOf is a file of a source.
func textOf(t *testing.T, s Source, name string) string {
	t.Helper()
	i := slices.IndexFunc(s.Files, func(f File) bool { return f.Path == name })
	if i < 0 {
		t.Fatalf("the source has no %s", name)
	}
	return string(s.Files[i].Text)
}

func hasPath(s Source, name string) bool {
	return slices.ContainsFunc(s.Files, func(f File) bool { return f.Path == name })
}

// TestOfflineOwnTarget checks what of the image's system is installed.
func TestOfflineOwnTarget(t *testing.T) {
	s, err := Generate(loadDesign(t, strings.Replace(offlineHead, `name = "Offline"`, "name = \"Offline\"\npackages = [\"htop\"]", 1)+`
[boot]
timeout = 3

[[files]]
source = "motto.txt"
target = "/etc/motto"

[[nixos.modules]]
name = "gpm"
text = "{ services.gpm.enable = true; }"

[[nixos.modules]]
name = "medium"
text = "{ isoImage.forceTextMode = true; }"

[nixos.offline]
level = "B"
layout = "btrfs"
`, map[string]string{"motto.txt": "festina lente\n"}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"offline/default.nix", "offline/install.sh", "target/flake.nix", "target/boot.nix", "target/hardware-configuration.nix", "target/packages.nix", "target/users.nix", "target/modules/gpm.nix", "target/assets/motto.txt"} {
		if !hasPath(s, name) {
			t.Errorf("the source has no %s", name)
		}
	}
	for _, name := range []string{"target/modules/medium.nix", "target/medium.nix", "offline/calamares.nix"} {
		if hasPath(s, name) {
			t.Errorf("the source has %s", name)
		}
	}
	for _, f := range s.Files {
		if strings.HasPrefix(f.Path, "target/") && (bytes.Contains(f.Text, []byte("isoImage")) || bytes.Contains(f.Text, []byte("boot.loader.timeout"))) {
			t.Errorf("%s sets options of the medium:\n%s", f.Path, f.Text)
		}
	}
	if image := textOf(t, s, "image.nix"); !strings.Contains(image, "./offline/default.nix") {
		t.Errorf("the image does not import the installer:\n%s", image)
	}
	if hw := textOf(t, s, "target/hardware-configuration.nix"); !strings.Contains(hw, `"subvol=nix"`) {
		t.Errorf("the layout is not that of the design:\n%s", hw)
	}
	if i := slices.IndexFunc(s.Warnings, func(p design.Problem) bool { return strings.Contains(p.Text, "modules/medium.nix") }); i < 0 {
		t.Errorf("nobody is told of the module that is left out: %v", s.Warnings)
	}
	if field := s.FieldAt("target/packages.nix", lineOf(textOf(t, s, "target/packages.nix"), "htop")); field != "packages[0]" {
		t.Errorf("the package's line is said to come from %q", field)
	}
}

func lineOf(text, word string) int { return strings.Count(text[:strings.Index(text, word)], "\n") + 1 }

// TestOfflineFolders checks what becomes of the person's folders.
func TestOfflineFolders(t *testing.T) {
	const lock = `{ "nodes": { "n": { "locked": { "rev": "2222222222222222222222222222222222222222" } } } }`
	flake := map[string]string{
		"cfg/flake.nix": "{ }", "cfg/flake.lock": lock, "cfg/.git/config": "x", "cfg/result/y": "y",
		"cfg/hosts/box/configuration.nix": "{ imports = [ ./hardware-configuration.nix ]; }",
		"cfg/hosts/pad/configuration.nix": "{ imports = [ ./hardware-configuration.nix ]; }",
	}
	s, err := Generate(loadDesign(t, offlineHead+`
[nixos]
revision = "1111111111111111111111111111111111111111"
hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
[nixos.offline]
level = "B"
flake = "./cfg"
host = "box"
`, flake), Options{})
	if err != nil {
		t.Fatal(err)
	}
	settings := textOf(t, s, "offline/settings.nix")
	for _, want := range []string{`host = "box";`, `hardware = "hosts/box/hardware-configuration.nix";`, "locked = true;", "own = false;"} {
		if !strings.Contains(settings, want) {
			t.Errorf("the settings lack %s\n%s", want, settings)
		}
	}
	if !hasPath(s, "target/hosts/box/hardware-configuration.nix") || !hasPath(s, "target/flake.lock") {
		t.Error("the flake is not complete")
	}
	for _, f := range s.Files {
		if strings.Contains(f.Path, ".git/") || strings.Contains(f.Path, "result/") {
			t.Errorf("%s is copied", f.Path)
		}
	}
	if !slices.ContainsFunc(s.Warnings, func(p design.Problem) bool { return p.Field == "nixos.revision" }) {
		t.Errorf("nobody is told of the two revisions: %v", s.Warnings)
	}
	s, err = Generate(loadDesign(t, offlineHead+"[nixos.offline]\nlevel = \"C\"\nconfiguration = \"cfg\"\n",
		map[string]string{"cfg/configuration.nix": "{ }", "cfg/x.nix": "{ }"}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if settings := textOf(t, s, "offline/settings.nix"); !strings.Contains(settings, "classic = true;") || !hasPath(s, "target/flake.nix") {
		t.Errorf("a configuration.nix is not installed the classic way:\n%s", settings)
	}
	s, err = Generate(loadDesign(t, offlineHead+"[nixos.offline]\nlevel = \"A\"\nconfiguration = \"notes\"\n", map[string]string{"notes/a.txt": "a"}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !hasPath(s, "configuration/a.txt") || !strings.Contains(textOf(t, s, "offline/settings.nix"), "separate = true;") {
		t.Error("a folder that is no configuration does not lie on the medium")
	}
}

// TestOfflineFaults checks what is refused before anything is evaluated.
func TestOfflineFaults(t *testing.T) {
	whole := map[string]string{"cfg/flake.nix": "{ }", "cfg/flake.lock": "{}", "cfg/configuration.nix": "{ }"}
	with := func(name, text string) map[string]string {
		files := map[string]string{name: text}
		for k, v := range whole {
			files[k] = v
		}
		return files
	}
	tests := map[string]struct {
		head, rest string
		files      map[string]string
		field      string
	}{
		"no lock":        {offlineHead, "level = \"B\"\nflake = \"cfg\"\nhost = \"box\"", map[string]string{"cfg/flake.nix": "{ }"}, "nixos.offline.flake"},
		"no flake":       {offlineHead, "level = \"A\"\nflake = \"cfg\"\nhost = \"box\"", map[string]string{"cfg/flake.lock": "{}"}, "nixos.offline.flake"},
		"no folder":      {offlineHead, "level = \"A\"\nflake = \"cfg\"\nhost = \"box\"", nil, "nixos.offline.flake"},
		"outside":        {offlineHead, "level = \"A\"\nflake = \"../cfg\"\nhost = \"box\"", nil, ""},
		"both":           {offlineHead, "level = \"B\"\nflake = \"cfg\"\nhost = \"box\"\nconfiguration = \"cfg\"", whole, "nixos.offline.configuration"},
		"which host":     {offlineHead, "level = \"B\"\nconfiguration = \"cfg\"", whole, "nixos.offline.configuration"},
		"nothing in it":  {offlineHead, "level = \"B\"\nconfiguration = \"cfg\"", map[string]string{"cfg/notes.txt": "x"}, "nixos.offline.configuration"},
		"private key":    {offlineHead, "level = \"A\"\nflake = \"cfg\"\nhost = \"box\"", with("cfg/id", "-----BEGIN OPENSSH PRIVATE KEY-----\n"), "nixos.offline.flake"},
		"age key":        {offlineHead, "level = \"A\"\nconfiguration = \"cfg\"", with("cfg/keys.txt", "AGE-SECRET-KEY-1QQQQ"), "nixos.offline.configuration"},
		"two hardwares":  {offlineHead, "level = \"B\"\nflake = \"cfg\"\nhost = \"box\"", with("cfg/a/x.nix", "{ imports = [ ./hardware-configuration.nix ../b/hardware-configuration.nix ]; }"), "nixos.offline.flake"},
		"inputs":         {offlineHead, "level = \"A\"\nbuild_inputs = [\"hello\"]", nil, "nixos.offline.build_inputs"},
		"nobody gets in": {strings.Split(offlineHead, "[[users]]")[0], "level = \"A\"\nunattended = true\ndisk = \"/dev/vda\"", nil, "users"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Generate(loadDesign(t, test.head+"[nixos.offline]\n"+test.rest+"\n", test.files), Options{})
			problems, ok := err.(design.Problems)
			if !ok || test.field != "" && !slices.ContainsFunc(problems, func(p design.Problem) bool { return p.Field == test.field && p.Hint != "" }) {
				t.Errorf("got %v, want a fault of %s", err, test.field)
			}
		})
	}
}

// TestOfflineCalamares checks what is said of the graphical installer.
func TestOfflineCalamares(t *testing.T) {
	text := strings.Replace(offlineHead, `base = "minimal"`, "base = \"graphical\"\ndesktop = \"xfce\"", 1) + "[nixos.offline]\nlevel = \"A\"\n"
	s, err := Generate(loadDesign(t, text, nil), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !hasPath(s, "offline/calamares.nix") || !strings.Contains(textOf(t, s, "image.nix"), "./offline/calamares.nix") {
		t.Error("Calamares is left as it is")
	}
	if !slices.ContainsFunc(s.Warnings, func(p design.Problem) bool { return p.Field == "nixos.installer" && strings.Contains(p.Text, "flake") }) {
		t.Errorf("nobody is told what Calamares cannot do: %v", s.Warnings)
	}
	if desktop := textOf(t, s, "target/graphical.nix"); !strings.Contains(desktop, "services.xserver.enable = true;") {
		t.Errorf("the installed system has no desktop:\n%s", desktop)
	}
}

// TestOfflineScripts hands the scripts to shellcheck as they are put together.
func TestOfflineScripts(t *testing.T) {
	need(t, "shellcheck")
	r := &room{t: t, dir: t.TempDir()}
	whole := r.write("install", append(r.read("offline/install-disk.sh"), r.read("offline/install.sh")...))
	for _, args := range [][]string{{"--shell=bash", whole}, {"--shell=sh", "offline/build-inputs.sh"},
		{"testdata/offline/medium", "testdata/offline/bin/nixos-install", "testdata/offline/bin/nixos-generate-config", "testdata/offline/bin/mount"}} {
		if out, err := exec.Command("shellcheck", args...).CombinedOutput(); err != nil {
			t.Errorf("shellcheck: %v\n%s", err, out)
		}
	}
}

func TestOfflineSizes(t *testing.T) {
	const g = 1 << 30
	sizes := OfflineSizes(OfflineKnown{Image: 4 * g, Target: 3 * g, Shared: 2 * g, Sources: g / 2, BuildInputs: g, Ratio: 0.5})
	for i, want := range []int64{g, g + g/2 + g, g + g/2 + guessedDependencies} {
		s := sizes[i]
		if s.Added != want || s.Image != (4*g+want)/2+mediumFiles || s.Space != 3*s.Image {
			t.Errorf("level %s: %+v, want %d added", s.Level, s, want)
		}
	}
	if sizes[0].Guessed != "" || sizes[1].Guessed != "" || sizes[2].Guessed != "the build dependencies" {
		t.Errorf("guessed: %+v", sizes)
	}
	unknown := OfflineSizes(OfflineKnown{})
	if !(unknown[0].Image < unknown[1].Image && unknown[1].Image < unknown[2].Image) || unknown[1].Guessed != "the image's system, the system to install, what both share, the sources and the build inputs" {
		t.Errorf("%+v", unknown)
	}
	// A target that shares all adds nothing.
	if same := OfflineSizes(OfflineKnown{Image: g, Target: g, Shared: 9 * g}); same[0].Added != 0 {
		t.Errorf("%+v", same[0])
	}
}
