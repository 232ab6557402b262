package prompts

import (
	"slices"
	"strings"
	"testing"

	"footnote/retrieval/bert/mini"
)

func TestWhatDiscordAddsIsNoPartOfAMessage(t *testing.T) {
	c := newCleaner()
	for message, want := range map[string]string{
		"<@1> <@!23> <@&4> look at <#5>: **Vietnam** sold *rice*": "look at : Vietnam sold rice",
		"@everyone @here Vietnam sold rice":                       "Vietnam sold rice",
		"Vietnam <:flag:123> sold <a:rice:9> rice":                "Vietnam sold rice",
		"use </ask question:77> and <id:guide>":                   "use and",
		"[Vietnam sold rice](https://a.example/x_y) today":        "Vietnam sold rice today",
		"[Vietnam](<https://a.example>) sold rice":                "Vietnam sold rice",
		"Vietnam sold rice: https://a.example/b?c=d.":             "Vietnam sold rice: .",
		"Vietnam sold <https://a.example> rice":                   "Vietnam sold rice",
		"Vietnam sold ~~90~~ 40 tonnes":                           "Vietnam sold 40 tonnes",
		"||Vietnam|| __sold__ ***rice*** `now`":                   "Vietnam sold rice now",
		"_Vietnam_ sold snake_case rice":                          "Vietnam sold snake_case rice",
		"\\*Vietnam\\* sold rice":                                 "Vietnam sold rice",
		"> Vietnam sold rice":                                     "Vietnam sold rice",
		">>> Vietnam sold rice":                                   "Vietnam sold rice",
		"## Vietnam sold rice":                                    "Vietnam sold rice",
		"-# Vietnam sold rice":                                    "Vietnam sold rice",
		"- Vietnam sold rice":                                     "Vietnam sold rice",
		"1. Vietnam sold rice":                                    "Vietnam sold rice",
		"1.5 tonnes of rice":                                      "1.5 tonnes of rice",
		"#Vietnam sold #rice":                                     "Vietnam sold rice",
		"BREAKING: Vietnam sold rice":                             "Vietnam sold rice",
		"Vietnam sold rice 🇻🇳🍚👩‍🌾":                                "Vietnam sold rice",
		"Vietnam so\u200bld \u202erice\u202c":                     "Vietnam sold rice",
		"Karik\u0301o\u0301 won":                                  "Karik\u0301o\u0301 won",
		"V\u0301\u0301\u0301\u0301\u0301ietnam":                   "V\u0301\u0301ietnam",
		"sold on <t:1715904000> at <t:1715904000:t>":              "sold on May 17, 2024 at",
		"sold on <t:1715904000:D>":                                "sold on May 17, 2024",
		"```go\nVietnam sold rice\n```":                           "Vietnam sold rice",
		"```Vietnam sold rice```":                                 "Vietnam sold rice",
		"5 < 6 and 14.5°":                                         "5 < 6 and 14.5°",
	} {
		if got := strings.Join(c.lines(message), "\n"); got != want {
			t.Errorf("%q\n  got  %q\n  want %q", message, got, want)
		}
	}
}

func TestALineThatWasWrappedIsOne(t *testing.T) {
	c := newCleaner()
	for message, want := range map[string]int{
		"Vietnam sold 40 tonnes of rice to Ghana, which\nhad asked for more.": 1,
		"Vietnam sold 40 tonnes of rice to Ghana.\nit had asked for more.":    2,
		"ok\nvietnam sold rice": 2,
		"Vietnam\n\n\nGhana":    2,
		"":                      0,
	} {
		if got := c.lines(message); len(got) != want {
			t.Errorf("%q: %q", message, got)
		}
	}
}

func TestOnlyWhatClaimsSomethingIsChecked(t *testing.T) {
	c := NewChecker(nil, mini.Knows())
	for message, want := range map[string][]string{
		"Hi all! Did Vietnam sell rice? Vietnam sold rice.": {"Vietnam sold rice."},
		"Thanks, that is very kind of you.":                 nil,
		"lol":                                               nil,
		"Great news!":                                       nil,
		"I love this game so much, it made my day.":         nil,
		"I think Vietnam sold rice.":                        {"I think Vietnam sold rice."},
		"Breaking news about rice":                          {"Breaking news about rice"},
		"https://a.example/rice":                            nil,
		"<@123> <:rice:4>":                                  nil,
		"":                                                  nil,
		"the price of rice rose again":                      {"the price of rice rose again"},
		"Argentina won":                                     nil,
	} {
		var got []string
		for _, s := range c.statements(message) {
			got = append(got, s.text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", message, got, want)
		}
	}
}
