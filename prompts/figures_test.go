package prompts

import (
	"testing"

	"footnote/retrieval"
)

func figuresOf(text string) []figuredRun {
	terms := wholeNumbers(text, retrieval.Terms(text))
	return figures(text, terms, make([]bool, len(terms)))
}

func TestFiguresSayTheSame(t *testing.T) {
	for _, test := range []struct {
		sentence, quote string
		want            bool
	}{
		{"100,000 shells", "100000 shells", true},
		{"$400 million", "$400m", true},
		{"400 million dollars", "$400m", true},
		{"£2.4 million", "£2.4m", true},
		{"€9bn", "9 billion euros", true},
		{"5 million people", "5m people", true},
		{"4%", "4.00 percent", true},
		{"12 per cent", "12%", true},
		{"half", "50%", true},
		{"half a million", "500,000", true},
		{"two thirds", "two-thirds", true},
		{"forty-two", "42", true},
		{"two hundred thousand", "200,000", true},
		{"three dozen", "36", true},
		{"15th", "fifteenth", true},
		{"155 millimetres", "155mm", true},
		{"14 km", "14 kilometers", true},
		{"thousands", "7,000", true},
		{"tens of thousands", "70,000", true},
		{"COVID-19", "Covid-19", true},
		{"1990s", "1990s", true},
		{"100,000", "10,000", false},
		{"19.3", "193", false},
		{"£2.4", "24 pounds", false},
		{"$400", "€400", false},
		{"400", "$400", false},
		{"25%", "25", false},
		{"25", "25%", false},
		{"32 hours", "32 minutes", false},
		{"$9 million", "$9 billion", false},
		{"more than 20", "less than 20", false},
		{"more than 20", "20", false},
		{"third", "3", false},
		{"thousands", "1,000", false},
		{"19 people", "COVID-19", false},
		{"5q", "5", false},
		{"6 am", "6 pm", false},
	} {
		mine, theirs := figuresOf(test.sentence), figuresOf(test.quote)
		if len(mine) != 1 || len(theirs) != 1 {
			t.Errorf("%q has the figures %v, and %q %v", test.sentence, mine, test.quote, theirs)
			continue
		}
		if got := mine[0].says(theirs[0].figure); got != test.want {
			t.Errorf("%q %+v by %q %+v: %v", test.sentence, mine[0], test.quote, theirs[0], got)
		}
	}
}

func TestWhatIsNoFigure(t *testing.T) {
	for _, text := range []string{"no one came", "one of them", "this one", "the second-hand shop of one"} {
		for _, f := range figuresOf(text) {
			if f.value == 1 {
				t.Errorf("%q has the figure %+v", text, f)
			}
		}
	}
}
