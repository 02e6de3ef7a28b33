package nixpkgs

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
)

// channelServer is a server of channels as nixos.org has it: a channel's
// address is sent on to the folder of its newest release.
type channelServer struct {
	*httptest.Server
	mu sync.Mutex
	// release is the newest release's folder, files what lies in it.
	release string
	files   map[string][]byte
	// answer, if set, is asked before; true: it has answered.
	answer func(w http.ResponseWriter, r *http.Request) bool
	// asked are the paths that were asked for.
	asked []string
}

const testChannel = "nixos-26.05"

func serve(t testing.TB, packages, options []byte) *channelServer {
	s := &channelServer{files: map[string][]byte{}}
	s.publish("nixos-26.05.1234.0123456789ab", strings.Repeat("0123456789", 4), packages, options)
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

// publish makes a release the channel's newest.
func (s *channelServer) publish(release, revision string, packages, options []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.release = release
	s.files = map[string][]byte{"git-revision": []byte(revision)}
	if packages != nil {
		s.files["packages.json.br"] = packages
	}
	if options != nil {
		s.files["options.json.br"] = options
	}
}

func (s *channelServer) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.URL.Path)
	if s.answer != nil && s.answer(w, r) {
		return
	}
	if name, ok := strings.CutPrefix(r.URL.Path, "/"+testChannel+"/"); ok {
		http.Redirect(w, r, "/releases/"+s.release+"/"+name, http.StatusFound)
		return
	}
	name, ok := strings.CutPrefix(r.URL.Path, "/releases/"+s.release+"/")
	data, there := s.files[name]
	if !ok || !there {
		http.NotFound(w, r)
		return
	}
	sum := sha256.Sum256(data)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	http.ServeContent(w, r, "", time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), bytes.NewReader(data))
}

