package script

import (
	"bufio"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

type builtin = func(m *Machine, args []string) (bool, error)

// commands finds a command of GRUB.
func commands(name string) (builtin, bool) {
	switch name {
	case "true":
		return func(*Machine, []string) (bool, error) { return true, nil }, true
	case "false":
		return func(*Machine, []string) (bool, error) { return false, nil }, true
	case "test":
		return func(m *Machine, args []string) (bool, error) { return m.test(args), nil }, true
	case "[":
		return func(m *Machine, args []string) (bool, error) {
			return m.test(slices.DeleteFunc(slices.Clone(args), func(s string) bool { return s == "]" })), nil
		}, true
	case "set":
		return (*Machine).setCommand, true
	case "unset":
		return (*Machine).unset, true
	case "export":
		return (*Machine).export, true
	case "source", ".":
		return (*Machine).source, true
	case "configfile":
		return (*Machine).configfile, true
	case "load_env":
		return (*Machine).loadEnv, true
	case "eval":
		return (*Machine).eval, true
	case "echo":
		return (*Machine).echo, true
	case "regexp":
		return (*Machine).regexp, true
	case "search", "search.file", "search.fs_label", "search.fs_uuid", "search.label":
		return func(m *Machine, args []string) (bool, error) { return m.search(name, args) }, true
	}
	if run, ok := flow(name); ok {
		return run, true
	}
	if run, ok := display(name); ok {
		return run, true
	}
	return quiet(name)
}

// flow are the commands that change where the script goes on.
func flow(name string) (builtin, bool) {
	switch name {
	case "break", "continue":
		return func(m *Machine, args []string) (bool, error) { return m.leave(name, args) }, true
	case "return":
		return (*Machine).returnCommand, true
	case "shift":
		return (*Machine).shift, true
	case "setparams":
		return func(m *Machine, args []string) (bool, error) {
			if m.scope != nil {
				m.scope = slices.Clone(args)
			}
			return true, nil
		}, true
	case "halt", "reboot", "exit", "fwsetup", "boot", "normal_exit":
		return func(*Machine, []string) (bool, error) { return true, ended{name} }, true
	}
	return nil, false
}

// quiet are commands that change nothing on the screen.
func quiet(name string) (builtin, bool) {
	switch name {
	case "insmod", "rmmod", "serial", "terminfo", "terminal_input", "play", "sleep", "save_env", "list_env",
		"linux", "linux16", "linuxefi", "initrd", "initrd16", "initrdefi", "chainloader", "multiboot", "multiboot2",
		"module", "module2", "devicetree", "loopback", "keymap", "probe", "parttool", "drivemap", "cutmem", "badram",
		"password", "password_pbkdf2", "authenticate", "cryptomount", "nativedisk", "gettext", "outb", "outw", "outl",
		"write_byte", "write_word", "write_dword", "verify_detached", "trust", "list_trusted", "net_bootp", "net_dhcp",
		"net_add_addr", "net_add_dns", "net_add_route", "acpi", "smbios", "rdmsr", "wrmsr", "setpci", "lspci",
		"clear", "ls", "cat", "help", "date", "videoinfo", "vbeinfo", "videotest", "hashsum", "md5sum", "sha1sum",
		"sha256sum", "sha512sum", "crc", "cmp", "hexdump", "lsmod", "lsacpi", "lsmmap", "lsfonts", "lsefi",
		"lsefimmap", "lsefisystab", "knetbsd", "kfreebsd", "kopenbsd", "ntldr", "freedos", "legacy_initrd",
		"legacy_kernel", "at_keyboard", "gptsync", "read", "normal", "xnu_kernel", "xnu_kernel64", "blocklist",
		"inb", "inw", "inl", "read_byte", "read_word", "read_dword", "xen_hypervisor", "xen_module", "sendkey",
		"file", "time":
		return func(*Machine, []string) (bool, error) { return true, nil }, true
	case "cpuid":
		// Every computer of today has the long mode that -l asks for; -p asks
		// for PAE.
		return func(*Machine, []string) (bool, error) { return true, nil }, true
	case "hwmatch", "keystatus":
		return func(*Machine, []string) (bool, error) { return false, nil }, true
	}
	return nil, false
}

func (m *Machine) setCommand(args []string) (bool, error) {
	if len(args) == 0 {
		return true, nil
	}
	name, value, ok := strings.Cut(args[0], "=")
	if !ok {
		return m.fail("write set NAME=VALUE without blanks around =", "not an assignment: set %s", strings.Join(args, " "))
	}
	if len(args) > 1 && m.inner == 0 {
		m.warn(`put the value in double quotes: set NAME="…"`, "set takes one word: %s is left out", quoted(strings.Join(args[1:], " ")))
	}
	return true, m.set(name, value)
}

func (m *Machine) unset(args []string) (bool, error) {
	for _, name := range args {
		delete(m.menu().variables, name)
	}
	return true, nil
}

func (m *Machine) export(args []string) (bool, error) {
	if len(args) == 0 {
		return m.fail("name a variable", "one argument expected")
	}
	// A name may be anything: export a=b makes a variable "a=b".
	for _, name := range args {
		if key, _, assigned := strings.Cut(name, "="); assigned {
			m.warn("write set "+name+" and then export "+key, "export takes a name alone: %s sets nothing", quoted(name))
		}
		if _, known := m.menu().variables[name]; !known {
			if err := m.set(name, ""); err != nil {
				return false, err
			}
		}
		v := m.menu().variables[name]
		v.exported = true
		m.menu().variables[name] = v
	}
	return true, nil
}

// leave is break and continue.
func (m *Machine) leave(name string, args []string) (bool, error) {
	levels := 1
	if len(args) > 0 {
		levels, _ = strconv.Atoi(args[0])
	}
	if levels < 1 || levels > maxLevels || m.loops == 0 {
		return m.fail("use it within a loop", "%s is not in a loop", name)
	}
	if name == "break" {
		return true, broken{levels}
	}
	return true, skippedN{levels}
}

func (m *Machine) returnCommand(args []string) (bool, error) {
	if m.inner == 0 {
		return m.fail("remove it", "not in function body")
	}
	value := m.get("?")
	if len(args) > 0 {
		value = args[0]
	}
	return true, returned{value == "0" || value == ""}
}

func (m *Machine) shift(args []string) (bool, error) {
	n := 1
	if len(args) > 0 {
		n, _ = strconv.Atoi(args[0])
	}
	if n < 0 || n > len(m.scope) {
		return false, nil
	}
	m.scope = m.scope[n:]
	return true, nil
}

func (m *Machine) eval(args []string) (bool, error) {
	file, line := m.file, m.line
	err := m.runText(strings.Join(args, " "), line)
	m.file = file
	return m.get("?") == "0", err
}

func (m *Machine) echo(args []string) (bool, error) {
	newline, escapes := true, false
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		option := args[0]
		if option != "-n" && option != "-e" && option != "--" {
			break
		}
		newline = newline && option != "-n"
		escapes = escapes || option == "-e"
		args = args[1:]
		if option == "--" {
			break
		}
	}
	text := strings.Join(args, " ")
	if escapes {
		text = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\r`, "", `\a`, "", `\b`, "", `\f`, "", `\v`, "", `\\`, `\`).Replace(text)
	}
	if newline {
		text += "\n"
	}
	m.print(text)
	return true, nil
}

// regexp matches and keeps groups: --set [NUMBER:]NAME, the first by default.
func (m *Machine) regexp(args []string) (bool, error) {
	var sets, rest []string
	for i := 0; i < len(args); i++ {
		if value, ok := strings.CutPrefix(args[i], "--set="); ok {
			sets = append(sets, value)
		} else if (args[i] == "--set" || args[i] == "-s") && i+1 < len(args) {
			i++
			sets = append(sets, args[i])
		} else {
			rest = append(rest, args[i])
		}
	}
	if len(rest) != 2 {
		return m.fail("write regexp PATTERN TEXT", "two arguments expected")
	}
	// Go's expressions take time in proportion to the text.
	pattern, err := regexp.CompilePOSIX(rest[0])
	if err != nil {
		return m.fail("correct the expression", "regexp %s: it is no extended regular expression", quoted(rest[0]))
	}
	groups := pattern.FindStringSubmatch(rest[1])
	if groups == nil {
		return false, nil
	}
	for _, s := range sets {
		name, at := s, 1
		if number, rest, ok := strings.Cut(s, ":"); ok {
			at, _ = strconv.Atoi(number)
			name = rest
		}
		value := ""
		if at >= 0 && at < len(groups) {
			value = groups[at]
		}
		if err := m.set(name, value); err != nil {
			return false, err
		}
	}
	return true, nil
}

// search finds the medium: it is the only device here. Only a file that is not
// on it is not found.
func (m *Machine) search(command string, args []string) (bool, error) {
	variable, want, file := "root", "", command == "search.file"
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "--file" || a == "-f":
			file = true
		case a == "--set" || a == "-s":
			// An argument of its own is the variable only if a further one follows.
			if i+2 < len(args) && !strings.HasPrefix(args[i+1], "-") && i+1 < len(args)-1 {
				i++
				variable = args[i]
			}
		case strings.HasPrefix(a, "--set="):
			variable = strings.TrimPrefix(a, "--set=")
		case strings.HasPrefix(a, "--hint"):
			if !strings.Contains(a, "=") && i+2 < len(args) {
				i++
			}
		case strings.HasPrefix(a, "-"):
		case want == "":
			want = a
		case command != "search" && variable == "root":
			variable = a
		}
	}
	if file {
		name, err := m.name(want)
		if err == nil {
			_, err = fs.Stat(m.o.Files, name)
		}
		if err != nil {
			m.print("error: no such device: " + want + ".\n")
			return false, nil
		}
	}
	return true, m.set(variable, rootDevice)
}

// loadEnv reads a grubenv: lines NAME=VALUE behind "# GRUB Environment Block"
// (GRUB's manual, "The GRUB environment block"), \ before a byte that is meant.
func (m *Machine) loadEnv(args []string) (bool, error) {
	file := m.get("prefix") + "/grubenv"
	var only []string
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case (a == "-f" || a == "--file") && i+1 < len(args):
			i++
			file = args[i]
		case strings.HasPrefix(a, "--file="):
			file = strings.TrimPrefix(a, "--file=")
		case !strings.HasPrefix(a, "-"):
			only = append(only, a)
		}
	}
	_, text, err := m.script(file)
	if err != nil {
		m.print("error: file `" + file + "' not found.\n")
		return false, nil
	}
	if !strings.HasPrefix(text, "# GRUB Environment Block\n") {
		return m.fail("make it with grub-editenv", "%s is no environment block", quoted(file))
	}
	lines := bufio.NewScanner(strings.NewReader(strings.ReplaceAll(text, `\\`, `\`)))
	lines.Buffer(nil, maxFile)
	for lines.Scan() {
		name, value, ok := strings.Cut(lines.Text(), "=")
		if !ok || strings.HasPrefix(name, "#") || len(only) > 0 && !slices.Contains(only, name) {
			continue
		}
		if err := m.set(name, value); err != nil {
			return false, err
		}
	}
	return true, nil
}

// glob gives the files that an unquoted word with wildcards names; where there
// are none, or it is no path, the word itself.
func (m *Machine) glob(w expanded) []string {
	if !strings.ContainsAny(w.pattern, "*?[") {
		return []string{w.text}
	}
	wild := strings.NewReplacer(`\\`, "", `\*`, "", `\?`, "", `\[`, "").Replace(w.pattern)
	if !strings.ContainsAny(wild, "*?[") || len(w.pattern) > maxPath {
		return []string{w.text}
	}
	device, pattern := "", w.pattern
	if end := strings.IndexByte(pattern, ')'); end >= 0 && pattern[0] == '(' {
		device, pattern = pattern[:end+1], pattern[end+1:]
	}
	if !strings.HasPrefix(pattern, "/") {
		return []string{w.text}
	}
	names := []string{"."}
	looked := 0
	for _, element := range strings.Split(strings.Trim(pattern, "/"), "/") {
		var next []string
		for _, dir := range names {
			entries, err := fs.ReadDir(m.o.Files, dir)
			if err != nil {
				continue
			}
			for _, e := range entries {
				if looked++; looked > maxGlob {
					return []string{w.text}
				}
				if ok, err := path.Match(element, e.Name()); ok && err == nil {
					next = append(next, path.Join(dir, e.Name()))
				}
			}
		}
		names = next
	}
	if len(names) == 0 {
		return []string{w.text}
	}
	for i := range names {
		names[i] = device + "/" + names[i]
	}
	m.steps += looked / 8
	return names
}
