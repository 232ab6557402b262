package bot

import (
	"strings"
	"testing"
	"time"
)

// manyWords finds passages of most samples.
const manyWords = "shells vaccine prize pandemic rates asteroid moon football temperature parliament"

func TestSearchShowsRankedPassages(t *testing.T) {
	s := newStage(t, nil)
	r := s.slash(reader, "search", "query", "artillery shells", "outlet", "AP")
	expect(t, r, "Passages for “artillery shells”", "1. AP, 2022-11-11 · ", "100,000 artillery shells")
	expectNot(t, r, "Al Jazeera")
}

func TestSearchTurnsPages(t *testing.T) {
	s := newStage(t, nil)
	first := s.slash(reader, "search", "query", manyWords)
	expect(t, first, "\n1. ", "\n5. ", "Page 1 of ")
	second := s.press(reader, first, "Next")
	expect(t, second, "\n6. ", "Page 2 of ")
	if again := s.press(reader, second, "Previous"); pageText(again) != pageText(first) {
		t.Errorf("back on the first page:\n%s\nwant:\n%s", pageText(again), pageText(first))
	}
}

func TestAPageIsForWhoSearchedAndNotForEver(t *testing.T) {
	s := newStage(t, nil)
	r := s.slash(reader, "search", "query", manyWords)
	next := buttonOf(t, r, "Next")
	expect(t, s.press(manager, r, "Next"), "older than 15 minutes")
	elsewhere := Request{Kind: Pressed, Action: next, Person: reader, Place: Place{Guild: "other", Channel: "x"}}
	expect(t, s.do(elsewhere), "older than 15 minutes")
	expect(t, s.do(Request{Kind: Pressed, Action: "f1:search::forged", Person: reader}), "older than 15 minutes")
	expect(t, s.press(reader, r, "Next"), "Page 2")
	s.now = s.now.Add(15 * time.Minute)
	expect(t, s.press(reader, r, "Next"), "older than 15 minutes")
}

func TestSearchRefusesAtOnceWhatIsNoDate(t *testing.T) {
	s := newStage(t, nil)
	r := s.slash(reader, "search", "query", "shells", "since", "soonish")
	expect(t, r, "soonish")
	if !r.Private {
		t.Error("others see it")
	}
	expect(t, s.slash(reader, "search", "query", "shells", "since", "2023", "until", "2022"), "dates")
}

func TestSearchSeesOnlyTheServersOwn(t *testing.T) {
	s := newStage(t, nil)
	s.add(ownArticle("Mayor opens a bridge", "The mayor opened the Quillfeather bridge on Tuesday."))
	expect(t, s.slash(reader, "search", "query", "Quillfeather bridge"), "Mayor opens a bridge")
	other := s.do(Request{
		Kind: Slash, Name: "search", Options: map[string]string{"query": "Quillfeather bridge"},
		Person: reader, Place: Place{Guild: "other", Channel: "x"},
	})
	expectNot(t, other, "Mayor", "The Bugle")
}

func TestAShelfIsBounded(t *testing.T) {
	s := shelf[int]{most: 3, each: 2}
	now := time.Now()
	ann, bob, eve := owner{"ann", ""}, owner{"bob", ""}, owner{"eve", ""}
	held := func(key string, o owner) bool { _, ok := s.get(key, o, now); return ok }
	s.put("1", ann, now, 1)
	s.put("2", ann, now, 2)
	s.put("3", ann, now, 3)
	if held("1", ann) || !held("2", ann) || !held("3", ann) {
		t.Error("of her own things the oldest one was to go")
	}
	s.put("4", bob, now, 4)
	s.put("5", eve, now, 5)
	if held("2", ann) || !held("3", ann) || !held("4", bob) || !held("5", eve) {
		t.Error("of all things the oldest one was to go")
	}
	s.drop(func(o owner) bool { return o == bob })
	if held("4", bob) || !held("5", eve) {
		t.Error("only bob's things were to go")
	}
}

func TestLongListsFitTheirButtons(t *testing.T) {
	p := pageOf("articles", strings.Repeat("9", 20), 123456, 1<<30, 10)
	id := action{name: p.action, arg: pageArg(p.key, p.n+1)}.id()
	if _, err := parseAction(id); err != nil {
		t.Errorf("%s: %v", id, err)
	}
}
