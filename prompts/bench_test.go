package prompts

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"footnote/corpus"
	"footnote/retrieval"
	"footnote/retrieval/bert/mini"
)

// BenchmarkAnswer is footnote's own share of an answer over 10,000 passages:
// all but the time of the model, which here writes five sentences at once.
func BenchmarkAnswer(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	articles := append(ruritania(), filler(rng, 10_000)...)
	model, err := mini.Open()
	if err != nil {
		b.Fatal(err)
	}
	e := answeringBy(b, byChance{model}, articles...)
	claims := claimsJSON(tanksClaim(), inventedClaim(), tanksClaim(), inventedClaim(), tanksClaim())
	for name, a := range map[string]Answerer{
		"model":  NewGenerative(e, says(claims, Whole, nil), ModelOptions{}),
		"quotes": e,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				answer, err := a.Answer(context.Background(), Question{Text: tanksQuestion}, nil)
				if err != nil || answer.Verdict != Answered {
					b.Fatal(answer.Verdict, err)
				}
			}
		})
	}
}

// filler are n articles of one passage of 100 to 200 words each.
func filler(rng *rand.Rand, n int) []corpus.Article {
	words := strings.Fields(strings.ToLower(relations))
	out := make([]corpus.Article, n)
	for i := range out {
		var text strings.Builder
		for range 10 + rng.IntN(10) {
			for j := range 10 {
				w := words[rng.IntN(len(words))]
				if j == 0 {
					w = strings.ToUpper(w[:1]) + w[1:]
				}
				fmt.Fprintf(&text, "%s ", w)
			}
			text.WriteString("ended. ")
		}
		out[i] = corpus.Article{
			ID: corpus.ArticleID(fmt.Sprint("filler", i)), Title: "Filler", Outlet: "AP",
			Published: day("2022-02-02"), Text: strings.TrimSpace(text.String()),
		}
	}
	return out
}

// byChance is an embedder of questions, which take their time; it embeds
// passages by chance.
type byChance struct{ retrieval.Embedder }

func (byChance) EmbedPassages(_ context.Context, texts []string) ([]retrieval.Vector, error) {
	out := make([]retrieval.Vector, len(texts))
	for i, text := range texts {
		rng := rand.New(rand.NewPCG(uint64(len(text)), uint64(i)))
		sum := 0.0
		v := make(retrieval.Vector, 384)
		for j := range v {
			v[j] = float32(rng.NormFloat64())
			sum += float64(v[j]) * float64(v[j])
		}
		for j := range v {
			v[j] /= float32(math.Sqrt(sum))
		}
		out[i] = v
	}
	return out, nil
}
