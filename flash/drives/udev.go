package drives

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// udevData is what udev keeps about a device in /run/udev/data/bMAJOR:MINOR:
// lines of a letter, a colon and a text; "S" are links below /dev, "E"
// properties. See sd_device's device_serialize in systemd, sd-device.c.
type udevData struct {
	links      []string
	properties map[string]string
}

func parseUdev(data []byte) udevData {
	u := udevData{properties: map[string]string{}}
	for line := range bytes.Lines(data) {
		kind, text, ok := strings.Cut(strings.TrimSuffix(string(line), "\n"), ":")
		if !ok {
			continue
		}
		switch kind {
		case "S":
			u.links = append(u.links, text)
		case "E":
			if key, value, ok := strings.Cut(text, "="); ok {
				u.properties[key] = value
			}
		}
	}
	return u
}

// text is a property for people: the encoded form (blanks and the like as
// \x20) says more than the plain one, in which udev has replaced them.
func (u udevData) text(key string) string {
	if encoded := u.properties[key+"_ENC"]; encoded != "" {
		return cleanText(decodeUdev(encoded))
	}
	return cleanText(u.properties[key])
}

// decodeUdev undoes \xHH. What is no UTF-8 afterwards stays as it was.
func decodeUdev(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) && s[i+1] == 'x' {
			if n, err := strconv.ParseUint(s[i+2:i+4], 16, 8); err == nil {
				out = append(out, byte(n))
				i += 3
				continue
			}
		}
		out = append(out, s[i])
	}
	if !utf8.Valid(out) {
		return s
	}
	return string(out)
}
