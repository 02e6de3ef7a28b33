package archive

import (
	"os"
	"os/exec"
	"testing"
)

// versions in rising order; those on one line are equal.
var risingVersions = [][]string{
	{"0~~", "0:0~~"}, {"0~~a"}, {"0~"}, {"0", "0-0", "0:0", "00"}, {"0a"}, {"0+"}, {"0.0"}, {"0.1~rc1"}, {"0.1~rc1-1"},
	{"0.1", "0.1-0", "0.01"}, {"0.1-0.1"}, {"0.1-1~bpo12+1"}, {"0.1-1", "0.1-01"}, {"0.1-1+b1"}, {"0.1-1+deb13u1"}, {"0.1-1.1"},
	{"0.1a"}, {"0.1+dfsg-1"}, {"0.1-a-1"}, {"0.1.0"}, {"0.2"}, {"0.9"}, {"0.10"}, {"1.0.~"}, {"1.0."}, {"2.41-12"}, {"2.41-12+deb13u4"},
	{"20240101"}, {"99999999999999999999999998"}, {"99999999999999999999999999"}, {"1:0"}, {"1:0.1", "01:0.1"}, {"2:0~"}, {"10:0"},
}

func TestCompare(t *testing.T) {
	eachPair(func(a, b string, want int) {
		if got := Compare(a, b); got != want {
			t.Errorf("Compare(%q, %q) = %d, want %d", a, b, got, want)
		}
	})
}

func eachPair(f func(a, b string, want int)) {
	for i, as := range risingVersions {
		for j, bs := range risingVersions {
			want := 0
			if i != j {
				want = (i - j) / max(i-j, j-i)
			}
			for _, a := range as {
				for _, b := range bs {
					f(a, b, want)
				}
			}
		}
	}
}

// TestCompareDpkg asks dpkg about neighbours in the table.
func TestCompareDpkg(t *testing.T) {
	needTool(t, "dpkg")
	for i, as := range risingVersions {
		for _, a := range as {
			checkDpkg(t, as[0], "eq", a)
			if i > 0 {
				checkDpkg(t, risingVersions[i-1][0], "lt", a)
			}
		}
	}
}

func checkDpkg(t *testing.T, a, op, b string) {
	if err := exec.CommandContext(t.Context(), "dpkg", "--compare-versions", a, op, b).Run(); err != nil {
		t.Errorf("dpkg: %q is not %s %q", a, op, b)
	}
}

// needTool skips a test without its tool, or fails where all must be there.
func needTool(t *testing.T, name string) {
	if _, err := exec.LookPath(name); err == nil {
		return
	} else if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
		t.Fatal(err)
	}
	t.Skipf("%s is not there", name)
}

// FuzzCompare holds the order to its laws.
func FuzzCompare(f *testing.F) {
	f.Add("1.0-1", "1.0-1+b1", "1:0.1~rc1")
	f.Add("0~~", "", "-")
	f.Add("a:b-c", "99999999999999999999999999", "\xff1")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		ab, bc, ac := Compare(a, b), Compare(b, c), Compare(a, c)
		if Compare(a, a) != 0 || Compare(b, a) != -ab {
			t.Errorf("%q, %q: not antisymmetric", a, b)
		}
		if ab <= 0 && bc <= 0 && ac > 0 || ab == 0 && bc == 0 && ac != 0 {
			t.Errorf("%q, %q, %q: not transitive: %d %d %d", a, b, c, ab, bc, ac)
		}
	})
}
