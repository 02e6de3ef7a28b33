package source

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

// account is what the modules say about a user.
type account struct {
	Hash    *string // hashedPassword, nil: not set
	Initial *string // initialHashedPassword; "-": not set
	Groups  []string
	Keys    int
	On      bool
}

// accounts reads users.nix back.
func accounts(t *testing.T, d design.Design) (users map[string]account, nopasswd []string) {
	t.Helper()
	var got struct {
		Users    map[string]account
		NoPasswd []string
		Auto     *string
	}
	nixEval(t, fmt.Sprintf(`let
  fake = %s;
  m = import %s/users.nix fake;
  user = u: {
    Hash = u.hashedPassword or null; Initial = u.initialHashedPassword or "-"; Groups = u.extraGroups or [ ];
    Keys = builtins.length (u.openssh.authorizedKeys.keys or [ ]); On = u.enable or true;
  };
  free = r: builtins.any (c: c ? options) r.commands;
in {
  Users = builtins.mapAttrs (_: user) m.users.users;
  NoPasswd = builtins.concatMap (r: if free r then r.users else [ ]) (m.security.sudo.extraRules or [ ]);
}`, fake, written(t, generate(t, d))), &got)
	return got.Users, got.NoPasswd
}

func text0(s string) *string { return &s }

func TestOnlyThoseGetInWhomTheDesignNames(t *testing.T) {
	needNix(t)
	locked := account{Hash: text0("!"), Groups: []string{}, On: true}
	anna := design.User{Name: "anna", PasswordHash: testHash, Sudo: "password"}
	bob := design.User{Name: "bob", Sudo: "nopassword", SSHKeys: []string{testKey}}
	for name, c := range map[string]struct {
		say      func(d *design.Design)
		users    map[string]account
		nopasswd []string
	}{
		"only root": {func(d *design.Design) { d.Root.PasswordHash = testHash },
			map[string]account{"root": {Hash: text0(testHash), Groups: []string{}, On: true}}, []string{}},
		"users": {func(d *design.Design) { d.Users = []design.User{anna, bob} },
			map[string]account{
				"root": locked, "nixos": {Hash: text0("!"), Groups: []string{}, On: false},
				"anna": {Hash: text0(testHash), Initial: text0("-"), Groups: []string{}, On: true},
				"bob":  {Hash: text0("!"), Initial: text0("-"), Groups: []string{"wheel"}, Keys: 1, On: true},
			}, []string{"bob"}},
		"installer kept": {func(d *design.Design) { d.Users, d.Startup.Autologin = []design.User{anna}, "nixos" },
			map[string]account{"root": locked, "anna": {Hash: text0(testHash), Initial: text0("-"), Groups: []string{}, On: true}}, []string{"nixos"}},
		"named nixos": {func(d *design.Design) { d.Users = []design.User{{Name: "nixos"}} },
			map[string]account{"root": locked, "nixos": {Hash: text0("!"), Groups: []string{}, On: true}}, []string{}},
		"graphical": {func(d *design.Design) { d.Base, d.Desktop, d.Users = "graphical", "gnome", []design.User{anna} },
			map[string]account{"root": locked, "nixos": locked,
				"anna": {Hash: text0(testHash), Initial: text0("-"), Groups: []string{}, On: true}}, []string{}},
	} {
		d := minimal()
		c.say(&d)
		users, nopasswd := accounts(t, d)
		if !reflect.DeepEqual(users, c.users) || !reflect.DeepEqual(nopasswd, c.nopasswd) {
			t.Errorf("%s: %s, without a password %v", name, show(users), nopasswd)
		}
	}
}

func show(users map[string]account) string {
	var s string
	for name, a := range users {
		s += fmt.Sprintf("\n%s: hash %v initial %v groups %v keys %d on %v", name, deref(a.Hash), deref(a.Initial), a.Groups, a.Keys, a.On)
	}
	return s
}

func deref(s *string) string {
	if s == nil {
		return "null"
	}
	return fmt.Sprintf("%q", *s)
}
