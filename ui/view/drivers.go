package view

func newDrivers(c *context) page { return unfinished{"Drivers"} }
