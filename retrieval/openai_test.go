package retrieval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const testKey = "sk-canary-4711"

// newScripted makes an embedder whose endpoint answers by turns.
func newScripted(t testing.TB, o OpenAIOptions, turns ...turn) (*OpenAIEmbedder, *script) {
	t.Helper()
	o.BaseURL, o.Model, o.Key = "http://endpoint.test/v1", "m", testKey
	o, err := o.checked()
	if err != nil {
		t.Fatal(err)
	}
	s := newScript(turns...)
	return newOpenAIEmbedder(o, &http.Client{Transport: newEndpointTransport(o.endpoint(), s)}), s
}

// An embeddingsRequest is what an embeddings endpoint is sent.
type embeddingsRequest struct {
	Model      string
	Input      []string
	Dimensions int
}

// embedsUpTo is a turn of an endpoint that takes up to most texts at once, and
// none that says "poison". The vector of a text is its length and 1; the
// vectors come last text first.
func embedsUpTo(most, refusal int) turn {
	return func(r *http.Request) (*http.Response, error) {
		body, err := r.GetBody()
		if err != nil {
			return nil, err
		}
		var asked embeddingsRequest
		if err := json.NewDecoder(body).Decode(&asked); err != nil {
			return nil, err
		}
		if len(asked.Input) > most || slices.Contains(asked.Input, "poison") {
			return answers(refusal, `{"error":{"message":"no"}}`)(r)
		}
		var data []string
		for i, text := range slices.Backward(asked.Input) {
			data = append(data, fmt.Sprintf(`{"embedding":[%d,1],"index":%d}`, len(text), i))
		}
		return answers(200, `{"data":[`+strings.Join(data, ",")+`]}`)(r)
	}
}

// lengths are the lengths of the texts that embedsUpTo made vecs of.
func lengths(vecs []Vector) []int {
	var all []int
	for _, v := range vecs {
		all = append(all, int(math.Round(float64(v[0]/v[1]))))
	}
	return all
}

