package prompts

import (
	"testing"
	"time"

	"footnote/retrieval"
)

func TestDatesMeanTheSame(t *testing.T) {
	published := time.Date(2022, 11, 11, 0, 0, 0, 0, time.UTC) // a Friday
	for _, test := range []struct {
		sentence, quote string
		want            bool
	}{
		{"Nov. 11, 2022", "11 November 2022", true},
		{"2022-11-11", "Nov. 11, 2022", true},
		{"November 2022", "Nov. 11, 2022", true},
		{"2022", "Nov. 11", true},
		{"Nov. 11, 2022", "Friday", true},
		{"Nov. 10", "on Thursday", true},
		{"Friday", "Nov. 11, 2022", true},
		{"Friday, Nov. 11", "Friday", true},
		{"Nov. 10", "yesterday", true},
		{"yesterday", "Thursday", true},
		{"April 2022", "in April", true},
		{"December 2021", "in December", true},
		{"2021", "last year", true},
		{"October 2022", "last month", true},
		{"the 11th of November", "Nov. 11", true},
		{"Nov. 12, 2022", "Nov. 11, 2022", false},
		{"Nov. 12", "Friday", false},
		{"April 2021", "in April", false},
		{"Nov. 11, 2022", "November 2022", false},
		{"2021", "2022", false},
		{"Monday", "Friday", false},
		{"today", "yesterday", false},
	} {
		mine, theirs := dates(test.sentence, retrieval.Terms(test.sentence)), dates(test.quote, retrieval.Terms(test.quote))
		if len(mine) != 1 || len(theirs) != 1 {
			t.Errorf("%q has the dates %v, and %q %v", test.sentence, mine, test.quote, theirs)
			continue
		}
		if got := mine[0].means(theirs[0].date, published); got != test.want {
			t.Errorf("%q by %q: %v", test.sentence, test.quote, got)
		}
	}
}

func TestWhatIsNoDate(t *testing.T) {
	for _, text := range []string{"it may come", "they march on", "$2022", "2,022 people", "the sun sets", "a mark of 31"} {
		if got := dates(text, retrieval.Terms(text)); len(got) > 0 {
			t.Errorf("%q has the dates %v", text, got)
		}
	}
}

func TestAYearIsFourDigits(t *testing.T) {
	for word, want := range map[string]bool{"1999": true, "2022": true, "20th": false, "20km": false, "19bn": false, "1812": false} {
		if isYear(word) != want {
			t.Errorf("%s: got %v", word, !want)
		}
	}
}
