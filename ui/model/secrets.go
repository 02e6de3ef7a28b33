package model

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/openwall/yescrypt-go"

	"github.com/isowright/isowright/builder/design"
)

// yescryptSetting are the parameters that libxcrypt takes by itself (crypt(5)):
// N = 4096, r = 32, 16 MiB of memory.
const yescryptSetting = "$y$j9T$"

// cryptDigits are crypt(5)'s digits for six bits each.
const cryptDigits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// saltDigits are 15 bytes of salt, as whole digits.
const saltDigits = 20

// HashPassword hashes a password with a salt of its own, as crypt(5) writes it
// for /etc/shadow. It takes some 50 ms.
func HashPassword(password string) (string, error) {
	salt := make([]byte, saltDigits)
	rand.Read(salt)
	for i := range salt {
		salt[i] = cryptDigits[salt[i]%64]
	}
	hash, err := yescrypt.Hash([]byte(password), []byte(yescryptSetting+string(salt)))
	if err != nil {
		return "", fmt.Errorf("hash the password: %w", err)
	}
	return string(hash), nil
}

// WPAKey derives the key of a wireless network from its passphrase (IEEE
// 802.11-2020, J.4.1): 64 hexadecimal digits.
func WPAKey(ssid, passphrase string) (string, error) {
	key, err := pbkdf2.Key(sha1.New, passphrase, []byte(ssid), 4096, 32)
	if err != nil {
		return "", fmt.Errorf("derive the network's key: %w", err)
	}
	return hex.EncodeToString(key), nil
}

// IsPassphrase tells whether WPA takes a text as a passphrase: 8 to 63
// characters of printable ASCII (IEEE 802.11-2020, J.4.1).
func IsPassphrase(s string) bool {
	return len(s) >= 8 && len(s) <= 63 && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

// Strength is how long a password withstands guessing, roughly.
type Strength int

// The strengths.
const (
	Weak Strength = iota
	Fair
	Strong
)

// StrengthOf guesses by length and by the kinds of characters. What repeats
// itself counts little.
func StrengthOf(password string) Strength {
	kinds, different := 0.0, map[rune]bool{}
	for _, set := range []struct {
		size float64
		has  func(rune) bool
	}{
		{26, func(r rune) bool { return r >= 'a' && r <= 'z' }},
		{26, func(r rune) bool { return r >= 'A' && r <= 'Z' }},
		{10, func(r rune) bool { return r >= '0' && r <= '9' }},
		{40, func(r rune) bool { return !isLetterOrDigit(r) }},
	} {
		if strings.ContainsFunc(password, set.has) {
			kinds += set.size
		}
	}
	length := 0
	for _, r := range password {
		different[r] = true
		length++
	}
	bits := float64(min(length, 2*len(different))) * math.Log2(max(kinds, 2))
	switch {
	case bits < 45 || length < 8:
		return Weak
	case bits < 65:
		return Fair
	}
	return Strong
}

func isLetterOrDigit(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// Derive works something out of a secret in the background and edits the design
// with what came of it. The secret is in derive alone, which is dropped when it
// has run. then may be nil.
func (d *Document) Derive(a Action, derive func() (string, error), change func(*design.Design, string), then func(error)) {
	s := d.session
	ctx := s.ctx
	go func() {
		result, err := derive()
		s.env.Post(func() {
			if ctx.Err() != nil {
				return
			}
			if err == nil && !s.has(d) {
				err = errors.New("the design was closed meanwhile")
			}
			if err == nil {
				d.Edit(a, func(x *design.Design) { change(x, result) })
			}
			if then != nil {
				then(err)
			}
		})
	}()
}

// has tells whether a document is open.
func (s *Session) has(d *Document) bool {
	for _, doc := range s.docs {
		if doc == d {
			return true
		}
	}
	return false
}

// background runs work that gives something, and hands it over on the session's
// goroutine unless the session has ended.
func background[T any](s *Session, work func(context.Context) T, then func(T)) (cancel func()) {
	ctx, stop := context.WithCancel(s.ctx)
	go func() {
		result := work(ctx)
		s.env.Post(func() {
			if ctx.Err() == nil {
				stop()
				then(result)
			}
		})
	}()
	return stop
}
