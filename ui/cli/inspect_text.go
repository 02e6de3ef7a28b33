package cli

import (
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/isowright/isowright/builder/inspect"
	"github.com/isowright/isowright/builder/tree"
)

// printReport is an image's report for people.
func printReport(out io.Writer, file string, r inspect.Report) error {
	w := table(out)
	row(w, "Image", file, size(r.Size)+" ("+group(r.Size)+" bytes)")
	if v := r.Volume; v != nil {
		row(w, "Volume", plain(v.ID))
		row(w, "Made by", plain(v.Application), plain(v.Publisher), plain(v.Preparer))
		row(w, "Dates", "created "+date(v.Created), "changed "+date(v.Modified))
		row(w, "Names", "Rock Ridge "+yesNo(v.RockRidge), "Joliet "+yesNo(v.Joliet))
	}
	for _, s := range r.Roots {
		row(w, "SquashFS", plain(s.Path), size(s.Size), squashText(s), "of "+date(s.Date))
	}
	if r.Packages > 0 {
		row(w, "Packages", group(int64(r.Packages)))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := printBoot(out, r); err != nil {
		return err
	}
	if len(r.Menu) > 0 {
		fmt.Fprintf(out, "\nBoot menu (%s)\n", r.MenuFile)
		if err := titleTree(out, r.Menu, "  "); err != nil {
			return err
		}
	}
	for _, warning := range r.Warnings {
		if _, err := fmt.Fprintf(out, "\nWarning: %s\n", plain(warning)); err != nil {
			return err
		}
	}
	return nil
}

func squashText(s inspect.Squash) string {
	method := s.Compression
	if s.Level > 0 {
		method += fmt.Sprintf(" level %d", s.Level)
	}
	return fmt.Sprintf("%s, blocks of %s, %s", method, size(int64(s.BlockSize)), count(s.Inodes, "inode"))
}

// printBoot tells how the image starts.
func printBoot(out io.Writer, r inspect.Report) error {
	if len(r.Starts) > 0 {
		fmt.Fprintf(out, "\nStarts\n")
		w := table(out)
		for _, s := range r.Starts {
			fmt.Fprintf(w, "  %s from %s\t%s\t%s\n", s.Firmware, s.As, yesNo(s.OK), s.Why)
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	if len(r.Boot) > 0 {
		fmt.Fprintf(out, "\nEl Torito\n")
		w := table(out)
		for _, b := range r.Boot {
			fmt.Fprintf(w, "  %s\tbootable %s\tsector %d\tloads %s\t%s\n", b.Platform, yesNo(b.Bootable), b.LBA, size(b.Load),
				plain(prefixed("/", b.Path)))
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	if len(r.Partitions) == 0 {
		return nil
	}
	fmt.Fprintf(out, "\nPartitions\n")
	w := table(out)
	for _, p := range r.Partitions {
		active := ""
		if p.Active {
			active = "active"
		}
		fmt.Fprintf(w, "  %s %d\tat %s\t%s\t%s\t%s\t%s\n", p.Table, p.Number, size(p.Start), size(p.Size), p.Type, p.TypeName,
			strings.TrimSpace(plain(p.Name)+" "+active))
	}
	return w.Flush()
}

func titleTree(out io.Writer, entries []inspect.MenuEntry, margin string) error {
	for i, e := range entries {
		branch, below := "|- ", "|  "
		if i == len(entries)-1 {
			branch, below = "`- ", "   "
		}
		if _, err := fmt.Fprintf(out, "%s%s%s\n", margin, branch, plain(e.Title)); err != nil {
			return err
		}
		if err := titleTree(out, e.Entries, margin+below); err != nil {
			return err
		}
	}
	return nil
}

// printEntries lists entries as ls -l does.
func printEntries(out io.Writer, entries []tree.Entry) error {
	w := table(out)
	for _, e := range entries {
		name := plain(e.Name())
		if e.Path == "" {
			name = "/"
		}
		length := fmt.Sprint(e.Size)
		switch e.Type {
		case tree.Dir:
			name = strings.TrimSuffix(name, "/") + "/"
		case tree.Symlink:
			name += " -> " + plain(e.Link)
		case tree.HardLink:
			name += " = /" + plain(e.Link)
		case tree.CharDevice, tree.BlockDevice:
			length = fmt.Sprintf("%d,%d", e.Major, e.Minor)
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%s\t%s\t%s\n", modeText(e), e.UID, e.GID, length,
			time.Unix(e.ModTime, 0).UTC().Format("2006-01-02 15:04"), name)
	}
	return w.Flush()
}

// modeText is type and permissions as ls shows them.
func modeText(e tree.Entry) string {
	kinds := map[tree.Type]byte{
		tree.Dir: 'd', tree.Symlink: 'l', tree.CharDevice: 'c', tree.BlockDevice: 'b', tree.Fifo: 'p', tree.Socket: 's',
		tree.HardLink: 'h',
	}
	text := []byte(fs.FileMode(e.Mode & 0o777).String())
	if kind, ok := kinds[e.Type]; ok {
		text[0] = kind
	}
	special := func(bit uint32, place int, letter byte) {
		if e.Mode&bit == 0 {
			return
		}
		if text[place] == '-' {
			letter -= 'a' - 'A'
		}
		text[place] = letter
	}
	special(0o4000, 3, 's')
	special(0o2000, 6, 's')
	special(0o1000, 9, 't')
	return string(text)
}

// jsonEntry is an entry of a listing.
type jsonEntry struct {
	Path   string    `json:"path"`
	Type   string    `json:"type"`
	Mode   string    `json:"mode"`
	UID    uint32    `json:"uid"`
	GID    uint32    `json:"gid"`
	Size   int64     `json:"size"`
	Date   time.Time `json:"date"`
	Link   string    `json:"link,omitempty"`
	Xattrs []string  `json:"xattrs,omitempty"`
}
