package vm

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

// GuestFile is a file or symbolic link for the root tree of an image.
type GuestFile struct {
	Path    string // without a slash at its beginning
	Mode    uint32 // permission bits
	Content string
	Link    string // the target if it is a symbolic link, and Content is empty
}

// Paths of the report's files in the guest.
const (
	reportScript = "etc/isowright-report.sh"
	reportUnit   = "etc/systemd/system/isowright-report.service"
	reportWant   = "etc/systemd/system/multi-user.target.wants/isowright-report.service"
)

// ReportUnit gives the files of a systemd service which says on ttyS0 whether
// the guest came up without a failed unit; Machine.ExpectReport reads it. The
// report stays in /run/isowright-report in the guest. designID is any text
// without white space. For test images only.
func ReportUnit(designID string) []GuestFile {
	return []GuestFile{
		{Path: reportScript, Mode: 0o755, Content: strings.Replace(reportShell, "@ID@", shellQuote(designID), 1)},
		{Path: reportUnit, Mode: 0o644, Content: reportService},
		{Path: reportWant, Mode: 0o777, Link: "../isowright-report.service"},
	}
}

// reportService is ordered behind the target that wants it, so it starts even
// if the target fails. With Type=exec its own start is over once the script
// runs: a oneshot would be a job of the boot that the script waits for.
const reportService = `[Unit]
Description=Report on the serial line whether the system came up
After=multi-user.target

[Service]
Type=exec
Environment=PATH=/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin
ExecStart=/bin/sh /etc/isowright-report.sh
StandardOutput=null

[Install]
WantedBy=multi-user.target
`

// reportShell waits until systemd's job queue is empty. The report is repeated:
// when the boot is over the serial line's login prompt starts, and systemd
// first hangs the line up, which drops what is just being sent.
const reportShell = `#!/bin/sh
id=@ID@
report=/run/isowright-report
state=$(timeout 600 systemctl is-system-running --wait)
failed=$(systemctl list-units --failed --plain --no-legend --no-pager | cut -d ' ' -f 1)
{
	echo
	if [ "$state" = running ] && [ -z "$failed" ]; then
		echo "ISOWRIGHT-READY $id"
	else
		echo "ISOWRIGHT-FAILED $id"
		echo "system state: ${state:-still starting after 600 s}"
		for unit in $failed; do
			echo "failed: $unit"
			journalctl --boot --unit "$unit" --lines 15 --output cat --no-pager | sed 's/^/    /'
		done
		if [ "$state" != running ] && [ "$state" != degraded ]; then
			systemctl list-jobs --no-pager
		fi
	fi
	echo "ISOWRIGHT-END $id"
} > "$report.part" 2>&1
mv "$report.part" "$report"
if [ ! -c /dev/ttyS0 ]; then
	exit 0
fi
for pause in 0 3 10 30; do
	sleep "$pause"
	cat "$report" > /dev/ttyS0 || true
done
`

// shellQuote makes text one word of sh(1).
func shellQuote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// ExpectReport waits for what the unit of ReportUnit says. It gives nil if the
// guest came up without a failed unit, else an error with the units and the
// last lines of their logs.
func (m *Machine) ExpectReport(ctx context.Context, designID string) error {
	id := regexp.QuoteMeta(designID)
	re := regexp.MustCompile(`ISOWRIGHT-(?:(READY) ` + id + `\n|FAILED ` + id + `\n((?s:.*?))ISOWRIGHT-END ` + id + `\n)`)
	match, err := m.ExpectRegexp(ctx, re)
	if err != nil {
		return err
	}
	if match[1] == "READY" {
		return nil
	}
	return fmt.Errorf("the guest came up with faults:\n%s", strings.TrimSpace(match[2]))
}
