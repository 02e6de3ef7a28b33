package flash

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/internal/need"
)

// packers are the programs that people pack images with.
var packers = []struct {
	kind  string
	args  []string
	sized bool // its header says how long the content is
}{
	{"gzip", []string{"gzip", "-c"}, false},
	{"bzip2", []string{"bzip2", "-c"}, false},
	{"xz", []string{"xz", "-c", "-1", "--block-size=300KiB", "-T2"}, true},
	{"zstd", []string{"zstd", "-c", "-q"}, true},
}

// pack gives the path of the packed content.
func pack(t testing.TB, content []byte, args []string) string {
	t.Helper()
	need.Tools(t, args[0])
	dir := t.TempDir()
	plain, packed := filepath.Join(dir, "test.iso"), filepath.Join(dir, "test.iso.packed")
	if err := os.WriteFile(plain, content, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(packed)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := exec.Command(args[0], append(slices.Clone(args[1:]), plain)...)
	cmd.Stdout = out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v", args[0], err)
	}
	return packed
}

func TestPackedImages(t *testing.T) {
	content := noise(71, 900_001)
	s := sha256.Sum256(content)
	for _, p := range packers {
		t.Run(p.kind, func(t *testing.T) {
			path := pack(t, content, p.args)
			im, err := OpenImage(path)
			if err != nil || im.Compression != p.kind {
				t.Fatalf("%+v, %v", im, err)
			}
			if p.sized && im.Size != int64(len(content)) || !p.sized && im.Size != -1 {
				t.Errorf("size %d", im.Size)
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			rawSum := sha256.Sum256(raw)
			f := newFake(mib, 512, noise(1, mib))
			r, err := start(t.Context(), f, im, Options{FileSHA256: hex.EncodeToString(rawSum[:])})
			holds(t, f, content, r, err)
			if err != nil || r.SHA256 != hex.EncodeToString(s[:]) || r.Size != int64(len(content)) {
				t.Errorf("%+v, %v", r, err)
			}
			f = newFake(mib, 512, nil)
			r, err = start(t.Context(), f, im, Options{FileSHA256: strings.Repeat("0", 64)})
			holds(t, f, content, r, err)
			if !IsKind(err, WrongSum) {
				t.Error(err)
			}
			small := newFake(819_200, 512, nil)
			r, err = start(t.Context(), small, im, Options{})
			holds(t, small, content, r, err)
			if !IsKind(err, TooSmall) || p.sized && r.FirstMiB != FirstUntouched {
				t.Errorf("%+v, %v", r, err)
			}
			cutOffEverywhere(t, path, raw)
		})
	}
}

// cutOffEverywhere holds that a packed image without its end is never taken for
// whole.
func cutOffEverywhere(t *testing.T, path string, raw []byte) {
	for _, n := range []int{11, 64, len(raw) / 2, len(raw) - 30, len(raw) - 4, len(raw) - 1} {
		if err := os.WriteFile(path, raw[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		im, err := OpenImage(path)
		if err != nil {
			t.Fatal(err)
		}
		f := newFake(mib, 512, noise(1, mib))
		r, err := start(t.Context(), f, im, Options{})
		holds(t, f, nil, r, err)
		if !IsKind(err, ImageFault) {
			t.Errorf("%d of %d bytes: %v", n, len(raw), err)
		}
	}
}

// Some packers make several streams or frames; all of them are the image.
func TestSeveralStreams(t *testing.T) {
	content := noise(72, 600_000)
	for _, p := range packers {
		var joined []byte
		for _, half := range [][]byte{content[:250_000], content[250_000:]} {
			b, err := os.ReadFile(pack(t, half, p.args))
			if err != nil {
				t.Fatal(err)
			}
			joined = append(joined, b...)
		}
		path := filepath.Join(t.TempDir(), "joined")
		if err := os.WriteFile(path, joined, 0o600); err != nil {
			t.Fatal(err)
		}
		im, err := OpenImage(path)
		if err != nil {
			t.Fatal(err)
		}
		f := newFake(mib, 512, noise(1, mib))
		r, err := start(t.Context(), f, im, Options{})
		holds(t, f, content, r, err)
		if err != nil || r.Size != int64(len(content)) {
			t.Errorf("%s: %+v, %v", p.kind, r, err)
		}
	}
}

func TestOpenImageRefuses(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{empty, dir, "/dev/null", filepath.Join(dir, "none")} {
		if _, err := OpenImage(path); !IsKind(err, ImageFault) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestSumsBeside(t *testing.T) {
	sum := strings.Repeat("0123456789abcdef", 4)
	for _, c := range []struct {
		name, text, want string
		fails            bool
	}{
		{"as sha256sum writes it", sum + "  test.iso\n", sum, false},
		{"binary", sum + " *test.iso\n", sum, false},
		{"capitals", strings.ToUpper(sum) + "  ./out/test.iso\r\n", sum, false},
		{"alone", sum + "\n", sum, false},
		{"BSD", "SHA256 (test.iso) = " + sum + "\n", sum, false},
		{"among others", strings.Repeat("0", 64) + "  other.iso\n" + sum + "  test.iso\n", sum, false},
		{"of another image", sum + "  other.iso\n", "", true},
		{"too short", sum[1:] + "  test.iso\n", "", true},
		{"no digits", strings.Repeat("x", 64) + "  test.iso\n", "", true},
		{"empty", "", "", true},
	} {
		path := filepath.Join(t.TempDir(), "test.iso")
		if err := os.WriteFile(path+".sha256", []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, _, err := SumsBeside(Image{Name: path})
		if got != c.want || (err != nil) != c.fails {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
	path := filepath.Join(t.TempDir(), "test.iso")
	if got, _, err := SumsBeside(Image{Name: path}); got != "" || err != nil {
		t.Errorf("without one: %q, %v", got, err)
	}
	if err := os.WriteFile(path+".sha256", []byte(sum+"  test.iso\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	content, file, err := SumsBeside(Image{Name: path + ".xz", Compression: "xz"})
	if content != sum || file != "" || err != nil {
		t.Errorf("packed: %q %q, %v", content, file, err)
	}
}

func FuzzFindSum(f *testing.F) {
	f.Add("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef  x", "x")
	f.Add("SHA256 (x) = 00", "x")
	f.Fuzz(func(t *testing.T, text, name string) {
		sum, err := findSum(strings.NewReader(text), name)
		if sum != "" && (err != nil || !isSum(sum) || !strings.Contains(strings.ToLower(text), sum)) {
			t.Errorf("%q, %v", sum, err)
		}
	})
}

// FuzzPackedImages opens and unpacks anything: no panic, no endless loop, no
// success with more or less than what is there.
func FuzzPackedImages(f *testing.F) {
	for _, p := range packers {
		if _, err := exec.LookPath(p.args[0]); err != nil {
			continue
		}
		b, err := os.ReadFile(pack(f, noise(73, 5000), p.args))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 {
			return
		}
		path := filepath.Join(dir, "image")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		im, err := OpenImage(path)
		if err != nil {
			t.Fatal(err)
		}
		if im.Compression == "" {
			return
		}
		stick := newFake(mib, 512, nil)
		r, err := start(t.Context(), stick, im, Options{})
		if err == nil && im.Exact && r.Size != im.Size {
			t.Errorf("%d bytes instead of %d", r.Size, im.Size)
		}
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Errorf("not explained: %v", err)
		}
		if err != nil && !zero(stick.kept[:small().head]) {
			t.Error("the first MiB is not blank")
		}
	})
}

func FuzzXZIndex(f *testing.F) {
	f.Add([]byte{0, 1, 0x20, 0x10, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, u, err := xzIndex(b); err == nil && (p < 0 || u < 0) {
			t.Errorf("%d, %d", p, u)
		}
		if n, err := xzSize(bytes.NewReader(b), int64(len(b))); err == nil && n < 0 {
			t.Errorf("%d", n)
		}
	})
}
