package model

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"github.com/isowright/isowright/builder/design"
)

// maxKeyFile is how much of a file is read for keys, in bytes.
const maxKeyFile = 256 << 10

// Key is a line of an authorized_keys file.
type Key struct {
	Line string
	// Type as in the line ("ssh-ed25519"), Comment behind it, Fingerprint as
	// ssh-keygen prints it ("SHA256:…"); empty where the line is no key.
	Type, Comment, Fingerprint string
	// Fault says what is wrong with the line; no text: nothing.
	Fault design.Problem
}

// KeyOf reads one line.
func KeyOf(line string) Key {
	k := Key{Line: line}
	key, comment, _, _, err := ssh.ParseAuthorizedKey([]byte(line))
	if err == nil {
		k.Type, k.Comment, k.Fingerprint = key.Type(), comment, ssh.FingerprintSHA256(key)
	}
	k.Fault = keyFault(line)
	return k
}

// keyFault has the design's own check look at one line.
func keyFault(line string) design.Problem {
	d := design.Design{Root: design.Root{SSHKeys: []string{line}}}
	for _, p := range design.Validate(d) {
		if strings.HasPrefix(p.Field, "root.ssh_keys") {
			return p
		}
	}
	return design.Problem{}
}

// ReadKeys reads keys, one a line, as they are pasted or stand in a file. Empty
// lines and comments are left out. Where there is a private key in the text
// secret is true, and nothing of it is given.
func ReadKeys(text string) (keys []Key, secret bool) {
	if design.HoldsSecret([]byte(text)) {
		return nil, true
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		keys = append(keys, KeyOf(line))
	}
	return keys, false
}

// KeyFile is a file of keys.
type KeyFile struct {
	Path string
	Keys []Key
	// Secret tells of a private key, Err why the file cannot be read.
	Secret bool
	Err    error
}

// ReadKeyFile reads a file's keys in the background.
func (s *Session) ReadKeyFile(path string, then func(KeyFile)) {
	background(s, func(context.Context) KeyFile { return readKeyFile(path) }, then)
}

func readKeyFile(path string) KeyFile {
	f := KeyFile{Path: path}
	text, err := readSome(path, maxKeyFile)
	if err != nil {
		f.Err = err
		return f
	}
	f.Keys, f.Secret = ReadKeys(string(text))
	return f
}

// OwnKeys finds the person's public keys, those of ~/.ssh/*.pub, in the
// background.
func (s *Session) OwnKeys(then func([]KeyFile)) {
	dir := filepath.Join(s.env.Home, ".ssh")
	background(s, func(context.Context) []KeyFile {
		names, err := filepath.Glob(filepath.Join(dir, "*.pub"))
		if err != nil {
			return nil
		}
		var files []KeyFile
		for _, name := range names {
			if f := readKeyFile(name); len(f.Keys) > 0 {
				files = append(files, f)
			}
		}
		return files
	}, then)
}

// readSome reads the beginning of a file, but not of a device or pipe.
func readSome(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &os.PathError{Op: "read", Path: path, Err: os.ErrInvalid}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := make([]byte, min(most, info.Size()))
	n, err := f.ReadAt(text, 0)
	if n == len(text) {
		err = nil
	}
	return text[:n], err
}

// WithKeys adds keys that a list does not have yet, and counts them.
func WithKeys(list []string, keys []Key) (all []string, added int) {
	all = slices.Clone(list)
	known := map[string]bool{}
	for _, line := range list {
		known[identity(KeyOf(line))] = true
	}
	for _, k := range keys {
		if k.Fault.Text != "" || known[identity(k)] {
			continue
		}
		known[identity(k)] = true
		all = append(all, k.Line)
		added++
	}
	return all, added
}

// identity is what makes two lines the same key.
func identity(k Key) string {
	if k.Fingerprint != "" {
		return k.Fingerprint
	}
	return k.Line
}
