package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/clearsign"
	pgperrors "github.com/ProtonMail/go-crypto/openpgp/errors"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// futureSlack is how far ahead of this computer's clock a Release may be.
const futureSlack = time.Hour

// release is what a suite's InRelease says, as far as it is used.
type release struct {
	Suite, Codename  string
	Date, ValidUntil time.Time
	ByHash           bool
	Architectures    []string
	Files            map[string]fileSum // by path below the suite's folder
	NoAllLists       string             // kinds of lists without a part for Architecture: all
	signed           []byte             // the file itself
}

// fileSum is one line of the field SHA256.
type fileSum struct {
	Size   int64
	SHA256 string
}

// openRelease checks the signature of an InRelease file and reads what is
// signed; text around the signed part is ignored.
func openRelease(url string, data, keyring []byte, now time.Time) (*release, error) {
	block, _ := clearsign.Decode(data)
	if block == nil {
		return nil, &Error{Kind: ErrSignature, URL: url, Err: errors.New("no signed text in it"),
			Hint: "a login page or proxy may have answered instead of the mirror"}
	}
	if err := verify(block, keyring, now); err != nil {
		e := &Error{Kind: ErrSignature, URL: url, Err: err, Hint: "use another mirror, or a newer version of this program if the archive has new keys"}
		if errors.Is(err, pgperrors.ErrKeyExpired) || errors.Is(err, pgperrors.ErrSignatureExpired) {
			e.Kind, e.Hint = ErrExpired, hintClock
		}
		return nil, e
	}
	r, err := parseRelease(block.Plaintext)
	if err != nil {
		return nil, &Error{Kind: ErrFormat, URL: url, Err: err, Hint: hintMirror}
	}
	return r, nil
}

// verify accepts a text when one of its signatures is by a key of the ring.
// The archive signs with its old and its new keys at once.
func verify(block *clearsign.Block, keyring []byte, now time.Time) error {
	keys, err := openpgp.ReadKeyRing(bytes.NewReader(keyring))
	if err != nil {
		return fmt.Errorf("read the archive's keys: %w", err)
	}
	config := &packet.Config{Time: func() time.Time { return now }}
	last := error(pgperrors.ErrUnknownIssuer)
	packets := packet.NewReader(block.ArmoredSignature.Body)
	for {
		p, err := packets.Next()
		if err == io.EOF {
			return last
		}
		if err != nil {
			return fmt.Errorf("read signature: %w", err)
		}
		signature, ok := p.(*packet.Signature)
		if !ok {
			continue
		}
		var one bytes.Buffer
		if err := signature.Serialize(&one); err != nil {
			return fmt.Errorf("read signature: %w", err)
		}
		_, err = openpgp.CheckDetachedSignature(keys, bytes.NewReader(block.Bytes), &one, config)
		if err == nil {
			return nil
		}
		if !errors.Is(err, pgperrors.ErrUnknownIssuer) {
			last = err
		}
	}
}

// parseRelease reads the fields of a Release file.
func parseRelease(text []byte) (*release, error) {
	r := &release{Files: map[string]fileSum{}}
	field := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, " \t\r\n")
		if line == "" {
			continue
		}
		if line[0] == ' ' || line[0] == '\t' {
			if field == "SHA256" {
				if err := r.addFile(line); err != nil {
					return nil, err
				}
			}
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("line %q is no field", clip(line))
		}
		field = name
		if err := r.setField(name, strings.TrimSpace(value)); err != nil {
			return nil, err
		}
	}
	if r.Date.IsZero() {
		return nil, errors.New("it has no Date")
	}
	return r, nil
}

func (r *release) setField(name, value string) (err error) {
	switch name {
	case "Suite":
		r.Suite = value
	case "Codename":
		r.Codename = value
	case "Date":
		r.Date, err = parseDate(value)
	case "Valid-Until":
		r.ValidUntil, err = parseDate(value)
	case "Acquire-By-Hash":
		r.ByHash = value == "yes"
	case "Architectures":
		r.Architectures = strings.Fields(value)
	case "No-Support-for-Architecture-all":
		r.NoAllLists = value
	}
	return err
}

