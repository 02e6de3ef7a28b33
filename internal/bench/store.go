package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// The generated tree is shaped like a Nix store: many packages, each a folder
// of small files and links, all of one date and read-only.
const (
	storePackages = 1500
	storeFiles    = 40 // files of a package
	// medianFile is the middle size of a file in bytes; sizes are log-normal.
	medianFile = 1800
	// sharedFile of a hundred files is one that another package has too.
	sharedFile = 5
)

// storeJob is a store to be written as a source.
type storeJob struct{ Dir string }

// storeTree is the generated tree, for an image that does not boot.
func storeTree(o options) treeMaker {
	dir := filepath.Join(o.work, "store")
	return treeMaker{"store", func(ctx context.Context) error {
		return once(dir, func() error {
			_, err := o.start(ctx, "store", storeJob{dir})
			return err
		})
	}}
}

// writeStore writes the tree; the same every time.
func writeStore(ctx context.Context, j storeJob) error {
	s := source{Dir: j.Dir, Squash: "nix-store.squashfs"}
	if err := os.RemoveAll(j.Dir); err != nil {
		return err
	}
	if err := os.MkdirAll(s.medium(), 0o755); err != nil {
		return err
	}
	g := newGenerator()
	for range storePackages {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := g.pack(s.tree()); err != nil {
			return fmt.Errorf("write the generated tree: %w", err)
		}
	}
	return s.write(sourceFile)
}

// generator makes names and contents from one fixed seed.
type generator struct {
	*rand.Rand
	words  []string
	shared [][]byte
}

func newGenerator() *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(7, 2))}
	for range 4000 {
		g.words = append(g.words, g.word(2+g.IntN(9)))
	}
	for range 50 {
		g.shared = append(g.shared, g.content())
	}
	return g
}

func (g *generator) word(n int) string {
	const letters = "abcdfghijklmnpqrsvwxyz0123456789"
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[g.IntN(len(letters))]
	}
	return string(b)
}

// content is text two times of three, else records of numbers, as programs
// have them.
func (g *generator) content() []byte {
	n := int(min(medianFile*math.Exp(1.3*g.NormFloat64()), 4<<20))
	b := make([]byte, 0, n+64)
	if g.IntN(3) > 0 {
		for len(b) < n {
			// Few words are frequent, as in any language.
			i := int(float64(len(g.words)) * math.Pow(g.Float64(), 4))
			b = append(append(b, g.words[i]...), " \n"[g.IntN(8)/7])
		}
		return b[:n]
	}
	for at := g.Uint32(); len(b) < n; at += 8 + g.Uint32N(64) {
		b = binary.LittleEndian.AppendUint32(b, at)
		b = binary.LittleEndian.AppendUint32(b, g.Uint32N(1<<20))
	}
	return b[:n]
}

// pack writes one package: folders bin, lib and share.
func (g *generator) pack(root string) error {
	name := g.word(32) + "-" + g.words[g.IntN(len(g.words))]
	dir := filepath.Join(root, name)
	folders := []string{"bin", "lib", "share/doc", "share/man"}
	for _, f := range folders {
		if err := os.MkdirAll(filepath.Join(dir, f), 0o755); err != nil {
			return err
		}
	}
	for i := range storeFiles {
		data := g.content()
		if g.IntN(100) < sharedFile {
			data = g.shared[g.IntN(len(g.shared))]
		}
		path := filepath.Join(dir, folders[i%len(folders)], fmt.Sprintf("%s-%d", g.words[g.IntN(len(g.words))], i))
		if i%13 == 12 {
			if err := os.Symlink("../lib", path); err != nil {
				return err
			}
			continue
		}
		if err := os.WriteFile(path, data, 0o444); err != nil {
			return err
		}
		if err := os.Chtimes(path, time.Unix(1, 0), time.Unix(1, 0)); err != nil {
			return err
		}
	}
	return nil
}
