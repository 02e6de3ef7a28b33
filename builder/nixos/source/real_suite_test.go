//go:build nixpkgs

// The suite evaluates generated sources with a real Nix against a real tree of
// nixpkgs and reads the values back. docs/testing.md says how to run it.
package source_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/nixos/source"
)

var batch = flag.Int("batch", 6, "how many designs one Nix process evaluates (0.5 to 1 GB each)")

var only = flag.String("only", "", "a regular expression that the names of the designs to evaluate match")

// evaluated and spent count what the whole run did.
var (
	evaluated int
	spent     time.Duration
)

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	fmt.Printf("%d designs evaluated in %s\n", evaluated, spent.Round(time.Second))
	os.Exit(code)
}

// nixpkgs is the tree that ISOWRIGHT_NIXPKGS names.
func nixpkgs(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("ISOWRIGHT_NIXPKGS")
	if _, err := os.Stat(filepath.Join(dir, "nixos", "lib", "eval-config.nix")); dir == "" || err != nil {
		t.Fatalf("ISOWRIGHT_NIXPKGS=%q is not a tree of nixpkgs; run make nixpkgs NIXPKGS=/path/to/nixpkgs", dir)
	}
	return dir
}

// extraModule is a Nix expression for the module that every system gets.
func extraModule() string {
	if path := os.Getenv("ISOWRIGHT_NIXPKGS_MODULE"); path != "" {
		return path
	}
	return "null"
}

// scenario is one design and what its evaluated configuration has to say.
type scenario struct {
	name string
	// text is a project file; keys of the top that it leaves out are filled in
	// with those of top.
	text string
	// files lie beside the project file.
	files map[string]string
	// lock is a folder of them whose flake is to be locked to the tree.
	lock string
	// fields are the fields of the design that this scenario is about.
	fields []string
	checks []check
	// plan has the plan evaluated and compared, too.
	plan bool
	// write evaluates with a store that takes derivations, for what cannot be
	// read otherwise.
	write bool
	// warns are fields that Generate must warn about.
	warns []string
}

// check compares the value of a Nix expression. In scope are c (config),
// o (options), pkgs, lib, f (the flake) and packages (its packages).
type check struct {
	expr  string
	want  any
	about func(got, want any) string // "" where it holds
}

func same(got, want any) string {
	if a, b := jsonText(got), jsonText(want); a != b {
		return "is " + a + ", want " + b
	}
	return ""
}

func is(expr string, want any) check { return check{expr, want, same} }

// has wants elements in a list, or words in a text.
func has(expr string, want ...any) check {
	return check{expr, want, func(got, _ any) string { return holds(got, want, true) }}
}

// lacks wants them not to be there.
func lacks(expr string, want ...any) check {
	return check{expr, want, func(got, _ any) string { return holds(got, want, false) }}
}

func holds(got any, want []any, wanted bool) string {
	for _, w := range want {
		found := false
		switch list := got.(type) {
		case []any:
			found = slices.ContainsFunc(list, func(e any) bool { return jsonText(e) == jsonText(w) })
		case string:
			found = strings.Contains(list, w.(string))
		}
		if found != wanted {
			return fmt.Sprintf("is %s; %s in it: %v, want %v", clip(jsonText(got)), jsonText(w), found, wanted)
		}
	}
	return ""
}

