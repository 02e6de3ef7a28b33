package drives

import (
	"bytes"
	"strings"
)

// fstabTags are how fstab(5) names devices by what is on them, and the folder
// of udev's links to them.
var fstabTags = map[string]string{
	"UUID": "by-uuid", "LABEL": "by-label", "PARTUUID": "by-partuuid", "PARTLABEL": "by-partlabel", "ID": "by-id",
}

// automounted are file systems that are mounted as soon as somebody looks at
// them: until then nothing but /etc/fstab says where they lie.
func (c *computer) automounted(t mounts) []use {
	var all []use
	for _, m := range t.all {
		if m.kind != "autofs" || guest(m.point) {
			continue
		}
		if above, _ := t.at(m.point); above.id != m.id {
			continue // mounted by now
		}
		if d := c.fstabDevice(m.point); d != nil {
			all = append(all, use{what: cleanText(m.point) + ", mounted on demand, lies", system: true, on: below{devices: []*device{d}}})
		}
	}
	return all
}

// fstabDevice is the device that /etc/fstab has for a mount point, or nil.
func (c *computer) fstabDevice(point string) *device {
	data, err := c.read("etc/fstab", tableLimit)
	if err != nil {
		return nil
	}
	for line := range bytes.Lines(data) {
		f := strings.Fields(string(line))
		if len(f) < 2 || strings.HasPrefix(f[0], "#") || unescape(f[1]) != point {
			continue
		}
		return c.named(unescape(f[0]))
	}
	return nil
}

// named finds the device of a name of fstab(5): a path or a tag.
func (c *computer) named(name string) *device {
	tag, value, ok := strings.Cut(name, "=")
	folder := fstabTags[tag]
	if !ok || folder == "" {
		return c.device(name)
	}
	value = strings.Trim(value, `"`)
	if d := c.device("/dev/disk/" + folder + "/" + encodeUdev(value)); d != nil {
		return d
	}
	property := map[string]string{"UUID": "ID_FS_UUID", "LABEL": "ID_FS_LABEL"}[tag]
	for _, d := range c.devices {
		if property != "" && d.udev.properties[property] == value {
			return d
		}
	}
	return nil
}

// encodeUdev writes a label as udev does in the names of links: what is neither
// letter, digit nor one of a few signs as \xHH.
func encodeUdev(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= 0x80, strings.IndexByte("#+-.:=@_", c) >= 0:
			b.WriteByte(c)
		default:
			const digits = "0123456789abcdef"
			b.WriteString(`\x` + string(digits[c>>4]) + string(digits[c&15]))
		}
	}
	return b.String()
}
