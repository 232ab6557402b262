package prompts

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"footnote/corpus"
	"footnote/retrieval"
	"footnote/retrieval/bert/mini"
)

// A truth is a sentence that the samples bear out, with its quote.
const (
	truth      = "The United States will buy 100,000 artillery shells from South Korean manufacturers."
	truthQuote = "The United States will buy 100,000 artillery shells from South Korean manufacturers"
)

// secret stands for the instructions of a prompt.
const secret = "Answer only from the sources below. Copy each quote word for word, and never write a link."

// payloads are what hostile passages have models say: a Go string a line, a
// family a file.
func payloads(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "hostile", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no payloads", err)
	}
	var out []string
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			s, err := strconv.Unquote(strings.TrimSpace(line))
			if err != nil {
				t.Fatalf("%s: %s: %v", f, line, err)
			}
			out = append(out, s)
		}
	}
	return append(out, strings.Repeat("shells and shells ", 2000), strings.Repeat("]", 9000))
}

// disguises are the ways in which a model can be had to tell its instructions.
func disguises() []string {
	letters := strings.Split(secret, "")
	reversed := slices.Clone(letters)
	slices.Reverse(reversed)
	words := strings.Fields(secret)
	slices.Reverse(words)
	return []string{
		secret, strings.ToUpper(secret), strings.ToLower(secret), strings.Join(letters, " "), strings.Join(letters, "\u200b"),
		strings.Join(letters, "."), strings.ReplaceAll(secret, " ", ""), strings.ReplaceAll(secret, " ", "_"),
		strings.ReplaceAll(secret, " ", "\u00a0"), strings.ReplaceAll(secret, " ", " - "),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
		hex.EncodeToString([]byte(secret)), strings.Map(rot13, secret), strings.Join(reversed, ""), strings.Join(words, " "),
		"Copy each quote word for word.", "The sources below say so: never write a link.",
		strings.NewReplacer("e", "3", "o", "0", "i", "1").Replace(secret), strings.ReplaceAll(secret, "o", "о"),
	}
}

func rot13(r rune) rune {
	switch {
	case 'a' <= r && r <= 'z':
		return 'a' + (r-'a'+13)%26
	case 'A' <= r && r <= 'Z':
		return 'A' + (r-'A'+13)%26
	}
	return r
}

// carriers are the ways in which a payload reaches the gate beside a quote that
// stands.
func carriers(payload string) []claim {
	head, tail, _ := strings.Cut(truth, " from ")
	return []claim{
		{payload, truthQuote, 1},
		{truth + " " + payload, truthQuote, 1},
		{payload + " " + truth, truthQuote, 1},
		{head + ", " + payload + ", from " + tail, truthQuote, 1},
		{truth[:len(truth)-1] + ": " + payload, truthQuote, 1},
		{payload, "", 1},
		{truth + " " + payload, payload, 1},
		{payload, payload, 99},
	}
}

// Nothing of a payload gets out: what passes is the true sentence alone.
func TestNothingOfAPayloadGetsOut(t *testing.T) {
	g := newGate(newReader(), inquiry{}, sampled(t), mini.Knows())
	g.forbid(secret)
	if _, flaw := g.check(claim{truth, truthQuote, 1}); flaw != "" {
		t.Fatalf("the true sentence has the flaw %q", flaw)
	}
	cases := 0
	for _, p := range append(payloads(t), disguises()...) {
		for _, c := range carriers(p) {
			cases++
			if v, flaw := g.check(c); flaw == "" && v.text != truth {
				t.Errorf("%+q, quoting %+q,\nwas shown as %q, cited from %q", c.sentence, c.quote, v.text, v.at.In(g.sources[v.source].hit.Passage.Text))
			}
		}
	}
	if cases < 300 {
		t.Errorf("there are %d cases, want 300 or more", cases)
	}
}

// No run of the prompt's real instructions is shown, beside a quote that stands
// or as its own.
func TestNothingOfTheInstructionsGetsOut(t *testing.T) {
	instructions := newTemplates().instructions()
	g := newGate(newReader(), inquiry{}, sampled(t), mini.Knows())
	g.forbid(instructions)
	words := strings.Fields(instructions)
	for i := range len(words) - repeated {
		for _, n := range []int{repeated, 8, 20} {
			told := strings.Join(words[i:min(i+n, len(words))], " ")
			for _, c := range []claim{{told, truthQuote, 1}, {truth[:len(truth)-1] + ": " + told, truthQuote, 1}, {told, told, 1}, {told, "", 1}} {
				if v, flaw := g.check(c); flaw == "" {
					t.Errorf("%q was shown", v.text)
				}
			}
		}
	}
}

