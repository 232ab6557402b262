package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"footnote/retrieval/bert/hub"
)

// A modelTree is the folder of a model, which may lie in an archive.
type modelTree struct {
	fs.FS
	io.Closer
}

// openModelTree opens the folder with the weights in what lies at name: the
// folder or archive itself, or else the first one below.
func openModelTree(name string) (*modelTree, error) {
	t, err := openTree(name)
	if err != nil {
		return nil, err
	}
	folder, err := findWeights(t)
	if err == nil {
		t.FS, err = fs.Sub(t.FS, folder)
	}
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

func openTree(name string) (*modelTree, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		// Not an os.Root: a cache of models is made of links to elsewhere.
		return &modelTree{os.DirFS(name), io.NopCloser(nil)}, nil
	}
	archive, err := zip.OpenReader(name)
	if err != nil {
		return nil, err
	}
	return &modelTree{archive, archive}, nil
}

func findWeights(files fs.FS) (string, error) {
	if _, err := fs.Stat(files, weightsFile); err == nil {
		return ".", nil
	}
	found := ""
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil: // a folder of somebody else's
			return fs.SkipDir
		case !d.IsDir() && d.Name() == weightsFile:
			found = path.Dir(name)
			return fs.SkipAll
		}
		return nil
	})
	if err == nil && found == "" {
		err = fmt.Errorf("there is no %s", weightsFile)
	}
	return found, err
}

// copyModel copies the files that an encoder reads into the folder to.
func copyModel(ctx context.Context, from fs.FS, to string) error {
	for _, name := range append(hub.Files(), "vocab.txt") {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := copyFile(from, name, filepath.Join(to, filepath.FromSlash(name))); err != nil {
			return fmt.Errorf("copying %s: %w", name, err)
		}
	}
	return nil
}

// copyFile copies a file if it is there.
func copyFile(from fs.FS, name, to string) (err error) {
	source, err := from.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer source.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	if _, err := io.Copy(target, source); err != nil {
		return err
	}
	return target.Sync()
}

// labelOf is what a model is called in the name of its vector space, made fit
// for a folder.
func labelOf(space string) string {
	label, _, _ := strings.Cut(space, "@")
	if checkModelName(label) != nil {
		return "model"
	}
	return label
}
