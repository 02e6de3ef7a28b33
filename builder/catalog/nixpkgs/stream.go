package nixpkgs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxValue is the size in bytes of the largest member of a list that is taken;
// the real ones stay below a tenth of it.
const maxValue = 4 << 20

// errTooLarge says that something in a list is larger than anything real.
var errTooLarge = errors.New("larger than any list of packages should be")

// stream reads a JSON text member by member, so that memory stays small however
// long it is.
type stream struct {
	dec *jsontext.Decoder
	in  *allowance
}

func newStream(r io.Reader) *stream {
	in := &allowance{r: r}
	// Names are not compared with each other, for that would keep them all.
	return &stream{jsontext.NewDecoder(in, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)), in}
}

// allowance refuses to read beyond a limit that moves on with the values.
type allowance struct {
	r           io.Reader
	read, limit int64
}

func (a *allowance) Read(p []byte) (int, error) {
	if a.read >= a.limit {
		return 0, errTooLarge
	}
	n, err := a.r.Read(p[:min(int64(len(p)), a.limit-a.read)])
	a.read += int64(n)
	return n, err
}

// more moves the limit on, for one more value.
func (s *stream) more() { s.in.limit = s.dec.InputOffset() + maxValue }

// value reads the next value into v.
func (s *stream) value(v json.Unmarshaler) error {
	s.more()
	raw, err := s.dec.ReadValue()
	if err != nil {
		return err
	}
	return v.UnmarshalJSON(raw)
}

// text reads the next value where it is a string or an object with a text.
func (s *stream) text(t *text) error {
	s.more()
	if s.dec.PeekKind() != '"' {
		return s.value(t)
	}
	token, err := s.dec.ReadToken()
	if err == nil {
		*t = text(clip(strings.TrimSpace(token.String())))
	}
	return err
}

// skip passes over the next value.
func (s *stream) skip() error {
	s.more()
	return s.dec.SkipValue()
}

// members reads an object and calls each for every key; each reads the value.
func (s *stream) members(each func(key string) error) error {
	s.more()
	t, err := s.dec.ReadToken()
	if err != nil {
		return err
	}
	if t.Kind() != '{' {
		return fmt.Errorf("an object was expected, not %.20q", t.String())
	}
	for {
		s.more()
		key, err := s.dec.ReadToken()
		if err != nil || key.Kind() == '}' {
			return err
		}
		if err := each(key.String()); err != nil {
			return err
		}
	}
}

// object is members, but passes over what is no object.
func (s *stream) object(each func(key string) error) error {
	s.more()
	if s.dec.PeekKind() != '{' {
		return s.skip()
	}
	return s.members(each)
}

// end holds that nothing follows.
func (s *stream) end() error {
	s.more()
	switch _, err := s.dec.ReadToken(); {
	case err == nil:
		return errors.New("something follows the end of the list")
	case !errors.Is(err, io.EOF):
		return err
	}
	return nil
}

// isNull tells JSON's null.
func isNull(data []byte) bool { return bytes.Equal(data, []byte("null")) }
