package configure

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/tree"
)

const (
	firstUID     = 1000
	lastUID      = 59999 // the end of Debian's range for people (policy 9.2.2)
	firstSubID   = 100000
	subIDs       = 65536
	defaultShell = "/bin/bash"
	sudoersFile  = "etc/sudoers.d/50-isowright"
)

// defaultGroups are those of a person at the machine; groups that the image
// does not have are passed over.
func defaultGroups() []string {
	return []string{
		"audio", "video", "plugdev", "netdev", "render", "input", "dip", "cdrom", "users",
	}
}

var (
	// userName is what useradd(8) of Debian takes, without the final "$".
	userName = regexp.MustCompile(`^[a-z_][a-z0-9_.-]{0,31}$`)
	// cryptHash is a crypt(5) hash: a method and text without colon or blank.
	cryptHash = regexp.MustCompile(`^\$[0-9a-z]+\$[!-9;-~]+$`)
)

// accountFiles are the databases while accounts are added.
type accountFiles struct {
	passwd, shadow, group, gshadow, subuid, subgid *database
}

func (a *accountFiles) all() []*database {
	return []*database{a.passwd, a.shadow, a.group, a.gshadow, a.subuid, a.subgid}
}

func (r *root) readAccounts() (*accountFiles, error) {
	a := &accountFiles{}
	for _, f := range []struct {
		to       **database
		path     string
		mode     uint32
		optional bool
	}{
		{&a.passwd, passwdFile, 0o644, false},
		{&a.shadow, shadowFile, 0o640, false},
		{&a.group, groupFile, 0o644, false},
		{&a.gshadow, gshadowFile, 0o640, true},
		{&a.subuid, subuidFile, 0o644, true},
		{&a.subgid, subgidFile, 0o644, true},
	} {
		db, err := r.readDatabase(f.path, f.mode, f.optional)
		if err != nil {
			return nil, err
		}
		*f.to = db
	}
	return a, nil
}

// accounts makes the users and settles root's access.
func (r *root) accounts() error {
	a, err := r.readAccounts()
	if err != nil {
		return err
	}
	day := r.date / (24 * 60 * 60)
	if err := r.rootAccount(a, day); err != nil {
		return err
	}
	made := map[string]uint32{}
	for i, u := range r.design.Users {
		field := fmt.Sprintf("users[%d]", i)
		if !r.checkUser(a, u, field) {
			continue
		}
		uid, err := a.addUser(u, day)
		if err != nil {
			return err
		}
		made[u.Name] = uid
	}
	for i, u := range r.design.Users {
		uid, ok := made[u.Name]
		if !ok {
			continue
		}
		r.joinGroups(a, u, fmt.Sprintf("users[%d]", i))
		if err := r.home(u, uid, fmt.Sprintf("users[%d]", i)); err != nil {
			return err
		}
	}
	capDays(a.shadow, day)
	for _, db := range a.all() {
		if err := r.writeDatabase(db); err != nil {
			return err
		}
	}
	return r.sudoers(made)
}

// rootAccount gives root the designed password, or none, and keys.
func (r *root) rootAccount(a *accountFiles, day int64) error {
	row := a.shadow.find("root", 3)
	if row == nil {
		return fmt.Errorf("%s has no root", shadowFile)
	}
	row[1], row[2] = "*", strconv.FormatInt(day, 10)
	if hash := r.design.Root.PasswordHash; hash != "" && r.checkHash(hash, "root.password_hash") {
		row[1] = hash
	}
	return r.authorise("root", 0, 0, r.design.Root.SSHKeys, "root.ssh_keys")
}

// checkUser says whether the account can be made.
func (r *root) checkUser(a *accountFiles, u design.User, field string) bool {
	before := len(r.problems)
	switch {
	case !userName.MatchString(u.Name):
		r.fault(field+".name", fmt.Sprintf("%q cannot be a user's name", u.Name),
			"use lower-case letters, digits, \"_\", \".\" and \"-\", at most 32, beginning with a letter")
	case a.passwd.find(u.Name, 1) != nil:
		r.fault(field+".name", fmt.Sprintf("the image already has a user %q", u.Name), "choose another name")
	case a.group.find(u.Name, 1) != nil:
		r.fault(field+".name", fmt.Sprintf("the image already has a group %q", u.Name), "choose another name")
	}
	if hasControl(u.FullName) || strings.Contains(u.FullName, ":") {
		r.fault(field+".full_name", "a full name has no colon, newline or other control character", "")
	}
	if u.PasswordHash != "" {
		r.checkHash(u.PasswordHash, field+".password_hash")
	}
	if e, ok := r.follow(shellOf(u)); !ok || e.Type != tree.File || e.Mode&0o111 == 0 || hasControl(u.Shell) ||
		strings.Contains(u.Shell, ":") || !strings.HasPrefix(shellOf(u), "/") {
		r.fault(field+".shell", fmt.Sprintf("the image has no program %q", u.Shell),
			"add the package that brings it, or use /bin/bash")
	}
	if u.Sudo != "" && u.Sudo != "password" && u.Sudo != "nopassword" {
		r.fault(field+".sudo", fmt.Sprintf("%q is unknown", u.Sudo), "use \"password\" or \"nopassword\"")
	}
	return len(r.problems) == before
}

func (r *root) checkHash(hash, field string) bool {
	if cryptHash.MatchString(hash) {
		return true
	}
	r.fault(field, "this is no crypt(5) hash", "make one with mkpasswd or openssl passwd -6")
	return false
}

func shellOf(u design.User) string {
	if u.Shell == "" {
		return defaultShell
	}
	return u.Shell
}

