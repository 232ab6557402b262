package corpus

import (
	"strings"
	"testing"
)

func TestFooters(t *testing.T) {
	for footer, outlet := range map[string]string{
		"Source: France 24":               "France 24",
		"Source: 20 Minutes":              "20 Minutes",
		"Source: Al Jazeera/AFP":          "Al Jazeera",
		"Source: Al Jazeera\n\n(Reuters)": "Al Jazeera",
		"*Source: Al Jazeera*":            "Al Jazeera",
		"(FRANCE 24 with AFP)":            "FRANCE 24",
		"(with AFP)":                      "AFP",
		"(AP)":                            "AP",
		"Associated Press writer Jane Doe in Kyiv, Ukraine, contributed to this report.": "",
		"Reuters contributed reporting.":                                                 "",
		"___\n\nAP journalists Jane Doe and Kim Lee contributed to this report.":         "",
		"(Reporting by Jane Doe in Seoul; Editing by Kim Lee)":                           "",
		"Reporting by Jane Doe; editing by Kim Lee":                                      "",
		"Reporting by Jane Doe, Kim Lee; Additional reporting by A. Poe; Editing by B.":  "",
		"Our Standards: The Thomson Reuters Trust Principles.":                           "",
		"jll/po/gil":                          "",
		"bur-jll/po":                          "",
		"___":                                 "",
		"© 2024 The AP. All rights reserved.": "",
		"Copyright 2024 The AP. All rights reserved.":                       "",
		"Related Topics\n\nSouth Korea\nUkraine":                            "",
		"Related stories:\n- Why Seoul sells shells\n- Will Kyiv buy them?": "",
	} {
		a, err := parseText(prose + "\n\n" + footer)
		if err != nil || a.Text != prose || a.Outlet != outlet {
			t.Errorf("%q: got %q, outlet %q and %v, want outlet %q", footer, a.Text, a.Outlet, err, outlet)
		}
	}
}

func TestProseIsNoFooter(t *testing.T) {
	for _, last := range []string{
		"The writer contributed to the success of the party.",
		"AP writer Kim Tong-hyung contributed to the story of Seoul, South Korea.",
		"The ministry contributed to this report with its own figures, though the writer of it did not say so.",
		"Reporting by the ministry was late.",
		"Related topics came up, and were dropped.",
		"Related Topics\n\nThe talks went on.",
		"He joined the alliance (NATO)",
		"He said so to the agency (AP)",
		"He said so. (Laughs)",
		"Kyiv/Seoul",
		"and/or more",
	} {
		in := prose + "\n\n" + last
		if a, err := parseText(in); err != nil || a.Text != in || a.Outlet != "" {
			t.Errorf("%q: got %q, outlet %q and %v", last, a.Text, a.Outlet, err)
		}
	}
}

func TestClosingBracketBehindASentence(t *testing.T) {
	if body, outlet := footer("They left. (AP)"); body != "They left." || outlet != "AP" {
		t.Errorf("got %q and %q", body, outlet)
	}
}

func TestPictureCreditLines(t *testing.T) {
	for line, want := range map[string]bool{
		"Image source, Getty Images":                   true,
		"Image caption, People cool off in the river.": true,
		"Photo by Joe Doe on Unsplash":                 true,
		"Photo: France 24":                             true,
		"© Getty Images":                               true,
		"___":                                          true,
		"Photo by Joe Doe on the first day":            false,
		"Image source, he said, was not known":         false,
		"The image caption, people said, was wrong":    false,
		"_": false,
	} {
		if got := isCredit(line); got != want {
			t.Errorf("%q: got %v, want %v", line, got, want)
		}
	}
}

func TestCreditsBehindAParagraph(t *testing.T) {
	for in, want := range map[string]string{
		"People walk. [Brian Inganga/AP Photo]":        "People walk.",
		"People walk. [File: Brian Inganga/Reuters]":   "People walk.",
		"People walk. [Reuters]":                       "People walk.",
		"People walk. (AP Photo/Brian Inganga, File)":  "People walk.",
		"People walk. [Reuters] [AFP]":                 "People walk.",
		"People walk with [President] Biden":           "People walk with [President] Biden",
		"People walk with [Biden]":                     "People walk with [Biden]",
		"People walk. (Reuters)":                       "People walk. (Reuters)",
		"People of [the agency]":                       "People of [the agency]",
		"They met the Atlantic alliance [NATO/the EU]": "They met the Atlantic alliance [NATO/the EU]",
	} {
		if got := cutCredits(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzFooter(f *testing.F) {
	f.Add("They left. (AP)\n___\nAP writer Jane Doe contributed to this report.\nSource: Al Jazeera\nRelated Topics\nKyiv")
	f.Fuzz(func(t *testing.T, text string) {
		body, _ := footer(text)
		if !strings.Contains(text, body) {
			t.Errorf("got %q of %q", body, text)
		}
		if again, _ := footer(body); again != body {
			t.Errorf("cut twice: got %q, want %q", again, body)
		}
	})
}