func TestOpenAIEmbedderPairsVectorsWithTexts(t *testing.T) {
	client, address := serve(t, OpenAIOptions{Timeout: time.Minute}.endpoint(), httptest.NewServer, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if got := r.Method + " " + r.URL.Path + " " + r.Header.Get("Authorization"); got != "POST /v1/embeddings Bearer "+testKey {
			t.Errorf("asked for %s", got)
		}
		var asked embeddingsRequest
		if err := json.Unmarshal(body, &asked); err != nil || asked.Model != "m" || asked.Dimensions != 2 {
			t.Errorf("asked %s", body)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"object":"list","data":[
			{"object":"embedding","index":2,"embedding":[0,-5]},
			{"object":"embedding","index":0,"embedding":[3,4]},
			{"object":"embedding","index":1,"embedding":[1,0]}],
			"model":"m","usage":null}`)
	})
	e := newOpenAIEmbedder(OpenAIOptions{BaseURL: address + "/v1", Model: "m", Key: testKey, Dimensions: 2, Batch: 9}, client)
	got, err := e.EmbedPassages(t.Context(), []string{"a", "b", "c"})
	if err != nil {
		t.Fatal(err)
	}
	want := []Vector{{.6, .8}, {1, 0}, {0, -1}}
	if !slices.EqualFunc(got, want, slices.Equal[Vector]) {
		t.Errorf("got %v, want %v", got, want)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

func TestOpenAIEmbedderRefusesBadReplies(t *testing.T) {
	tests := []struct{ name, reply string }{
		{"nothing", ``},
		{"no object", `null`},
		{"no vectors", `{}`},
		{"an error for a reply", `{"error":{"message":"no"}}`},
		{"too few", `{"data":[{"embedding":[1,0],"index":0}]}`},
		{"too many", `{"data":[{"embedding":[1,0],"index":0},{"embedding":[1,0],"index":1},{"embedding":[1,0],"index":2}]}`},
		{"an index twice", `{"data":[{"embedding":[1,0],"index":1},{"embedding":[0,1],"index":1}]}`},
		{"no index", `{"data":[{"embedding":[1,0]},{"embedding":[0,1]}]}`},
		{"an index beyond", `{"data":[{"embedding":[1,0],"index":1},{"embedding":[0,1],"index":2}]}`},
		{"an index below", `{"data":[{"embedding":[1,0],"index":-1},{"embedding":[0,1],"index":0}]}`},
		{"a vector of null", `{"data":[{"embedding":null,"index":0},{"embedding":[0,1],"index":1}]}`},
		{"null in a vector", `{"data":[{"embedding":[1,null],"index":0},{"embedding":[0,1],"index":1}]}`},
		{"null first in a vector", `{"data":[{"embedding":[ null,1],"index":0},{"embedding":[0,1],"index":1}]}`},
		{"null in a vector after a quote", `{"a\"[":"\\","data":[{"embedding":[1,null],"index":0},{"embedding":[0,1],"index":1}]}`},
		{"NaN", `{"data":[{"embedding":[1,NaN],"index":0},{"embedding":[0,1],"index":1}]}`},
		{"Infinity", `{"data":[{"embedding":[1,Infinity],"index":0},{"embedding":[0,1],"index":1}]}`},
		{"a number beyond float32", `{"data":[{"embedding":[1,1e39],"index":0},{"embedding":[0,1],"index":1}]}`},
		{"base64 that was not asked for", `{"data":[{"embedding":"AADAfwAAgD8=","index":0},{"embedding":[0,1],"index":1}]}`},
		{"a zero vector", `{"data":[{"embedding":[0,0],"index":0},{"embedding":[0,1],"index":1}]}`},
		{"an empty vector", `{"data":[{"embedding":[],"index":0},{"embedding":[],"index":1}]}`},
		{"two dimensions", `{"data":[{"embedding":[1,0],"index":0},{"embedding":[0,1,0],"index":1}]}`},
		{"a reply cut off", `{"data":[{"embedding":[1,0],"index":0},{"embedding":[0`},
		{"more than two vectors need", `{"x":"` + strings.Repeat("x", 3*replyPerText) + `"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, s := newScripted(t, OpenAIOptions{}, answers(200, tt.reply))
			vecs, err := e.EmbedPassages(t.Context(), []string{"a secret", "b"})
			if vecs != nil {
				t.Errorf("got %v", vecs)
			}
			fault, ok := errors.AsType[*EndpointError](err)
			if !ok || !strings.Contains(fault.Error(), fault.Setting) || strings.Contains(err.Error(), "secret") {
				t.Errorf("the error is %v", err)
			}
			if len(s.asked) != 1 {
				t.Errorf("asked %d times", len(s.asked))
			}
		})
	}
}

func TestOpenAIEmbedderRefusesAnotherDimensionThanBefore(t *testing.T) {
	two, three := answers(200, `{"data":[{"embedding":[1,0]}]}`), answers(200, `{"data":[{"embedding":[1,0,0]}]}`)
	e, _ := newScripted(t, OpenAIOptions{}, two, three, two)
	for i, wantOK := range []bool{true, false, true} {
		if vec, err := e.EmbedQuery(t.Context(), "q"); (err == nil) != wantOK {
			t.Errorf("query %d: %v, %v", i, vec, err)
		}
	}
}

func TestOpenAIEmbedderRefusesOtherDimensionsThanAskedFor(t *testing.T) {
	e, _ := newScripted(t, OpenAIOptions{Dimensions: 3}, answers(200, `{"data":[{"embedding":[1,0]}]}`))
	if vec, err := e.EmbedQuery(t.Context(), "q"); err == nil || !strings.Contains(err.Error(), "embeddings.dimensions") {
		t.Errorf("got %v, %v", vec, err)
	}
}

func TestOpenAIEmbedderBatches(t *testing.T) {
	texts := []string{"1", "22", "333", "4444", "55555", "666666", "7777777"}
	tests := []struct {
		name        string
		batch, most int
		requests    int
	}{
		{"all at once", 0, 7, 1},
		{"by batches", 3, 7, 3},
		{"halved until the endpoint takes them", 7, 2, 7},
		{"halved to single texts", 7, 1, 13},
	}
	for _, tt := range tests {
		for _, refusal := range []int{400, 413, 422} {
			t.Run(fmt.Sprint(tt.name, refusal), func(t *testing.T) {
				e, s := newScripted(t, OpenAIOptions{Batch: tt.batch}, embedsUpTo(tt.most, refusal))
				got, err := e.EmbedPassages(t.Context(), texts)
				if want := []int{1, 2, 3, 4, 5, 6, 7}; err != nil || !slices.Equal(lengths(got), want) {
					t.Errorf("got %v, %v", lengths(got), err)
				}
				if len(s.asked) != tt.requests {
					t.Errorf("asked %d times, want %d", len(s.asked), tt.requests)
				}
			})
		}
	}
}

func TestOpenAIEmbedderNamesTheTextThatIsRefused(t *testing.T) {
	for want := range 7 {
		texts := []string{"a", "b", "c", "d", "e", "f", "g"}
		texts[want] = "poison"
		e, _ := newScripted(t, OpenAIOptions{Batch: 4}, embedsUpTo(3, 413))
		vecs, err := e.EmbedPassages(t.Context(), texts)
		if refused, ok := errors.AsType[*TextError](err); vecs != nil || !ok || refused.Index != want {
			t.Errorf("text %d: got %v, %v", want, vecs, err)
		}
		if err != nil && strings.Contains(err.Error(), "poison") {
			t.Errorf("the error quotes the text: %v", err)
		}
	}
}

func TestOpenAIEmbedderOfNoTextsAsksNothing(t *testing.T) {
	e, s := newScripted(t, OpenAIOptions{}, embedsUpTo(9, 400))
	if vecs, err := e.EmbedPassages(t.Context(), nil); len(vecs) != 0 || err != nil || len(s.asked) != 0 {
		t.Errorf("asked %d times: %v, %v", len(s.asked), vecs, err)
	}
}

func TestOpenAIEmbedderWaitsAsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, s := newScripted(t, OpenAIOptions{}, answers(429, "", "Retry-After", "5"), embedsUpTo(9, 400))
		vec, err := e.EmbedQuery(t.Context(), "q")
		if err != nil || vec == nil || s.asked[1] != 5*time.Second {
			t.Errorf("got %v after %v: %v", vec, s.asked, err)
		}
	})
}

