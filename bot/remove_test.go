package bot

import "testing"

func TestRemoveTakesAwayAnOwnArticle(t *testing.T) {
	s := newStage(t, nil)
	s.add(ownArticle("Mayor opens a bridge", "The mayor opened the bridge on Tuesday."))
	s.add(ownArticle("Mayor closes a road", "The mayor closed a road on Friday."))
	typing := Request{Kind: Typing, Name: "remove", Focused: "article", Options: map[string]string{"article": "BRIDGE"}, Person: manager}
	choices := s.do(typing).Choices
	if len(choices) != 1 || choices[0].Label != "Mayor opens a bridge · The Bugle · 2024-04-30" {
		t.Fatalf("choices: %+v", choices)
	}
	r := s.slash(manager, "remove", "article", choices[0].Value)
	expect(t, r, "Remove this article?", "Mayor opens a bridge")
	expect(t, s.press(Person{ID: "rival", Admin: true}, r, "Remove"), "older than 15 minutes")
	expect(t, s.press(manager, r, "Remove"), "The article is removed.")
	s.refresh()
	expectNot(t, s.slash(reader, "articles"), "bridge")
	expect(t, s.press(manager, r, "Remove"), "gone already")
	expect(t, s.slash(reader, "articles"), "Mayor closes a road")
}

func TestRemoveTouchesOnlyTheServersOwn(t *testing.T) {
	s := newStage(t, nil)
	s.add(ownArticle("Mayor opens a bridge", "The mayor opened the bridge on Tuesday."))
	s.add(ownArticle("Mayor closes a road", "The mayor closed a road on Friday."))
	expect(t, s.slash(manager, "remove", "article", "ap-nobel-medicine-mrna"), "no such article")
	expect(t, s.slash(manager, "remove", "article", "mayor"), "Several")
	elsewhere := Request{
		Kind: Slash, Name: "remove", Options: map[string]string{"article": "bridge"},
		Person: manager, Place: Place{Guild: "other", Channel: "x"},
	}
	expect(t, s.do(elsewhere), "no such article")
}
