package retrieval

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"footnote/corpus"
)

// Memory is a Library that lives in memory: the sample articles.
type Memory struct{ records []Record }

// NewMemory cuts articles into passages and keeps them.
func NewMemory(articles []corpus.Article, c corpus.Chunker) *Memory {
	m := &Memory{}
	for _, a := range articles {
		m.records = append(m.records, Record{Article: a, Passages: c.Chunk(a)})
	}
	slices.SortFunc(m.records, func(a, b Record) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return m
}

// All yields every record, by id; its errors are always nil.
func (m *Memory) All(context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for _, r := range m.records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// Article is the record of that id, or an error that wraps ErrNotFound.
func (m *Memory) Article(_ context.Context, id corpus.ArticleID) (Record, error) {
	i, ok := slices.BinarySearchFunc(m.records, id, func(r Record, id corpus.ArticleID) int {
		return strings.Compare(string(r.ID), string(id))
	})
	if !ok {
		return Record{}, fmt.Errorf("article %q: %w", id, ErrNotFound)
	}
	return m.records[i], nil
}
