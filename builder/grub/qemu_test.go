package grub

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/internal/need"
)

const modulesDir = "/usr/lib/grub/i386-pc"

// run starts a program and fails with its output.
func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// bootBIOS makes a CD of the files with the core image and boots it. It
// returns what came on the serial line until the end mark.
func bootBIOS(t *testing.T, core []string, files map[string][]byte, end string) string {
	t.Helper()
	dir := t.TempDir()
	tree := filepath.Join(dir, "tree")
	for path, data := range files {
		write(t, filepath.Join(tree, path), data)
	}
	run(t, "grub-mkimage", core...)
	iso := filepath.Join(dir, "test.iso")
	image := core[slices.Index(core, "--output")+1]
	data, err := os.ReadFile(image)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(tree, eltoritoPath), data)
	run(t, "xorriso", "-as", "mkisofs", "-quiet", "-r", "-o", iso, "-b", eltoritoPath[1:],
		"-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", tree)

	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second)
	defer cancel()
	return serial(t, exec.CommandContext(ctx, "qemu-system-x86_64", "-machine", "pc,accel=tcg", "-m", "256",
		"-display", "none", "-nodefaults", "-vga", "std", "-serial", "stdio", "-nic", "none",
		"-no-reboot", "-boot", "d", "-drive", "file="+iso+",media=cdrom,readonly=on,if=ide"), end)
}

// serial runs a machine until its serial line shows the end mark.
func serial(t *testing.T, cmd *exec.Cmd, end string) string {
	t.Helper()
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var problems bytes.Buffer
	cmd.Stderr = &problems
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	var seen strings.Builder
	reader := bufio.NewReader(pipe)
	for !strings.HasSuffix(seen.String(), end) {
		b, err := reader.ReadByte()
		if err != nil {
			t.Fatalf("no %q on the serial line: %v\n%s\n%s", end, err, problems.String(), seen.String())
		}
		seen.WriteByte(b)
	}
	return seen.String()
}

// harness prints what the generated menu.cfg hands to commands. Its core image
// has no linux and chain modules, so functions may take the commands' names.
const harness = `
serial --unit=0 --speed=115200
terminfo -u -g 300x100 serial vt100
terminal_output serial
function show {
  for w in "$@"; do echo "[$w]"; done
}
function linux {
  echo '<linux>'
  show "$@"
  echo '</linux>'
}
function initrd {
  echo '<initrd>'
  show "$@"
  echo '</initrd>'
}
function chainloader {
  echo "<chain $root $1>"
  false
}
`

// bracketed finds the words printed between two marks.
func bracketed(t *testing.T, out, from, to string) (words []string, rest string) {
	t.Helper()
	_, out, ok := strings.Cut(out, from)
	block, rest, ok2 := strings.Cut(out, to)
	if !ok || !ok2 {
		t.Fatalf("no %s ... %s in\n%s", from, to, out)
	}
	for line := range strings.SplitSeq(strings.Trim(block, "\r\n"), "\n") {
		line = strings.Trim(line, "\r")
		if !strings.HasPrefix(line, "[") || !strings.HasSuffix(line, "]") {
			t.Fatalf("odd line %q in\n%s", line, block)
		}
		words = append(words, line[1:len(line)-1])
	}
	return words, rest
}

// coreWithout is the BIOS image without some modules.
func coreWithout(t *testing.T, modules ...string) []string {
	args := BIOSImage(modulesDir, filepath.Join(t.TempDir(), "core.img"))
	return slices.DeleteFunc(args, func(arg string) bool { return slices.Contains(modules, arg) })
}

// randomTexts are reproducible texts of the characters that quoting is about.
func randomTexts(n int) []string {
	rng := rand.New(rand.NewPCG(1, 2))
	const alphabet = `'"\$(){}[];|&<>#*?!~=-+%@ ` + "`" + `abif01/.ä→`
	letters := []rune(alphabet)
	texts := make([]string, n)
	for i := range texts {
		var b strings.Builder
		for range 1 + rng.IntN(24) {
			b.WriteRune(letters[rng.IntN(len(letters))])
		}
		texts[i] = b.String()
	}
	return texts
}

// TestQuoteInGRUB lets real GRUB print words that quote has written.
func TestQuoteInGRUB(t *testing.T) {
	need.Tools(t, "qemu-system-x86_64", "grub-mkimage", "xorriso", modulesDir+"/normal.mod")
	texts := append(slices.Clone(hostile), randomTexts(300)...)
	texts = append(texts, strings.Repeat(`'$x;{`, 800))
	var cfg strings.Builder
	cfg.WriteString(strings.Replace(harness, "300x100", "5000x100", 1))
	cfg.WriteString("echo '<words>'\n")
	for _, text := range texts {
		fmt.Fprintf(&cfg, "show %s %s\n", quote(text), quoteText(text))
	}
	cfg.WriteString("echo '</words>'\n")
	out := bootBIOS(t, coreWithout(t, "linux", "linux16", "chain"),
		map[string][]byte{configPath: []byte(cfg.String())}, "</words>")
	got, _ := bracketed(t, out, "<words>", "</words>")
	if len(got) != 2*len(texts) {
		t.Fatalf("%d words came back for %d texts", len(got), len(texts))
	}
	for i, text := range texts {
		if got[2*i] != text || got[2*i+1] != text {
			t.Errorf("%q came back as %q and %q", text, got[2*i], got[2*i+1])
		}
	}
}
