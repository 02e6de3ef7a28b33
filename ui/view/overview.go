package view

func newOverview(c *context) page { return unfinished{"Overview"} }
