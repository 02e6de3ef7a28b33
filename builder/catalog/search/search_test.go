package search

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// shelf is a small offer with the cases that ranking is about.
var shelf = []Item{
	{Name: "firefox", Other: []string{"firefox"}, Summary: "Web browser built from Firefox source tree", Boost: 3},
	{Name: "firefox-esr", Other: []string{"firefox"}, Summary: "Web browser built from Firefox source tree"},
	{Name: "firejail", Other: []string{"firejail"}, Summary: "Namespace-based sandboxing tool for Linux", Boost: 2},
	{Name: "fire", Summary: "A command line generator"},
	{Name: "campfire", Summary: "Burns"},
	{Name: "ripgrep", Other: []string{"rg"}, Summary: "Utility that combines the usability of The Silver Searcher with the raw speed of grep", Boost: 2},
	{Name: "gnugrep", Other: []string{"grep"}, Summary: "GNU implementation of the Unix grep command"},
	{Name: "google-chrome", Summary: "Freeware web browser developed by Google"},
	{Name: "chromium", Summary: "Open source web browser from Google", Boost: 2},
	{Name: "neovim", Other: []string{"nvim"}, Summary: "Vim text editor fork focused on extensibility and agility", Boost: 3},
	{Name: "vim", Summary: "Most popular clone of the VI editor", Boost: 3},
	{Name: "vimPlugins.vim-go", Summary: "Go development plugin"},
	{Name: "vimPlugins.lens", Summary: ""},
	{Name: "haskellPackages.lens", Summary: "Lenses, Folds and Traversals"},
	{Name: "haskellPackages.vim", Summary: "Something else"},
	{Name: "lensfun", Summary: "Open source database of photographic lenses"},
	{Name: "Ångström", Summary: "Größe und Maß"},
	{Name: "gtk4", Summary: ""},
	{Name: "iwd", Summary: "A Wi-Fi daemon (in-kernel)"},
	{Name: "wifite", Summary: "Auditor"},
}

