package drives

import (
	"bytes"
	"fmt"
	"strings"
)

// swap is one line of /proc/swaps.
type swap struct {
	path string
	file bool // a file, not a block device
}

// parseSwaps reads the table, whose first line is a heading. The columns are
// separated by blanks and tabs; blanks in paths are escaped as in mountinfo.
func parseSwaps(data []byte) ([]swap, error) {
	var all []swap
	n := 0
	for line := range bytes.Lines(data) {
		n++
		f := strings.Fields(string(line))
		if n == 1 || len(f) == 0 {
			continue
		}
		if len(f) < 2 || !strings.HasPrefix(f[0], "/") {
			return nil, fmt.Errorf("/proc/swaps, line %d: %q", n, cleanText(string(line)))
		}
		name := strings.TrimSuffix(unescape(f[0]), " (deleted)")
		all = append(all, swap{path: name, file: f[1] != "partition"})
	}
	return all, nil
}
