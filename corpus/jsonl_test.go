package corpus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func mustDate(t *testing.T, s string) time.Time {
	t.Helper()
	date, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return date
}

func TestJSONL(t *testing.T) {
	for in, want := range map[string]Article{
		`{"id":"a","title":"T","text":" Text.\r\n","url":"https://example.org/","outlet":"AP","published":"2022-11-11","x":[1]}`: {
			ID: "a", Title: "T", Text: "Text.", URL: "https://example.org/", Outlet: "AP", Published: mustDate(t, "2022-11-11")},
		`{"id":12,"title":"T","text":"Text."}`:                               {ID: "12", Title: "T", Text: "Text."},
		`{"_id":"b","title":"T","text":"Text.","published":null}`:            {ID: "b", Title: "T", Text: "Text."},
		`{"id":null,"title":"T","text":"Text.","url":"https://example.org"}`: {ID: "https://example.org", Title: "T", Text: "Text.", URL: "https://example.org"},
		`{"id":"e","title":" ","text":"Text."}`:                              {ID: "e", Text: "Text."},
		`{"id":"f","title":"","derived":true,"text":"Text."}`:                {ID: "f", Text: "Text."},
		`{"id":"g","title":null,"text":"Text."}`:                             {ID: "g", Title: "Text.", Derived: true, Text: "Text."},
		`{"title":"T","text":"Text.","published":""}`:                        {ID: ArticleID("line-" + hash("TText.", 16)), Title: "T", Text: "Text."},
		`{"id":"c","text":"SEOUL (AP) Text."}`:                               {ID: "c", Title: "Text.", Derived: true, Text: "SEOUL (AP) Text."},
		`{"id":"d","title":"T","derived":true,"text":"Photo: AP\nText."}`:    {ID: "d", Title: "T", Derived: true, Text: "Photo: AP\nText."},
	} {
		items := slices.Collect(Load(t.Context(), "-", strings.NewReader(in)))
		if len(items) != 1 || items[0].Err != nil || items[0].Article != want {
			t.Errorf("%s: got %+v, want %+v", in, items, want)
		}
	}
}

func TestLongURLIsNoID(t *testing.T) {
	line := fmt.Sprintf(`{"text":"Text.","url":"https://example.org/%s"}`, strings.Repeat("a", MaxID))
	for a, err := range Parse("a.jsonl", []byte(line)) {
		if err != nil || !strings.HasPrefix(string(a.ID), "line-") {
			t.Errorf("got %q and %v", a.ID, err)
		}
	}
}

func TestBadLinesOfJSONL(t *testing.T) {
	for in, want := range map[string]string{
		`{"text":"a"`:                                       "line 2 is not a JSON object: unexpected end",
		`Text.`:                                             `line 2 is not a JSON object: it begins with "Text."`,
		`["text"]`:                                          "line 2 is not a JSON object",
		`{"text":"a"} {}`:                                   "line 2 is not a JSON object: invalid character '{'",
		`{"title":"a"}`:                                     "line 2: the article has no text",
		`{"text":" "}`:                                      "line 2: the article has no text",
		`{"text":"a","published":"soon"}`:                   `line 2: "soon" is not a date`,
		`{"text":"a","published":1668124800}`:               `line 2 has "published" as a JSON number; write it as a string`,
		`{"text":"a","url":"example.org"}`:                  `line 2: "example.org" is not the address of a page`,
		`{"text":"a","id":[1]}`:                             "line 2 has an id that is neither a string nor a number",
		`{"text":"a","id":"b\n"` + `,"title":["c"]}`:        `line 2 has "title" as a JSON array`,
		`{"text":"a\u0000"}`:                                "line 2: this looks like a binary file",
		"{\"text\":\"a\xff\"}":                              "line 2 cannot be read: the text is not UTF-8 (first bad byte at offset 10)",
		"{\"text\":\"a\x00\"}":                              "line 2 cannot be read: this looks like a binary file",
		`{"text":"` + strings.Repeat("a", maxLine):          "line 2 is longer than 16 MiB",
		`{"text":"` + strings.Repeat("a", MaxText+1) + `"}`: "line 2: the text is larger than 4 MiB",
	} {
		file := `{"id":"1","text":"One."}` + "\n" + in + "\n" + `{"id":"3","text":"Three."}`
		items := slices.Collect(Load(t.Context(), "-", strings.NewReader(file)))
		if len(items) != 3 || items[0].Article.ID != "1" || items[2].Article.ID != "3" || items[2].Line != 3 {
			t.Errorf("%.40q: got %q, want the lines around it", in, reasons(items))
			continue
		}
		if got := items[1]; got.Err == nil || !strings.HasPrefix(got.Err.Error(), want) || got.Where() != "-:2" {
			t.Errorf("%.40q: got %v at %s, want %q", in, got.Err, got.Where(), want)
		}
	}
}

func TestWideJSONLIsOneError(t *testing.T) {
	file := "\xff\xfe{\x00\n\x00{\x00\n\x00"
	n := 0
	for _, err := range Parse("a.jsonl", []byte(file)) {
		if n++; err == nil || !strings.Contains(err.Error(), "UTF-16") {
			t.Errorf("got %v", err)
		}
	}
	if n != 1 {
		t.Errorf("got %d errors, want 1", n)
	}
}

func FuzzJSONL(f *testing.F) {
	f.Add([]byte(`{"id":1,"title":"T","text":"Text.","url":"https://example.org","published":"2022-11-11"}` + "\n\n{\n"))
	f.Add([]byte("\ufeff{\"_id\":\"a\",\"text\":\"\\ud800 \\u200b a\"}\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		lines := bytes.Count(data, []byte("\n")) + 1
		for a, err := range Parse("a.jsonl", data) {
			if lines--; lines < 0 {
				t.Fatal("more articles than lines")
			}
			if err != nil {
				continue
			}
			checkArticle(t, a)
			checkReadsBack(t, a)
		}
	})
}

// checkReadsBack reports whether a is another after it was written and read.
func checkReadsBack(t *testing.T, a Article) {
	t.Helper()
	line, err := json.Marshal(map[string]any{
		"id": a.ID, "title": a.Title, "derived": a.Derived, "text": a.Text, "url": a.URL, "outlet": a.Outlet, "published": Day(a.Published),
	})
	if err != nil {
		t.Fatal(err)
	}
	for back, err := range Parse("a.jsonl", line) {
		if err != nil || back != a {
			t.Errorf("got %+v and %v, want %+v", back, err, a)
		}
	}
}