func index(t testing.TB, style Style, items []Item) *Index {
	t.Helper()
	x, err := New(style, items)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func names(x *Index, items []int) []string {
	var out []string
	for _, i := range items {
		out = append(out, x.Name(i))
	}
	return out
}

func TestSearchRanks(t *testing.T) {
	x := index(t, Sets, shelf)
	for query, want := range map[string][]string{
		"firefox":             {"firefox", "firefox-esr"},
		"FireFox":             {"firefox", "firefox-esr"},
		"fire":                {"fire", "firefox", "firejail", "firefox-esr", "campfire"},
		"firefox-esr":         {"firefox-esr"},
		"firefox esr":         {"firefox-esr"},
		"google chrome":       {"google-chrome"},
		"rg":                  {"ripgrep"},
		"grep":                {"gnugrep", "ripgrep"},
		"nvim":                {"neovim"},
		"browser":             {"firefox", "chromium", "firefox-esr", "google-chrome"},
		"browser google":      {"google-chrome", "chromium"},
		"editor":              {"vim", "neovim"},
		"lens":                {"lensfun", "vimPlugins.lens", "haskellPackages.lens"},
		"haskell lens":        {"haskellPackages.lens"},
		"haskellPackages.len": {"haskellPackages.lens"},
		"ångström":            {"Ångström"},
		"größe":               {"Ångström"},
		"wifi":                {"wifite", "iwd"},
		"wi-fi":               {"iwd"},
		"wi-fite":             {"wifite"},
		"inkernel":            {"iwd"},
		"gtk 4":               nil,
		"nonesuch":            nil,
		"firefox nonesuch":    nil,
		"":                    nil,
		" -./ ":               nil,
	} {
		if got := names(x, x.Search(query, 10)); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
	if got := names(x, x.Search("vim", 3)); !slices.Equal(got, []string{"vim", "haskellPackages.vim", "neovim"}) {
		t.Errorf("vim: %q", got)
	}
	if got := x.Search("fire", 0); got != nil {
		t.Errorf("limit 0 gives %v", got)
	}
}

func TestSearchOptions(t *testing.T) {
	x := index(t, Paths, []Item{
		{Name: "services.openssh.ports", Summary: "Specifies on which ports the SSH daemon listens."},
		{Name: "services.openssh.enable", Summary: "Whether to enable the OpenSSH secure shell daemon."},
		{Name: "services.openssh.settings.UseDns", Summary: "Specifies whether sshd should look up the remote host name"},
		{Name: "programs.ssh.startAgent", Summary: "Whether to start the OpenSSH agent"},
		{Name: "boot.loader.timeout", Summary: "Timeout (in seconds) until loader boots the default menu item."},
	})
	for query, want := range map[string][]string{
		"openssh":                {"services.openssh.enable", "services.openssh.ports", "services.openssh.settings.UseDns", "programs.ssh.startAgent"},
		"services.openssh.ports": {"services.openssh.ports"},
		"services.openssh.":      {"services.openssh.enable", "services.openssh.ports", "services.openssh.settings.UseDns"},
		"usedns":                 {"services.openssh.settings.UseDns"},
		"boot timeout":           {"boot.loader.timeout"},
	} {
		if got := names(x, x.Search(query, 10)); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
}

func TestNear(t *testing.T) {
	x := index(t, Sets, shelf)
	for name, want := range map[string]string{
		"fierfox":             "firefox",
		"Firefox":             "firefox",
		"google_chrome":       "google-chrome",
		"googlechrome":        "google-chrome",
		"rg":                  "ripgrep",
		"nvim":                "neovim",
		"lens":                "vimPlugins.lens",
		"haskelPackages.lens": "haskellPackages.lens",
	} {
		if got := x.Near(name); len(got) == 0 || got[0] != want {
			t.Errorf("%q: got %q, want %q first", name, got, want)
		}
	}
	for _, name := range []string{"", "   ", "qqqqqqqqqqqq", strings.Repeat("x", 5000)} {
		if got := x.Near(name); got != nil {
			t.Errorf("%.20q: got %q, want nothing", name, got)
		}
	}
	if got := x.Near("firefox"); slices.Contains(got, "firefox") {
		t.Errorf("a name is near itself: %q", got)
	}
}

// The fast way finds exactly what looking at every item finds.
func TestSearchAgainstLooking(t *testing.T) {
	items := many(3000, 1)
	x := index(t, Sets, items)
	r := rand.New(rand.NewPCG(2, 2))
	for range 50 {
		it := items[r.IntN(len(items))]
		var query []string
		for word := range tokens(it.Name + " " + it.Summary) {
			if r.IntN(4) == 0 && len(word) > 3 {
				from := r.IntN(len(word) - 2)
				query = append(query, word[from:min(len(word), from+3+r.IntN(3))])
			}
		}
		if len(query) == 0 {
			continue
		}
		got := x.Search(strings.Join(query, " "), len(items))
		slices.Sort(got)
		var want []int
		for i, it := range items {
			names := strings.ToLower(it.Name + " " + strings.Join(it.Other, " "))
			if !slices.ContainsFunc(query, func(q string) bool { return !hasInWord(names, q) && !hasInText(it.Summary, q) }) {
				want = append(want, i)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q: got %d items, looking finds %d", query, len(got), len(want))
		}
	}
}

func hasInWord(text, part string) bool {
	return slices.ContainsFunc(slices.Collect(tokens(text)), func(word string) bool { return strings.Contains(word, part) })
}

// hasInText looks into words with hyphens, too, as if they had none.
func hasInText(text, part string) bool {
	return hasInWord(text, part) || hasInWord(strings.ReplaceAll(text, "-", ""), part)
}

// With a limit come the best of all.
func TestLimitGivesTheBest(t *testing.T) {
	x := index(t, Sets, many(5000, 3))
	for _, query := range []string{"v", "lib", "net tool", "python"} {
		all := x.Search(query, x.Len())
		if len(all) < 10 {
			t.Fatalf("%q: only %d items", query, len(all))
		}
		for _, limit := range []int{1, 2, 7, len(all) - 1} {
			if got := x.Search(query, limit); !slices.Equal(got, all[:limit]) {
				t.Errorf("%q: the first %d are others with a limit", query, limit)
			}
		}
	}
}

func TestBinary(t *testing.T) {
	x := index(t, Sets, many(500, 4))
	data, err := x.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var y Index
	if err := y.UnmarshalBinary(data); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"lib", "p", "python net"} {
		if a, b := x.Search(q, 50), y.Search(q, 50); len(a) == 0 || !slices.Equal(a, b) {
			t.Errorf("%q: %v before, %v after", q, a, b)
		}
	}
	again, err := y.MarshalBinary()
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("written again it differs (%v)", err)
	}
	for n := 0; n < len(data); n += 1 + n/50 {
		if err := new(Index).UnmarshalBinary(data[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes are taken for the whole", n, len(data))
		}
	}
	if got := index(t, Sets, nil).Search("x", 5); len(got) != 0 {
		t.Errorf("an empty index finds %v", got)
	}
}

func FuzzSearch(f *testing.F) {
	x, err := New(Sets, append(many(300, 5), shelf...))
	if err != nil {
		f.Fatal(err)
	}
	for _, q := range []string{"firefox", "a b", "\xff", "Ångström", "haskellPackages.lens", strings.Repeat("a ", 400), "İ"} {
		f.Add(q, 5)
	}
	f.Fuzz(func(t *testing.T, query string, limit int) {
		got := x.Search(query, limit)
		if len(got) > max(0, limit) {
			t.Fatalf("%d items for a limit of %d", len(got), limit)
		}
		x.Near(query)
	})
}

func FuzzUnmarshal(f *testing.F) {
	for _, items := range [][]Item{nil, shelf[:2], shelf} {
		x, err := New(Sets, items)
		if err != nil {
			f.Fatal(err)
		}
		data, _ := x.MarshalBinary()
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var x Index
		if x.UnmarshalBinary(data) != nil {
			return
		}
		x.Search("fire fox", 5)
		x.Near("firefox")
	})
}

// many makes items like those of nixpkgs: a vocabulary with a few common and
// many rare words.
func many(n int, seed uint64) []Item {
	r := rand.New(rand.NewPCG(seed, seed))
	zipf := rand.NewZipf(r, 1.07, 8, 60_000)
	syllables := strings.Fields("lib net py tool web gnu ker nel vim dis ko fs ut il ser ver gra phi cs mo ni tor ex te ra qu zo la")
	word := func() string {
		k := zipf.Uint64()
		if k%3 > 0 { // two of three words share no syllables with others
			letters := rand.New(rand.NewPCG(k, 9))
			b := make([]byte, 3+letters.IntN(7))
			for i := range b {
				b[i] = byte('a' + letters.IntN(26))
			}
			return string(b)
		}
		var b strings.Builder
		for b.Len() < 3 || k > 0 {
			b.WriteString(syllables[k%uint64(len(syllables))])
			k /= uint64(len(syllables))
		}
		return b.String()
	}
	sets := []string{"", "", "", "haskellPackages.", "python313Packages.", "python314Packages.", "perlPackages.", "rPackages."}
	out := make([]Item, n)
	for i := range out {
		name := word() + fmt.Sprint(r.IntN(30))
		if r.IntN(2) == 0 {
			name = word() + "-" + name
		}
		summary := make([]string, 3+r.IntN(9))
		for j := range summary {
			if summary[j] = word(); r.IntN(50) == 0 {
				summary[j] += "-" + word()
			}
		}
		out[i] = Item{Name: sets[r.IntN(len(sets))] + name, Other: []string{name, word()}, Summary: strings.Join(summary, " ")}
	}
	return out
}

func BenchmarkSearch(b *testing.B) {
	x := index(b, Sets, many(144_000, 6))
	for _, query := range []string{"p", "py", "python", "lib net", "firefox-esr"} {
		b.Run(query, func(b *testing.B) {
			for b.Loop() {
				x.Search(query, 50)
			}
		})
	}
	b.Run("near", func(b *testing.B) {
		for b.Loop() {
			x.Near("fierfox")
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	data, err := index(b, Sets, many(144_000, 6)).MarshalBinary()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if err := new(Index).UnmarshalBinary(data); err != nil {
			b.Fatal(err)
		}
	}
}
