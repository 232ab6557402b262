package corpus

import (
	"strings"
	"testing"
)

const prose = "The ministry said on Friday that talks about the sale of shells to its ally were going on, and that nothing had been signed so far by either side."

// A readText is a text as it comes in, and what is read from it; a title made
// from the lead is "".
type readText struct{ name, in, title, outlet, day, text string }

func (r readText) check(t *testing.T) {
	a, err := parseText(r.in)
	if err != nil {
		t.Fatal(err)
	}
	if a.Derived {
		a.Title = ""
	}
	if a.Title != r.title || a.Outlet != r.outlet || Day(a.Published) != r.day || a.Text != r.text {
		t.Errorf("got %q, %q, %q, %q\nwant %q, %q, %q, %q",
			a.Title, a.Outlet, Day(a.Published), a.Text, r.title, r.outlet, r.day, r.text)
	}
}

func TestPlainText(t *testing.T) {
	for _, test := range []readText{
		{"date", "date 2022-11-11\n\n" + prose, "", "", "2022-11-11", prose},
		{"bare date", "2022-11-11\n" + prose, "", "", "2022-11-11", prose},
		{"published", "Published November 11, 2022\n" + prose, "", "", "2022-11-11", prose},
		{"published on", "Published On 11 Nov 2022\n" + prose, "", "", "2022-11-11", prose},
		{"updated alone", "Updated: Nov. 12, 2022\n" + prose, "", "", "2022-11-12", prose},
		{"updated first", "Updated: Nov. 12, 2022\nPublished: Nov. 11, 2022\n" + prose, "", "", "2022-11-11", prose},
		{"title, blank line", "Seoul sells shells\n\n" + prose, "Seoul sells shells", "", "", prose},
		{"title, long line", "Seoul sells shells\n" + prose, "Seoul sells shells", "", "", prose},
		{"title, date, author", "Seoul sells shells\nBy Jane Doe and Kim Lee\n11 November 2022\n\n" + prose, "Seoul sells shells", "", "2022-11-11", prose},
		{"author, title, date", "By JANE DOE, AP\n\nSeoul sells shells?\n\n2022-11-11\n\n" + prose, "Seoul sells shells?", "", "2022-11-11", prose},
		{"one line", "Seoul sells shells", "", "", "", "Seoul sells shells"},
		{"a sentence first", "Seoul sells shells.\n\n" + prose, "", "", "", "Seoul sells shells.\n\n" + prose},
		{"a quoted sentence first", "“Seoul sells shells.”\n\n" + prose, "", "", "", "“Seoul sells shells.”\n\n" + prose},
		{"lines of one length", "Seoul sells shells\nto its old ally", "", "", "", "Seoul sells shells\nto its old ally"},
		{"a list", "- one\n\n- two", "", "", "", "- one\n\n- two"},
		{"dateline alone", "SEOUL (AP)\n\n" + prose, "", "AP", "", "SEOUL (AP)\n\n" + prose},
		{"dateline under a title", "Seoul sells shells\n\nSEOUL (AP) " + prose, "Seoul sells shells", "AP", "", "SEOUL (AP) " + prose},
		{"source", prose + "\n\nSource: Al Jazeera\nImage source: Pixabay", "", "Al Jazeera", "", prose},
		{"source and agencies", prose + "\nSOURCE: Al Jazeera and news agencies", "", "Al Jazeera", "", prose},
		{"source over dateline", "SEOUL (AP) " + prose + "\nSource: Al Jazeera", "", "Al Jazeera", "", "SEOUL (AP) " + prose},
		{"source within", "Source: Al Jazeera\n" + prose, "Source: Al Jazeera", "", "", prose},
		{"a sentence that says Source", prose + "\nSource: it came from the ministry", "", "", "", prose + "\nSource: it came from the ministry"},
		{"a sentence that says By", "By Friday the talks were over\n\n" + prose, "By Friday the talks were over", "", "", prose},
		{"a sentence with a date", "11 November 2022 was a Friday.\n" + prose, "", "", "", "11 November 2022 was a Friday.\n" + prose},
		{"a month above", "November 2022\n\n" + prose, "November 2022", "", "", prose},
		{"an age above", "Published 3 hours ago\n\n" + prose, "Published 3 hours ago", "", "", prose},
	} {
		t.Run(test.name, test.check)
	}
}

func TestPlainTextRefusesADateInFigures(t *testing.T) {
	for _, date := range []string{"2022-13-45", "11/12/2022"} {
		if _, err := parseText("Published: " + date + "\n\n" + prose); err == nil || !strings.Contains(err.Error(), date) {
			t.Errorf("%s: got %v", date, err)
		}
	}
}

