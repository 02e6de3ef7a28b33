package configure

import (
	"fmt"
	"strings"
)

const (
	systemUnits = "usr/lib/systemd/system"
	localUnits  = "etc/systemd/system"
	sshdProgram = "usr/sbin/sshd"
)

// ssh configures the server, or keeps one that came with the packages off. Host
// keys are made on each machine, never shared by the copies of an image.
func (r *root) ssh() error {
	if !r.design.SSH.Enable {
		return r.sshOff()
	}
	if !r.exists(sshdProgram) {
		r.fault("ssh.enable", "the image has no ssh server", "add the package openssh-server")
		return nil
	}
	port := r.design.SSH.Port
	if port == 0 {
		port = 22
	}
	if port < 1 || port > 65535 {
		r.fault("ssh.port", fmt.Sprintf("%d is no port", port), "use 1 to 65535")
	}
	if err := r.write("etc/ssh/sshd_config.d/50-isowright.conf", r.sshdConfig(port), 0o644); err != nil {
		return err
	}
	// Debian's sshd-keygen.service runs only on what systemd takes for a first
	// boot, and an empty machine-id is none; without keys "sshd -t" fails.
	err := r.write(localUnits+"/ssh.service.d/hostkeys.conf", "[Service]\nExecStartPre=\n"+
		"ExecStartPre=/usr/bin/ssh-keygen -A\nExecStartPre=/usr/sbin/sshd -t\n", 0o644)
	if err != nil {
		return err
	}
	// The socket would listen on port 22 whatever the design says.
	r.set.Remove(localUnits + "/sockets.target.wants/ssh.socket")
	return r.enable("ssh.service", "multi-user.target")
}

// sshdConfig is read before the rest of sshd_config(5), and the first value of
// a keyword counts.
func (r *root) sshdConfig(port int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Port %d\n", port)
	rootLogin := "no"
	if len(r.design.Root.SSHKeys) > 0 {
		rootLogin = "prohibit-password"
	}
	fmt.Fprintf(&b, "PermitRootLogin %s\n", rootLogin)
	fmt.Fprintf(&b, "PasswordAuthentication %s\n", yesNo(r.design.SSH.PasswordLogin))
	b.WriteString("KbdInteractiveAuthentication no\n")
	if r.design.Texts.OnSSH != "" {
		b.WriteString("Banner /etc/issue.net\n")
	}
	return b.String()
}

// sshOff masks a server that the design does not want. The generator would
// offer it on local and virtual-machine sockets.
func (r *root) sshOff() error {
	if !r.exists(sshdProgram) {
		return nil
	}
	r.set.Remove(localUnits + "/sshd.service")
	r.set.Remove(localUnits + "/multi-user.target.wants/ssh.service")
	r.set.Remove(localUnits + "/sockets.target.wants/ssh.socket")
	for _, name := range []string{
		localUnits + "/ssh.service", localUnits + "/ssh.socket",
		"etc/systemd/system-generators/systemd-ssh-generator",
	} {
		if err := r.link(name, "/dev/null"); err != nil {
			return err
		}
	}
	return nil
}

// enable starts a unit with a target, as systemctl enable does.
func (r *root) enable(unit, target string) error {
	if !r.exists(systemUnits + "/" + unit) {
		return fmt.Errorf("enable %s: the image has no such unit", unit)
	}
	return r.link(localUnits+"/"+target+".wants/"+unit, "/"+systemUnits+"/"+unit)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