func parseDate(s string) (time.Time, error) {
	for _, layout := range []string{"Mon, _2 Jan 2006 15:04:05 MST", time.RFC1123Z} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no date", clip(s))
}

func (r *release) addFile(line string) error {
	f := strings.Fields(line)
	if len(f) != 3 {
		return fmt.Errorf("line %q is no hash, size and name", clip(line))
	}
	size, err := strconv.ParseInt(f[1], 10, 64)
	if err != nil || size < 0 || !isSHA256(f[0]) {
		return fmt.Errorf("line %q is no hash, size and name", clip(line))
	}
	r.Files[f[2]] = fileSum{size, strings.ToLower(f[0])}
	return nil
}

func isSHA256(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == 2*sha256.Size
}

// clip shortens foreign text for an error message.
func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}

// checkName refuses the InRelease of another suite, which carries a good
// signature too.
func (r *release) checkName(s suite, url string) error {
	if r.Suite == s.Name || r.Codename == s.Name {
		return nil
	}
	return &Error{Kind: ErrSignature, URL: url, Hint: "use another mirror",
		Err: fmt.Errorf("it is signed for %s (%s), not for %s", r.Codename, r.Suite, s.Name)}
}

// checkTime refuses what is not valid now.
func (r *release) checkTime(url string, now time.Time) error {
	const layout = "2006-01-02 15:04 MST"
	e := &Error{Kind: ErrExpired, URL: url, Hint: hintClock}
	clock := now.UTC().Format(layout)
	switch {
	case r.Date.After(now.Add(futureSlack)):
		e.Err = fmt.Errorf("it is from %s, which by this computer's clock (%s) is in the future", r.Date.Format(layout), clock)
	case !r.ValidUntil.IsZero() && now.After(r.ValidUntil):
		e.Err = fmt.Errorf("it was valid until %s, this computer's clock says %s: the mirror is not kept up to date, or the clock is wrong", r.ValidUntil.Format(layout), clock)
	default:
		return nil
	}
	return e
}

// lists gives the package lists of a suite. A suite may keep packages for all
// architectures in lists of their own.
func (r *release) lists(s suite, c Config) ([]list, error) {
	arches := []string{c.Arch}
	if slices.Contains(r.Architectures, "all") && !strings.Contains(r.NoAllLists, "Packages") {
		arches = append(arches, "all")
	}
	if len(r.Architectures) > 0 && !slices.Contains(r.Architectures, c.Arch) {
		return nil, &Error{Kind: ErrNotFound, URL: s.url(""), Hint: "choose one of these architectures",
			Err: fmt.Errorf("%s has no architecture %s (it has %s)", s.Name, c.Arch, strings.Join(r.Architectures, ", "))}
	}
	var out []list
	for _, component := range c.Components {
		for _, arch := range arches {
			path := component + "/binary-" + arch + "/Packages"
			plain, ok := r.Files[path]
			if !ok {
				return nil, &Error{Kind: ErrNotFound, URL: s.url(path),
					Err:  fmt.Errorf("%s has no component %s for %s", s.Name, component, arch),
					Hint: "choose a component that the release has, such as main"}
			}
			out = append(out, list{Suite: s.Name, Component: component, Arch: arch, Size: plain.Size, SHA256: plain.SHA256})
		}
	}
	return out, nil
}

// list is one Packages file, named by the hash of its text.
type list struct {
	Suite     string `json:"suite"`
	Component string `json:"component"`
	Arch      string `json:"arch"`
	Size      int64  `json:"size"`
	SHA256    string `json:"sha256"`
}

func (l list) path() string { return l.Component + "/binary-" + l.Arch + "/Packages" }