func TestOpenAIEmbedderTimesOutAfterThirtySeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, s := newScripted(t, OpenAIOptions{}, hangs)
		_, err := e.EmbedQuery(t.Context(), "q")
		if took := time.Since(s.start); !errors.Is(err, ErrUnavailable) || took != 30*time.Second {
			t.Errorf("got %v after %v", err, took)
		}
	})
}

func TestOpenAIEmbedderSaysThatTheContextEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, _ := newScripted(t, OpenAIOptions{}, hangs)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := e.EmbedQuery(ctx, "q")
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrUnavailable) {
			t.Errorf("got %v", err)
		}
	})
}

func TestOpenAIEmbedderErrorsKeepSecrets(t *testing.T) {
	echo := `{"error":{"message":"wrong key ` + testKey + ` for some text","type":"` + testKey + `","code":"some text"}}`
	for _, status := range []int{200, 302, 400, 401, 403, 404, 418, 429, 500} {
		synctest.Test(t, func(t *testing.T) {
			e, _ := newScripted(t, OpenAIOptions{}, answers(status, echo))
			_, err := e.EmbedPassages(t.Context(), []string{"some text"})
			if err == nil {
				t.Fatalf("status %d: no error", status)
			}
			for said := err; said != nil; said = errors.Unwrap(said) {
				if strings.Contains(said.Error(), testKey) || strings.Contains(said.Error(), "some text") {
					t.Errorf("status %d: the error is %q", status, said)
				}
			}
		})
	}
}

