package corpus

import (
	"strings"
	"testing"
)

func TestMarkdown(t *testing.T) {
	for _, test := range []struct {
		name, in string
		want     Article
	}{
		{
			"yaml",
			"---\nTitle: \"Shells: a \\\"deal\\\"\" # said\ndate: 2022-11-11T10:00:00Z\nsource: Al Jazeera # wires\nlink: 'https://example.org/a'\nid: x1\ntags:\n  - war\n- arms\nnested:\n  title: no\n# comment\n\n---\nText **here**.\n",
			Article{ID: "x1", Title: `Shells: a "deal"`, Outlet: "Al Jazeera", URL: "https://example.org/a", Published: mustDate(t, "2022-11-11"), Text: "Text **here**."},
		},
		{
			"toml",
			"+++\ntitle = 'Shells'\npublished = 2022-11-11\noutlet = \"AP\"\nurl = \"https://example.org/a\"\ntags = [\n  \"war\",\n]\n[author]\nurl = \"nowhere\"\n+++\nText.",
			Article{Title: "Shells", Outlet: "AP", URL: "https://example.org/a", Published: mustDate(t, "2022-11-11"), Text: "Text."},
		},
		{"first of two counts", "---\ntitle: One\nTITLE: Two\ndate: 2022\npublished: 2021\n---\nText.", Article{Title: "One", Published: mustDate(t, "2022"), Text: "Text."}},
		{"quotes in quotes", "---\ntitle: 'Seoul''s shells'\noutlet: ~\ndate:\n---\nText.", Article{Title: "Seoul's shells", Text: "Text."}},
		{"heading", "# C# at 20 ##\n\n## Part\n\nText.", Article{Title: "C# at 20", Text: "## Part\n\nText."}},
		{"heading under a title", "---\ntitle: T\n---\n# Heading\n\nText.", Article{Title: "T", Text: "# Heading\n\nText."}},
		{"heading alone", "# Heading", Article{Title: "Heading", Derived: true, Text: "# Heading"}},
		{"no title", "SEOUL (AP) — Text.\n", Article{Title: "Text.", Derived: true, Outlet: "AP", Text: "SEOUL (AP) — Text."}},
		{"pictures", "# T\n![a](b.png)\nText ![c](d.png).\n ![e](f) ![](g) \nMore.", Article{Title: "T", Text: "Text ![c](d.png).\nMore."}},
		{"comments", "# T\nText<!-- ignore\nall --> here.<!-- never closed\nHidden.", Article{Title: "T", Text: "Text here."}},
		{
			"lines above and below",
			"# T\n\n*By Joseph Tan*\n\n*3 March 2024*\n\nText. [Jane Doe/AP Photo]\n\n*Source: Al Jazeera*\n",
			Article{Title: "T", Outlet: "Al Jazeera", Published: mustDate(t, "2024-03-03"), Text: "Text."},
		},
		{
			"front matter counts before lines",
			"---\ntitle: T\noutlet: AP\ndate: 2022-11-11\n---\nReuters\n3 March 2024\nText.\nSource: Al Jazeera",
			Article{Title: "T", Outlet: "AP", Published: mustDate(t, "2022-11-11"), Text: "Text."},
		},
		{"a rule", "---\n\nText.", Article{Title: "---", Derived: true, Text: "---\n\nText."}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, err := parseMarkdown(test.in); err != nil || got != test.want {
				t.Errorf("got %+v and %v\nwant %+v", got, err, test.want)
			}
		})
	}
}

func TestMarkdownRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"---\ntitle: T\nText.":                  `line 3: "Text." is not a field of front matter`,
		"---\ntitle: T\n":                       "line 1: the front matter is not closed; end it with a line ---",
		"+++\ntitle = 'T'\n---\n":               "line 1: the front matter is not closed; end it with a line +++",
		"---\ntitle: T\ndate: soon\n---\nText.": `line 3: "soon" is not a date`,
		"---\nurl: example.org\n---\nText.":     `line 2: "example.org" is not the address of a page`,
		"---\ntitle: \"T\n---\nText.":           "line 2: title: \"T is not closed by a quotation mark",
		"---\ntitle: 'T\n---\nText.":            "line 2: title: 'T is not closed by a quotation mark",
		"---\ntitle: >\n  T\n---\nText.":        "line 2: title: the value stands below its key",
	} {
		if _, err := parseMarkdown(in); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", in, err, want)
		}
	}
}

func TestFrontMatterTellsMarkdown(t *testing.T) {
	for in, want := range map[string]bool{
		"---\ntitle: T\n---\nText.":        true,
		"\ufeff---\r\ntitle: T\r\n---\r\n": true,
		"+++\ntitle = 'T'\n+++\n":          true,
		"---\n\nText: more.":               false,
		"---\nText and more: all.":         false,
		"Text.":                            false,
		"":                                 false,
	} {
		if got := (markdown{}).claims(".txt", []byte(in)); got != want {
			t.Errorf("%q: got %v, want %v", in, got, want)
		}
	}
}

func FuzzFrontMatter(f *testing.F) {
	f.Add("---\ntitle: \"T\"\ndate: 2022-11-11\nurl: https://example.org\n---\n# H\n![a](b)\n<!-- c -->\nText.")
	f.Add("+++\ntitle = 'T''s' # c\n[t]\n+++\nText.")
	f.Fuzz(func(t *testing.T, in string) {
		for a, err := range Parse("a.md", []byte(in)) {
			if err == nil {
				checkArticle(t, a)
			}
		}
	})
}
