package configure

import (
	"fmt"
	"strings"

	"github.com/isowright/isowright/builder/design"
)

const (
	commandScript = "usr/local/lib/isowright/command"
	commandUnit   = "isowright-command.service"
	firstGetty    = "getty@tty1.service"
)

// startup sets up the automatic login and the command that takes the first
// console. With both, the command comes first and the login after its end.
func (r *root) startup() error {
	s := r.design.Startup
	if s.Autologin != "" {
		if r.checkAccount(s.Autologin, "startup.autologin") {
			text := "[Service]\nExecStart=\n" +
				"ExecStart=-/sbin/agetty --autologin " + s.Autologin + " --noreset --noclear - ${TERM}\n"
			if err := r.write(localUnits+"/"+firstGetty+".d/50-isowright.conf", text, 0o644); err != nil {
				return err
			}
		}
	}
	if s.Command == "" {
		return nil
	}
	return r.bootCommand(s)
}

// bootCommand lets the command take the first console in place of a getty.
func (r *root) bootCommand(s design.Startup) error {
	if strings.Contains(s.Command, "\x00") {
		r.fault("startup.command", "a command holds no NUL character", "")
		return nil
	}
	user := s.CommandUser
	if user == "" {
		user = s.Autologin
	}
	if user == "" {
		user = "root"
	}
	if !r.checkAccount(user, "startup.command_user") {
		return nil
	}
	// The command stands in a file of its own: nothing in it means anything to
	// systemd.
	if err := r.write(commandScript, "#!/bin/sh\n"+endLine(s.Command), 0o755); err != nil {
		return err
	}
	if err := r.write(localUnits+"/"+commandUnit, unitOfCommand(user, s.Autologin != ""), 0o644); err != nil {
		return err
	}
	r.set.Remove(localUnits + "/getty.target.wants/" + firstGetty)
	if s.Autologin == "" {
		// A login prompt that switching to the console starts would stop the
		// command.
		if err := r.link(localUnits+"/"+firstGetty, "/dev/null"); err != nil {
			return err
		}
	}
	return r.link(localUnits+"/multi-user.target.wants/"+commandUnit, "../"+commandUnit)
}

// checkAccount says whether the image has the user.
func (r *root) checkAccount(name, field string) bool {
	passwd, err := r.readDatabase(passwdFile, 0o644, true)
	if err == nil && userName.MatchString(name) && passwd.find(name, 7) != nil {
		return true
	}
	r.fault(field, fmt.Sprintf("there is no user %q", name), "name root or one of the design's users")
	return false
}

// unitOfCommand is the unit that holds the first console as a getty does. How
// the command ends is no failure: it is started again, or the automatic login
// follows.
func unitOfCommand(user string, loginAfter bool) string {
	after, restart := "StartLimitIntervalSec=0\n", "Restart=always\nRestartSec=1\n"
	if loginAfter {
		after, restart = "OnSuccess="+firstGetty+"\nOnFailure="+firstGetty+"\n", ""
	}
	return `[Unit]
Description=Command on the first console
After=systemd-user-sessions.service plymouth-quit-wait.service getty-pre.target network.target
Before=getty.target
Conflicts=` + firstGetty + ` rescue.service
Before=rescue.service
ConditionPathExists=/dev/tty0
` + after + `
[Service]
Type=idle
ExecStart=-/` + commandScript + `
User=` + user + `
WorkingDirectory=~
PAMName=login
UtmpIdentifier=tty1
UtmpMode=user
StandardInput=tty
StandardOutput=tty
StandardError=tty
TTYPath=/dev/tty1
TTYReset=yes
TTYVHangup=yes
TTYVTDisallocate=yes
IgnoreSIGPIPE=no
SendSIGHUP=yes
` + restart + `
[Install]
WantedBy=multi-user.target
`
}