func TestCredits(t *testing.T) {
	for line, want := range map[string]bool{
		"Image source: Pixabay":                   true,
		"Photo: Getty Images/iStockphoto":         true,
		"Image credit: Jane Doe":                  true,
		"[Photo by Sergei Supinsky/Reuters]":      true,
		"Photograph: Jane Doe/AFP":                true,
		"(AP Photo/Evan Vucci)":                   true,
		"(AP Photo/Evan Vucci, File)":             true,
		"PHOTO: REUTERS":                          true,
		"Photo: the shells were found at dawn":    false,
		"Photo: Kyiv.":                            false,
		"Image: a drone over Kyiv":                false,
		"Photo":                                   false,
		"Photographs of Kyiv":                     false,
		"Photo by photo the story comes to light": false,
		"Evan Vucci (AP Photo/Evan Vucci)":        false,
		"(AP)":                                    false,
		"()":                                      false,
		"":                                        false,
	} {
		if got := isCredit(line); got != want {
			t.Errorf("%q: got %v, want %v", line, got, want)
		}
	}
}

func TestCreditsAreNotText(t *testing.T) {
	a, err := parseText("Photo: Reuters\nOne thing happened.\n(AP Photo/Evan Vucci)\nAnother did.\n")
	if want := "One thing happened.\nAnother did."; err != nil || a.Text != want {
		t.Errorf("got %q and %v, want %q", a.Text, err, want)
	}
}

func TestDatelines(t *testing.T) {
	for in, want := range map[string]string{
		"WASHINGTON (AP) The deal":                         "AP",
		"SEOUL, South Korea (Reuters) — The deal":          "Reuters",
		"KYIV, Nov 11 (Reuters) - The deal":                "Reuters",
		"WASHINGTON, D.C. (AP) -- The deal":                "AP",
		"NEW YORK (Bloomberg) “The deal":                   "Bloomberg",
		"ST. LOUIS (AP) 100,000 shells":                    "AP",
		"DOHA (Al Jazeera) – The deal":                     "Al Jazeera",
		"КИЇВ (Reuters) — Угода":                           "Reuters",
		"NATO (North Atlantic Treaty Organization) Allies": "",
		"EU (European Union) Commissioner Breton":          "",
		"INTERNATIONAL MONETARY FUND (IMF) Officials":      "",
		"NATO (the alliance) said":                         "",
		"SEOUL (AP) said":                                  "",
		"SEOUL (AP), a city":                               "",
		"SEOUL (AP)":                                       "",
		"SEOUL (2022) The deal":                            "",
		"Seoul (AP) The deal":                              "",
		"SEOUL IS NOT SELLING! (AP) The deal":              "",
		"A (AP) The deal":                                  "",
		"The Wall Street Journal (WSJ) The deal":           "",
	} {
		got, rest := dateline(in)
		if got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
		if !strings.HasSuffix(in, rest) || got == "" && rest != in {
			t.Errorf("%q: got %q behind it", in, rest)
		}
	}
}

func TestTitleFrom(t *testing.T) {
	for in, want := range map[string]string{
		"SEOUL (AP) — Short lead.\n\nMore.": "Short lead.",
		"## Heading\n\nLead.":               "Lead.",
		"# Only a heading":                  "Only a heading",
		prose:                               "The ministry said on Friday that talks about the sale of shells to its ally…",
		"":                                  "",
	} {
		if got := titleFrom(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("date 2022-11-11\n\nSeoul sells shells\nBy Jane Doe\n\nSEOUL (AP) — " + prose + "\nPhoto: AP\n\nSource: Al Jazeera")
	f.Add("Updated: 2022\n(AP Photo/X)\n" + prose)
	f.Fuzz(func(t *testing.T, in string) {
		for a, err := range Parse("a.txt", []byte(in)) {
			if err != nil {
				continue
			}
			checkArticle(t, a)
			again, err := parseText(a.Text)
			for line := range strings.Lines(again.Text) {
				if line = strings.TrimSpace(line); err == nil && !strings.Contains(a.Text, line) {
					t.Errorf("read again: got the line %q, want a part of %q", line, a.Text)
				}
			}
		}
	})
}

// checkArticle reports what no article that was read may be.
func checkArticle(t *testing.T, a Article) {
	t.Helper()
	if err := a.Validate(); err != nil {
		t.Error(err)
	}
	if strings.ContainsAny(a.Text, "\x00\r") || a.Text != strings.TrimSpace(a.Text) {
		t.Errorf("got text %q", a.Text)
	}
	if a.Title != OneLine(a.Title) || a.Outlet != OneLine(a.Outlet) || a.Derived && a.Title == "" {
		t.Errorf("got title %q and outlet %q", a.Title, a.Outlet)
	}
	if url, err := ParseURL(a.URL); err != nil || url != a.URL {
		t.Errorf("got url %q: %v", a.URL, err)
	}
}