func TestOpenAIEmbedderModel(t *testing.T) {
	for _, tt := range []struct {
		dimensions int
		want       string
	}{{0, "openai:m"}, {256, "openai:m:256"}} {
		e, _ := newScripted(t, OpenAIOptions{Dimensions: tt.dimensions}, hangs)
		if got := e.Model(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestNewOpenAIEmbedderRefusesSettings(t *testing.T) {
	good := OpenAIOptions{BaseURL: "http://localhost/v1", Model: "m"}
	if _, err := NewOpenAIEmbedder(good); err != nil {
		t.Errorf("good settings: %v", err)
	}
	tests := []struct {
		setting string
		change  func(o *OpenAIOptions)
	}{
		{"embeddings.base_url", func(o *OpenAIOptions) { o.BaseURL = "http://localhost" }},
		{"embeddings.model", func(o *OpenAIOptions) { o.Model = " " }},
		{"embeddings.api_key", func(o *OpenAIOptions) { o.Key = testKey + "\n" }},
		{"embeddings.api_key", func(o *OpenAIOptions) { o.Key = "Bearer " + testKey }},
		{"embeddings.dimensions", func(o *OpenAIOptions) { o.Dimensions = -1 }},
		{"embeddings.timeout", func(o *OpenAIOptions) { o.Timeout = -1 }},
		{"batch", func(o *OpenAIOptions) { o.Batch = -1 }},
	}
	for _, tt := range tests {
		o := good
		tt.change(&o)
		_, err := NewOpenAIEmbedder(o)
		if err == nil || !strings.Contains(err.Error(), tt.setting) || strings.Contains(err.Error(), testKey) {
			t.Errorf("%s: got %v", tt.setting, err)
		}
	}
}

// FuzzEmbeddingReply holds the embedder to its contract whatever the endpoint
// says: the vectors of all texts, each of length 1 and of one dimension, or
// none and an error; and in the order that their numbers in the reply say.
func FuzzEmbeddingReply(f *testing.F) {
	f.Add(`{"data":[{"embedding":[3,4],"index":1},{"embedding":[1,0],"index":0}]}`)
	f.Add(`{"data":[{"embedding":[1,null],"index":0},{"embedding":[1e-45,0],"index":1}]}`)
	f.Add(`{"data":[{"embedding":[1,2]},{"Embedding":[1,2,3],"INDEX":1}],"data":[{},{}]}`)
	f.Add(`{"data":[{"embedding":[3e38,3e38],"index":0},{"embedding":[0,-0],"index":1}]}x`)
	f.Add(`{"a":"\"[null","data":null}`)
	f.Fuzz(func(t *testing.T, body string) {
		e, _ := newScripted(t, OpenAIOptions{}, answers(200, body))
		vecs, err := e.EmbedPassages(t.Context(), []string{"a", "b"})
		if err != nil {
			if vecs != nil {
				t.Errorf("both %v and %v", vecs, err)
			}
			return
		}
		if len(vecs) != 2 || len(vecs[0]) != len(vecs[1]) {
			t.Fatalf("got %v", vecs)
		}
		for _, v := range vecs {
			var sum float64
			for _, x := range v {
				sum += float64(x) * float64(x)
			}
			if !(math.Abs(sum-1) < 1e-5) {
				t.Errorf("the square of a length is %v", sum)
			}
		}
		checkOrder(t, body, vecs)
	})
}

// checkOrder checks that each vector of a plain reply points where the one of
// its index does.
func checkOrder(t *testing.T, body string, vecs []Vector) {
	var reply struct {
		Data []struct {
			Embedding []float64
			Index     int
		}
	}
	if json.Unmarshal([]byte(body), &reply) != nil {
		return
	}
	for _, d := range reply.Data {
		for i, x := range d.Embedding {
			if got := vecs[d.Index][i]; got != 0 && math.Signbit(float64(got)) != math.Signbit(x) {
				t.Errorf("number %d of vector %d is %v, for %v", i, d.Index, got, x)
			}
		}
	}
}

// A poison passage that llama.cpp calls a fault of its own is found as well.
func TestOpenAIEmbedderNamesTheTextThatIsTooLong(t *testing.T) {
	e, s := newScripted(t, OpenAIOptions{}, func(r *http.Request) (*http.Response, error) {
		reply, err := embedsUpTo(9, 500)(r)
		if err == nil && reply.StatusCode == 500 {
			return answers(500, `{"error":{"code":500,"message":"input is too large to process","type":"server_error"}}`)(r)
		}
		return reply, err
	})
	vecs, err := e.EmbedPassages(t.Context(), []string{"a", "b", "poison"})
	refused, ok := errors.AsType[*TextError](err)
	if vecs != nil || !ok || refused.Index != 2 || len(s.asked) != 5 {
		t.Errorf("asked %d times: %v, %v", len(s.asked), vecs, err)
	}
}

func TestOpenAIEmbedderReplyOfAnySizeIsCheap(t *testing.T) {
	const most = 16 << 20
	texts := make([]string, 2*defaultBatch)
	for i := range texts {
		texts[i] = strconv.Itoa(i)
	}
	for name, begin := range map[string]string{"spaces": ``, "a string": `{"data":"`, "an array": `{"data":[`} {
		t.Run(name, func(t *testing.T) {
			e, _ := newScripted(t, OpenAIOptions{}, func(r *http.Request) (*http.Response, error) {
				reply, err := answers(200, "")(r)
				reply.Body = io.NopCloser(io.MultiReader(strings.NewReader(begin), io.LimitReader(new(endless), 1<<30)))
				return reply, err
			})
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := e.EmbedPassages(t.Context(), texts)
			runtime.ReadMemStats(&after)
			if _, ok := errors.AsType[*EndpointError](err); !ok {
				t.Errorf("got %v", err)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > most {
				t.Errorf("allocated %d MiB", grown>>20)
			}
		})
	}
}
