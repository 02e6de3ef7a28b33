package hardware_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/isowright/isowright/builder/hardware"
)

var update = flag.Bool("update", false, "write what was found into testdata/machines")

// targets are the systems that each machine is looked at for.
var targets = []string{"nixos 26.05", "nixos 25.05 netboot", "debian trixie", "debian bookworm"}

// TestMachines looks at recorded machines and compares what they want.
func TestMachines(t *testing.T) {
	files, err := filepath.Glob("testdata/machines/*.txt")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d machines, %v", len(files), err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		root, arch := computer(t, string(a.Files[0].Data))
		m, err := hardware.Read(root)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for i, target := range targets {
			got := wants(hardware.Look(m, parseTarget(target, arch), hardware.ReadNames(root, m)))
			if *update {
				a.Files = append(a.Files[:min(len(a.Files), i+1)], append([]txtar.File{{Name: target, Data: []byte(got)}}, a.Files[min(len(a.Files), i+2):]...)...)
				continue
			}
			if i+1 >= len(a.Files) || a.Files[i+1].Name != target || string(a.Files[i+1].Data) != got {
				t.Errorf("%s, %s: got\n%s", file, target, got)
			}
		}
		if *update {
			if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func parseTarget(s, arch string) hardware.Target {
	words := strings.Fields(s)
	return hardware.Target{Distribution: words[0], Release: words[1], Architecture: arch, Firmware: words[0] == "nixos" && len(words) == 2}
}

// wants is what was found, as text.
func wants(all []hardware.Found) string {
	var out strings.Builder
	for _, f := range all {
		state := "idle"
		if f.Works {
			state = "works"
		}
		if f.Included {
			state += ", firmware in base"
		}
		fmt.Fprintf(&out, "%s %s: %d %s [%s] %s\n", f.Bus, f.ID, f.Count, f.Device, f.Kind, state)
		for _, s := range f.Wants {
			fmt.Fprintf(&out, "  %s %s\n", s.Need, s.Driver)
		}
		for _, n := range f.Notes {
			fmt.Fprintf(&out, "  note %s\n", n)
		}
	}
	return out.String()
}

// computer makes the root of a recorded machine: its lines are written as the
// kernel writes them.
func computer(t *testing.T, text string) (fs.FS, string) {
	t.Helper()
	root, arch := fstest.MapFS{"sys/bus/platform": {Mode: fs.ModeDir}}, "amd64"
	file := func(name, text string) { root[name] = &fstest.MapFile{Data: []byte(text)} }
	ids := map[string]string{}
	for line := range strings.Lines(text) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		w := strings.Fields(rest)
		switch word {
		case "cpu":
			file("proc/cpuinfo", fmt.Sprintf("processor\t: 0\nvendor_id\t: %s\nflags\t\t: fpu vme %s\n\nprocessor\t: 1\nvendor_id\t: Other\n", w[0], strings.Join(w[1:], " ")))
		case "arch":
			arch = rest
			file("proc/cpuinfo", "processor\t: 0\nBogoMIPS\t: 108.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\n")
		case "dmi":
			name, value, _ := strings.Cut(rest, " ")
			file("sys/class/dmi/id/"+name, value+"\n")
		case "model":
			file("proc/device-tree/model", rest+"\x00")
		case "pci":
			u := fmt.Sprintf("PCI_CLASS=%s\nPCI_ID=%s\nPCI_SLOT_NAME=%s\n", strings.ToUpper(strings.TrimLeft(w[2], "0")), strings.ToUpper(w[1]), w[0])
			if len(w) > 3 {
				u = "DRIVER=" + w[3] + "\n" + u
			}
			file("sys/bus/pci/devices/"+w[0]+"/uevent", u)
		case "core":
			file("sys/bus/pci/devices/"+w[0]+"/"+w[1]+"/uevent", "DRIVER="+w[2]+"\nMODALIAS=bcma:m04BFid0812rev1Dcl00\n")
		case "usb":
			v, p, _ := strings.Cut(w[1], ":")
			ids[w[0]] = strings.TrimLeft(v, "0") + "/" + strings.TrimLeft(p, "0") + "/100"
			file("sys/bus/usb/devices/"+w[0]+"/uevent", "DEVTYPE=usb_device\nDRIVER=usb\nPRODUCT="+ids[w[0]]+"\nTYPE=0/0/0\n")
			if len(w) > 2 {
				file("sys/bus/usb/devices/"+w[0]+"/product", strings.Join(w[2:], " ")+"\n")
			}
		case "if":
			device, _, _ := strings.Cut(w[0], ":")
			if device == "1-0" || device == "2-0" {
				device = "usb" + device[:1]
			}
			n, err := strconv.ParseUint(w[1], 16, 24)
			if err != nil || ids[device] == "" {
				t.Fatalf("%q", line)
			}
			u := fmt.Sprintf("DEVTYPE=usb_interface\nPRODUCT=%s\nINTERFACE=%d/%d/%d\n", ids[device], n>>16, n>>8&255, n&255)
			if len(w) > 2 {
				u += "DRIVER=" + w[2] + "\n"
			}
			file("sys/bus/usb/devices/"+w[0]+"/uevent", u)
		default:
			t.Fatalf("%q", line)
		}
	}
	return root, arch
}
