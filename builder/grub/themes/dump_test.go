package themes

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDump(t *testing.T) {
	var w, h int
	fmt.Sscanf(os.Getenv("RES"), "%dx%d", &w, &h)
	for _, n := range Names() {
		if s := os.Getenv("ONLY"); s != "" && !strings.HasPrefix(n, s) {
			continue
		}
		m, err := Theme(n, Options{Width: w, Height: h, Title: "Rescue system 12.8"})
		if err != nil {
			t.Fatal(err)
		}
		d := filepath.Join("/tmp/looks-t", os.Getenv("RES"), n)
		os.RemoveAll(d)
		tot := 0
		for f, b := range m {
			p := filepath.Join(d, "theme", f)
			os.MkdirAll(filepath.Dir(p), 0o755)
			os.WriteFile(p, b, 0o644)
			tot += len(b)
		}
		t.Log(n, len(m), tot)
	}
}
