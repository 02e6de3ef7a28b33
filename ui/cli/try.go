package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/builder/trial"
	"github.com/isowright/isowright/internal/vm"
)

// tryFlags are those of the command try.
type tryFlags struct {
	firmware, as, expect, screenshot, serial string
	memory                                   int
	timeout                                  time.Duration
	late                                     bool // take the screenshot when the timeout is over
}

// surroundings name to a person what starts the image and as what.
func (f tryFlags) surroundings() string {
	return trial.Firmware(f.firmware).String() + ", " + trial.Medium(f.as).String()
}

func (a *app) tryCommand() *cobra.Command {
	var f tryFlags
	c := &cobra.Command{
		Use:   "try IMAGE",
		Short: "Boot an image in QEMU",
		Long: "Try boots an image in QEMU, with KVM where that works. The image is not\n" +
			"changed. Where there is a display the guest gets a window, else its serial line\n" +
			"is this terminal (Ctrl-] ends it). With --expect nothing is shown: try waits\n" +
			"until the guest says a text on its serial line, for which its kernel needs the\n" +
			"parameter console=ttyS0. With --screenshot and --timeout alone it waits that\n" +
			"long and takes a picture of the screen.",
		Example: "  isowright try rescue.iso --firmware bios --as cd\n" +
			"  isowright try rescue.iso --firmware secureboot --expect \"login:\" --screenshot login.png",
		Args:              arguments(0, "IMAGE"),
		ValidArgsFunction: completeFiles(1, "iso"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.check(a.json); err != nil {
				return err
			}
			f.late = f.expect == "" && f.screenshot != ""
			if f.late && !c.Flags().Changed("timeout") {
				return &usageError{text: "--screenshot needs --expect or --timeout", hint: "Say when the picture is to be taken."}
			}
			return a.try(c.Context(), args[0], f)
		},
	}
	c.Flags().StringVar(&f.firmware, "firmware", "uefi", "`FIRMWARE` that starts the image: uefi, bios or secureboot")
	c.Flags().StringVar(&f.as, "as", "usb", "`MEDIUM` that the guest sees: cd or usb")
	c.Flags().IntVar(&f.memory, "memory", trial.DefaultMemory, "the guest's memory in `MIB`")
	c.Flags().StringVar(&f.expect, "expect", "", "wait for `TEXT` on the serial line, then stop")
	c.Flags().StringVar(&f.screenshot, "screenshot", "", "save the screen as `PNG` when --expect is seen or --timeout is over")
	c.Flags().DurationVar(&f.timeout, "timeout", 10*time.Minute, "with --expect or --screenshot: how long to wait, as `TIME` like 90s or 10m")
	c.Flags().StringVar(&f.serial, "serial", "", "copy the serial line to `FILE`, - for standard output")
	c.RegisterFlagCompletionFunc("firmware", cobra.FixedCompletions([]string{"uefi", "bios", "secureboot"}, cobra.ShellCompDirectiveNoFileComp))
	c.RegisterFlagCompletionFunc("as", cobra.FixedCompletions([]string{"cd", "usb"}, cobra.ShellCompDirectiveNoFileComp))
	c.MarkFlagFilename("screenshot", "png")
	return c
}

func (f tryFlags) check(json bool) error {
	if !slices.Contains(trial.Firmwares(), trial.Firmware(f.firmware)) {
		return &usageError{text: "there is no firmware " + quote(f.firmware), hint: "--firmware takes uefi, bios or secureboot."}
	}
	if !slices.Contains(trial.Media(), trial.Medium(f.as)) {
		return &usageError{text: "an image cannot be tried as " + quote(f.as), hint: "--as takes cd or usb."}
	}
	switch {
	case f.memory < trial.LeastMemory:
		return &usageError{text: fmt.Sprintf("--memory %d is too little", f.memory), hint: "It is in MiB; live systems want 1024 and more."}
	case f.serial == "-" && json:
		return &usageError{text: "--serial - and --json both want standard output", hint: "Give --serial a file."}
	case f.timeout <= 0:
		return &usageError{text: "--timeout must be more than nothing"}
	}
	return nil
}

// try boots the image in the way the flags and the surroundings ask for.
func (a *app) try(ctx context.Context, image string, f tryFlags) error {
	serial, err := a.serialCopy(f.serial)
	if err != nil {
		return err
	}
	defer serial.Close()
	config, err := trial.Options{
		Image: image, Firmware: trial.Firmware(f.firmware), As: trial.Medium(f.as), MemoryMiB: f.memory,
		Network: true, Serial: serial,
	}.Config()
	if err != nil {
		return err
	}
	switch {
	case f.late:
		err = a.tryPicture(ctx, config, f)
	case f.expect != "":
		err = a.tryExpect(ctx, config, f)
	case cmp.Or(a.Getenv("DISPLAY"), a.Getenv("WAYLAND_DISPLAY")) != "":
		config.Display = vm.Window
		err = a.tryWindow(ctx, config)
	default:
		err = a.tryConsole(ctx, config, f.serial == "-")
	}
	return errors.Join(err, serial.Close())
}

// serialCopy opens where the serial line is copied to.
func (a *app) serialCopy(name string) (io.WriteCloser, error) {
	switch name {
	case "":
		return nopCloser{io.Discard}, nil
	case "-":
		return nopCloser{a.Stdout}, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, fmt.Errorf("write the serial line: %w", err)
	}
	return &onceCloser{File: f}, nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// onceCloser can be closed again without an error.
type onceCloser struct {
	*os.File
	closed bool
}

func (c *onceCloser) Close() error {
	if c.closed {
		return nil
	}
	c.closed = true
	return c.File.Close()
}

// tryWindow shows the guest until its window is closed.
func (a *app) tryWindow(ctx context.Context, config vm.Config) error {
	m, err := vm.Start(ctx, config)
	if err != nil {
		return err
	}
	err = m.Wait(ctx)
	return errors.Join(err, m.Stop())
}
