package nix

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/isowright/isowright/internal/progress"
)

func TestParseDryRun(t *testing.T) {
	tests := []struct {
		name string
		text []string
		want Plan
	}{
		{"nothing", nil, Plan{}},
		{"one each", []string{
			"this derivation will be built:", "  /nix/store/a.drv",
			"this path will be fetched (12.50 KiB download, 1.25 GiB unpacked):", "  /nix/store/b",
		}, Plan{Build: []string{"/nix/store/a.drv"}, Fetch: []string{"/nix/store/b"}, Download: 12800, Unpacked: 1342177280}},
		{"several in one message", []string{
			"these 2 derivations will be built:\n  /nix/store/a.drv\n  /nix/store/b.drv\nthese 2 paths will be fetched (2.86 MiB download, 0.00 MiB unpacked):\n  /nix/store/c\n  /nix/store/d",
		}, Plan{Build: []string{"/nix/store/a.drv", "/nix/store/b.drv"}, Fetch: []string{"/nix/store/c", "/nix/store/d"}, Download: 2998927}},
		{"no sizes", []string{"these 2 paths will be fetched:", "  /nix/store/c"}, Plan{Fetch: []string{"/nix/store/c"}}},
		{"bytes", []string{"this path will be fetched (512 bytes download, 2 TiB unpacked):", "  /c"},
			Plan{Fetch: []string{"/c"}, Download: 512, Unpacked: 2 << 40}},
		{"unknown", []string{"don't know how to build these paths:", "  /nix/store/x"}, Plan{Unknown: []string{"/nix/store/x"}}},
		{"talk between", []string{"warning: x", "this derivation will be built:", "  /a.drv", "warning: y", "  /not/one"},
			Plan{Build: []string{"/a.drv"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := parseDryRun(tt.text); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

// The three forms of `nix path-info --json`, and both of a hash.
func TestDecodePathInfo(t *testing.T) {
	const a, b = "/nix/store/6mdm72p0pwy3bg9mz8x2kk5cbfvp7cvd-a", "/nix/store/d2h8cjwn0wy3bg9mz8x2kk5cbfvp7cvd-b"
	const hash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
	want := []PathInfo{
		{Path: a, NarHash: hash, NarSize: 120, References: []string{a, b}, Deriver: a + ".drv", ClosureSize: 300, DownloadSize: 70, ClosureDownloadSize: 90},
		{Path: b, NarHash: hash, NarSize: 180},
	}
	fill := strings.NewReplacer("HASH", hash, "DIGITS", strings.TrimPrefix(hash, "sha256-"), "A", a, "B", b,
		"HEX", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "N32", "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73",
		"a~", filepath.Base(a), "b~", filepath.Base(b))
	forms := map[string]string{
		"list": `[{"path":"A","narHash":"sha256:N32","narSize":120,"references":["A","B"],"deriver":"A.drv","closureSize":300,"downloadSize":70,"closureDownloadSize":90,"valid":true},
			{"path":"B","narHash":"sha256:HEX","narSize":180,"references":[]},{"path":"/nix/store/c","valid":false}]`,
		"object": `{"A":{"narHash":"HASH","narSize":120,"references":["A","B"],"deriver":"A.drv","closureSize":300,"downloadSize":70,"closureDownloadSize":90,"ca":null},
			"B":{"narHash":"HASH","narSize":180,"references":[],"deriver":null},"/nix/store/c":null}`,
		"version 2": `{"version":2,"storeDir":"/nix/store","info":{"a~":{"narHash":"HASH","narSize":120,"references":["a~","b~"],"deriver":"a~.drv","closureSize":300,"downloadSize":70,"closureDownloadSize":90},
			"b~":{"narHash":{"algorithm":"sha256","format":"base64","hash":"DIGITS"},"narSize":180,"references":[]},"c":null}}`,
	}
	for name, form := range forms {
		got, err := decodePathInfo([]byte(fill.Replace(form)), "/nix/store")
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v (%v)", name, got, want, err)
		}
	}
	for _, bad := range []string{``, `7`, `"x"`, `{"A":7}`, `{"A":{"narHash":"md5:x"}}`, `{"A":{"narHash":"HASH","narSize":-1}}`, `[{"path":"A","narHash":7}]`} {
		if got, err := decodePathInfo([]byte(fill.Replace(bad)), "/nix/store"); err == nil {
			t.Errorf("%s: %+v", bad, got)
		}
	}
}

func TestFindImage(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"iso", map[string]string{"iso/acme.iso": "", "nix-support/hydra-build-products": "file iso OUT/iso/acme.iso\n"}, "iso/acme.iso"},
		{"compressed", map[string]string{"iso/acme.iso.zst": ""}, "iso/acme.iso.zst"},
		{"card", map[string]string{"sd-image/acme.img.zst": ""}, "sd-image/acme.img.zst"},
		{"elsewhere", map[string]string{"x/y z.iso": "", "nix-support/hydra-build-products": "doc manual OUT/x\nfile iso \"OUT/x/y z.iso\"\n"}, "x/y z.iso"},
		{"none", map[string]string{"bzImage": ""}, ""},
		{"two", map[string]string{"iso/a.iso": "", "iso/b.iso": ""}, ""},
		{"gone", map[string]string{"nix-support/hydra-build-products": "file iso OUT/iso/acme.iso\n"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out[1]*")
			for name, text := range tt.files {
				path := filepath.Join(out, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "OUT", out)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			got, err := FindImage(out)
			if tt.want == "" {
				if err == nil {
					t.Errorf("found %s", got)
				}
				return
			}
			if err != nil || got != filepath.Join(out, tt.want) {
				t.Errorf("found %q, %v", got, err)
			}
		})
	}
}

// A log as Nix writes it when it fetches over HTTP, builds on a machine and
// packs an image.
func TestListener(t *testing.T) {
	var h heard
	l := newListener(command{watch: h.watch()})
	for line := range strings.Lines(`@nix {"action":"start","id":1,"level":4,"parent":0,"text":"evaluating derivation 'x'","type":0}
@nix {"action":"start","fields":["https://example.org/nixexprs.tar.xz"],"id":2,"level":4,"parent":0,"text":"downloading","type":101}
@nix {"action":"result","fields":[500,1000,0,0],"id":2,"type":105}
@nix {"action":"stop","id":2}
@nix {"action":"stop","id":1}
@nix {"action":"start","id":10,"level":0,"parent":0,"text":"","type":102}
@nix {"action":"start","id":11,"level":0,"parent":0,"text":"","type":104}
@nix {"action":"start","id":12,"level":0,"parent":0,"text":"","type":103}
@nix {"action":"result","fields":[100,5000000],"id":10,"type":106}
@nix {"action":"result","fields":[101,1000],"id":10,"type":106}
@nix {"action":"start","fields":["/nix/store/6mdm72p0pwy3bg9mz8x2kk5cbfvp7cvd-glibc-2.42","https://cache.nixos.org"],"id":20,"level":0,"parent":0,"text":"","type":108}
@nix {"action":"start","fields":["/nix/store/6mdm72p0pwy3bg9mz8x2kk5cbfvp7cvd-glibc-2.42","https://cache.nixos.org","daemon"],"id":21,"level":3,"parent":20,"text":"copying","type":100}
@nix {"action":"start","fields":["https://cache.nixos.org/nar/x.nar.xz"],"id":22,"level":4,"parent":21,"text":"downloading","type":101}
@nix {"action":"result","fields":[400,1000,0,0],"id":22,"type":105}
@nix {"action":"result","fields":[2000000,5000000,0,0],"id":21,"type":105}
@nix {"action":"result","fields":[0,3,0,0],"id":11,"type":105}
@nix {"action":"start","fields":["/nix/store/6mdm72p0pwy3bg9mz8x2kk5cbfvp7cvd-linux-6.18.drv","ssh-ng://me@builder",1,1],"id":30,"level":3,"parent":0,"text":"building","type":105}
@nix {"action":"result","fields":["unpackPhase"],"id":30,"type":104}
@nix {"action":"result","fields":["\u001b[1mCC\u001b[0m\tinit/main.o"],"id":30,"type":101}
@nix {"action":"stop","id":30}
@nix {"action":"result","fields":[2,3,0,0],"id":11,"type":105}
@nix {"action":"start","fields":["/nix/store/6mdm72p0pwy3bg9mz8x2kk5cbfvp7cvd-acme.iso.drv","",1,1],"id":31,"level":3,"parent":0,"text":"building","type":105}
@nix {"action":"result","fields":["xorriso : UPDATE :  42.07% done, estimate finish Wed Nov 25"],"id":31,"type":101}
@nix {"action":"result","id":31,"type":101}
@nix {"action":"result","fields":[7],"id":99,"type":105}
@nix not json
plain words
`) {
		l.line(strings.TrimSuffix(line, "\n"))
	}
	want := []progress.Event{
		{Step: "evaluate", Text: "evaluating derivation 'x'"},
		{Step: "inputs", Text: "downloading https://example.org/nixexprs.tar.xz"},
		{Step: "inputs", Text: "downloading https://example.org/nixexprs.tar.xz", Done: 500, Total: 1000},
		{Step: "fetch", Text: "fetching glibc-2.42 from cache.nixos.org", Total: 5000000},
		{Step: "fetch", Text: "fetching glibc-2.42 from cache.nixos.org", Done: 2000000, Total: 5000000},
		{Step: "build", Text: "building", Total: 3, Unit: "derivations"},
		{Step: "build", Text: "building linux-6.18 on builder", Total: 3, Unit: "derivations"},
		{Step: "build", Text: "building linux-6.18 on builder (unpack)", Total: 3, Unit: "derivations"},
		{Step: "build", Text: "building", Done: 2, Total: 3, Unit: "derivations"},
		{Step: "image", Text: "packing acme.iso"},
		{Step: "image", Text: "packing acme.iso", Done: 42, Total: 100, Unit: "percent"},
	}
	if !reflect.DeepEqual(h.events, want) {
		t.Errorf("events\n%s\nwant\n%s", lines(h.events), lines(want))
	}
	wantLog := "linux-6.18> CC\tinit/main.o\nacme.iso> xorriso : UPDATE :  42.07% done, estimate finish Wed Nov 25\nacme.iso> \n@nix not json\nplain words"
	if h.log() != wantLog {
		t.Errorf("log\n%q\nwant\n%q", h.log(), wantLog)
	}
}

func lines(events []progress.Event) string {
	var all strings.Builder
	for _, e := range events {
		fmt.Fprintf(&all, "%+v\n", e)
	}
	return all.String()
}

// Nobody knows how long a line of a build's log is.
func TestLongLine(t *testing.T) {
	p := newPlace(t)
	dir := p.flake(t, "f", `bad = drv "bad" "head -c 3000000 /dev/zero | tr '\\0' x; echo; exit 1" { };`)
	longest := 0
	_, err := p.With(Watch{Log: func(line string) { longest = max(longest, len(line)) }}).Build(t.Context(), Spec{Installable: Flake(dir, "bad")})
	if longest < 3_000_000 {
		t.Errorf("longest line has %d bytes", longest)
	}
	known{kind: KindBuild, tail: "… (3000000 bytes)"}.check(t, err)
}

func TestEnvironment(t *testing.T) {
	s := Settings{Options: map[string]string{sshOptions: "-p 2", "cores": "1"}}
	if got := strings.Join(s.environment([]string{"A=1", "NIX_SSHOPTS=-4"}), ","); got != "A=1,NIX_SSHOPTS=-4 -p 2" {
		t.Error(got)
	}
	if got := strings.Join(s.environment([]string{"A=1"}), ","); got != "A=1,NIX_SSHOPTS=-p 2" {
		t.Error(got)
	}
	if got := strings.Join(s.options(), " "); got != "--option cores 1" {
		t.Error(got)
	}
}
