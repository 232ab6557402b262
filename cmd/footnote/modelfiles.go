package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"footnote/retrieval/bert"
)

// saveModel writes the files of a model into a folder.
func saveModel(ctx context.Context, files bert.Files, folder string) error {
	for name, data := range files.All() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := writeSynced(filepath.Join(folder, filepath.FromSlash(name)), data); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return nil
}

// writeSynced writes a new file that outlives a loss of power.
func writeSynced(path string, data []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := file.Write(data); err != nil {
		return err
	}
	return file.Sync()
}

// abandoned is from when on a folder that "model add" works in is one that a
// kill left behind.
const abandoned = 24 * time.Hour

// sweepModels removes what earlier installations left behind.
func (a *app) sweepModels(s *settings) error {
	left, err := filepath.Glob(filepath.Join(s.modelsFolder(), ".add-*"))
	if err != nil {
		return err
	}
	for _, folder := range left {
		info, statErr := os.Stat(folder)
		if statErr == nil && a.now().Sub(info.ModTime()) > abandoned {
			err = errors.Join(err, os.RemoveAll(folder))
		}
	}
	return err
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
