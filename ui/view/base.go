package view

func newBase(c *context) page { return unfinished{"Base"} }
