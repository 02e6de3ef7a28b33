package view

func newHistory(c *context) page { return unfinished{"History"} }
