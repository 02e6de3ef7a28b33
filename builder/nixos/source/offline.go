package source

// addOffline adds what an image needs to install without a network: the files of
// offlineFiles, the first of which is imported as a module.
func (g *generator) addOffline() {
	if g.n.Offline.Level == "" {
		return
	}
	for i, f := range offlineFiles(g) {
		g.add(f, nil)
		if i == 0 {
			g.names = append(g.names, f.Path)
		}
	}
}

// offlineFiles are the files of an offline installer, its module first.
func offlineFiles(_ *generator) []File { return nil }
