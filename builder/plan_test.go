package builder

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEmptyFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	must(t, emptyFolder(dir)) // made
	must(t, emptyFolder(dir)) // there and empty
	must(t, os.WriteFile(filepath.Join(dir, "x"), nil, 0o644))
	if err := emptyFolder(dir); err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("a folder that holds something: %v", err)
	}
	if err := emptyFolder(filepath.Join(dir, "x")); err == nil {
		t.Error("a file was taken for a folder")
	}
}
