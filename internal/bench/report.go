package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"
)

// Report is the whole table. Its JSON form is kept stable.
type Report struct {
	Date    time.Time `json:"date"`
	Machine Machine   `json:"machine"`
	Results []Result  `json:"results"`
}

// Result is one line of the table.
type Result struct {
	// Name is kept stable: lines are compared by it.
	Name string `json:"name"`
	Text string `json:"text"`
	// Ratio is the peer's median wall time divided by ours, CPURatio the same
	// for CPU time, SizeRatio our image's size divided by the peer's.
	Ratio     float64 `json:"ratio,omitempty"`
	CPURatio  float64 `json:"cpu_ratio,omitempty"`
	SizeRatio float64 `json:"size_ratio,omitempty"`
	Ours      Side    `json:"ours"`
	Peer      Side    `json:"peer"`
	// Check says what both images were found to have in common.
	Check string `json:"check,omitempty"`
	// Failed says why there is no number.
	Failed string `json:"failed,omitempty"`
}

// Side is what one side took.
type Side struct {
	Median Cost `json:"median"`
	// Size is the image's in bytes.
	Size int64  `json:"size"`
	Runs []Cost `json:"runs"`
}

// finish fills in medians and ratios.
func (r *Result) finish() {
	r.Ours.Median, r.Peer.Median = medianCost(r.Ours.Runs), medianCost(r.Peer.Runs)
	r.Ratio = ratio(r.Peer.Median.Wall, r.Ours.Median.Wall)
	r.CPURatio = ratio(r.Peer.Median.CPU(), r.Ours.Median.CPU())
	r.SizeRatio = ratio(float64(r.Ours.Size), float64(r.Peer.Size))
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// failed is an error if a line could not be measured.
func (r Report) failed() error {
	var names []string
	for _, l := range r.Results {
		if l.Failed != "" {
			names = append(names, l.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("not measured: %s", strings.Join(names, ", "))
}

// printReport writes the table; earlier results may be empty.
func printReport(w io.Writer, r, previous Report) {
	m := r.Machine
	fmt.Fprintf(w, "\n%s; %d processors (%s), %.0f GiB, Linux %s; load %s when begun\n",
		r.Date.Format("2006-01-02"), m.Cores, m.CPU, float64(m.Memory)/(1<<30), m.Kernel, m.Load)
	fmt.Fprintf(w, "%s\n\n", strings.Join(m.Versions, "; "))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "line\tside\twall s\tCPU s\tpeak MiB\tsize MiB\truns\tratio\tCPU ratio\tbefore\t")
	for _, l := range r.Results {
		if l.Failed != "" {
			continue
		}
		printSide(t, l.Name, "ours", l.Ours)
		fmt.Fprintf(t, "%.2f\t%.2f\t%s\t\n", l.Ratio, l.CPURatio, earlier(previous, l.Name))
		printSide(t, "", "peer", l.Peer)
		fmt.Fprintf(t, "\t\t\t\n")
	}
	t.Flush()
	fmt.Fprintln(w, "\nratio: the peer's median wall time divided by ours; CPU ratio: the same for user and system time.")
	for _, l := range r.Results {
		if l.Failed != "" {
			fmt.Fprintf(w, "%s: NOT MEASURED: %s\n", l.Name, l.Failed)
			continue
		}
		fmt.Fprintf(w, "%s: our image is %.2f %% of the peer's; %s\n", l.Name, 100*l.SizeRatio, l.Check)
	}
}

func printSide(w io.Writer, name, side string, s Side) {
	const mib = 1 << 20
	fmt.Fprintf(w, "%s\t%s\t%.2f\t%.2f\t%.0f\t%.1f\t%d\t", name, side, s.Median.Wall, s.Median.CPU(),
		float64(s.Median.PeakRSS)/mib, float64(s.Size)/mib, len(s.Runs))
}

// earlier is the ratio that a line had before.
func earlier(previous Report, name string) string {
	for _, l := range previous.Results {
		if l.Name == name && l.Failed == "" {
			return fmt.Sprintf("%.2f", l.Ratio)
		}
	}
	return "-"
}

// readReport reads kept results; a file that is not there has none.
func readReport(path string) (Report, error) {
	var r Report
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &r)
	}
	if err != nil {
		return r, fmt.Errorf("read the earlier results %s: %w", path, err)
	}
	return r, nil
}

// writeReport writes the results as JSON.
func writeReport(path string, r Report) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o755)
	}
	if err == nil {
		err = os.WriteFile(path, append(data, '\n'), 0o644)
	}
	if err != nil {
		return fmt.Errorf("write the results: %w", err)
	}
	return nil
}
