// Package need is for tests: it skips one where this machine lacks something
// that it is made with, and fails it there with ISOWRIGHT_REQUIRE_TOOLS=1, so
// that nothing is left out unseen where everything has to be.
package need

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Tools wants programs by their names, and files by absolute paths.
func Tools(t testing.TB, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		_, err := exec.LookPath(tool)
		if filepath.IsAbs(tool) {
			_, err = os.Stat(tool)
		}
		NoError(t, err)
	}
}

// Root wants the rights to make devices and mounts.
func Root(t testing.TB) {
	t.Helper()
	if os.Geteuid() != 0 {
		lacks(t, "this test has to run as root")
	}
}

// NoError wants that something could be found; err says what could not.
func NoError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		lacks(t, err.Error())
	}
}

func lacks(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
		t.Fatal(what)
	}
	t.Skip(what)
}
