package configure

import "strings"

// texts writes what people read around a login. A text that is not given
// leaves Debian's.
func (r *root) texts() error {
	t := r.design.Texts
	if t.BeforeLogin != "" {
		// agetty(8) expands backslash sequences in issue; two give one.
		literal := strings.ReplaceAll(t.BeforeLogin, `\`, `\\`)
		if err := r.write("etc/issue", endLine(literal), 0o644); err != nil {
			return err
		}
	}
	if t.OnSSH != "" {
		// sshd(8) sends its banner as it stands.
		if err := r.write("etc/issue.net", endLine(t.OnSSH), 0o644); err != nil {
			return err
		}
	}
	if t.AfterLogin == "" {
		return nil
	}
	// pam_motd(8) shows what these scripts say before the text.
	for _, e := range r.children("etc/update-motd.d") {
		r.set.Remove(e.Path)
	}
	return r.write("etc/motd", endLine(t.AfterLogin), 0o644)
}

// endLine ends a text with one newline.
func endLine(text string) string {
	return strings.TrimRight(text, "\n") + "\n"
}
