// Sumdb reads a transparency log from a folder with the code of Go's checksum database, which knows nothing of ours.
//
// The folder is laid out as tlog-tiles asks: checkpoint, tile/<L>/<N>[.p/<W>], tile/entries/<N>[.p/<W>].
//
//	sumdb check FOLDER VKEY       verifies the checkpoint, every entry and every tile; also FOLDER/proofs, if there is one
//	sumdb prove FOLDER VKEY SKEY  writes proofs of its own, and the checkpoint signed with one key more
//
// A line of proofs is a verdict ("valid" or "invalid"), what it is about, and base64:
//
//	valid record INDEX SIZE ROOT LEAF [HASH...]
//	valid tree OLD SIZE ROOT OLDROOT [HASH...]
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func main() {
	out := bufio.NewWriter(os.Stdout)
	if err := run(out, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	out.Flush()
}

func run(out *bufio.Writer, args []string) error {
	if len(args) < 3 {
		return errors.New("usage: sumdb check FOLDER VKEY | sumdb prove FOLDER VKEY SKEY")
	}
	folder := args[1]
	verifier, err := note.NewVerifier(args[2])
	if err != nil {
		return err
	}
	opened, tree, err := openCheckpoint(folder, verifier)
	if err != nil {
		return err
	}
	hashes, err := readEntries(folder, tree)
	if err != nil {
		return err
	}
	switch {
	case args[0] == "check" && len(args) == 3:
		if err := check(folder, tree, hashes); err != nil {
			return err
		}
		fmt.Fprintf(out, "verified %d entries\n", tree.N)
		return nil
	case args[0] == "prove" && len(args) == 4:
		return prove(out, opened, tree, hashes, args[3])
	}
	return errors.New("unknown command " + args[0])
}

// openCheckpoint verifies FOLDER/checkpoint, whose origin must be the key's name.
func openCheckpoint(folder string, verifier note.Verifier) (*note.Note, tlog.Tree, error) {
	var tree tlog.Tree
	msg, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return nil, tree, err
	}
	opened, err := note.Open(msg, note.VerifierList(verifier))
	if err != nil {
		return nil, tree, fmt.Errorf("checkpoint: %v", err)
	}
	lines := strings.SplitN(opened.Text, "\n", 4)
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		return nil, tree, fmt.Errorf("checkpoint: not the text of %s", verifier.Name())
	}
	// What differs from the checksum database's own tree note is the first line.
	tree, err = tlog.ParseTree([]byte("go.sum database tree\n" + lines[1] + "\n" + lines[2] + "\n"))
	if err != nil {
		return nil, tree, fmt.Errorf("checkpoint: %v", err)
	}
	return opened, tree, nil
}

// storage keeps the hashes that Go's code computes from the entries.
type storage []tlog.Hash

func (s storage) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(s)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		found[i] = s[index]
	}
	return found, nil
}

// readEntries builds the tree from the entries alone, and compares it with the checkpoint.
func readEntries(folder string, tree tlog.Tree) (storage, error) {
	var hashes storage
	for first := int64(0); first < tree.N; first += 1 << height {
		width := min(tree.N-first, 1<<height)
		path := pathOf("entries", first>>height, int(width))
		rest, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			return nil, err
		}
		for i := int64(0); i < width; i++ {
			if len(rest) < 2 || len(rest)-2 < int(binary.BigEndian.Uint16(rest)) {
				return nil, fmt.Errorf("%s: entry %d is cut off", path, first+i)
			}
			size := int(binary.BigEndian.Uint16(rest))
			more, err := tlog.StoredHashes(first+i, rest[2:2+size], hashes)
			if err != nil {
				return nil, err
			}
			hashes = append(hashes, more...)
			rest = rest[2+size:]
		}
		if len(rest) != 0 {
			return nil, fmt.Errorf("%s: more than %d entries", path, width)
		}
	}
	root := tlog.Hash(sha256.Sum256(nil))
	if tree.N > 0 {
		var err error
		if root, err = tlog.TreeHash(tree.N, hashes); err != nil {
			return nil, err
		}
	}
	if root != tree.Hash {
		return nil, fmt.Errorf("the entries have the root %v, and the checkpoint says %v", root, tree.Hash)
	}
	return hashes, nil
}

