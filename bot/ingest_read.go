package bot

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"footnote/corpus"
	"footnote/retrieval"
)

// fetchTimeout bounds how long an attachment may take to come.
const fetchTimeout = 30 * time.Second

// readAttachment is the content of a file. One that is too large or of a kind
// that is not read is a refusal, before any of it is fetched where its sender
// says so.
func readAttachment(ctx context.Context, f *File, w ingestWords) ([]byte, error) {
	kinds := []string{".txt", ".text", ".md", ".markdown", ".jsonl", ".ndjson"}
	switch {
	case !slices.Contains(kinds, strings.ToLower(path.Ext(f.Name))):
		return nil, refusal(w.otherKind)
	case f.Size > maxAttachment:
		return nil, refusal(w.tooLarge)
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	r, err := f.Open(ctx)
	if err != nil {
		return nil, fmt.Errorf("fetching an attachment: %w", err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxAttachment+1))
	if err != nil {
		return nil, fmt.Errorf("reading an attachment: %w", err)
	}
	if len(data) > maxAttachment {
		return nil, refusal(w.tooLarge)
	}
	return data, nil
}

// readArticles are the articles of a file or of a pasted text, with what the
// request says of one and under their ids in the server's collection. unread
// counts what could not be read.
func readArticles(c *call, name string, data []byte) (found []corpus.Article, unread int, err error) {
	w := c.words.admin.ingest
	said, err := saidOf(c)
	if err != nil {
		return nil, 0, err
	}
	seen := map[corpus.ArticleID]bool{}
	for a, err := range corpus.Parse(name, data) {
		if err == nil {
			a = completed(a, said)
			a.ID = ownID(c.Place.Guild, name, a)
		}
		if err != nil || seen[a.ID] {
			unread++
			continue
		}
		if len(found) == mostAtOnce {
			return nil, 0, refusal(fmt.Sprintf(w.tooMany, mostAtOnce))
		}
		seen[a.ID] = true
		found = append(found, a)
	}
	switch {
	case len(found) == 0:
		return nil, 0, refusal(w.unreadable)
	case len(found) > 1 && said != (corpus.Article{}):
		return nil, 0, refusal(w.forOne)
	}
	return found, unread, nil
}

// saidOf is what the options, or the fields of the form, say of an article.
func saidOf(c *call) (a corpus.Article, err error) {
	w := c.words.admin.ingest
	a.Title, a.Outlet = corpus.OneLine(c.Options["title"]), corpus.OneLine(c.Options["outlet"])
	if a.URL, err = corpus.ParseURL(c.Options["url"]); err != nil {
		return a, refusal(w.noURL)
	}
	if day := oneLine(c.Options["published"]); day != "" {
		if a.Published, err = corpus.ParseDate(day); err != nil {
			return a, refusal(fmt.Sprintf(w.noDate, clip(day, maxDay)))
		}
	}
	return a, nil
}

// completed is a with what was said of it.
func completed(a, said corpus.Article) corpus.Article {
	a.Derived = a.Derived && said.Title == ""
	a.Title, a.Outlet, a.URL = cmp.Or(said.Title, a.Title), cmp.Or(said.Outlet, a.Outlet), cmp.Or(said.URL, a.URL)
	if !said.Published.IsZero() {
		a.Published = said.Published
	}
	return a
}

// ownID is an article's id in the collection of a server: its own, else its
// address, else the sum of its text, so that repeats are free. That of a file's
// name is none of its own, for many files are called message.txt.
func ownID(guild, file string, a corpus.Article) corpus.ArticleID {
	id := string(a.ID)
	if id == strings.TrimSuffix(path.Base(file), path.Ext(file)) {
		id = cmp.Or(a.URL, corpus.TextSum(a.Text))
	}
	in := retrieval.IDIn(guild, corpus.ArticleID(id))
	if len(in) > corpus.MaxID {
		in = retrieval.IDIn(guild, corpus.ArticleID(corpus.TextSum(id)))
	}
	return in
}
