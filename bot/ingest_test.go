package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"footnote/corpus"
	"footnote/retrieval"
)

func fileOf(name, content string) *File {
	return &File{Name: name, Size: int64(len(content)), Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

// ownArticle is a file that a server adds.
func ownArticle(title, text string) *File {
	return fileOf("note.md", "---\ntitle: "+title+"\noutlet: The Bugle\ndate: 2024-04-30\n---\n\n"+text+"\n")
}

// attach is the reply to /ingest with a file and options "name", "value" …
func (s *stage) attach(f *File, options ...string) Reply {
	s.t.Helper()
	return s.do(Request{Kind: Slash, Name: "ingest", Options: optionsOf(options), Person: manager, File: f})
}

// add adds a file's articles to the server's own.
func (s *stage) add(f *File) Reply {
	s.t.Helper()
	return s.press(manager, s.attach(f), "Add")
}

func TestIngestAsksBeforeItAdds(t *testing.T) {
	s := newStage(t, nil)
	r := s.attach(ownArticle("Mayor opens a bridge", "The mayor opened the bridge on Tuesday."))
	expect(t, r, "Add 1 article?", "The Bugle, 2024-04-30 · Mayor opens a bridge", "1 passage", "The mayor opened the bridge", "Only this server")
	expectNot(t, s.slash(reader, "articles"), "Mayor")
	expect(t, s.press(manager, r, "Add"), "1 added, 0 changed, 0 unchanged.", "You can ask about it now.")
	expect(t, s.slash(reader, "articles"), "Mayor opens a bridge · this server's own")
	expect(t, s.add(ownArticle("Mayor opens a bridge", "The mayor opened the bridge on Tuesday.")), "0 added, 0 changed, 1 unchanged")
}

func TestOnlyTheSameAdminConfirms(t *testing.T) {
	s := newStage(t, nil)
	r := s.attach(ownArticle("A", "Something happened."))
	add := buttonOf(t, r, "Add")
	expect(t, s.press(Person{ID: "rival", Admin: true}, r, "Add"), "older than 15 minutes")
	expect(t, s.press(Person{ID: "manager"}, r, "Add"), s.callOf(Request{}).words.gate.adminsOnly)
	elsewhere := Request{Kind: Pressed, Action: add, Person: manager, Place: Place{Guild: "other", Channel: "x"}}
	expect(t, s.do(elsewhere), "older than 15 minutes")
	s.now = s.now.Add(15 * time.Minute)
	expect(t, s.press(manager, r, "Add"), "older than 15 minutes")
	if n := len(ownArticles(s.searcher.In("town"))); n != 0 {
		t.Errorf("%d articles were added", n)
	}
}

func TestCancelDropsWhatWaits(t *testing.T) {
	s := newStage(t, nil)
	r := s.attach(ownArticle("A", "Something happened."))
	expect(t, s.press(manager, r, "Cancel"), "Nothing was done.")
	expect(t, s.press(manager, r, "Add"), "was done already")
}

func TestIngestRefusesWhatItDoesNotRead(t *testing.T) {
	s := newStage(t, nil)
	huge := fileOf("huge.txt", "")
	huge.Size = 2 << 20
	huge.Open = func(context.Context) (io.ReadCloser, error) { return nil, errors.New("it is fetched all the same") }
	lying := fileOf("lying.txt", strings.Repeat("word ", 300_000))
	lying.Size = 10
	many := strings.Repeat("{\"text\":\"Something happened to %d.\"}\n", mostAtOnce+1)
	var lines strings.Builder
	for i, line := range strings.SplitAfter(many, "\n") {
		if line != "" {
			fmt.Fprintf(&lines, line, i)
		}
	}
	two := "{\"text\":\"One thing.\"}\n{\"text\":\"Another thing.\"}\n"
	for _, tt := range []struct {
		name    string
		file    *File
		options []string
		want    string
	}{
		{"another kind", fileOf("photo.png", "x"), nil, "I read .txt, .md and .jsonl"},
		{"an archive", fileOf("bomb.txt.gz", "x"), nil, "I read .txt, .md and .jsonl"},
		{"no name", fileOf("", "x"), nil, "I read .txt, .md and .jsonl"},
		{"large", huge, nil, "larger than 1 MiB"},
		{"larger than it says", lying, nil, "larger than 1 MiB"},
		{"binary", fileOf("a.txt", "\x1f\x8b\x08\x00\x00\x00\x00\x00"), nil, "no article"},
		{"not UTF-8", fileOf("a.txt", "caf\xe9 au lait"), nil, "no article"},
		{"empty", fileOf("a.md", ""), nil, "no article"},
		{"no JSON", fileOf("a.jsonl", "hello\n"), nil, "no article"},
		{"too many", fileOf("a.jsonl", lines.String()), nil, "more than 200 articles"},
		{"one title for two", fileOf("a.jsonl", two), []string{"title", "T"}, "several"},
		{"a bad address", fileOf("a.txt", "A text."), []string{"url", "javascript:alert(1)"}, "not one that I can link"},
		{"no date", fileOf("a.txt", "A text."), []string{"published", "tomorrowish"}, "“tomorrowish” is not a date"},
	} {
		if r := s.attach(tt.file, tt.options...); len(r.Rows) > 0 || !strings.Contains(pageText(r), tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, pageText(r), tt.want)
		}
	}
}

func TestIngestLeavesOutBadLines(t *testing.T) {
	s := newStage(t, nil)
	r := s.attach(fileOf("a.jsonl", "{\"text\":\"One thing.\",\"id\":\"x\"}\nhello\n{\"text\":\"Another.\",\"id\":\"x\"}\n{\"text\":\"A third.\"}\n"))
	expect(t, r, "Add 2 articles?", "2 entries could not be read", "2 articles have no date")
}

func TestIngestTakesAPastedText(t *testing.T) {
	s := newStage(t, nil)
	form := s.slash(manager, "ingest", "outlet", "The Bugle").Form
	if form == nil || form.Fields[0].Name != "text" || form.Fields[2].Value != "The Bugle" {
		t.Fatalf("the form is %+v", form)
	}
	filled := Request{Kind: Filled, Action: form.ID, Person: manager, Options: map[string]string{
		"text": "The mayor opened the bridge on Tuesday.", "title": "Bridge open", "outlet": "The Bugle",
		"url": "https://example.org/bridge", "published": "30 April 2024",
	}}
	r := s.do(filled)
	expect(t, r, "The Bugle, 2024-04-30 · Bridge open")
	s.press(manager, r, "Add")
	own := ownArticles(s.searcher.In("town"))
	if len(own) != 1 || own[0].ID != "@town/https://example.org/bridge" || own[0].URL != "https://example.org/bridge" || own[0].Derived {
		t.Errorf("added: %+v", own)
	}
	filled.Place = Place{Channel: "x", Direct: true}
	filled.Person.Owner = true
	if r := s.do(filled); len(r.Rows) > 0 {
		t.Errorf("outside a server it would add to the common articles: %q", pageText(r))
	}
}

func TestAServerHasOnlySoManyArticles(t *testing.T) {
	s := newStage(t, nil)
	records := make([]retrieval.Record, mostOwn)
	for i := range records {
		id := retrieval.IDIn("town", corpus.ArticleID(fmt.Sprint(i)))
		records[i] = retrieval.Record{Article: corpus.Article{ID: id, Text: "Something."}, Collection: "town"}
	}
	if _, err := s.options.Store.Save(t.Context(), records); err != nil {
		t.Fatal(err)
	}
	s.refresh()
	expect(t, s.attach(ownArticle("One more", "Something happened.")), "2,000 articles of its own")
}

func TestTheIDOfAnOwnArticle(t *testing.T) {
	sum := corpus.ArticleID(corpus.TextSum("text"))
	for _, tt := range []struct {
		name string
		a    corpus.Article
		want corpus.ArticleID
	}{
		{"message.txt", corpus.Article{ID: "message", Text: "text"}, "@town/" + sum},
		{"message.txt", corpus.Article{ID: "message", Text: "text", URL: "https://example.org/a"}, "@town/https://example.org/a"},
		{"a.md", corpus.Article{ID: "its-own", Text: "text"}, "@town/its-own"},
		{"a.md", corpus.Article{ID: corpus.ArticleID(strings.Repeat("a", 510))}, "@town/" + corpus.ArticleID(corpus.TextSum(strings.Repeat("a", 510)))},
	} {
		if got := ownID("town", tt.name, tt.a); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