func jsonText(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

func clip(s string) string {
	if len(s) > 1500 {
		return s[:1500] + "…"
	}
	return s
}

// top are the first keys of a project file where a scenario does not set them.
var top = []struct{ key, line string }{
	{"format", "format = 1"},
	{"name", `name = "Test image"`},
	{"distribution", `distribution = "nixos"`},
	{"release", `release = "26.11"`},
	{"base", `base = "minimal"`},
}

// project completes a scenario's text.
func project(text string) string {
	head, _, _ := strings.Cut("\n"+text, "\n[")
	var b strings.Builder
	for _, k := range top {
		if !regexp.MustCompile(`(?m)^` + k.key + ` *=`).MatchString(head) {
			b.WriteString(k.line + "\n")
		}
	}
	return b.String() + text
}

// prepared is a scenario whose source is on disk.
type prepared struct {
	scenario
	dir    string
	design design.Design
	source source.Source
}

// prepare writes the source of a design; nil where that fails.
func prepare(t *testing.T, s scenario) *prepared {
	t.Helper()
	home := t.TempDir()
	files := maps.Clone(s.files)
	if s.lock != "" {
		maps.Copy(files, lockedHere(t, s.lock))
	}
	for name, text := range files {
		path := filepath.Join(home, "project", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d, err := design.Parse([]byte(project(s.text)), filepath.Join(home, "project"))
	if err != nil {
		t.Errorf("%s: load: %v", s.name, err)
		return nil
	}
	return write(t, s, d, filepath.Join(home, "source"))
}

func write(t *testing.T, s scenario, d design.Design, dir string) *prepared {
	t.Helper()
	src, err := source.Generate(d, source.Options{})
	if err != nil {
		t.Errorf("%s: generate: %v", s.name, err)
		return nil
	}
	if err := src.Write(dir); err != nil {
		t.Errorf("%s: %v", s.name, err)
		return nil
	}
	withoutBuilding(t, dir)
	return &prepared{scenario: s, dir: dir, design: design.WithDefaults(d), source: src}
}

// outcome is what hand.nix reads from one design.
type outcome struct {
	Image    string
	Manifest *string
	Plan     json.RawMessage
	Failed   []string
	Warnings []string
	Values   []any
}

// run evaluates scenarios in batches and compares their values.
func run(t *testing.T, scenarios []scenario) {
	t.Helper()
	pattern := regexp.MustCompile(*only)
	var all []*prepared
	for _, s := range scenarios {
		if !pattern.MatchString(s.name) {
			continue
		}
		if p := prepare(t, s); p != nil {
			all = append(all, p)
		}
	}
	runPrepared(t, all)
}

// runPrepared evaluates what is on disk already.
func runPrepared(t *testing.T, all []*prepared) {
	t.Helper()
	for _, group := range batches(all) {
		for len(group) > 0 {
			outcomes, err := evaluate(t, group)
			for i, got := range outcomes {
				t.Run(group[i].name, func(t *testing.T) { compare(t, group[i], got) })
			}
			if err == nil {
				break
			}
			// It is the first one without an outcome that could not be evaluated.
			failed := group[len(outcomes)]
			t.Run(failed.name, func(t *testing.T) { t.Error(err) })
			group = group[len(outcomes)+1:]
		}
	}
}

// batches puts together what one process evaluates.
func batches(all []*prepared) [][]*prepared {
	var out [][]*prepared
	var reading []*prepared
	for _, p := range all {
		if p.write {
			out = append(out, []*prepared{p})
		} else {
			reading = append(reading, p)
		}
	}
	return append(slices.Collect(slices.Chunk(reading, max(1, *batch))), out...)
}

// compare checks one design's values and its plan.
func compare(t *testing.T, p *prepared, got outcome) {
	t.Helper()
	if !strings.HasPrefix(got.Image, "/nix/store/") || !strings.HasSuffix(got.Image, ".drv") {
		t.Errorf("image is %q, want a derivation", got.Image)
	}
	for _, message := range got.Failed {
		t.Errorf("failed assertion: %s", message)
	}
	for i, c := range p.checks {
		if fault := c.about(got.Values[i], normal(c.want)); fault != "" {
			t.Errorf("%s\n\t%s", c.expr, fault)
		}
	}
	for _, field := range p.warns {
		if !slices.ContainsFunc(p.source.Warnings, func(w design.Problem) bool { return strings.HasPrefix(w.Field, field) }) {
			t.Errorf("no warning about %s in %v", field, p.source.Warnings)
		}
	}
	if p.plan {
		comparePlan(t, p, got)
	}
}

// normal takes a value through JSON, as Nix's values come.
func normal(v any) any {
	var out any
	if err := json.Unmarshal([]byte(jsonText(v)), &out); err != nil {
		panic(err)
	}
	return out
}

// expression tells what hand.nix reads from each design, one after the other.
func expression(t *testing.T, group []*prepared) string {
	t.Helper()
	hand, err := filepath.Abs("testdata/real/hand.nix")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "let\n  hand = import %s { nixpkgs = %q; module = %s; };\n", hand, nixpkgs(t), extraModule())
	b.WriteString("  tell = r: builtins.trace \"@outcome ${builtins.toJSON r}\" null;\n")
	b.WriteString("in\nbuiltins.foldl' (done: next: builtins.seq next done) true [\n")
	for _, p := range group {
		fmt.Fprintf(&b, "(tell (hand.read { dir = %q; system = %q; plan = %v; values = { c, o, pkgs, lib, f, packages }: [\n", p.dir, system(p.design), p.plan)
		for _, c := range p.checks {
			fmt.Fprintf(&b, "  (%s)\n", c.expr)
		}
		b.WriteString("]; }))\n")
	}
	b.WriteString("]\n")
	return b.String()
}

// evaluate reads several designs in one Nix process, one after the other, and
// returns as many outcomes as there are before the first error. They come as
// traces, so that those before an error are not lost.
func evaluate(t *testing.T, group []*prepared) ([]outcome, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "expression.nix")
	if err := os.WriteFile(file, []byte(expression(t, group)), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"--eval", "--strict", file}
	if group[0].write {
		args = append(args, "--read-write-mode")
	}
	_, stderr, failed := nix(t, len(group), "nix-instantiate", args...)
	var outcomes []outcome
	for line := range strings.Lines(stderr) {
		text, ok := strings.CutPrefix(line, "trace: @outcome ")
		if !ok {
			continue
		}
		var o outcome
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			t.Fatalf("%v: %s", err, clip(text))
		}
		outcomes = append(outcomes, o)
	}
	if failed == nil && len(outcomes) != len(group) {
		t.Fatalf("%d outcomes of %d designs: %s", len(outcomes), len(group), clip(stderr))
	}
	return outcomes, failed
}

func system(d design.Design) string {
	if d.Architecture == "arm64" {
		return "aarch64-linux"
	}
	return "x86_64-linux"
}

// nix runs a command of Nix that evaluates some designs.
func nix(t *testing.T, designs int, name string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "NIX_PATH=", "NIXPKGS_ALLOW_UNFREE=", "NIXPKGS_ALLOW_INSECURE=", "NIXPKGS_ALLOW_BROKEN=")
	var out, faults strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &faults
	start := time.Now()
	err = cmd.Run()
	spent += time.Since(start)
	evaluated += designs
	stderr = faults.String()
	if err != nil {
		text := stderr
		if i := strings.LastIndex(text, "\nerror:"); i >= 0 {
			text = text[i:]
		}
		err = fmt.Errorf("%s: %w\n%s", name, err, text[max(0, len(text)-3000):])
	}
	return out.String(), stderr, err
}
