package prompts

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"footnote/corpus"
	"footnote/corpus/sample"
)

// tokens.tsv holds what six tokenizers make of the sample articles: the packages
// gpt-tokenizer, llama3-tokenizer-js, llama-tokenizer-js and
// mistral-tokenizer-js of npm, and for Qwen GPT-4's with each digit alone.
func TestCountTokensIsNotBelowWhatTokenizersCount(t *testing.T) {
	texts := sampleTexts(t)
	data, err := os.ReadFile("testdata/prompts/tokens.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		fields := strings.Split(line, "\t")
		text := texts[corpus.ArticleID(fields[0])]
		if i == 0 || text == "" {
			continue
		}
		delete(texts, corpus.ArticleID(fields[0]))
		most := 0
		for _, field := range fields[1:] {
			n, err := strconv.Atoi(field)
			if err != nil {
				t.Fatal(err)
			}
			most = max(most, n)
		}
		if got := countTokens(text); got < most || got > most*11/10 {
			t.Errorf("%s: estimate %d, counted %d at most", fields[0], got, most)
		}
	}
	for id := range texts {
		t.Errorf("tokens.tsv lacks %s", id)
	}
}

func TestCountTokensIsNotBelowWordPiece(t *testing.T) {
	data, err := os.ReadFile("../retrieval/bert/mini/vocab.txt")
	if err != nil {
		t.Fatal(err)
	}
	pieces := map[string]bool{}
	for _, piece := range strings.Fields(string(data)) {
		pieces[piece] = true
	}
	for id, text := range sampleTexts(t) {
		a := corpus.Article{ID: id, Text: text}
		for _, p := range (corpus.Chunker{}).Chunk(a) {
			if got, counted := countTokens(p.Text), countPieces(pieces, p.Text); got < counted {
				t.Errorf("%s: estimate %d, counted %d", p.ID, got, counted)
			}
		}
	}
}

// countPieces counts the pieces of WordPiece.
func countPieces(pieces map[string]bool, text string) int {
	n := 0
	var word string
	cut := func() {
		for prefix := ""; word != ""; prefix, n = "##", n+1 {
			end := len(word)
			for end > 1 && !pieces[prefix+word[:end]] {
				end--
			}
			word = word[end:]
		}
	}
	for _, r := range strings.ToLower(text) {
		switch {
		case unicode.IsSpace(r):
			cut()
		case unicode.IsPunct(r) || unicode.IsSymbol(r):
			cut()
			n++
		default:
			word += string(r)
		}
	}
	cut()
	return n
}

func sampleTexts(t *testing.T) map[corpus.ArticleID]string {
	t.Helper()
	articles, err := sample.Articles()
	if err != nil {
		t.Fatal(err)
	}
	texts := map[corpus.ArticleID]string{}
	for _, a := range articles {
		texts[a.ID] = a.Text
	}
	return texts
}

func TestCountTokens(t *testing.T) {
	for text, want := range map[string]int{
		"":                  0,
		"the":               1,
		"the end":           2,
		"2022":              5,
		"東京":                4,
		"Київ":              6,
		"🚀":                 4,
		"“no”":              3,
		"(a, b)":            5,
		"a\n\nb":            4,
		"unconstitutional!": 5,
		"\xff\x00":          3,
	} {
		if got := countTokens(text); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}

func FuzzCountTokens(f *testing.F) {
	f.Add("The duke paid 3,000 crowns.", 9)
	f.Fuzz(func(t *testing.T, text string, at int) {
		if at < 0 || at > len(text) || !utf8.ValidString(text[:at]) {
			t.Skip()
		}
		head, tail, all := countTokens(text[:at]), countTokens(text[at:]), countTokens(text)
		if head > all {
			t.Fatalf("%d tokens in %q, %d in all of it", head, text[:at], all)
		}
		if all > head+tail+1 {
			t.Fatalf("%d tokens, in two parts %d and %d", all, head, tail)
		}
	})
}