// addUser appends the lines of a new account with a group of its own.
func (a *accountFiles) addUser(u design.User, day int64) (uint32, error) {
	uids, gids := a.passwd.numbers(2), a.group.numbers(2)
	id := uint64(firstUID)
	for uids[id] || gids[id] {
		if id++; id > lastUID {
			return 0, fmt.Errorf("no user ID is free for %s", u.Name)
		}
	}
	n := strconv.FormatUint(id, 10)
	hash := u.PasswordHash
	if hash == "" {
		hash = "*"
	}
	sub := strconv.FormatUint(a.freeSubID(), 10)
	for _, line := range []struct {
		db     *database
		fields []string
	}{
		{a.passwd, []string{u.Name, "x", n, n, u.FullName, homeOf(u), shellOf(u)}},
		{a.shadow, []string{u.Name, hash, strconv.FormatInt(day, 10), "0", "99999", "7", "", "", ""}},
		{a.group, []string{u.Name, "x", n, ""}},
		{a.gshadow, []string{u.Name, "!", "", ""}},
		{a.subuid, []string{u.Name, sub, strconv.Itoa(subIDs)}},
		{a.subgid, []string{u.Name, sub, strconv.Itoa(subIDs)}},
	} {
		if err := line.db.add(line.fields...); err != nil {
			return 0, err
		}
	}
	return uint32(id), nil
}

func homeOf(u design.User) string { return "/home/" + u.Name }

// freeSubID is the first subordinate ID behind all ranges.
func (a *accountFiles) freeSubID() uint64 {
	free := uint64(firstSubID)
	for _, db := range []*database{a.subuid, a.subgid} {
		for _, row := range db.rows {
			if len(row) < 3 {
				continue
			}
			first, err1 := strconv.ParseUint(row[1], 10, 32)
			count, err2 := strconv.ParseUint(row[2], 10, 32)
			if err1 == nil && err2 == nil {
				free = max(free, first+count)
			}
		}
	}
	return free
}

// joinGroups makes the user a member of the listed, the default and, for sudo,
// the sudo group.
func (r *root) joinGroups(a *accountFiles, u design.User, field string) {
	for j, g := range u.Groups {
		if a.group.find(g, 4) == nil {
			r.fault(fmt.Sprintf("%s.groups[%d]", field, j), fmt.Sprintf("the image has no group %q", g),
				"it has: "+strings.Join(a.group.names(), " "))
			continue
		}
		a.join(u.Name, g)
	}
	for _, g := range defaultGroups() {
		a.join(u.Name, g)
	}
	if u.Sudo != "" && !a.join(u.Name, "sudo") {
		r.fault(field+".sudo", "the image has no group \"sudo\"", "add the package sudo")
	}
}

// join says whether there is such a group.
func (a *accountFiles) join(user, group string) bool {
	row := a.group.find(group, 4)
	if row == nil {
		return false
	}
	if group == user {
		return true
	}
	addMember(row, user)
	if shadow := a.gshadow.find(group, 4); shadow != nil {
		addMember(shadow, user)
	}
	return true
}

// capDays dates every password that was set after the plan's day to that day:
// the bootstrap stamps system accounts with the clock.
func capDays(shadow *database, day int64) {
	for _, row := range shadow.rows {
		if len(row) < 3 {
			continue
		}
		if n, err := strconv.ParseInt(row[2], 10, 64); err == nil && n > day {
			row[2] = strconv.FormatInt(day, 10)
		}
	}
}

// sudoers lets the users with sudo "nopassword" do everything. All of them
// stand in one file, because sudo passes over files with a dot in their name.
func (r *root) sudoers(made map[string]uint32) error {
	var b strings.Builder
	for _, u := range r.design.Users {
		if _, ok := made[u.Name]; ok && u.Sudo == "nopassword" {
			fmt.Fprintf(&b, "%s ALL=(ALL:ALL) NOPASSWD: ALL\n", u.Name)
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return r.write(sudoersFile, b.String(), 0o440)
}

// home makes the user's home from /etc/skel.
func (r *root) home(u design.User, id uint32, field string) error {
	dir := strings.TrimPrefix(homeOf(u), "/")
	if err := r.mkdir(dir, 0o700, id, id); err != nil {
		return err
	}
	for _, e := range r.children("etc/skel") {
		name := strings.TrimPrefix(e.Path, "etc/skel/")
		if e.Type == tree.HardLink {
			target, ok := r.follow(e.Path)
			if !ok {
				continue
			}
			e = target
		}
		e.Path, e.UID, e.GID = dir+"/"+name, id, id
		if err := r.put(e); err != nil {
			return err
		}
	}
	return r.authorise(dir, id, id, u.SSHKeys, field+".ssh_keys")
}

// authorise lets the holders of keys log in over ssh.
func (r *root) authorise(home string, uid, gid uint32, keys []string, field string) error {
	if len(keys) == 0 {
		return nil
	}
	for i, key := range keys {
		if hasControl(strings.TrimSpace(key)) {
			r.fault(fmt.Sprintf("%s[%d]", field, i), "a public key is one line", "list each key by itself")
		}
	}
	lines := slices.Clone(keys)
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i]) + "\n"
	}
	if err := r.mkdir(home+"/.ssh", 0o700, uid, gid); err != nil {
		return err
	}
	return r.writeAs(home+"/.ssh/authorized_keys", strings.Join(lines, ""), 0o600, uid, gid)
}

// hasControl says whether a text holds a control character, newline included.
func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c == 0x7f })
}
