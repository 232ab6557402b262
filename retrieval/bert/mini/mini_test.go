package mini

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"footnote/retrieval"
)

var update = flag.Bool("update", false, "write the vectors of the sample articles anew")

func TestNameIsThatOfTheWeights(t *testing.T) {
	if want := fmt.Sprintf("footnote-mini@%.6x", sha256.Sum256(weights)); Name != want {
		t.Errorf("the model calls itself %s, its weights are those of %s", Name, want)
	}
}

func TestModelCardNamesTheWeights(t *testing.T) {
	card, err := os.ReadFile("MODEL_CARD.md")
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(weights)); !strings.Contains(string(card), sum) {
		t.Errorf("the model card does not hold the SHA-256 of the weights, %s", sum)
	}
}

// The reference is PyTorch, with the weights before they were put in 8 bits.
func TestEmbedsAsTheReferenceDoes(t *testing.T) {
	path := cmp.Or(os.Getenv("FOOTNOTE_TEST_REFERENCE"), "testdata/reference.jsonl")
	if os.Getenv("FOOTNOTE_TEST_MODEL") != "" {
		path = "testdata/reference.jsonl" // the other one is for that model
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	m, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for lines := json.NewDecoder(file); lines.More(); count++ {
		var want struct {
			Text   string
			Vector retrieval.Vector
		}
		if err := lines.Decode(&want); err != nil {
			t.Fatal(err)
		}
		got, err := m.EmbedPassages(t.Context(), []string{want.Text})
		if err != nil {
			t.Fatal(err)
		}
		if c := dot(got[0], want.Vector); c < .999 {
			t.Errorf("%.60q: cosine %.5f to the reference", want.Text, c)
		}
	}
	if count < 10 {
		t.Errorf("only %d texts were compared", count)
	}
}

func TestSampleVectorsAreCurrent(t *testing.T) {
	passages, err := samplePassages()
	if err != nil {
		t.Fatal(err)
	}
	want := embedAll(t, passages)
	if *update {
		var out []byte
		for _, v := range want {
			for _, x := range v {
				out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
			}
		}
		if err := os.WriteFile("samples.f32", out, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	var got []retrieval.PassageVector
	for v, err := range (Samples{}).Vectors(t.Context(), Name) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, v)
	}
	if len(got) != len(want) {
		t.Fatalf("%d vectors for %d passages; run go generate", len(got), len(want))
	}
	for i, v := range got {
		if p := passages[i]; v.Article != p.article || v.N != p.n || dot(v.Vector, want[i]) < .9999 {
			t.Errorf("the vector of passage %d of %s is not the model's; run go generate", p.n, p.article)
		}
	}
}

func TestSampleVectorsAreOfThisModelOnly(t *testing.T) {
	for v := range (Samples{}).Vectors(t.Context(), "another") {
		t.Fatalf("another model has a vector of %s", v.Article)
	}
}

func TestNearInMeaning(t *testing.T) {
	m, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	question, err := m.EmbedQuery(t.Context(), "Is Seoul shipping weapons to Kyiv?")
	if err != nil {
		t.Fatal(err)
	}
	vectors, err := m.EmbedPassages(t.Context(), []string{
		"South Korea says that its policy of giving Ukraine no lethal aid has not changed.",
		"The European Central Bank raised interest rates by three quarters of a point.",
	})
	if err != nil {
		t.Fatal(err)
	}
	if near, far := dot(question, vectors[0]), dot(question, vectors[1]); near < far+.3 {
		t.Errorf("the question is %.2f from what answers it and %.2f from what does not", near, far)
	}
}

func embedAll(t *testing.T, passages []samplePassage) []retrieval.Vector {
	t.Helper()
	m, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	texts := make([]string, len(passages))
	for i, p := range passages {
		texts[i] = p.text
	}
	vectors, err := m.EmbedPassages(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	return vectors
}

func dot(a, b retrieval.Vector) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
