package vm

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
)

// BootError says what was waited for in vain.
type BootError struct {
	Want  string // the text or pattern
	Cause error  // a context's error, or why it will never come
	Hints []string
	Tail  string // the last 40 lines of the serial log
}

func (e *BootError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "wait for %q on the serial line: %v", e.Want, e.Cause)
	for _, hint := range e.Hints {
		b.WriteString("\nhint: " + hint)
	}
	if e.Tail == "" {
		b.WriteString("\nthe guest has said nothing on its serial line; its kernel needs the parameter console=ttyS0")
	} else {
		b.WriteString("\nthe serial log ends with:\n" + e.Tail)
	}
	return b.String()
}

func (e *BootError) Unwrap() error { return e.Cause }

// Expect waits for text on the serial line, behind what the last Expect or
// ExpectRegexp found. Escape sequences and carriage returns are taken out
// before. It fails at once, with a *BootError, when QEMU ends or the guest says
// something after which it cannot come up (as "Kernel panic"), else when ctx
// ends.
func (m *Machine) Expect(ctx context.Context, text string) error {
	_, err := m.expect(ctx, text, regexp.MustCompile(regexp.QuoteMeta(text)))
	return err
}

// ExpectRegexp is Expect for a pattern; it returns the match and its groups.
// The text comes in pieces: a group that takes as much as it can must be
// followed by what ends it ("id (\w+)\n", not "id (\w+)").
func (m *Machine) ExpectRegexp(ctx context.Context, re *regexp.Regexp) ([]string, error) {
	return m.expect(ctx, re.String(), re)
}

func (m *Machine) expect(ctx context.Context, want string, re *regexp.Regexp) ([]string, error) {
	for {
		match, again, cause := m.serial.take(re)
		if match != nil {
			return match, nil
		}
		if cause == nil {
			select {
			case <-again:
				continue
			case <-ctx.Done():
				cause = ctx.Err()
			}
		}
		return nil, &BootError{want, cause, m.serial.hints(), m.serial.tail(40)}
	}
}

// Send types text on the serial line. A line ends with "\n"; programs that
// read single keys from a terminal, as GRUB's menu does, want "\r".
func (m *Machine) Send(text string) error {
	if _, err := io.WriteString(m.serial.conn, text); err != nil {
		return fmt.Errorf("type on the serial line: %w", err)
	}
	return nil
}

// Said is what the guest has said on its serial line behind the first from bytes
// of it, without escape sequences and carriage returns; next is the from of a
// later call. Of a talkative guest only the last 2 MiB or more are there: then text
// begins with the oldest of these. more is closed when there is more to say, or
// when the line has ended.
func (m *Machine) Said(from int64) (text string, next int64, more <-chan struct{}) {
	return m.serial.since(from)
}

// Trouble is a reason why the guest will not come up, as Expect would give it
// while it waits; nil as far as anyone knows.
func (m *Machine) Trouble() error { return m.serial.trouble() }

// watchStderr looks for KVM's surrender in what QEMU says on standard error.
// QEMU itself only halts the guest then.
func (m *Machine) watchStderr(b []byte) {
	if bytes.Contains(b, []byte(kvmSurrender)) {
		m.serial.fail(fmt.Errorf("%w: %s", ErrKVM, firstLine(b, kvmSurrender)))
	}
}

// firstLine is the line of b from sign on.
func firstLine(b []byte, sign string) string {
	_, after, _ := strings.Cut(string(b), sign)
	line, _, _ := strings.Cut(sign+after, "\n")
	return line
}

// readFirmwareLog reads SeaBIOS's log, which is the only place other than the
// screen where it says that it found nothing to boot.
func (m *Machine) readFirmwareLog(conn net.Conn) {
	defer conn.Close()
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if strings.Contains(lines.Text(), "No bootable device") {
			m.serial.fail(fmt.Errorf("the firmware found nothing to boot on the medium (%q)", lines.Text()))
		}
	}
}
