package view

func newTry(c *context) page { return unfinished{"Try"} }
