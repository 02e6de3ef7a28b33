package source

import (
	"strings"
	"testing"
)

// TestOfflineCallsFlakes compares offline/flake.nix with Nix's own way to call a
// flake: locked inputs of inputs, "follows", a flake in a folder of an archive,
// one beside the flake, and an input that is no flake.
func TestOfflineCallsFlakes(t *testing.T) {
	t.Parallel()
	need(t, "nix")
	r := &room{t: t, dir: t.TempDir()}
	r.env = append(nixEnv(t), "NIX_CONFIG=experimental-features = nix-command flakes\nsandbox = false\nsubstituters =", "NIX_REMOTE=",
		"NIX_STORE_DIR="+r.dir+"/store", "NIX_STATE_DIR="+r.dir+"/var", "NIX_LOG_DIR="+r.dir+"/log", "HOME="+r.dir)
	t.Cleanup(func() { r.run("", "chmod", "-R", "u+w", r.dir) })
	archive := func(name string, files map[string]string) string {
		for file, text := range files {
			r.write("archives/"+name+"/"+file, []byte(text))
		}
		r.must("tar", "--create", "--gzip", "--file", name+".tar.gz", "--directory", "archives", name)
		return "tarball+file://" + r.dir + "/" + name + ".tar.gz"
	}
	data := archive("data", map[string]string{"word.txt": "word"})
	other := archive("other", map[string]string{"word.txt": "other word"})
	lib := archive("lib", map[string]string{"nested/flake.nix": `{
  inputs.data = { url = "` + other + `"; flake = false; };
  outputs = { self, data }: { word = builtins.readFile "${data}/word.txt"; own = builtins.baseNameOf self; };
}`})
	r.write("main/flake.nix", []byte(`{
  inputs.data = { url = "`+data+`"; flake = false; };
  inputs.lib = { url = "`+lib+`?dir=nested"; inputs.data.follows = "data"; };
  inputs.plain.url = "`+lib+`?dir=nested";
  inputs.beside.url = "path:./beside";
  outputs = { self, data, lib, plain, beside }: {
    result = [ lib.word plain.word beside.answer (builtins.readFile "${data}/word.txt") (builtins.attrNames self.inputs) (data.narHash or "") lib.own ];
  };
}`))
	r.write("main/beside/flake.nix", []byte("{ outputs = { self }: { answer = 42; }; }"))
	r.must("nix", "flake", "lock", "path:"+r.dir+"/main")
	want := lastLine(r.must("nix", "eval", "--json", "path:"+r.dir+"/main#result"))
	if !strings.HasPrefix(want, `["word","other word",42,"word",["beside","data","lib","plain"]`) {
		t.Fatalf("Nix itself says %s", want)
	}
	call := "(import " + absolute(t, "offline/flake.nix") + " { src = " + r.dir + "/main; })"
	if got := lastLine(r.must("nix", "eval", "--impure", "--json", "--expr", call+".result")); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	sources := lastLine(r.must("nix", "eval", "--impure", "--json", "--expr", "map baseNameOf "+call+".sources"))
	if n := strings.Count(sources, "-source"); n < 3 {
		t.Errorf("sources %s, want those of all three archives", sources)
	}
	// Where flakes are not switched on, archives are fetched the classic way.
	r.env = append(r.env, "NIX_CONFIG=sandbox = false\nsubstituters =")
	if got := lastLine(r.must("nix-instantiate", "--eval", "--strict", "--json", "--expr", call+".result")); !strings.HasPrefix(got, `["word","other word",42,"word"`) {
		t.Errorf("without flakes: %s", got)
	}
}
