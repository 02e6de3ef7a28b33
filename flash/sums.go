package flash

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxSums bounds what is read of a list of checksums, in bytes.
const maxSums = 1 << 20

// SumsBeside looks for the checksums that lie beside an image: NAME.sha256 for
// the file, and for a packed one also that of NAME without its last suffix,
// for the content. Empty: there is none. A list that does not have the image's
// name, or has no checksum in it, is an error: it was meant to protect.
func SumsBeside(im Image) (content, file string, err error) {
	file, err = sumOf(im.Name+".sha256", filepath.Base(im.Name))
	if err != nil || im.Compression == "" {
		return file, "", err // the file is the content
	}
	plain := strings.TrimSuffix(im.Name, filepath.Ext(im.Name))
	content, err = sumOf(plain+".sha256", filepath.Base(plain))
	return content, file, err
}

// sumOf reads the checksum of a name from a file as sha256sum writes it:
// digits, blank, blank or asterisk, name. Digits alone are taken too, and the
// form of BSD.
func sumOf(path, name string) (string, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fault(ImageFault, "", err, "the checksum beside the image cannot be read")
	}
	defer f.Close()
	sum, err := findSum(io.LimitReader(f, maxSums), name)
	if err != nil {
		return "", fault(ImageFault, "", err, "the checksum beside the image cannot be read")
	}
	if sum == "" {
		return "", fault(WrongSum, "make it anew with sha256sum, or take it away", nil,
			"%s has no SHA-256 of %s", path, name)
	}
	return sum, nil
}

func findSum(r io.Reader, name string) (string, error) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if bsd, ok := strings.CutPrefix(line, "SHA256 ("); ok {
			if of, sum, ok := strings.Cut(bsd, ") = "); ok && filepath.Base(of) == name && isSum(sum) {
				return strings.ToLower(sum), nil
			}
			continue
		}
		sum, of, named := strings.Cut(line, " ")
		of = strings.TrimPrefix(strings.TrimLeft(of, " "), "*")
		if isSum(sum) && (!named || filepath.Base(of) == name) {
			return strings.ToLower(sum), nil
		}
	}
	return "", lines.Err()
}

func isSum(s string) bool {
	if len(s) != 64 {
		return false
	}
	return strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""
}
