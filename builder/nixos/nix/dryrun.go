package nix

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/isowright/isowright/internal/progress"
)

// Plan is what a build would do.
type Plan struct {
	// Build are the derivations to build, Fetch the store paths to fetch.
	Build []string
	Fetch []string
	// Unknown are paths that can neither be built nor fetched.
	Unknown []string
	// Download and Unpacked are the bytes of Fetch, rounded as nix prints
	// them.
	Download int64
	Unpacked int64
}

// DryRun tells what building the installables would do. It evaluates and asks
// the caches, and builds nothing.
func (n *Nix) DryRun(ctx context.Context, installables ...string) (Plan, error) {
	n.watch.Progress.Report(progress.Event{Step: StepEvaluate, Text: "evaluating"})
	plan, err := n.dryRun(ctx, installables)
	// A remote store can only tell of derivations that it has.
	derivations := slices.DeleteFunc(slices.Clone(plan.Unknown), func(p string) bool { return !strings.HasSuffix(p, ".drv") })
	if err != nil || n.settings.Store == "" || len(derivations) == 0 {
		return plan, err
	}
	args := append([]string{"copy", "--derivation", "--to", n.settings.Store}, derivations...)
	if err := n.call(ctx, nil, args...); err != nil {
		return Plan{}, fmt.Errorf("copy the derivations to %s: %w", n.settings.Store, err)
	}
	return n.dryRun(ctx, installables)
}

func (n *Nix) dryRun(ctx context.Context, installables []string) (Plan, error) {
	args := slices.Concat(base(), []string{"build", "--dry-run", "--no-link"}, installables,
		n.settings.evaluating(), n.settings.building(), n.settings.options())
	l, err := n.run(ctx, command{args: args, watch: n.watch})
	if err != nil {
		return Plan{}, fmt.Errorf("ask what building %s would do: %w", strings.Join(installables, ", "), err)
	}
	return parseDryRun(l.messages), nil
}

// The texts of printMissing in src/libmain/shared.cc of Nix, which has had no
// other form of them since 2.4.
var (
	willBuild = regexp.MustCompile(`^(?:these \d+ derivations|this derivation) will be built:$`)
	willFetch = regexp.MustCompile(`^(?:these \d+ paths|this path) will be fetched(?: \(([0-9.]+) ([KMGTPEZY]i?B|B|bytes) download, ([0-9.]+) ([KMGTPEZY]i?B|B|bytes) unpacked\))?:$`)
	unknown   = regexp.MustCompile(`^don't know how to build these paths.*:$`)
)

// parseDryRun reads what nix says it would do.
func parseDryRun(messages []string) Plan {
	var p Plan
	var list *[]string
	for _, message := range messages {
		for line := range strings.Lines(message) {
			line = strings.TrimRight(line, "\n")
			path, indented := strings.CutPrefix(line, "  ")
			switch m := willFetch.FindStringSubmatch(line); {
			case m != nil:
				list = &p.Fetch
				p.Download = add(p.Download, bytesOf(m[1], m[2]))
				p.Unpacked = add(p.Unpacked, bytesOf(m[3], m[4]))
			case willBuild.MatchString(line):
				list = &p.Build
			case unknown.MatchString(line):
				list = &p.Unknown
			case list != nil && indented && strings.HasPrefix(path, "/"):
				*list = append(*list, path)
			default:
				list = nil
			}
		}
	}
	return p
}

// bytesOf reads a size as nix prints it, in powers of 1024.
func bytesOf(number, unit string) int64 {
	if number == "" {
		return 0
	}
	f, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0
	}
	if power := strings.IndexByte("KMGTPEZY", unit[0]); power >= 0 {
		f *= math.Pow(1024, float64(power+1))
	}
	if f >= math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(math.Round(f))
}

// add stops at the greatest number.
func add(a, b int64) int64 {
	if b > math.MaxInt64-a {
		return math.MaxInt64
	}
	return a + b
}
