package model

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func textOf(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestKeysAreReadAsSshKeygenReadsThem compares fingerprints.
func TestKeysAreReadAsSshKeygenReadsThem(t *testing.T) {
	dir := t.TempDir()
	for name, kind := range map[string]string{"a": "ed25519", "b": "ecdsa"} {
		_, public := keyPair(t, dir, name, "-t", kind)
		out, err := exec.Command("ssh-keygen", "-lf", public).Output()
		if err != nil {
			t.Fatal(err)
		}
		k := KeyOf(strings.TrimSpace(textOf(t, public)))
		if k.Fault.Text != "" || k.Comment != "ada@laptop" || !strings.Contains(string(out), k.Fingerprint) || k.Fingerprint == "" {
			t.Errorf("%+v is not what ssh-keygen says: %s", k, out)
		}
	}
}

func TestPrivateKeysAreRefusedWhole(t *testing.T) {
	private, public := keyPair(t, t.TempDir(), "id", "-t", "ed25519")
	text := textOf(t, public) + textOf(t, private)
	if keys, secret := ReadKeys(text); !secret || keys != nil {
		t.Errorf("of a text with a private key %d keys were taken (secret: %t)", len(keys), secret)
	}
	if f := readKeyFile(private); !f.Secret || len(f.Keys) > 0 {
		t.Errorf("the file of a private key gives %+v", f)
	}
}

func TestManyLinesOfKeys(t *testing.T) {
	dir := t.TempDir()
	_, a := keyPair(t, dir, "a", "-t", "ed25519")
	_, b := keyPair(t, dir, "b", "-t", "ed25519")
	text := "# my keys\n\n" + textOf(t, a) + "ssh-ed25519 AAAAbroken\n" + textOf(t, b) + textOf(t, a)
	keys, _ := ReadKeys(text)
	if len(keys) != 4 {
		t.Fatalf("%d lines are keys, not 4", len(keys))
	}
	if keys[1].Fault.Text == "" || keys[1].Fingerprint != "" {
		t.Errorf("the broken line is taken for a key: %+v", keys[1])
	}
	all, added := WithKeys(nil, keys)
	if added != 2 || len(all) != 2 {
		t.Errorf("%d keys were added: %q", added, all)
	}
	if _, again := WithKeys(all, keys); again != 0 {
		t.Errorf("%d keys were added twice", again)
	}
}

func TestOwnKeys(t *testing.T) {
	s, l := begin(t, Actions{})
	dir := filepath.Join(s.Env().Home, ".ssh")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	keyPair(t, dir, "id_ed25519", "-t", "ed25519")
	if err := os.WriteFile(filepath.Join(dir, "empty.pub"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var found []KeyFile
	done := false
	s.OwnKeys(func(f []KeyFile) { found, done = f, true })
	l.until(t, "the keys", func() bool { return done })
	if len(found) != 1 || len(found[0].Keys) != 1 || found[0].Keys[0].Type != "ssh-ed25519" {
		t.Errorf("found %+v", found)
	}
}

func TestAKeyFileThatIsNone(t *testing.T) {
	s, l := begin(t, Actions{})
	for _, path := range []string{filepath.Join(t.TempDir(), "missing"), t.TempDir(), "/dev/null"} {
		var f *KeyFile
		s.ReadKeyFile(path, func(k KeyFile) { f = &k })
		l.until(t, path, func() bool { return f != nil })
		if f.Err == nil {
			t.Errorf("%s was read", path)
		}
	}
}

func FuzzReadKeys(f *testing.F) {
	f.Add("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ name\n")
	f.Add("# x\n\ncommand=\"ls\" ssh-rsa AAAA")
	f.Add("-----BEGIN OPENSSH PRIVATE KEY-----\n")
	f.Fuzz(func(t *testing.T, text string) {
		keys, secret := ReadKeys(text)
		if secret && keys != nil {
			t.Error("keys beside a secret")
		}
		for _, k := range keys {
			if (k.Fault.Text == "") && k.Fingerprint == "" {
				t.Errorf("%q is no key and has no fault", k.Line)
			}
		}
	})
}
