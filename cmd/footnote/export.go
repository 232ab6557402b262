package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"footnote/retrieval"

	"github.com/spf13/cobra"
)

// exportCommand is "footnote articles export".
func (a *app) exportCommand() *cobra.Command {
	var file, collection string
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write all articles as JSONL, which ingest reads back",
		Long: `Writes all articles as JSONL, which ingest reads back; those of servers only with
--collection. Articles that are damaged
are left out and named, and the exit code is 1; then FILE, if there is one
already, stays as it is, and the others go to FILE.partial.`,
		Example: "  footnote articles export > corpus.jsonl\n  footnote articles export -o corpus.jsonl",
		Args:    atMost(0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.export(cmd.Context(), file, collection) },
	}
	addCollection(cmd, &collection, "write the articles of a server, by the `ID` of its collection, in place of the common ones")
	cmd.Flags().StringVarP(&file, "output", "o", "", "write to `FILE` instead of standard output")
	return cmd
}

func (a *app) export(ctx context.Context, file, collection string) (err error) {
	lib, err := a.openLibrary(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lib.close()) }()
	lib.Library = inCollection{lib.Library, collection}
	damaged := 0
	if file == "" {
		damaged, err = a.writeArticles(ctx, a.stdout, lib)
	} else {
		damaged, err = a.exportTo(ctx, file, lib)
	}
	if err != nil {
		return err
	}
	if damaged > 0 {
		a.warn("the export lacks %s; see all that is damaged with: footnote check", count(damaged, "damaged article"))
		return outcome(exitFailure)
	}
	return nil
}

// inCollection is a library of which one collection alone is walked through.
type inCollection struct {
	retrieval.Library
	collection string // "" is the common one
}

// All implements retrieval.Library.
func (l inCollection) All(ctx context.Context) iter.Seq2[retrieval.Record, error] {
	return func(yield func(retrieval.Record, error) bool) {
		for record, err := range l.Library.All(ctx) {
			if (err != nil || record.Collection == l.collection) && !yield(record, err) {
				return
			}
		}
	}
}

// exportTo writes the articles to path, and returns how many are left out. What
// was there stays until all is written, and for good if anything is left out.
// A device or a pipe is written to as it is.
func (a *app) exportTo(ctx context.Context, path string, lib *library) (damaged int, err error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	mode := fs.FileMode(0o600)
	was, err := os.Stat(path)
	switch {
	case err == nil && !was.Mode().IsRegular():
		return a.exportInto(ctx, path, lib)
	case err == nil:
		mode = was.Mode().Perm()
	case !errors.Is(err, fs.ErrNotExist):
		return 0, fmt.Errorf("making the file of the export: %w", err)
	}
	spare, damaged, err := a.exportBeside(ctx, path, mode, lib)
	if err != nil {
		return 0, err
	}
	if was != nil && damaged > 0 {
		a.warn("%s stays as it is; what could be read is in %[1]s.partial", printable(path))
		path += ".partial"
	}
	if err := os.Rename(spare, path); err != nil {
		return 0, errors.Join(fmt.Errorf("naming the export: %w", err), os.Remove(spare))
	}
	return damaged, nil
}

// exportBeside writes the articles to a new file in the folder of path and
// leaves none if that fails.
func (a *app) exportBeside(ctx context.Context, path string, mode fs.FileMode, lib *library) (spare string, damaged int, err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return "", 0, fmt.Errorf("making the file of the export: %w", err)
	}
	damaged, err = a.writeArticles(ctx, file, lib)
	if err := errors.Join(err, file.Chmod(mode), file.Sync(), file.Close()); err != nil {
		return "", 0, errors.Join(err, os.Remove(file.Name()))
	}
	return file.Name(), damaged, nil
}

// exportInto writes the articles into what is at path, which is no file.
func (a *app) exportInto(ctx context.Context, path string, lib *library) (damaged int, err error) {
	out, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return 0, fmt.Errorf("opening the file of the export: %w", err)
	}
	damaged, err = a.writeArticles(ctx, out, lib)
	return damaged, errors.Join(err, out.Close())
}

// writeArticles writes one article a line. Of one that is damaged it warns, and
// goes on; it returns how many there are.
func (a *app) writeArticles(ctx context.Context, w io.Writer, lib *library) (damaged int, err error) {
	buffered := bufio.NewWriter(w)
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	for record, err := range lib.All(ctx) {
		if damage, ok := errors.AsType[*retrieval.DamageError](err); ok {
			a.warn("%s", printable(damage.Error()))
			damaged++
			continue
		}
		if err != nil {
			return damaged, errors.Join(err, buffered.Flush())
		}
		if err := encoder.Encode(newExportJSON(record.Article)); err != nil {
			return damaged, fmt.Errorf("writing the export: %w", err)
		}
	}
	if err := buffered.Flush(); err != nil {
		return damaged, fmt.Errorf("writing the export: %w", err)
	}
	return damaged, nil
}
