package retrieval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// An entry is a vector of a reply as JSON: its index, "" to leave it out, and
// its numbers, or what stands in their place.
type entry struct {
	index   string
	numbers []string
	instead string
}

func (e entry) String() string {
	var fields []string
	if e.index != "" {
		fields = append(fields, `"index":`+e.index)
	}
	embedding := e.instead
	if embedding == "" {
		embedding = "[" + strings.Join(e.numbers, ",") + "]"
	}
	return "{" + strings.Join(append(fields, `"embedding":`+embedding), ",") + "}"
}

// ownVector is a vector of four numbers that only text has.
func ownVector(text string) []float64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, text) // never fails
	rnd := rand.New(rand.NewPCG(h.Sum64(), 1))
	v := make([]float64, 4)
	for i := range v {
		v[i] = rnd.NormFloat64()
	}
	return v
}

func ownEntry(i int, text string) entry {
	e := entry{index: strconv.Itoa(i)}
	for _, x := range ownVector(text) {
		e.numbers = append(e.numbers, strconv.FormatFloat(x, 'g', -1, 64))
	}
	return e
}

// spoilt is entries with a fault, or with a freedom that an endpoint may take.
// No reply can be told from a good one that puts a number for another, so none
// here does.
func spoilt(rnd *rand.Rand, entries []entry) []entry {
	i, j := rnd.IntN(len(entries)), rnd.IntN(len(entries))
	e := &entries[i]
	switch rnd.IntN(14) {
	case 0:
		return slices.Delete(entries, i, i+1)
	case 1:
		return append(entries, entries[i])
	case 2:
		return append(entries, ownEntry(len(entries), "a text that was not sent"))
	case 3, 4:
		entries[i], entries[j] = entries[j], entries[i]
	case 5:
		e.index = entries[j].index
	case 6:
		e.index = ""
	case 7:
		e.index = pick(rnd, "-1", "2", "99", "1e9", "9223372036854775808", "0.5", `"0"`, "null", "[]")
	case 8, 9:
		e.numbers[rnd.IntN(len(e.numbers))] = pick(rnd,
			"NaN", "Infinity", "-Infinity", "null", `"1"`, "1e39", "-1e39", "1e999", "[1]", "{}", "true", "", "0x1", "+1", "1 2")
	case 10:
		e.numbers = []string{"0", "0", "-0", "1e-60"}
	case 11:
		e.instead = pick(rnd, "null", `"AADAfwAAgD8AAIA/AACAPw=="`, `""`, "{}", "[]", "[[1,2,3,4]]", "0")
	case 12:
		e.numbers = e.numbers[:rnd.IntN(len(e.numbers))]
	case 13:
		for i := range entries {
			entries[i].numbers = append(entries[i].numbers, "1")
		}
	}
	return entries
}

func pick(rnd *rand.Rand, of ...string) string { return of[rnd.IntN(len(of))] }

// rambles is a turn of an endpoint whose replies are good, spoilt or no
// replies at all. It counts them.
func rambles(rnd *rand.Rand, count *int) turn {
	return func(r *http.Request) (*http.Response, error) {
		*count++
		body, err := r.GetBody()
		if err != nil {
			return nil, err
		}
		var asked embeddingsRequest
		if err := json.NewDecoder(body).Decode(&asked); err != nil {
			return nil, err
		}
		var entries []entry
		for i, text := range asked.Input {
			entries = append(entries, ownEntry(i, text))
		}
		if rnd.IntN(8) > 0 {
			entries = spoilt(rnd, entries)
		}
		reply := fmt.Sprintf(`{"object":"list","data":%v}`, strings.ReplaceAll(fmt.Sprint(entries), "} {", "},{"))
		switch rnd.IntN(16) {
		case 0:
			return answers(200, reply[:rnd.IntN(len(reply))])(r)
		case 1:
			return answers(200, reply+pick(rnd, "x", "]}", reply, "\x00", "data: [DONE]"))(r)
		case 2:
			return answers(200, "<html>"+reply, "Content-Type", pick(rnd, "text/html", "application/json"))(r)
		case 3:
			return answers(400, pick(rnd, "", `{"error":{"message":"no"}}`, reply))(r)
		case 4:
			return answers(200, pick(rnd, "", "null", "[]", `{"error":{"code":400}}`, `{"data":null}`, `{"data":{}}`, `"x"`))(r)
		}
		return answers(200, reply)(r)
	}
}

