package prompts

import (
	"testing"

	"footnote/corpus"
	"footnote/retrieval"
)

func TestOnlySourcesThatDoNotLeanOnOneAnotherCount(t *testing.T) {
	const (
		story = "The ferry Star of Mindoro sank off Batangas early on Tuesday with 87 people on board. Rescuers pulled 61 passengers from the water."
		more  = "Seven others were still missing on Wednesday, and the captain of the ship, Ramon Dizon, was arrested at his home at night."
		own   = "A survivor said the ship had listed for an hour before anybody called for help, and that the crew left first."
	)
	citation := func(article, outlet, passage, quote string) Citation {
		return Citation{Quote: quote, Hit: retrieval.Hit{
			Article: corpus.Article{ID: corpus.ArticleID(article), Outlet: outlet}, Passage: corpus.Passage{Text: passage},
		}}
	}
	for _, tc := range []struct {
		name      string
		citations []Citation
		want      int
	}{
		{"none", nil, 0},
		{"one", []Citation{citation("a", "AP", story, story)}, 1},
		{"one article twice", []Citation{citation("a", "AP", story, story), citation("a", "AP", own, own)}, 1},
		{"two outlets", []Citation{citation("a", "AP", story, story), citation("b", "AFP", own, own)}, 2},
		{"one outlet in two cases", []Citation{citation("a", "AP", story, story), citation("b", " ap", own, own)}, 1},
		{"unknown outlets", []Citation{citation("a", "", story, story), citation("b", "", own, own)}, 2},
		{"a copy", []Citation{citation("a", "AP", story, story), citation("b", "Daily", story+" By our staff.", "By our staff.")}, 1},
		{"a copied quote", []Citation{citation("a", "AP", story+" "+more, more), citation("b", "Daily", own+" "+more, more)}, 1},
		{"short quotes alike", []Citation{citation("a", "AP", story, "Nobody was hurt."), citation("b", "Daily", own, "Nobody was hurt.")}, 2},
		{"a copy joins two", []Citation{citation("a", "AP", story, story), citation("b", "AFP", own, own), citation("c", "AFP", story, story)}, 1},
		{"three", []Citation{citation("a", "AP", story, story), citation("b", "AFP", own, own), citation("c", "dpa", more, more)}, 3},
	} {
		if got := IndependentSources(tc.citations); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, got, tc.want)
		}
	}
}
