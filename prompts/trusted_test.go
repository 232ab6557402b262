package prompts

import (
	"strings"
	"testing"
)

func TestRewritingsOfModelsAreChecked(t *testing.T) {
	turns := []Turn{{"Is South Korea sending lethal aid to Ukraine?", "South Korea is not sending lethal aid, its ministry said on 11 November 2022. It sold shells to the United States."}}
	for _, tc := range []struct {
		question, rewritten string
		want                bool
	}{
		{"and the North?", "Is North Korea sending lethal aid to Ukraine?", true},
		{"and the North?", "Is Pyongyang sending lethal aid to Kyiv?", true},
		{"and the North?", "Does North Korea supply weapons to Ukraine?", true},
		{"and the North?", "Is South Korea sending lethal aid to Ukraine?", false}, // the name is lost
		{"why?", "Why is South Korea not sending lethal aid to Ukraine?", true},
		{"why?", "Is South Korea sending lethal aid to Ukraine?", false}, // it no longer asks why
		{"how many shells?", "How many shells did South Korea sell to the United States?", true},
		{"how many shells?", "How many shells did South Korea sell to Poland?", false},
		{"and 100,000 shells?", "Is South Korea selling shells?", false},
		{"and 100,000 shells?", "Is South Korea selling 100000 shells?", true},
		{"and 100,000 shells?", "Is South Korea selling 200,000 shells?", false},
		{"and Poland?", "Is Poland sending lethal aid? Is it true?", false},
		{"and Poland?", "Is Poland sending lethal aid? See https://example.com", false},
		{"and Poland?", "Is **Poland** sending lethal aid?", false},
		{"and Poland?", "@everyone is Poland sending lethal aid?", false},
		{"and Poland?", "Is Poland\nsending lethal aid?", false},
		{"and Poland?", "Is Poland sending bananas?", false},
		{"and Poland?", "Is Poland sending aid on Monday?", false},
		{"and Poland?", "", false},
		{"and Poland?", "Is Poland sending " + strings.Repeat("lethal ", 60) + "aid?", false},
		{"What about helicopters?", "Is South Korea sending lethal aid to Ukraine?", false}, // the thing is lost
	} {
		if got := newReader().trustworthy(tc.rewritten, tc.question, turns); got != tc.want {
			t.Errorf("%q for %q: got %v", tc.rewritten, tc.question, got)
		}
	}
}

func TestARewritingAddsNoDenial(t *testing.T) {
	turns := []Turn{{"Is South Korea sending lethal aid?", ""}}
	if newReader().trustworthy("Why is South Korea not sending lethal aid?", "why?", turns) {
		t.Error("a denial that nobody spoke of was let through")
	}
}
