package desktop

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkWindowStart starts the program until its window is on the screen, and
// tells how much memory it has then: what is its own, and with its share of the
// libraries (PSS). The screen is a virtual one, drawn without a graphics card.
func BenchmarkWindowStart(b *testing.B) {
	p := newPerson(b, 1280, 800)
	var opened, own, shared float64
	for b.Loop() {
		p.open("../../examples/rescue.isowright")
		opened += p.opened.Seconds() * 1000
		private, pss := p.memory()
		own, shared = max(own, private), max(shared, pss)
		p.quits()
	}
	b.ReportMetric(opened/float64(b.N), "ms-to-window")
	b.ReportMetric(own, "MiB-own")
	b.ReportMetric(shared, "MiB-PSS")
}

// memory is what the window takes, in MiB (proc_pid_smaps_rollup in proc(5)).
func (p *person) memory() (own, pss float64) {
	p.t.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/smaps_rollup", p.window.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	defer f.Close()
	for in := bufio.NewScanner(f); in.Scan(); {
		fields := strings.Fields(in.Text())
		if len(fields) < 2 {
			continue
		}
		kib, _ := strconv.ParseFloat(fields[1], 64) // lines without a number are not asked for
		switch fields[0] {
		case "Pss:":
			pss = kib / 1024
		case "Private_Dirty:":
			own = kib / 1024
		}
	}
	return own, pss
}
