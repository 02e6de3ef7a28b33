package vm

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// historyLimit bounds, in bytes, how much of the serial log is kept for Expect.
const historyLimit = 4 << 20

// console is the guest's serial line: it collects the text and wakes those who
// wait for some.
type console struct {
	conn net.Conn
	copy io.Writer

	mu      sync.Mutex
	strip   ansiStripper
	text    []byte        // without escape sequences
	dropped int64         // bytes of text that were forgotten
	pos     int           // where the last match ended
	changed chan struct{} // closed and replaced at each change
	fault   error         // why nothing more will come
	copyErr error
}

func newConsole(conn net.Conn, copy io.Writer) *console {
	return &console{conn: conn, copy: copy, changed: make(chan struct{})}
}

// read collects until the line is closed.
func (c *console) read() {
	buf := make([]byte, 32<<10)
	for {
		n, err := c.conn.Read(buf)
		c.feed(buf[:n])
		if err != nil {
			return
		}
	}
}

func (c *console) feed(b []byte) {
	if c.copy != nil && c.copyErr == nil {
		if _, err := c.copy.Write(b); err != nil {
			c.copyErr = fmt.Errorf("copy the serial log: %w", err)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.text = c.strip.strip(c.text, b)
	if len(c.text) > historyLimit {
		drop := len(c.text) - historyLimit/2
		c.text = bytes.Clone(c.text[drop:])
		c.pos = max(0, c.pos-drop)
		c.dropped += int64(drop)
	}
	c.wake()
}

// fail says that waiting for more is useless, and why. The first reason stays.
func (c *console) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fault == nil {
		c.fault = err
		c.wake()
	}
}

func (c *console) wake() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// take looks for re behind the last match. Without a match it gives a channel
// that closes when to look again, and the reason if there will be none.
func (c *console) take(re *regexp.Regexp) (match []string, again <-chan struct{}, fault error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	rest := c.text[c.pos:]
	if at := re.FindSubmatchIndex(rest); at != nil {
		for i := 0; i < len(at); i += 2 {
			group := ""
			if at[i] >= 0 {
				group = string(rest[at[i]:at[i+1]])
			}
			match = append(match, group)
		}
		c.pos += at[1]
		return match, nil, nil
	}
	if fault = findFault(rest); fault == nil {
		fault = c.fault
	}
	return nil, c.changed, fault
}

// since is the text behind its first from bytes, up to the last whole rune of it.
func (c *console) since(from int64) (text string, next int64, again <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := min(max(0, from-c.dropped), int64(len(c.text)))
	rest := c.text[at:]
	for back := 1; back < utf8.UTFMax && back <= len(rest); back++ {
		if last := rest[len(rest)-back:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				rest = rest[:len(rest)-back]
			}
			break
		}
	}
	return string(rest), c.dropped + at + int64(len(rest)), c.changed
}

// trouble is why nothing more can be expected of the guest, or nil.
func (c *console) trouble() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if fault := findFault(c.text); fault != nil {
		return fault
	}
	return c.fault
}

// tail is the last lines of the text.
func (c *console) tail(lines int) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := strings.Split(strings.TrimRight(string(c.text), "\n "), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// hints are the lines of the text in which a boot stage complains.
func (c *console) hints() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return findHints(c.text)
}

// close is called once read has ended.
func (c *console) close() error {
	c.conn.Close()
	return c.copyErr
}