// took gives what was asked for and forgets it.
func (s *channelServer) took() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// set changes how the server answers.
func (s *channelServer) set(answer func(w http.ResponseWriter, r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// config is for the server, with a folder of its own.
func (s *channelServer) config(t testing.TB) Config {
	return Config{Dir: t.TempDir(), Base: s.URL, Now: time.Date(2026, 6, 2, 12, 0, 0, 0, time.UTC), Backoff: time.Millisecond}
}

// pack is what brotli makes of a text.
func pack(text string) []byte {
	var b bytes.Buffer
	w := brotli.NewWriterLevel(&b, 3)
	w.Write([]byte(text))
	w.Close()
	return b.Bytes()
}

// fewPackages has one package for each shape that the lists have.
const fewPackages = `{"packages":{
"firefox":{"name":"firefox-152.0.4","pname":"firefox","version":"152.0.4","outputName":"out","outputs":{"out":null},"system":"x86_64-linux","meta":{
 "available":true,"broken":false,"description":"Web browser built from Firefox source tree","homepage":"http://www.mozilla.com/en-US/firefox/","insecure":false,
 "license":{"deprecated":false,"free":true,"fullName":"Mozilla Public License 2.0","licenseType":"simple","shortName":"mpl20","spdxId":"MPL-2.0"},
 "mainProgram":"firefox","maintainers":[{"name":"X","github":"x"}],"platforms":["x86_64-linux"],"position":"pkgs/firefox/wrapper.nix:597","problems":{},"unfree":false,"unsupported":false}},
"firefox-esr":{"name":"firefox-esr-140.1","pname":"firefox","version":"140.1","meta":{"description":"Web browser built from Firefox source tree","license":"mpl20"}},
"openssl":{"name":"openssl-3.6","pname":"openssl","version":"3.6","outputs":{"out":null,"dev":null,"man":null},"meta":{"description":"Cryptographic library\n that implements the SSL and TLS protocols",
 "license":[{"spdxId":"Apache-2.0","free":true},"bsd3",{"spdxId":"Apache-2.0","free":true}],"homepage":["https://a.example","https://b.example"],"mainProgram":"openssl"}},
"google-chrome":{"name":"google-chrome-149","pname":"google-chrome","version":"149","meta":{"description":"Freeware web browser developed by Google","available":false,
 "license":{"free":false,"fullName":"Unfree","shortName":"unfree"},"unfree":true,"mainProgram":"google-chrome-stable"}},
"oldunfree":{"name":"oldunfree-1","pname":"oldunfree","version":"1","meta":{"license":{"free":false,"shortName":"x-eula","fullName":"X EULA"}}},
"ventoy":{"name":"ventoy-1.1","pname":"ventoy","version":"1.1","meta":{"description":"New bootable USB solution","available":false,"insecure":true,"unfree":false,
 "knownVulnerabilities":["Ventoy uses binary blobs","second"],"license":{"spdxId":"GPL-3.0-or-later","free":true}}},
"brokenthing":{"name":"brokenthing-2","pname":"brokenthing","version":"2","meta":{"broken":true,"available":false,"description":"Does not build",
 "problems":{"broken":{"kind":"broken","message":"x"},"removal":{"kind":"removal","message":"Will be removed in 26.11"},"m":{"kind":"maintainerless","message":"none"}}}},
"maconly":{"name":"maconly-2","pname":"maconly","version":"2","meta":{"available":false,"unsupported":true}},
"compound":{"name":"compound-1","pname":"compound","version":"1","meta":{"license":{"licenseType":"compound","operator":"AND","licenses":[{"spdxId":"MIT","free":true,"licenseType":"simple"},
 {"licenseType":"exception","operator":"WITH","license":{"licenseType":"plus","operator":"+","license":{"spdxId":"GPL-2.0","free":true}},"exception":{"spdxId":"LLVM-exception","free":true}}]}}},
"odd":{"name":7,"version":null,"outputs":["out"],"meta":{"description":{"a":1},"license":[[["deep"]],17,null,{}],"homepage":null,"mainProgram":["x"],"broken":"no","knownVulnerabilities":{"a":1},"problems":"some"}},
"empty":{},
"nometa":{"meta":null},
"nothing":null,
"ripgrep":{"name":"ripgrep-15","pname":"ripgrep","version":"15","meta":{"description":"Search tool","mainProgram":"rg"}},
"haskellPackages.lens":{"name":"lens-5","pname":"lens","version":"5","meta":{"description":"Lenses, Folds and Traversals"}},
"python313Packages.numpy":{"name":"python3.13-numpy-2","pname":"numpy","version":"2","meta":{"description":"Scientific tools for Python"}}
},"version":"2"}`

const fewOptions = `{
"services.openssh.enable":{"declarations":["nixos/modules/services/networking/ssh/sshd.nix"],"default":{"_type":"literalExpression","text":"false"},
 "description":"Whether to enable the OpenSSH secure shell daemon.","example":{"_type":"literalExpression","text":"true"},"loc":["services","openssh","enable"],"readOnly":false,"type":"boolean"},
"services.openssh.ports":{"declarations":[{"name":"<nixpkgs/nixos/modules/sshd.nix>","url":"https://x"}],"default":[22],"description":{"_type":"mdDoc","text":"Ports *of* sshd."},"loc":[],"readOnly":true,"type":"list of 16 bit unsigned integer"},
"boot.loader.timeout":{"declarations":[],"description":null,"type":"null or (signed integer)"}
}`

// manyPackages makes a list as large and as varied as nixpkgs's, most of it
// what the catalogue passes over.
func manyPackages(n int) []byte {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	names := attributes(r, n)
	var b bytes.Buffer
	w := brotli.NewWriterLevel(&b, 0)
	platforms := `["` + strings.Join(strings.Fields(strings.Repeat("x86_64-linux aarch64-linux i686-linux riscv64-linux ", 10)), `","`) + `"]`
	maintainers := `[{"email":"someone@example.org","github":"someone","githubId":90200,"name":"Some One"},{"email":"other@example.org","github":"other","githubId":131599,"matrix":"@other:example.org","name":"Other One"}]`
	licenses := []string{"MIT", "GPL-3.0-or-later", "BSD-3-Clause", "Apache-2.0", "MPL-2.0", "ISC"}
	w.Write([]byte(`{"packages":{`))
	for i, attr := range names {
		id := licenses[r.IntN(len(licenses))]
		short := attr[strings.LastIndexByte(attr, '.')+1:]
		comma := ","
		if i == 0 {
			comma = ""
		}
		fmt.Fprintf(w, `%s%q:{"meta":{"available":true,"broken":%v,"description":%q,"homepage":"https://example.org/%s","identifiers":{"cpeParts":{"edition":"*","language":"*","other":"*","part":"a","product":%q},"possibleCPEs":[],"v1":{"cpeParts":{"edition":"*","language":"*","other":"*"}}},"insecure":false,`+
			`"license":{"deprecated":false,"free":true,"fullName":"%s License","redistributable":true,"shortName":"x","spdxId":"%s","url":"https://spdx.org/licenses/%s.html"},"mainProgram":%q,"maintainers":%s,"nonTeamMaintainers":%s,"outputsToInstall":["out"],"platforms":%s,"position":"pkgs/by-name/%s/package.nix:%d","unfree":%v,"unsupported":false},`+
			`"name":"%s-%d.%d","outputName":"out","outputs":{"out":null,"dev":null},"pname":%q,"system":"x86_64-linux","version":"%d.%d"}`,
			comma, attr, r.IntN(150) == 0, sentence(r), short, short, id, id, id, short, maintainers, maintainers, platforms, short, r.IntN(900), r.IntN(40) == 0,
			short, i%30, i%7, short, i%30, i%7)
		w.Write([]byte("\n"))
	}
	w.Write([]byte(`},"version":"2"}`))
	w.Close()
	return b.Bytes()
}

// attributes are n names in order, two of three in sets.
func attributes(r *rand.Rand, n int) []string {
	sets := []struct {
		name string
		part int
	}{
		{"", 30}, {"haskellPackages.", 14}, {"python313Packages.", 10}, {"python314Packages.", 10}, {"rPackages.", 16},
		{"perlPackages.", 3}, {"emacsPackages.", 6}, {"vimPlugins.", 3}, {"linuxKernel.packages.linux_6_12.", 3}, {"gnomeExtensions.", 5},
	}
	seen := map[string]bool{}
	for len(seen) < n {
		set, at := "", r.IntN(100)
		for _, s := range sets {
			if at -= s.part; at < 0 {
				set = s.name
				break
			}
		}
		name := vocabulary(r, 1.3) + vocabulary(r, 1.3)
		if r.IntN(2) == 0 {
			name += "-" + vocabulary(r, 1.2)
		}
		seen[set+name] = true
	}
	out := make([]string, 0, n)
	for name := range seen {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func sentence(r *rand.Rand) string {
	words := make([]string, 4+r.IntN(8))
	for i := range words {
		words[i] = vocabulary(r, 1.1)
	}
	return strings.Join(words, " ")
}

// vocabulary gives common words often and rare ones rarely.
func vocabulary(r *rand.Rand, skew float64) string {
	words := strings.Fields(commonWords)
	k := int(float64(len(words)*400) * pow(r.Float64(), 3*skew))
	word := words[k%len(words)]
	if k >= len(words) {
		word += string(rune('a'+k/len(words)%26)) + string(rune('a'+k/len(words)/26%26))
	}
	return word
}

func pow(x, y float64) float64 {
	out := x
	for ; y > 1; y-- {
		out *= x
	}
	return out
}

const commonWords = "library tool for the and of to with in python client server from files command line data web interface simple fast " +
	"support implementation parser format network system plugin api module management based using text driver gui open source manager " +
	"kernel image audio video editor terminal password graph math file disk boot network test build code compiler language tree cache " +
	"queue index search filter stream socket protocol proxy router dns http json xml yaml csv sql database engine cloud container virtual"

// manyOptions makes a list as large as NixOS's.
func manyOptions(n int) []byte {
	r := rand.New(rand.NewPCG(uint64(n), 2))
	all := map[string]any{}
	for len(all) < n {
		name := []string{"services", "programs", "hardware", "boot", "networking"}[r.IntN(5)] + "." + vocabulary(r, 1.2) + vocabulary(r, 1.2) +
			"." + []string{"enable", "package", "settings", "port", "extraConfig", vocabulary(r, 1)}[r.IntN(6)]
		all[name] = map[string]any{
			"declarations": []string{"nixos/modules/" + vocabulary(r, 1) + ".nix"}, "default": map[string]string{"_type": "literalExpression", "text": "null"},
			"description": sentence(r) + "\n\n" + sentence(r), "loc": strings.Split(name, "."), "readOnly": false, "type": "null or string",
		}
	}
	data, _ := json.Marshal(all)
	return pack(string(data))
}
