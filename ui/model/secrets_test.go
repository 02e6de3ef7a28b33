package model

import (
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/internal/need"
)

// TestHashesAreThoseOfTheSystem has crypt(3) of this system's libxcrypt, by way
// of Perl, make the same hash of the same password and salt.
func TestHashesAreThoseOfTheSystem(t *testing.T) {
	need.Tools(t, "perl")
	for _, password := range []string{"ä€ 😀 horse", strings.Repeat("long ", 40)} {
		hash, err := HashPassword(password)
		if err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("perl", "-e", "print crypt($ARGV[0], $ARGV[1])", password, hash).Output()
		if err != nil {
			t.Fatal(err)
		}
		if string(out) != hash {
			t.Errorf("crypt(3) makes %q of %q, not %q", out, password, hash)
		}
		d := design.Design{Root: design.Root{PasswordHash: hash}}
		for _, p := range design.Validate(d) {
			if p.Field == "root.password_hash" {
				t.Errorf("the design refuses the hash: %s", p.Text)
			}
		}
	}
}

func TestEachHashHasASaltOfItsOwn(t *testing.T) {
	a, _ := HashPassword("secret")
	b, _ := HashPassword("secret")
	if a == b || a == "" {
		t.Errorf("two hashes of one password: %q and %q", a, b)
	}
}

// TestWPAKeys are the test vectors of IEEE 802.11-2020, J.4.2.
func TestWPAKeys(t *testing.T) {
	for _, v := range []struct{ ssid, phrase, key string }{
		{"IEEE", "password", "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e"},
		{"ThisIsASSID", "ThisIsAPassword", "0dc0d6eb90555ed6419756b9a15ec3e3209b63df707dd508d14581f8982721af"},
		{strings.Repeat("Z", 32), strings.Repeat("a", 32), "becb93866bb8c3832cb777c2f559807c8c59afcb6eae734885001300a981cc62"},
	} {
		key, err := WPAKey(v.ssid, v.phrase)
		if err != nil || key != v.key {
			t.Errorf("the key of %s is %s (%v), not %s", v.ssid, key, err, v.key)
		}
	}
}

func TestPassphrases(t *testing.T) {
	for phrase, good := range map[string]bool{
		"1234567": false, "12345678": true, strings.Repeat("x", 63): true, strings.Repeat("x", 64): false,
		"blanks are fine": true, "umlauts äre not": false, "tabs\tare not": false,
	} {
		if IsPassphrase(phrase) != good {
			t.Errorf("%q counts as a passphrase: %t", phrase, !good)
		}
	}
}

func TestStrengthOfPasswords(t *testing.T) {
	for password, want := range map[string]Strength{
		"": Weak, "secret": Weak, "12345678": Weak, "aaaaaaaaaaaaaaaaaaaa": Weak, "Tr0ub4dor": Fair,
		"correct horse battery staple": Strong, "k7#Qz!p2Wm$x": Strong,
	} {
		if got := StrengthOf(password); got != want {
			t.Errorf("%q has the strength %d, not %d", password, got, want)
		}
	}
}

// TestSecretsAreNowhereInTheModel sets a password and a Wi-Fi passphrase and
// then looks for both in everything that the session holds.
func TestSecretsAreNowhereInTheModel(t *testing.T) {
	s, l := begin(t, Actions{})
	doc := fresh(t, s)
	const password, phrase = "hunter2-and-more", "sesame-open-now"
	doc.Edit(Act("add a user"), func(d *design.Design) { d.Users = []design.User{{Name: "ada"}} })
	doc.Derive(Act("set the password of %s", "ada"), func() (string, error) { return HashPassword(password) },
		func(d *design.Design, hash string) { d.Users[0].PasswordHash = hash }, nil)
	l.until(t, "the hash", func() bool { return doc.Design().Users[0].PasswordHash != "" })
	doc.Derive(Act("add the network %s", "Office"), func() (string, error) { return WPAKey("Office", phrase) },
		func(d *design.Design, key string) { d.Network.WiFi = []design.WiFi{{SSID: "Office", PSK: key}} }, nil)
	l.until(t, "the key", func() bool { return len(doc.Design().Network.WiFi) == 1 })
	doc.Undo()
	text, err := design.Encode(doc.Design())
	if err != nil {
		t.Fatal(err)
	}
	held := slices.Concat(textsIn(reflect.ValueOf(s), map[uintptr]bool{}), []string{string(text)})
	for _, secret := range []string{password, phrase} {
		for _, text := range held {
			if strings.Contains(text, secret) {
				t.Errorf("%q is kept in %q", secret, text)
			}
		}
	}
	if !slices.ContainsFunc(held, func(s string) bool { return strings.HasPrefix(s, "$y$") }) {
		t.Error("the search does not find the hash either, so it proves nothing")
	}
}

// textsIn are all texts that can be reached from a value.
func textsIn(v reflect.Value, seen map[uintptr]bool) []string {
	var texts []string
	switch v.Kind() {
	case reflect.String:
		return []string{v.String()}
	case reflect.Pointer, reflect.Map:
		if v.IsNil() || seen[v.Pointer()] {
			return nil
		}
		seen[v.Pointer()] = true
		if v.Kind() == reflect.Pointer {
			return textsIn(v.Elem(), seen)
		}
		for _, key := range v.MapKeys() {
			texts = append(texts, textsIn(key, seen)...)
			texts = append(texts, textsIn(v.MapIndex(key), seen)...)
		}
	case reflect.Interface:
		if !v.IsNil() {
			return textsIn(v.Elem(), seen)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			texts = append(texts, textsIn(v.Field(i), seen)...)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			if v.Kind() == reflect.Slice {
				texts = append(texts, string(v.Bytes()))
			}
			return texts
		}
		for i := range v.Len() {
			texts = append(texts, textsIn(v.Index(i), seen)...)
		}
	}
	return texts
}

func TestWhatIsDerivedIsOneStepAndNotForClosedDesigns(t *testing.T) {
	s, l := begin(t, Actions{})
	doc := fresh(t, s)
	before := design.ID(doc.Design())
	doc.Derive(Act("set the password of %s", "root"), func() (string, error) { return "$y$x", nil },
		func(d *design.Design, hash string) { d.Root.PasswordHash = hash }, nil)
	l.until(t, "the edit", func() bool { return design.ID(doc.Design()) != before })
	if got := doc.UndoText(); got != "Undo: set the password of root" {
		t.Errorf("undo says %q", got)
	}
	doc.Undo()
	if design.ID(doc.Design()) != before {
		t.Error("one undo does not take the password back")
	}
	var fault error
	s.Close(doc)
	doc.Derive(Act("x"), func() (string, error) { return "$y$x", nil }, func(d *design.Design, hash string) { d.Root.PasswordHash = hash },
		func(err error) { fault = err })
	l.until(t, "the fault", func() bool { return fault != nil })
	if design.ID(doc.Design()) != before {
		t.Error("a closed design was changed")
	}
}

// keyPair makes a key pair with ssh-keygen and gives the folder of both halves.
func keyPair(t *testing.T, dir, name string, args ...string) (private, public string) {
	t.Helper()
	need.Tools(t, "ssh-keygen")
	file := filepath.Join(dir, name)
	if out, err := exec.Command("ssh-keygen", append([]string{"-q", "-N", "", "-C", "ada@laptop", "-f", file}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v: %s", err, out)
	}
	return file, file + ".pub"
}
