// Package sample holds the articles that ship in the binary: short briefs in
// our own words about real events, each with the source it retells. They answer
// a newcomer's first question.
package sample

import (
	"embed"
	"fmt"
	"path"

	"footnote/corpus"
)

//go:embed *.md
var files embed.FS

// Articles are the sample articles, by id. Their ids are their file names.
func Articles() ([]corpus.Article, error) {
	names, err := files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	var out []corpus.Article
	for _, entry := range names {
		data, err := files.ReadFile(path.Join(".", entry.Name()))
		if err != nil {
			return nil, err
		}
		for a, err := range corpus.Parse(entry.Name(), data) {
			if err != nil {
				return nil, fmt.Errorf("sample %s: %w", entry.Name(), err)
			}
			out = append(out, a)
		}
	}
	return out, nil
}
