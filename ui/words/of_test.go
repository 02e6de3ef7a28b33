package words

import (
	"strings"
	"testing"
	"testing/fstest"
)

// few speaks a German of a few sentences.
func few(t testing.TB) *Words {
	t.Helper()
	w, err := New(fstest.MapFS{"de.json": {Data: []byte(`{
		"100%% of it is used": "100 %% davon sind belegt",
		"%d%% of %s is used": "von %[2]s sind %[1]d %% belegt",
		"%q is not %s": "%q ist nicht zulässig als %s",
		"%s is not free software": "%s ist keine freie Software",
		"%s lies on %s": "%s liegt auf %s",
		"%s needs %s": "%s braucht %s",
		"Cancel": "Abbrechen",
		"a host name": "Rechnername",
		"read %s: %s": "%s lesen: %s",
		"remove it": "es entfernen",
		"the LVM volume %s": "das LVM-Volume %s",
		"the disk has %d sectors": "die Platte hat %d Sektoren",
		"the file is empty": "die Datei ist leer",
		"the system needs this disk: %s": "das System braucht diese Platte: %s"
	}`)}}, "de")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestFinishedSentencesAreTranslated(t *testing.T) {
	w := few(t)
	for sentence, want := range map[string]string{
		// By itself, with percent signs.
		"remove it":           "es entfernen",
		"100% of it is used":  "100 % davon sind belegt",
		"97% of sda1 is used": "von sda1 sind 97 % belegt",
		// A sentence in a gap; a quotation that looks like the shape's own text.
		`"a b" is not a host name`:                              `"a b" ist nicht zulässig als Rechnername`,
		`"x is not y" is not a host name`:                       `"x is not y" ist nicht zulässig als Rechnername`,
		"read a.txt: the file is empty":                         "a.txt lesen: die Datei ist leer",
		"read a.txt: read b.txt: the file is empty":             "a.txt lesen: b.txt lesen: die Datei ist leer",
		"the system needs this disk: / lies on sda1":            "das System braucht diese Platte: / liegt auf sda1",
		"/srv lies on the LVM volume a, the LVM volume b":       "/srv liegt auf das LVM-Volume a, das LVM-Volume b",
		"the system needs this disk: / lies on a; /b lies on c": "das System braucht diese Platte: / liegt auf a; /b liegt auf c",
		// Parts: what is unknown stays as it is.
		"root: the file is empty":         "root: die Datei ist leer",
		"what is this; the file is empty": "what is this; die Datei ist leer",
		"the file is empty\nremove it":    "die Datei ist leer\nes entfernen",
		`"a; b" is not free software`:     `"a; b" ist keine freie Software`,
		// A word may be a name; a number is a number; brief shapes are careful.
		"Cancel is not free software":   "Cancel ist keine freie Software",
		"the disk has many sectors":     "the disk has many sectors",
		"the disk has 1,024 sectors":    "die Platte hat 1,024 Sektoren",
		"a needs b":                     "a braucht b",
		"nobody knows what he needs it": "nobody knows what he needs it",
		"":                              "",
		"%s":                            "%s",
	} {
		if got := w.Of(sentence); got != want {
			t.Errorf("%q becomes\n%q, not\n%q", sentence, got, want)
		}
		if got := English().Of(sentence); got != sentence {
			t.Errorf("English makes %q of %q", got, sentence)
		}
	}
}

// TestLongListsAreTranslatedToTheirEnd: how long a list is does not count as
// depth.
func TestLongListsAreTranslatedToTheirEnd(t *testing.T) {
	sentence := strings.Repeat("/ lies on sda1; ", 50) + "/b lies on sda2"
	if got := few(t).Of(sentence); strings.Contains(got, "lies") || strings.Count(got, "liegt auf") != 51 {
		t.Errorf("becomes %q", got)
	}
	output := strings.Repeat("/ lies on sda1\n", 1000)
	if got := few(t).Of(output); got != output {
		t.Error("a program's output was translated")
	}
}

// FuzzOf puts any sentence to all the shapes that are delivered.
func FuzzOf(f *testing.F) {
	w := inGerman(f)
	for _, seed := range []string{"", "%", "a: b; c. d, e", `"\" is not "`, "the stick cannot be read at 1.0 MiB (byte 1048576): EOF",
		`the running system needs this disk: / lies on it; swap space lies on it through the RAID md0`, strings.Repeat(": ", 2000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sentence string) {
		text := w.Of(sentence)
		if len(text) > 8*len(sentence)+1000 {
			t.Errorf("%d bytes became %d", len(sentence), len(text))
		}
	})
}

func BenchmarkOf(b *testing.B) {
	w := inGerman(b)
	for name, sentence := range map[string]string{
		"known":   `there is no user "anna"`,
		"nested":  "the running system needs this disk: / lies on it through the LUKS volume a, the LVM volume b, the RAID md0 on sdd1; swap space lies on it",
		"unknown": "something that nobody ever translated, and of which nothing is known: at all",
		"hostile": strings.Repeat("a, b: c; d. ", longestSentence/12),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				w.Of(sentence)
			}
		})
	}
}
