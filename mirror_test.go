package main_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/clearsign"
	"github.com/isowright/isowright/builder/debian/archive"
)

// mirror passes on what the host's archive has, with faults.
type mirror struct {
	*httptest.Server
	// upstream and security are the archives behind it.
	upstream, security string

	mu     sync.Mutex
	faults []*fault
	seen   map[string][]byte
}

// fault is what happens to answers for paths that match.
type fault struct {
	kind string
	path *regexp.Regexp
	// left is how often it still happens; below 0: always.
	left int
}

// The kinds of faults.
const (
	faultCut    = "cut"    // ends in the middle
	faultHang   = "hang"   // stops in the middle and never goes on
	faultTamper = "tamper" // one byte of the signed text is another
	faultResign = "resign" // signed by another key
	faultGone   = "gone"   // status 404
)

// newMirror starts a mirror that ends with the test.
func newMirror(t testing.TB, end func(func())) *mirror {
	m := &mirror{seen: map[string][]byte{}}
	m.upstream, m.security = archive.HostMirrors(os.DirFS("/"))
	m.Server = httptest.NewServer(m)
	end(func() {
		m.CloseClientConnections()
		m.Close()
	})
	return m
}

// args are the options that make the program use the mirror.
func (m *mirror) args() []string {
	return []string{"--mirror", m.URL + "/debian", "--security-mirror", m.URL + "/debian-security"}
}

func (m *mirror) fail(kind, path string, times int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.faults = append(m.faults, &fault{kind, regexp.MustCompile(path), times})
}

// fault is the one that an answer has, if any.
func (m *mirror) fault(path string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range m.faults {
		if f.left != 0 && f.path.MatchString(path) {
			f.left--
			return f.kind
		}
	}
	return ""
}

func (m *mirror) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	kind := m.fault(r.URL.Path)
	data, status, err := m.get(r.URL.Path)
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	case kind == faultGone:
		http.NotFound(w, r)
		return
	case status != http.StatusOK:
		w.WriteHeader(status)
		return
	case kind == faultTamper:
		data = bytes.Replace(data, []byte("Origin: Debian"), []byte("Origin: debian"), 1)
	case kind == faultResign:
		if data, err = resign(data); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	case kind == faultCut, kind == faultHang:
		w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		w.Write(data[:len(data)/2])
		w.(http.Flusher).Flush()
		if kind == faultHang {
			<-r.Context().Done()
		}
		panic(http.ErrAbortHandler)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// get fetches a file once.
func (m *mirror) get(path string) ([]byte, int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if data, ok := m.seen[path]; ok {
		return data, http.StatusOK, nil
	}
	url := m.upstream + strings.TrimPrefix(path, "/debian")
	if rest, ok := strings.CutPrefix(path, "/debian-security"); ok {
		url = m.security + rest
	}
	resp, err := http.Get(url)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, resp.StatusCode, nil
	}
	data, err := io.ReadAll(resp.Body)
	if err == nil {
		m.seen[path] = data
	}
	return data, resp.StatusCode, err
}

// resign signs a signed text anew, with a key that nobody knows.
func resign(data []byte) ([]byte, error) {
	block, _ := clearsign.Decode(data)
	key, err := openpgp.NewEntity("Somebody", "", "somebody@example.org", nil)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, err := clearsign.Encode(&out, key.PrivateKey, nil)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(block.Plaintext); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}
