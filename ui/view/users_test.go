package view

import (
	"testing"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
)

// Two public keys that were made for these tests.
const (
	keyEd25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAQJ9MbAfU6i5eJFaSqzRyhZgxjYhqHby/Lf8hFCOKpj ada@laptop"
	keyRSA     = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7CfqNUayVuwO2SPxxRSvJ99RfnhkQfnEBGs+TD0Plra6xZBcL5u7xuQpczpWNvBOeNKsHwI1UZfXNRCa9oWqp7sDObN/N5vpyfFKJHJwu0YjUno3s3vfqDXAw/EKB78HFiO5hLOKO8IH3VCF02cXdp9/J8+aiq+cLEj1M9n3WLBBP2agmUTAiM3nW7tM3CyxvSeI5ewZr8B/qk1UDg/u4NV2LXmJWzp9TClEcu6C2V7BgwdEoHxkUOSeUQ2q6NlS34hqZsFPtZCrvAJN4HxvuygbhHp4d7665ZKRGSQs9Ru62DEZ4U86eIhTa6fKr9s706X+mrU0kmMDUXeEOAMMGyRPDmg/PPdqxhRtIduWIs1aXsVPj34Py17j+MRX5ncWhk5Ag24lsKbyZAzWbKCIKVtcO92NBs0QNHDp1SRR9Zmkb4czXB+yeASz1vl0asNO4wAqSSqAHSjd4kG7Gsk60E2too/iQAfcwC7Oop+h6ihd5lhT6roDwKHyTH0JCwhM= ada at work"
)

// hashOfSecret is a hash of "secret".
const hashOfSecret = "$6$abcdefgh$ltjgWl6579NluT/Vi1nwEvcil.G5Nbc4NiXZaNGStk8PSwGfQv72N2CKPPrVACtLtip/cZ/1GM/O6IND4WQhG."

// twoUsers fills the page Users & access.
func twoUsers(d *design.Design) {
	d.Users = []design.User{
		{Name: "ada", FullName: "Ada Lovelace", PasswordHash: hashOfSecret, Groups: []string{"audio", "netdev"}, Sudo: "password", SSHKeys: []string{keyEd25519, keyRSA}},
		{Name: "guest"},
	}
	d.SSH = design.SSH{Enable: true, PasswordLogin: true}
}

// usersScreens are those of the page Users & access.
func usersScreens() []screen {
	return []screen{
		{name: "users-empty", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "nixos-minimal").Edit(model.Act("x"), func(d *design.Design) { d.Users, d.Root, d.SSH = nil, design.Root{}, design.SSH{} })
			w.session.Show(model.Users)
		}},
		{name: "users-filled", shot: "users", golden: true, begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), twoUsers)
			w.session.Show(model.Users)
		}},
		{name: "users-ssh", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), twoUsers)
			w.session.Show(model.Users)
			w.scrollTo(1)
		}},
		{name: "users-problems", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), func(d *design.Design) {
				d.Users = []design.User{{Name: "0bad", Sudo: "password", SSHKeys: []string{"ssh-ed25519 AAAA broken"}, Shell: "zsh"}}
			})
			w.session.Show(model.Users)
		}},
		{name: "users-password", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), twoUsers)
			w.session.Show(model.Users)
			w.settle()
			w.tap(t, "Set another …")
		}},
		{name: "users-own-keys", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal").Edit(model.Act("x"), twoUsers)
			w.session.Show(model.Users)
			w.settle()
			l := &keyList{c: w.frame.c, at: func(d *design.Design) *[]string { return &d.Root.SSHKeys }}
			l.offer([]model.KeyFile{{Path: "/home/ada/.ssh/id_ed25519.pub", Keys: []model.Key{model.KeyOf(keyEd25519)}},
				{Path: "/home/ada/.ssh/work.pub", Keys: []model.Key{model.KeyOf(keyRSA)}}})
		}},
	}
}
