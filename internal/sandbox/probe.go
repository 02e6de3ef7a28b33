package sandbox

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/isowright/isowright/internal/run"
)

// Available tries whether a sandbox can be made here. Its error is
// *UnavailableError where this computer or user cannot.
func Available(ctx context.Context) error {
	err := Run(ctx, Spec{job: job{Probe: true}}, Streams{})
	if err == nil || ctx.Err() != nil {
		return err
	}
	var known *UnavailableError
	if errors.As(err, &known) {
		return err
	}
	reason := "this system does not let the program make namespaces: " + err.Error()
	var failed *run.Error
	if errors.As(err, &failed) && failed.Tail != "" {
		reason += " (" + failed.Tail + ")"
	}
	return &UnavailableError{Reason: reason, Hint: namespaceHint(HostMode(), readSetting)}
}

// namespaceHint says which of the system's settings stands in the way.
func namespaceHint(mode Mode, setting func(name string) string) string {
	if mode == Root {
		return "in a container, start it with the right to mount (podman or docker run --privileged)"
	}
	switch {
	case setting("kernel/unprivileged_userns_clone") == "0":
		return "run: sudo sysctl -w kernel.unprivileged_userns_clone=1, or run as root"
	case setting("user/max_user_namespaces") == "0":
		return "run: sudo sysctl -w user.max_user_namespaces=15000, or run as root"
	case setting("kernel/apparmor_restrict_unprivileged_userns") == "1":
		return "run: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or run as root"
	}
	return "run as root, or on a system with user namespaces"
}

// readSetting reads a kernel setting; one that does not exist is "".
func readSetting(name string) string {
	data, err := os.ReadFile("/proc/sys/" + name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}
