package bert

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// The pieces of a published model, by their names beside each other.
const (
	configPiece    = "config.json"
	lengthPiece    = "sentence_bert_config.json"
	poolingPiece   = "1_Pooling/config.json"
	promptsPiece   = "config_sentence_transformers.json"
	modulesPiece   = "modules.json"
	tokenizerPiece = "tokenizer.json"
	lowerPiece     = "tokenizer_config.json"
	vocabPiece     = "vocab.txt"
	weightsPiece   = "model.safetensors"
)

// Limits of what is read and looked through.
const (
	maxWeights = 1<<31 - 1 // bytes
	maxPiece   = 64 << 20  // bytes of any other piece
	maxDepth   = 4         // folders below the one that is named
	maxEntries = 20_000    // files and folders below it
)

// A site is where a model was found.
type site struct {
	root string // a folder or an archive, as it was named
	dir  string // the model's folder in it, "." or with slashes
}

// readBundle reads all pieces of the model in a folder or archive. Its errors
// name the file, in one sentence that says what to do.
func readBundle(root string) (site, Files, error) {
	info, err := os.Stat(root)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return site{}, Files{}, fmt.Errorf("%s does not exist; name the folder, zip or wheel of a model", root)
	case err != nil:
		return site{}, Files{}, unreadable(root, err)
	case info.IsDir():
		return readTree(root, os.DirFS(root))
	case !info.Mode().IsRegular():
		return site{}, Files{}, noBundle(root)
	}
	file, err := os.Open(root)
	if err != nil {
		return site{}, Files{}, unreadable(root, err)
	}
	defer file.Close()
	archive, err := zip.NewReader(file, info.Size())
	if err != nil {
		return site{}, Files{}, noBundle(root)
	}
	return readTree(root, archive)
}

func readTree(root string, tree fs.FS) (site, Files, error) {
	dir, err := findModel(root, tree)
	if err != nil {
		return site{}, Files{}, err
	}
	s := site{root, dir}
	f, err := s.read(tree)
	return s, f, err
}

func noBundle(root string) error {
	return fmt.Errorf("%s is neither a folder nor a whole zip or wheel; name one that holds a model, or get it again", root)
}

// unreadable is the failure to read a file, whose name the operating system's
// error repeats.
func unreadable(name string, err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return fmt.Errorf("%s cannot be read: %w; check its permissions, or get the model again", name, err)
}

// findModel is the folder in tree with the weights: the first one, or else
// the only one below it.
func findModel(root string, tree fs.FS) (string, error) {
	if _, err := fs.Stat(tree, weightsPiece); err == nil {
		return ".", nil
	}
	names, err := namesIn(root, tree)
	if err != nil {
		return "", err
	}
	var dirs []string
	for _, name := range names {
		if path.Base(name) == weightsPiece {
			dirs = append(dirs, path.Dir(name))
		}
	}
	switch len(dirs) {
	case 0:
		return "", noWeights(root, names)
	case 1:
		return dirs[0], nil
	}
	return "", fmt.Errorf("%s holds several models, among them %s and %s; name the folder of one", root, dirs[0], dirs[1])
}

// namesIn are the names of all files that are not too deep, in order.
func namesIn(root string, tree fs.FS) ([]string, error) {
	var names []string
	seen := 0
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil && name == "." {
			return unreadable(root, err)
		}
		if seen++; seen > maxEntries {
			return fmt.Errorf("%s holds too many files to look for a model in; name the model's own folder", root)
		}
		switch {
		case err != nil: // a folder of somebody else's
			return fs.SkipDir
		case !d.IsDir():
			names = append(names, name)
		case strings.Count(name, "/") >= maxDepth:
			return fs.SkipDir
		}
		return nil
	})
	return names, err
}

// noWeights says that there is no model among the files of names, but perhaps
// one in another format.
func noWeights(root string, names []string) error {
	foreign := slices.IndexFunc(names, isForeign)
	if foreign < 0 {
		return fmt.Errorf("%s holds no %s; name the folder, zip or wheel of a model", root, weightsPiece)
	}
	return fmt.Errorf("%s holds %s but no %s; footnote reads safetensors in one file: get the model in that form",
		root, names[foreign], weightsPiece)
}

// isForeign reports whether a file may hold weights in a form that is not
// read.
func isForeign(name string) bool {
	switch path.Ext(name) {
	case ".bin", ".onnx", ".gguf", ".h5", ".pt", ".safetensors":
		return true
	}
	return false
}

