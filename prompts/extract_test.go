package prompts

import (
	"context"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"footnote/corpus"
	"footnote/retrieval"
	"footnote/retrieval/bert/mini"
)

const shared = "../../shared"

// seeds answers from the two seed articles.
func seeds(t testing.TB) *Extractive {
	t.Helper()
	return answering(t, seedArticles(t)...)
}

func seedArticles(t testing.TB) []corpus.Article {
	t.Helper()
	if _, err := os.Stat(filepath.Join(shared, "seeds")); err != nil {
		t.Skip("no seeds beside the project")
	}
	var articles []corpus.Article
	for item := range corpus.Load(context.Background(), filepath.Join(shared, "seeds"), nil) {
		if item.Err != nil {
			t.Fatal(item.Err)
		}
		articles = append(articles, item.Article)
	}
	return articles
}

// answering answers as footnote does by default, by words and by meaning.
func answering(t testing.TB, articles ...corpus.Article) *Extractive {
	t.Helper()
	model, err := mini.Open()
	if err != nil {
		t.Fatal(err)
	}
	return answeringBy(t, model, articles...)
}

// answeringBy answers by words and by what model makes of meaning.
func answeringBy(t testing.TB, model retrieval.Embedder, articles ...corpus.Article) *Extractive {
	t.Helper()
	library := retrieval.NewMemory(articles, corpus.Chunker{})
	s, err := retrieval.NewSearcher(t.Context(), library, retrieval.SearcherOptions{Embedder: model, Vectors: embedded{library, model}})
	if err != nil {
		t.Fatal(err)
	}
	return NewExtractive(s)
}

// embedded are the vectors of a library's passages, made when they are read.
type embedded struct {
	library retrieval.Library
	model   retrieval.Embedder
}

func (e embedded) Vectors(ctx context.Context, _ string) iter.Seq2[retrieval.PassageVector, error] {
	return func(yield func(retrieval.PassageVector, error) bool) {
		for r, err := range e.library.All(ctx) {
			for n, p := range r.Passages {
				var vectors []retrieval.Vector
				if err == nil {
					vectors, err = e.model.EmbedPassages(ctx, []string{retrieval.EmbeddedText(r.Article, p)})
				}
				if err != nil {
					yield(retrieval.PassageVector{}, err)
					return
				}
				if !yield(retrieval.PassageVector{Article: r.ID, N: n, Vector: vectors[0]}, nil) {
					return
				}
			}
		}
	}
}

func ask(t testing.TB, e *Extractive, question string) Answer {
	t.Helper()
	a, err := e.Answer(context.Background(), Question{Text: question}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func shown(a Answer) string {
	var b strings.Builder
	for _, s := range a.Sentences {
		b.WriteString(s.Text + "\n")
	}
	return b.String()
}

// Questions that the seeds answer, each with words of which one must be shown.
func TestSeedsAnswer(t *testing.T) {
	e := seeds(t)
	for question, words := range map[string][]string{
		"Is South Korea sending lethal aid?":                                        {"non-lethal", "lethal aid to Ukraine remained unchanged", "never lethal weapons"},
		"Is South Korea sending lethal aid to Ukraine?":                             {"non-lethal", "remained unchanged", "never lethal"},
		"How many artillery shells will the United States buy?":                     {"100,000"},
		"How many rounds a day was Ukraine firing?":                                 {"7,000"},
		"How many rounds does Russia fire each day?":                                {"20,000"},
		"Who is the Pentagon spokesman?":                                            {"Meiners"},
		"What did Lt. Col. Marty Meiners say about readiness?":                      {"readiness"},
		"Who first reported the ammunition deal?":                                   {"Wall Street Journal"},
		"When did Zelenskyy urge South Korea to provide lethal weapons?":            {"April"},
		"How much is South Korea's arms deal with Poland worth?":                    {"$9 billion"},
		"What city was Russia withdrawing from?":                                    {"Kherson"},
		"When did Moscow seize Crimea?":                                             {"2014"},
		"Who is South Korea's defence minister?":                                    {"Lee Jong-sup"},
		"What did Putin warn Seoul about?":                                          {"destroy their bilateral relations", "against supplying weapons"},
		"How much additional aid did Blinken announce?":                             {"$400m"},
		"What is the total US military assistance to Ukraine?":                      {"$19.3 billion"},
		"What has Seoul provided to Ukraine?":                                       {"bulletproof vests"},
		"What funds could be used to buy the ammunition?":                           {"Ukraine Security Assistance Initiative"},
		"Did South Korea reject Ukraine's request for anti-aircraft weapons?":       {"rejected Ukraine"},
		"Has North Korea denied sending shells to Russia?":                          {"repeatedly denied"},
		"Why did officials speak anonymously?":                                      {"details of the deal had not been made public", "speaking on condition of anonymity"},
		"Who did Lloyd Austin hold talks with?":                                     {"Lee Jong-sup"},
		"Will the ammunition come from South Korean military stocks?":               {"would not come from South Korean military stocks"},
		"What calibre are the artillery shells?":                                    {"155mm"},
		"Where did Putin make his remark?":                                          {"conference in Moscow"},
		"What did Yoon tell reporters?":                                             {"humanitarian and peaceful assistance", "matter of our sovereignty"},
		"Why has South Korea tried not to antagonise Russia?":                       {"economic reasons"},
		"Who would be the end user of the shells?":                                  {"end user"},
		"Did the US accuse North Korea of shipping artillery to Russia?":            {"secretly shipping artillery"},
		"What might North Korea receive from Russia in return?":                     {"fuel and technology"},
		"Which provincial capital did Moscow capture?":                              {"Kherson"},
		"how many shells is washington buying from south korea":                     {"100,000"},
		"Would the shells be shipped through US territory?":                         {"unclear whether the shells"},
		"Which countries has South Korea signed arms deals with?":                   {"Poland", "European countries"},
		"What would happen to relations if Seoul sent weapons, according to Putin?": {"destroy their bilateral relations"},
	} {
		a := ask(t, e, question)
		ok := false
		for _, w := range words {
			ok = ok || strings.Contains(shown(a), w)
		}
		if !ok {
			t.Errorf("%s (%.2f)\n  want one of %q\n  got  %q", question, a.Confidence, words, shown(a))
		}
	}
}

// Questions that the seeds do not answer.
func TestSeedsDoNotAnswer(t *testing.T) {
	e := seeds(t)
	for _, question := range []string{
		"Is Japan sending lethal aid?",
		"Is Japan sending lethal aid to Ukraine?",
		"Is North Korea sending lethal aid to Ukraine?",
		"How many tanks did Germany send to Ukraine?",
		"Who won the World Cup in 2022?",
		"What is the capital of France?",
		"When will the shells arrive in Taiwan?",
		"How much does one artillery shell cost?",
		"Who is the prime minister of Japan?",
		"Did Zelenskyy visit Seoul?",
		"What is the population of South Korea?",
		"How many soldiers has Russia lost?",
		"zyzzyva quokka",
		"What is a prime number?",
		"Why is the sky blue?",
		"How many shells did North Korea ship to Russia?",
		"Who is the president of Brazil?",
		"When was the Pentagon built?",
		"Did Biden meet Xi Jinping in Bali?",
		"How many people died in Mariupol?",
		"Is China sending drones to Russia?",
		"What did Scholz say about tanks?",
	} {
		if a := ask(t, e, question); a.Verdict == Answered {
			t.Errorf("%s (%.2f)\n  got %q", question, a.Confidence, shown(a))
		}
	}
}