// check compares every tile with the entries, has the leaves authenticated by way of the tiles, and checks the proofs.
func check(folder string, tree tlog.Tree, hashes storage) error {
	for _, tile := range tlog.NewTiles(height, 0, tree.N) {
		if int64(tile.W) < min(1<<height, tree.N>>(height*tile.L)-tile.N<<height) {
			continue // It belongs to a smaller tree, and may be gone.
		}
		expected, err := tlog.ReadTileData(tile, hashes)
		if err != nil {
			return err
		}
		path := pathOf(strconv.Itoa(tile.L), tile.N, tile.W)
		found, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			return err
		}
		if !bytes.Equal(found, expected) {
			return fmt.Errorf("%s does not fit the entries", path)
		}
	}
	reader := tlog.TileHashReader(tree, tiles(folder))
	for first := int64(0); first < tree.N; first += 1 << height {
		var indexes []int64
		for i := first; i < min(tree.N, first+(1<<height)); i++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, i))
		}
		found, err := reader.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for i, index := range indexes {
			if found[i] != hashes[index] {
				return fmt.Errorf("the tiles have another hash of entry %d", first+int64(i))
			}
		}
	}
	return checkProofs(filepath.Join(folder, "proofs"))
}

func checkProofs(path string) error {
	file, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for i, line := range strings.Split(strings.TrimSuffix(string(file), "\n"), "\n") {
		verdict := "valid"
		if err := checkProof(strings.Fields(line)); err != nil {
			verdict = "invalid"
		}
		if !strings.HasPrefix(line, verdict+" ") {
			return fmt.Errorf("proofs, line %d: Go finds it %s: %s", i+1, verdict, line)
		}
	}
	return nil
}

func checkProof(words []string) error {
	if len(words) < 6 {
		return errors.New("too few words")
	}
	place, err1 := strconv.ParseInt(words[2], 10, 64)
	size, err2 := strconv.ParseInt(words[3], 10, 64)
	if err1 != nil || err2 != nil {
		return errors.New("not a number")
	}
	var hashes []tlog.Hash
	for _, word := range words[4:] {
		hash, err := tlog.ParseHash(word)
		if err != nil {
			return err
		}
		hashes = append(hashes, hash)
	}
	if words[1] == "record" {
		return tlog.CheckRecord(hashes[2:], size, hashes[0], place, hashes[1])
	}
	return tlog.CheckTree(hashes[2:], size, hashes[0], place, hashes[1])
}

// prove writes proofs about many trees, then paths of tiles, then the checkpoint.
func prove(out *bufio.Writer, opened *note.Note, tree tlog.Tree, hashes storage, skey string) error {
	step := max(tree.N/40, 1)
	for size := int64(1); size <= tree.N; size += step {
		root, err := tlog.TreeHash(size, hashes)
		if err != nil {
			return err
		}
		for place := int64(0); place < size; place += max(size/7, 1) {
			proof, err := tlog.ProveRecord(size, place, hashes)
			if err != nil {
				return err
			}
			leaf := hashes[tlog.StoredHashIndex(0, place)]
			fmt.Fprintf(out, "valid record %d %d %v %v", place, size, root, leaf)
			writeHashes(out, proof)

			old, err := tlog.TreeHash(place+1, hashes)
			if err != nil {
				return err
			}
			consistency, err := tlog.ProveTree(size, place+1, hashes)
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "valid tree %d %d %v %v", place+1, size, root, old)
			writeHashes(out, consistency)
		}
	}
	for _, n := range []int64{0, 1, 999, 1000, 123456, 1000000, 1<<63 - 1} {
		for _, l := range []int{0, 1, 63} {
			for _, w := range []int{1, 255, 256} {
				fmt.Fprintf(out, "path %d %d %d %s\n", l, n, w, pathOf(strconv.Itoa(l), n, w))
			}
		}
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		return err
	}
	signed, err := note.Sign(opened, signer)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "checkpoint\n%s", signed)
	return nil
}

func writeHashes(out *bufio.Writer, hashes []tlog.Hash) {
	for _, hash := range hashes {
		fmt.Fprintf(out, " %v", hash)
	}
	fmt.Fprintln(out)
}

// tiles reads tiles of hashes from a folder.
type tiles string

func (tiles) Height() int                     { return height }
func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (folder tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		path := pathOf(strconv.Itoa(tile.L), tile.N, tile.W)
		data, err := os.ReadFile(filepath.Join(string(folder), path))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

// pathOf is the path of tlog-tiles: Go's own has the height in it, and says "data" for entries.
func pathOf(level string, n int64, width int) string {
	own := tlog.Tile{H: height, L: 0, N: n, W: width}.Path()
	return "tile/" + level + strings.TrimPrefix(own, "tile/8/0")
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func max(a, b int64) int64 {
	if a > b {
		return a
	}
	return b
}
