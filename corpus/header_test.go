package corpus

import (
	"strings"
	"testing"
)

func TestHeaders(t *testing.T) {
	const title = "Seoul sells shells"
	for _, test := range []readText{
		{"author, outlet, date", "By Jane Doe and Kim Tong-hyung\nAssociated Press\nMarch 14, 2023\n\nSEOUL (AP) — " + prose, "", "Associated Press", "2023-03-14", "SEOUL (AP) — " + prose},
		{"author, date, outlet", "By Jane Doe\nMarch 14, 2023\nTampa Bay Times\n\n" + prose, "", "Tampa Bay Times", "2023-03-14", prose},
		{"an agency as author", title + "\nBy The Associated Press\n\n" + prose, title, "The Associated Press", "", prose},
		{"title, standfirst, date", title + "\nThe ally wants more of them.\nPublished On 14 Mar 2024\n" + prose, title, "", "2024-03-14", "The ally wants more of them.\n\n" + prose},
		{"label and date on two lines", title + "\nPublished\n28 April 2023\n\n" + prose, title, "", "2023-04-28", prose},
		{"two labels and dates", title + "\nUpdated:\n29 April 2023\nPublished:\n28 April 2023\n" + prose, title, "", "2023-04-28", prose},
		{"title, outlet, date", title + "\nReuters\nMarch 3, 2024\n\n" + prose, title, "Reuters", "2024-03-03", prose},
		{"outlet, title, date", "Reuters\n" + title + "\nMarch 3, 2024\n\n" + prose, title, "Reuters", "2024-03-03", prose},
		{"title, bare author, date", title + "\nJane Doe\nMarch 3, 2024\n\n" + prose, title, "", "2024-03-03", prose},
		{"title in capitals, date", "Seoul Sells Shells\nMarch 3, 2024\n\n" + prose, "Seoul Sells Shells", "", "2024-03-03", prose},
		{"title with a full stop, date", "Seoul sells shells.\nMarch 3, 2024\n\n" + prose, "Seoul sells shells.", "", "2024-03-03", prose},
		{"fields", "Title: Seoul sells shells.\nDate: 2024-03-03\nOutlet: France 24\nURL: https://example.org/a\nAuthor: Jane Doe\n\n" + prose, "Seoul sells shells.", "France 24", "2024-03-03", prose},
		{"source as a field", "Source: Reuters\nDate: 2024-03-03\n\n" + prose, "", "Reuters", "2024-03-03", prose},
		{"time and outlet behind bars", title + "\nMarch 3, 2024 / 10:15 AM / CBS/AFP\n" + prose, title, "CBS", "2024-03-03", prose},
		{"update behind a bar", title + "\nPublished 3 March 2024 | Updated 4 March 2024\n" + prose, title, "", "2024-03-03", prose},
		{"date in a dateline", "STOCKHOLM, Oct 9, 2023 (AFP) - " + prose, "", "AFP", "2023-10-09", "STOCKHOLM, Oct 9, 2023 (AFP) - " + prose},
		{"date over dateline", "2023-10-10\nSTOCKHOLM, Oct 9, 2023 (AFP) - " + prose, "", "AFP", "2023-10-10", "STOCKHOLM, Oct 9, 2023 (AFP) - " + prose},
		{"emphasis", "*By Jane Doe*\n\n**3 March 2024**\n\n" + prose, "", "", "2024-03-03", prose},
		{"outlet without a date", "Reuters\n\n" + prose, "Reuters", "", "", prose},
		{"short paragraphs", "It rained.\n\nIt snowed.\n\n" + prose, "", "", "", "It rained.\n\nIt snowed.\n\n" + prose},
		{"a date far below", title + "\n\n" + prose + "\n\nMarch 3, 2024", title, "", "", prose + "\n\nMarch 3, 2024"},
		{"prose that says Link", "Link: none was found.\n" + prose, "", "", "", "Link: none was found.\n" + prose},
		{"prose that says Author", "Author: he wrote it.\n" + prose, "", "", "", "Author: he wrote it.\n" + prose},
	} {
		t.Run(test.name, test.check)
	}
}

func TestHeaderFieldGivesTheAddress(t *testing.T) {
	a, err := parseText("Title: Shells\nURL: https://example.org/a\n\n" + prose)
	if err != nil || a.URL != "https://example.org/a" {
		t.Errorf("got %q and %v", a.URL, err)
	}
}

func TestDateLines(t *testing.T) {
	for line, want := range map[string]string{
		"March 3, 2024 GMT":                        "2024-03-03",
		"March 3, 2024 10:15 AM UTC":               "2024-03-03",
		"Sun 3 Mar 2024 10.15 GMT":                 "2024-03-03",
		"Last modified on Sun 3 Mar 2024 10.15am":  "2024-03-03",
		"March 3, 2024 / 10:15 AM / CBS/AFP":       "2024-03-03",
		"Published 10:15 AM EST, Sun March 3 2024": "2024-03-03",
		"3 March 2024 • Reuters":                   "2024-03-03",
		"03.03.2024":                               "2024-03-03",
		"31.3.2024":                                "2024-03-31",
		"11.12.2024":                               "2024-12-11",
		"Date: 03/03/2024":                         "2024-03-03",
		"3/31/2024":                                "2024-03-31",
		"31/3/2024":                                "2024-03-31",
		"11/12/2024":                               "",
		"31.13.2024":                               "",
		"March 3, 2024 was a Sunday":               "",
		"March 3, 2024 / it rained":                "",
		"March 2024 GMT":                           "",
		"10:15 AM":                                 "",
		"":                                         "",
	} {
		if got, err := dateLine(line); err != nil || Day(got.day) != want {
			t.Errorf("%q: got %q and %v, want %q", line, Day(got.day), err, want)
		}
	}
}

func TestBareDatelines(t *testing.T) {
	for in, want := range map[string]string{
		"(CNN) — The deal":               "CNN",
		"(Reuters) - The deal":           "Reuters",
		"Mar 3 (Bloomberg) -- The deal":  "Bloomberg",
		"3 March (Reuters) - The deal":   "Reuters",
		"BERLIN (dpa) - The deal":        "dpa",
		"ROME, Mar. 3 (ansa) - The deal": "ansa",
		"(Reuters) The deal":             "",
		"(Update) - The deal":            "",
		"Mar 3 (Update) - The deal":      "",
		"May (Reuters) - The deal":       "",
		"BERLIN (noon) - The deal":       "",
	} {
		if got, _ := dateline(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzDateLine(f *testing.F) {
	f.Add("Published Sun 3 Mar 2024 10.15 GMT / CBS/AFP")
	f.Add("31.3.2024")
	f.Fuzz(func(t *testing.T, line string) {
		s, err := dateLine(line)
		if err != nil && s != (stamp{}) {
			t.Errorf("%q: got %v beside %v", line, s, err)
		}
		if again, _ := dateLine(Day(s.day)); !again.day.Equal(s.day) {
			t.Errorf("%q: %s reads back as %s", line, Day(s.day), Day(again.day))
		}
		if strings.Contains(s.outlet, " / ") {
			t.Errorf("%q: got outlet %q", line, s.outlet)
		}
	})
}
