package theme

// check looks at the components as GRUB does when it makes them.
func (t *Theme) check(n *Node) ([]Problem, error) { return nil, nil }
