package nix

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// narHash reads a hash as SRI ("sha256-BASE64"), as "sha256:" with Nix's
// base 32 or hexadecimal digits, or as an object of its parts.
func narHash(text json.RawMessage) (string, error) {
	var s string
	if json.Unmarshal(text, &s) == nil {
		return sri(s)
	}
	var parts struct{ Algorithm, Format, Hash string }
	if err := json.Unmarshal(text, &parts); err != nil {
		return "", fmt.Errorf("%w: hash %.80s", errNotOurs, text)
	}
	if parts.Format == "base64" {
		return sri(parts.Algorithm + "-" + parts.Hash)
	}
	return sri(parts.Algorithm + ":" + parts.Hash)
}

// sri gives a SHA-256 hash the form "sha256-BASE64".
func sri(s string) (string, error) {
	if digits, ok := strings.CutPrefix(s, "sha256-"); ok {
		if b, err := base64.StdEncoding.DecodeString(digits); err == nil && len(b) == 32 {
			return s, nil
		}
		return "", fmt.Errorf("%w: hash %.80q", errNotOurs, s)
	}
	digits := strings.TrimPrefix(s, "sha256:")
	b, err := hex.DecodeString(digits)
	if err != nil || len(b) != 32 {
		if b, err = base32(digits); err != nil {
			return "", err
		}
	}
	return "sha256-" + base64.StdEncoding.EncodeToString(b), nil
}

// base32 reads Nix's own base 32 (src/libutil/hash.cc): digits without e, o,
// u, t, the least significant bits last, 52 of them for 32 bytes.
func base32(digits string) ([]byte, error) {
	const alphabet = "0123456789abcdfghijklmnpqrsvwxyz"
	if len(digits) != 52 {
		return nil, fmt.Errorf("%w: hash %.80q", errNotOurs, digits)
	}
	b := make([]byte, 33)
	for n := range len(digits) {
		digit := strings.IndexByte(alphabet, digits[len(digits)-1-n])
		if digit < 0 {
			return nil, fmt.Errorf("%w: hash %.80q", errNotOurs, digits)
		}
		bit := n * 5
		b[bit/8] |= byte(digit << (bit % 8))
		b[bit/8+1] |= byte(digit >> (8 - bit%8))
	}
	if b[32] != 0 {
		return nil, fmt.Errorf("%w: hash %.80q", errNotOurs, digits)
	}
	return b[:32], nil
}