// name is how a person would find a piece of the model.
func (s site) name(piece string) string {
	return filepath.Join(s.root, filepath.FromSlash(s.dir), filepath.FromSlash(piece))
}

// label names the model by the innermost folder whose name says something, or
// by the archive; it is "" if none does.
func (s site) label() string {
	root, err := filepath.Abs(s.root)
	if err != nil {
		root = s.root
	}
	outer := strings.Split(filepath.ToSlash(root), "/")
	outer = outer[max(0, len(outer)-3):] // a cache has the name two folders above
	for _, name := range slices.Backward(append(outer, strings.Split(s.dir, "/")...)) {
		if l := folderLabel(name); l != "" {
			return l
		}
	}
	return ""
}

// folderLabel is the label that the name of a folder or archive gives a model,
// "" if it is one that models of any kind have.
func folderLabel(name string) string {
	switch {
	case strings.HasSuffix(name, ".whl"):
		name, _, _ = strings.Cut(name, "-")
	case strings.HasSuffix(name, ".zip"):
		name = strings.TrimSuffix(name, ".zip")
	case strings.HasPrefix(name, "models--"):
		name = name[strings.LastIndex(name, "--")+2:]
	}
	switch l := label(name); {
	case l == "model", l == "models", l == "snapshots", l == "0-transformer", isRevision(l):
		return ""
	default:
		return l
	}
}

// isRevision reports whether name is that of a commit.
func isRevision(name string) bool {
	return len(name) == 40 && strings.Trim(name, "0123456789abcdef") == ""
}

// read returns all pieces of the model that are there.
func (s site) read(tree fs.FS) (Files, error) {
	var f Files
	for name, into := range f.places() {
		most := int64(maxPiece)
		if name == weightsPiece {
			most = maxWeights
		}
		data, err := s.readPiece(tree, name, most)
		if err != nil {
			return Files{}, err
		}
		*into = data
	}
	return f, nil
}

// places are where the bytes of each file go, in the order of reading.
func (f *Files) places() iter.Seq2[string, *[]byte] {
	return func(yield func(string, *[]byte) bool) {
		_ = yield(configPiece, &f.Config) && yield(lengthPiece, &f.SentenceConfig) && yield(poolingPiece, &f.Pooling) &&
			yield(promptsPiece, &f.Prompts) && yield(modulesPiece, &f.Modules) && yield(tokenizerPiece, &f.Tokenizer) &&
			yield(lowerPiece, &f.TokenizerConfig) && yield(vocabPiece, &f.Vocab) && yield(weightsPiece, &f.Weights)
	}
}

// All yields the files that are there by their names below the model's folder,
// with slashes.
func (f Files) All() iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for name, data := range f.places() {
			if *data != nil && !yield(name, *data) {
				return
			}
		}
	}
}

// Read reads the files of a model from where Open would.
func Read(path string) (Files, error) {
	_, f, err := readBundle(path)
	return f, err
}

// readPiece returns the bytes of a piece, nil if it is not there.
func (s site) readPiece(tree fs.FS, piece string, most int64) ([]byte, error) {
	// Before it is opened, for that waits on a pipe till somebody writes to it.
	if info, err := fs.Stat(tree, path.Join(s.dir, piece)); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil, fmt.Errorf("%s is a pipe or a device; put the file there", s.name(piece))
	}
	file, err := tree.Open(path.Join(s.dir, piece))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unreadable(s.name(piece), err)
	}
	defer file.Close()
	data, err := readWhole(file, most)
	if errors.Is(err, errTooLarge) {
		return nil, fmt.Errorf("%s is larger than %s; name a smaller model", s.name(piece), bytesOf(uint64(most)))
	}
	if err != nil {
		return nil, unreadable(s.name(piece), err)
	}
	return data, nil
}

// errTooLarge says that a file is larger than it may be.
var errTooLarge = errors.New("too large")

// readWhole reads a file of at most a number of bytes; the result is never
// nil. It reads on past the size that the file gives: an archive compares
// checksums only at a file's end.
func readWhole(file fs.File, most int64) ([]byte, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errors.New("it is a folder")
	}
	if info.Size() < 0 || info.Size() > most {
		return nil, errTooLarge
	}
	data := make([]byte, info.Size())
	if _, err := io.ReadFull(file, data); err != nil {
		return nil, err
	}
	switch n, err := io.ReadFull(file, make([]byte, 1)); {
	case n > 0:
		return nil, errors.New("it is longer than it says")
	case err != io.EOF:
		return nil, err
	}
	return data, nil
}