// A stubborn embedder asks for the same passages until they are embedded, or a
// text is refused, each time by an embedder that knows no dimension yet.
type stubborn struct {
	Embedder
	fresh func() Embedder
}

func (e stubborn) EmbedPassages(ctx context.Context, texts []string) (vecs []Vector, err error) {
	for range 100 {
		vecs, err = e.fresh().EmbedPassages(ctx, texts)
		if _, refused := errors.AsType[*TextError](err); err == nil || refused {
			return vecs, err
		}
	}
	return nil, err
}

// checkOwn reports what is wrong with a vector unless it is text's own.
func checkOwn(v Vector, text string) error {
	own := ownVector(text)
	if len(v) != len(own) {
		return fmt.Errorf("it has %d dimensions", len(v))
	}
	var dot, square, ownSquare float64
	for i, x := range v {
		dot += float64(x) * own[i]
		square += float64(x) * float64(x)
		ownSquare += own[i] * own[i]
	}
	if !(math.Abs(square-1) < 1e-5) {
		return fmt.Errorf("the square of its length is %v", square)
	}
	if !(dot/math.Sqrt(ownSquare) > .99999) {
		return fmt.Errorf("it is %v", v)
	}
	return nil
}

// No reply of an endpoint puts a vector into the store that is not finite, of
// length 1, of the dimension of the others and that of its own passage.
func TestNoReplyPutsABadVectorIntoTheStore(t *testing.T) {
	replies := 10_000
	if testing.Short() {
		replies = 1_000
	}
	s := openTestStore(t, t.TempDir())
	// What is saved need not outlive the test.
	if _, err := s.writer.ExecContext(t.Context(), `PRAGMA synchronous = OFF`); err != nil {
		t.Fatal(err)
	}
	texts := map[int]string{}
	r := recordOf("a", 1, 3)
	for i, p := range r.Passages {
		texts[i] = EmbeddedText(r.Article, p)
	}
	mustSave(t, s, r, recordOf("first", 1, 1))
	mustSaveVectors(t, s, "openai:m", PassageVector{Article: "first", Vector: Vector{1, 0, 0, 0}})

	rnd, asked, stored := rand.New(rand.NewPCG(11, 12)), 0, 0
	fresh := func() Embedder {
		e, _ := newScripted(t, OpenAIOptions{Batch: 2}, rambles(rnd, &asked))
		return e
	}
	for asked < replies {
		report, err := Embed(t.Context(), s, stubborn{fresh(), fresh}, nil)
		made := slices.DeleteFunc(vectorsOf(t, s, "openai:m"), func(v PassageVector) bool { return v.Article != "a" })
		if len(made) != report.Embedded || err == nil && report.Embedded+len(report.Refused) != len(texts) {
			t.Fatalf("%d vectors are there after %+v, %v", len(made), report, err)
		}
		for _, v := range made {
			stored++
			if err := checkOwn(v.Vector, texts[v.N]); err != nil {
				t.Errorf("after %d replies, the vector of passage %d: %v", asked, v.N, err)
			}
		}
		if _, err := s.writer.ExecContext(t.Context(), `DELETE FROM vectors WHERE article = 'a'`); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d replies, %d vectors stored", asked, stored)
	if stored < replies/10 {
		t.Errorf("of %d replies no more than %d vectors were stored: too few to tell", asked, stored)
	}
}

// What an endpoint that was down for an hour did not embed waits in the store,
// also for another process.
func TestPassagesWaitForAnEndpointThatIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		down, back := breaks(syscall.ECONNREFUSED), embedsUpTo(9, 400)
		s, err := OpenStore(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		mustSync(t, s, files("a", "b"), SyncOptions{})
		e, _ := newScripted(t, OpenAIOptions{}, down)
		for range 60 {
			if report, err := Embed(t.Context(), s, e, nil); err != nil || report.Pending != 2 {
				t.Fatalf("got %+v, %v", report, err)
			}
			time.Sleep(time.Minute)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = openTestStore(t, dir)
		e, _ = newScripted(t, OpenAIOptions{}, back)
		if report, err := Embed(t.Context(), s, e, nil); err != nil || report.Embedded != 2 {
			t.Errorf("got %+v, %v", report, err)
		}
		if got := len(vectorsOf(t, s, e.Model())); got != 2 {
			t.Errorf("there are %d vectors, want 2", got)
		}
	})
}