// A passage that was retrieved may be quoted, whatever it wants; what acts does
// not get out of it either.
func TestWhatActsDoesNotGetOutOfAPassage(t *testing.T) {
	for n, p := range append(payloads(t), disguises()...) {
		text := "Officials met on Friday. " + strings.ToValidUTF8(p, "?") + " They left again."
		article := corpus.Article{ID: corpus.ArticleID(fmt.Sprint("hostile-", n)), Title: "Report", Outlet: "Blog", Text: text}
		g := newGate(newReader(), inquiry{}, passages(article), mini.Knows())
		for _, s := range append(sentencesOf(text), strings.ToValidUTF8(p, "?")) {
			for _, c := range []claim{{s, s, 1}, {s, "", 1}} {
				v, flaw := g.check(c)
				if flaw == "" {
					checkPlain(t, v.text)
				}
			}
		}
	}
}

func sentencesOf(text string) []string {
	var out []string
	for _, s := range corpus.Sentences(text) {
		out = append(out, s.In(text))
	}
	return out
}

// checkPlain is the oracle of plain text: letters, digits, blanks and a few
// marks, no address and no mention.
func checkPlain(t testing.TB, text string) {
	t.Helper()
	if strings.ContainsAny(text, "@#*_`~|<>[]{}\\^\x00\x07\x08\x1b\n\r\t") {
		t.Errorf("%q has a mark that acts", text)
	}
	for _, r := range text {
		if r < ' ' || 0x7f <= r && r < 0xa0 || 0x200b <= r && r <= 0x200f || 0x2028 <= r && r <= 0x202e || 0x2060 <= r && r <= 0x206f ||
			0xe000 <= r && r <= 0xf8ff || 0xfe00 <= r && r <= 0xfe0f || r == 0xfeff || r == 0xfffd || r >= 0x1f000 {
			t.Errorf("%q has the character %U", text, r)
		}
	}
	if lower := strings.ToLower(text); strings.Contains(lower, "://") || strings.Contains(lower, "www.") || strings.Contains(lower, "discord.gg/") {
		t.Errorf("%q has an address", text)
	}
	if n := len([]rune(text)); n > 500 {
		t.Errorf("%q has %d characters", text, n)
	}
}

// A real quote does not carry the sentence of another source, nor an invented
// one.
func TestAQuoteDoesNotCarryTheSentenceOfAnother(t *testing.T) {
	hits := sampled(t)
	g := newGate(newReader(), inquiry{}, hits, mini.Knows())
	quotes := firstSentences(hits)
	for i, sentence := range quotes {
		for j, quote := range quotes {
			if hits[i].Article.ID == hits[j].Article.ID {
				continue
			}
			if v, flaw := g.check(claim{sentence, quote, j + 1}); flaw == "" {
				t.Errorf("%q was shown with the quote %q", v.text, quote)
			}
		}
	}
}

func firstSentences(hits []retrieval.Hit) []string {
	var out []string
	for _, h := range hits {
		out = append(out, corpus.Sentences(h.Passage.Text)[0].In(h.Passage.Text))
	}
	return out
}

// A model that does what hostile text says gets nothing out of an answer but
// what the sources say, whether it keeps to the format or not.
func TestAnAnswerOfAHostileModelHoldsOnlyWhatItsSourcesSay(t *testing.T) {
	articles := sampleArticles(t)
	searcher, err := retrieval.NewSearcher(t.Context(), retrieval.NewMemory(articles, corpus.Chunker{}), retrieval.SearcherOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e, texts, knows := NewExtractive(searcher), textsOf(articles), mini.Knows()
	for i, p := range append(payloads(t), disguises()...) {
		completion := []string{
			p,
			claimsJSON(claim{p, truthQuote, 1}, claim{truth, truthQuote, 1}),
			p + claimsJSON(claim{truth + " " + p, p, 1}) + p,
			strings.ReplaceAll(p, "\n", " ") + " [1]. " + p + " [2][99].",
		}[i%4]
		g := NewGenerative(e, says(completion, Whole, nil), ModelOptions{Knows: knows})
		a, err := g.Answer(t.Context(), Question{Text: "How many artillery shells will the United States buy?"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		checkQuotes(t, a, texts)
		for _, s := range a.Sentences {
			if a.Answerer != extractive && s.Text != truth {
				t.Errorf("%+q was shown of %+q", s.Text, completion)
			}
		}
	}
}
