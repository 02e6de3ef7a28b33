package archive

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/clearsign"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

var testTime = time.Date(2026, 9, 20, 12, 0, 0, 0, time.UTC)

// testArchive is a small archive with a mirror that can be made to fail.
type testArchive struct {
	t      *testing.T
	key    *openpgp.Entity
	server *httptest.Server

	mu    sync.Mutex
	files map[string][]byte
	// cut ends the answer for a path in the middle, so many times.
	cut map[string]int
	// hang keeps answers for a path back until the request is cancelled.
	hang map[string]chan struct{}
	// status answers the next requests for a path, one after the other.
	status map[string][]int
	log    []string
}

func newTestArchive(t *testing.T) *testArchive {
	a := &testArchive{t: t, key: newKey(t), files: map[string][]byte{}, cut: map[string]int{}, hang: map[string]chan struct{}{}, status: map[string][]int{}}
	a.server = httptest.NewServer(a)
	t.Cleanup(a.server.Close)
	return a
}

func newKey(t *testing.T) *openpgp.Entity {
	key, err := openpgp.NewEntity("Test Archive", "", "archive@example.org", &packet.Config{
		Algorithm: packet.PubKeyAlgoEdDSA, Time: func() time.Time { return testTime.AddDate(-1, 0, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (a *testArchive) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	path := r.URL.Path
	a.log = append(a.log, strings.TrimSpace(path+" "+r.Header.Get("Range")))
	data, ok := a.files[path]
	cut := a.cut[path] > 0
	a.cut[path]--
	hang := a.hang[path]
	status := a.status[path]
	a.status[path] = status[min(1, len(status)):]
	a.mu.Unlock()
	switch {
	case len(status) > 0:
		w.WriteHeader(status[0])
	case hang != nil:
		w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		w.Write(data[:1])
		w.(http.Flusher).Flush()
		hang <- struct{}{}
		<-r.Context().Done()
	case !ok:
		http.NotFound(w, r)
	case cut:
		w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		w.Write(data[:len(data)/2])
	default:
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	}
}

// requests gives and clears the log, sorted.
func (a *testArchive) requests() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := slices.Sorted(slices.Values(a.log))
	a.log = nil
	return out
}

func (a *testArchive) keyring() []byte {
	var buf bytes.Buffer
	if err := a.key.Serialize(&buf); err != nil {
		a.t.Fatal(err)
	}
	return buf.Bytes()
}

func (a *testArchive) config() Config {
	return Config{
		CacheDir: a.t.TempDir(), Mirror: a.server.URL + "/debian", Security: a.server.URL + "/debian-security", Release: "trixie",
		Now: testTime, Keyring: a.keyring(), Backoff: time.Millisecond,
	}
}

// testSuite is what publish writes.
type testSuite struct {
	base, name    string
	date          time.Time
	validUntil    time.Time
	packages      string
	byHash        bool
	codename      string
	architectures string
}

// publish writes a suite and signs it.
func (a *testArchive) publish(s testSuite) {
	dir := s.base + "/dists/" + s.name + "/"
	list := "main/binary-amd64/Packages"
	packed := packXZ(a.t, []byte(s.packages))
	if s.date.IsZero() {
		s.date = testTime.Add(-24 * time.Hour)
	}
	if s.codename == "" {
		s.codename = s.name
	}
	if s.architectures == "" {
		s.architectures = "amd64 arm64"
	}
	var text strings.Builder
	fmt.Fprintf(&text, "Origin: Debian\nSuite: stable-x\nCodename: %s\nDate: %s\n", s.codename, s.date.Format(time.RFC1123))
	if !s.validUntil.IsZero() {
		fmt.Fprintf(&text, "Valid-Until: %s\n", s.validUntil.Format(time.RFC1123))
	}
	if s.byHash {
		text.WriteString("Acquire-By-Hash: yes\n")
	}
	fmt.Fprintf(&text, "Architectures: %s\nComponents: main\nSHA256:\n", s.architectures)
	files := map[string][]byte{list: []byte(s.packages), list + ".xz": packed}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&text, " %x %8d %s\n", sha256.Sum256(files[name]), len(files[name]), name)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.files[dir+list+".xz"] = packed
	if s.byHash {
		a.files[fmt.Sprintf("%smain/binary-amd64/by-hash/SHA256/%x", dir, sha256.Sum256(packed))] = packed
	}
	a.files[dir+"InRelease"] = signText(a.t, a.key, text.String(), s.date)
}

// publishAll writes the three suites of trixie.
func (a *testArchive) publishAll(packages string) {
	a.publish(testSuite{base: "/debian", name: "trixie", packages: packages})
	a.publish(testSuite{base: "/debian", name: "trixie-updates", packages: ""})
	a.publish(testSuite{base: "/debian-security", name: "trixie-security", packages: "", validUntil: testTime.Add(time.Hour)})
}

func signText(t *testing.T, key *openpgp.Entity, text string, date time.Time) []byte {
	var buf bytes.Buffer
	w, err := clearsign.Encode(&buf, key.PrivateKey, &packet.Config{Time: func() time.Time { return date }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func packXZ(t testing.TB, data []byte) []byte {
	var buf bytes.Buffer
	w, err := xz.NewWriter(&buf)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func packZstd(t testing.TB, data []byte) []byte {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(data, nil)
}

// stanza is one package of a list, its file being the text data.
func stanza(name, version, data string, more ...string) string {
	file := fmt.Sprintf("pool/main/%c/%s/%s_%s_amd64.deb", name[0], name, name, strings.ReplaceAll(version, ":", "%3a"))
	lines := append([]string{
		"Package: " + name, "Version: " + version, "Architecture: amd64", "Installed-Size: 10",
		fmt.Sprintf("Description: the package %s\n more about it", name), "Filename: " + file,
		fmt.Sprintf("Size: %d", len(data)), fmt.Sprintf("SHA256: %x", sha256.Sum256([]byte(data))),
	}, more...)
	return strings.Join(lines, "\n") + "\n\n"
}

// entries of a package for makeDeb; Mode defaults to 0644 or 0755.
func makeDeb(t testing.TB, ext string, entries ...tar.Header) []byte {
	var data bytes.Buffer
	w := tar.NewWriter(&data)
	for _, h := range entries {
		content := h.PAXRecords["TEST.content"]
		h.PAXRecords = nil
		h.Size = int64(len(content))
		if h.Mode == 0 {
			h.Mode = 0o644
			if h.Typeflag == tar.TypeDir {
				h.Mode = 0o755
			}
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	packed := data.Bytes()
	switch ext {
	case ".xz":
		packed = packXZ(t, packed)
	case ".zst":
		packed = packZstd(t, packed)
	}
	var deb bytes.Buffer
	deb.WriteString(arMagic)
	for _, m := range []struct {
		name string
		data []byte
	}{{"debian-binary", []byte("2.0\n")}, {"control.tar.xz", []byte("odd")}, {"data.tar" + ext, packed}} {
		fmt.Fprintf(&deb, "%-16s%-12d%-6d%-6d%-8o%-10d`\n", m.name, 0, 0, 0, 0o100644, len(m.data))
		deb.Write(m.data)
		if len(m.data)%2 == 1 {
			deb.WriteByte('\n')
		}
	}
	return deb.Bytes()
}

// file is a regular file with this content.
func file(name, content string) tar.Header {
	return tar.Header{Typeflag: tar.TypeReg, Name: name, PAXRecords: map[string]string{"TEST.content": content}}
}
