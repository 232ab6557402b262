package prompts

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"footnote/prompts/promptstest"
	"footnote/retrieval"
)

// TestModelFaults goes through the rows of the fault table that concern a
// model's endpoint, but for time and memory.
func TestModelFaults(t *testing.T) {
	half, stop, done := promptstest.Delta("half"), promptstest.Finish("stop"), promptstest.Done
	bytesOf, good := promptstest.Bytes, half+stop+done
	tests := []struct {
		name        string
		turn        promptstest.Turn
		text        string
		finish      Finish
		setting     string
		unavailable bool
	}{
		{"33 ends without a reason", bytesOf(half), "half", Broken, "", false},
		{"33 is done without a reason", bytesOf(half + done), "half", Broken, "", false},
		{"33 stops, and is not done", bytesOf(half + stop), "half", Whole, "", false},
		{"34 too long", promptstest.SaysThen("half", "length"), "half", Full, "", false},
		{"34 filtered", promptstest.SaysThen("half", "content_filter"), "half", Withheld, "", false},
		{"34 refused in words", bytesOf(half + `data: {"choices":[{"delta":{"refusal":"I may not"}}]}` + "\n\n" + stop + done), "half", Withheld, "", false},
		{"34 calls a tool", promptstest.SaysThen("half", "tool_calls"), "half", Digressed, "", false},
		{"34 calls a function", promptstest.SaysThen("half", "function_call"), "half", Digressed, "", false},
		{"34 ends for another reason", promptstest.SaysThen("half", "eos"), "half", Broken, "", false},
		{"34 writes on after the end", bytesOf(half + promptstest.Finish("length") + half + good), "half", Full, "", false},
		{"35 a page", promptstest.Page("<html>half</html>"), "", Broken, modelAddress, false},
		{"35 JSON", promptstest.Refuses(200, `{"choices":[]}`), "", Broken, modelAddress, false},
		{"35 nothing", bytesOf(""), "", Broken, modelAddress, true},
		{"35 not modified", promptstest.Refuses(304, ""), "", Broken, modelAddress, false},
		{"36 no JSON", bytesOf(half + "data: {half}\n\n" + good), "half", Broken, modelAddress, false},
		{"36 another JSON", bytesOf(half + "data: {\"choices\":[7]}\n\n" + good), "half", Broken, modelAddress, false},
		{"36 151 comments", bytesOf(strings.Repeat(": ping\n\n", 151) + good), "half", Whole, "", false},
		{"36 a rune in two packets", promptstest.Then(bytesOf("data: {\"choices\":[{\"delta\":{\"content\":\"\xc3"), bytesOf("\xa9\"}}]}\n\n"+stop)), "é", Whole, "", false},
		{"41 key", promptstest.Refuses(401, `{"error":{"message":"`+canary+`"}}`), "", Broken, modelKey, false},
		{"41 forbidden", promptstest.Refuses(403, canary), "", Broken, modelKey, false},
		{"41 no such model", promptstest.Refuses(404, `{"error":{"code":"model_not_found"}}`), "", Broken, modelName, false},
		{"41 no such page", promptstest.Refuses(404, ""), "", Broken, modelAddress, false},
		{"42 reset", promptstest.Then(bytesOf(half), promptstest.Breaks), "half", Broken, modelAddress, true},
		{"42 reset after the end", promptstest.Then(bytesOf(half+stop), promptstest.Breaks), "half", Broken, modelAddress, true},
		{"42 other indices", bytesOf(`data: {"choices":[{"index":-1,"delta":{"content":"not"}},{"index":1e99,"delta":{"content":"this"}}]}` + "\n\n" + good), "half", Whole, "", false},
		{"44 empty", promptstest.Says(""), "", Broken, modelName, false},
		{"44 white", promptstest.Says(" \n\t"), " \n\t", Broken, modelName, false},
		{"44 without text, too long", promptstest.SaysThen("", "length"), "", Full, "", false},
		{"44 invalid UTF-8", bytesOf("data: {\"choices\":[{\"delta\":{\"content\":\"h\xffalf\\ud800\"}}]}\n\n" + stop), "h�alf�", Whole, "", false},
		{"44 NUL", bytesOf(promptstest.Delta("ha\x00lf") + stop), "half", Whole, "", false},
		{"44 200,000 bytes", bytesOf(promptstest.Delta(strings.Repeat("a", maxText)) + stop), strings.Repeat("a", maxText), Whole, "", false},
		{"44 more than was asked for", bytesOf(promptstest.Delta(strings.Repeat("a ", 200_000)) + good), strings.Repeat("a ", maxText/2), Full, "", false},
		{"44 more", bytesOf(promptstest.Delta(strings.Repeat("a", maxText-1)) + promptstest.Delta("é") + good), strings.Repeat("a", maxText-1), Full, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := newModel(t, OpenAIOptions{}, tt.turn)
			got, err := complete(t, c)
			if got.Text != tt.text || got.Finish != tt.finish {
				t.Errorf("got %.99q, finish %d; want %.99q, %d", got.Text, got.Finish, tt.text, tt.finish)
			}
			checkFault(t, err, tt.setting, tt.unavailable)
		})
	}
}

// TestModelReportsAnError goes through row 37: an error in the middle of a
// stream, after which nothing comes.
func TestModelReportsAnError(t *testing.T) {
	tests := []struct{ name, stream string }{
		{"exactly", `data: {"error":{"message":"` + canary + `"}}`},
		{"after a comment", ": comment\n" + `data: {"error":{"message":"` + canary + `"}}`},
		{"after an event line", "event: error\n" + `data: {"message":"` + canary + `"}`},
		{"spaced", `data:  { "error" : { "message" : "` + canary + `" } }`},
		{"with another key first", `data: {"id":"1","choices":[{"delta":{"content":"no"}}],"error":{"message":"` + canary + `"}}`},
		{"as a string", `data: {"error":"` + canary + `"}`},
		{"as an object of its own", `data: {"object":"error","message":"` + canary + `"}`},
		{"in a field of its own", `error: {"message":"` + canary + `"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := newModel(t, OpenAIOptions{}, promptstest.Then(promptstest.Bytes(promptstest.Delta("half")+tt.stream+"\n\n"), promptstest.Stalls))
			got, err := complete(t, c)
			if got.Text != "half" {
				t.Errorf("got %q", got.Text)
			}
			checkFault(t, err, modelAddress, true)
		})
	}
}

func TestModelSaysWhatItsErrorIs(t *testing.T) {
	tests := []struct {
		stated, setting string
		unavailable     bool
	}{
		{`{"code":"rate_limit_exceeded"}`, modelKey, true},
		{`{"code":429}`, modelKey, true},
		{`{"type":"insufficient_quota","code":null}`, modelKey, true},
		{`{"code":402}`, modelKey, true},
		{`{"code":"context_length_exceeded"}`, "model.context", false},
		{`{"code":400,"type":"exceed_context_size_error","n_ctx":512}`, "model.context", false},
		{`{"code":[[]],"type":{}}`, modelAddress, true},
		{`[]`, modelAddress, true},
	}
	for _, tt := range tests {
		c, _ := newModel(t, OpenAIOptions{}, promptstest.Bytes(`data: {"error":`+tt.stated+"}\n\n"))
		_, err := complete(t, c)
		checkFault(t, err, tt.setting, tt.unavailable)
		fault, _ := errors.AsType[*retrieval.EndpointError](err)
		if fault != nil && fault.TooLong != (tt.setting == "model.context") {
			t.Errorf("%s: too long: %v", tt.stated, fault.TooLong)
		}
	}
}

func TestModelAsksForFewerRequests(t *testing.T) {
	c, m := newModel(t, OpenAIOptions{}, promptstest.Refuses(429, `{"error":{"message":"slow down"}}`, "Retry-After", "3600"))
	_, err := complete(t, c)
	checkFault(t, err, modelKey, true)
	if fault, _ := errors.AsType[*retrieval.EndpointError](err); fault == nil || fault.RetryAfter <= 59*time.Minute {
		t.Errorf("got %#v", err)
	}
	if n := len(m.Requests()); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestModelHasNoQuotaLeft(t *testing.T) {
	c, m := newModel(t, OpenAIOptions{}, promptstest.Refuses(429, `{"error":{"code":"insufficient_quota"}}`))
	_, err := complete(t, c)
	checkFault(t, err, modelKey, true)
	if n := len(m.Requests()); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestModelIsAskedAgainAfterAFaultButNotOnceTextCame(t *testing.T) {
	c, m := newModel(t, OpenAIOptions{}, promptstest.Refuses(500, ""),
		promptstest.Then(promptstest.Bytes(promptstest.Delta("half")), promptstest.Breaks), promptstest.Says("whole"))
	if got, err := complete(t, c); got.Text != "half" || err == nil || len(m.Requests()) != 2 {
		t.Errorf("got %+v, %v after %d requests", got, err, len(m.Requests()))
	}
}

func TestModelThatHangsIsLeftAlone(t *testing.T) {
	for name, turn := range map[string]promptstest.Turn{
		"before it writes": promptstest.Stalls,
		"while it writes":  promptstest.Then(promptstest.Bytes(promptstest.Delta("half")), promptstest.Stalls),
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := newModel(t, OpenAIOptions{Timeout: 50 * time.Millisecond}, turn)
			for range 5 {
				if _, err := complete(t, c); !errors.Is(err, retrieval.ErrUnavailable) {
					t.Errorf("got %v", err)
				}
			}
			got, err := complete(t, c)
			if checkFault(t, err, modelAddress, true); got.Text != "" {
				t.Errorf("got %q, %v", got.Text, err)
			}
		})
	}
}

func TestModelThatLingersIsNotLeftAlone(t *testing.T) {
	c, _ := newModel(t, OpenAIOptions{}, promptstest.Then(promptstest.Bytes(promptstest.Delta("text")+promptstest.Finish("stop")), promptstest.Stalls))
	var askers sync.WaitGroup
	for range 5 {
		askers.Go(func() { _, _ = complete(t, c) })
	}
	askers.Wait()
	if got, err := complete(t, c); got.Finish != Whole || err != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestModelRedirectIsNotFollowed(t *testing.T) {
	_, elsewhere := newModel(t, OpenAIOptions{}, promptstest.Says("text"))
	c, _ := newModel(t, OpenAIOptions{}, promptstest.Refuses(307, "", "Location", elsewhere.URL()+"/chat/completions"))
	_, err := complete(t, c)
	checkFault(t, err, modelAddress, false)
	if n := len(elsewhere.Requests()); n != 0 {
		t.Errorf("%d requests went elsewhere", n)
	}
}

// every writes what, again and again, at an interval, after a beginning.
func every(interval time.Duration, begin, what string) wire {
	return func(ctx context.Context, w io.Writer) error {
		_, err := io.WriteString(w, begin)
		for err == nil {
			select {
			case <-time.After(interval):
				_, err = io.WriteString(w, what)
			case <-ctx.Done():
				err = ctx.Err()
			}
		}
		return err
	}
}

func TestModelThatFallsSilentIsGivenUp(t *testing.T) {
	half := promptstest.Delta("half")
	tests := []struct {
		name    string
		wire    wire
		timeout time.Duration
		after   time.Duration
		finish  Finish
		setting string
	}{
		{"at the timeout before there is text", every(time.Hour, "", ""), 0, time.Minute, Broken, modelTimeout},
		{"at the timeout in spite of comments", every(time.Second, "", ": ping\n\n"), 0, time.Minute, Broken, modelTimeout},
		{"at the timeout in spite of text", every(time.Second, "", half), 0, time.Minute, Broken, modelTimeout},
		{"at the timeout of a trickle", every(time.Second, "", "d"), 0, time.Minute, Broken, modelTimeout},
		{"20 seconds after text", every(time.Hour, half, ""), 0, 20 * time.Second, Broken, modelAddress},
		{"20 seconds after text in spite of comments", every(time.Second, half, ": ping\n\n"), 0, 20 * time.Second, Broken, modelAddress},
		{"20 seconds after text in spite of empty text", every(time.Second, half, promptstest.Delta("")), 0, 20 * time.Second, Broken, modelAddress},
		{"20 seconds after text in spite of roles", every(time.Second, half, `data: {"choices":[{"delta":{"role":"assistant"}}]}`+"\n\n"), 0, 20 * time.Second, Broken, modelAddress},
		{"20 seconds after text in spite of usage", every(time.Second, half, promptstest.Usage(1, 1)), 0, 20 * time.Second, Broken, modelAddress},
		{"20 seconds after the last text", every(19*time.Second, half+half, half+promptstest.Delta("")), time.Hour, time.Hour, Broken, modelTimeout},
		{"without loss after its end", every(time.Hour, half+promptstest.Finish("stop"), ""), 0, 2 * time.Second, Whole, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				got, err := complete(t, tt.wire.completer(t, tt.timeout))
				if took := time.Since(begun); took != tt.after || got.Finish != tt.finish {
					t.Errorf("finish %d after %v, want %d after %v", got.Finish, took, tt.finish, tt.after)
				}
				checkFault(t, err, tt.setting, true)
			})
		})
	}
}

func TestModelIsNotSilentWhileItsTextIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream := promptstest.Stream("slowly read", "stop")
		c := sends(nil, stream).completer(t, time.Hour)
		got, err := c.Complete(t.Context(), Request{}, func(string) { time.Sleep(time.Minute) })
		if got.Finish != Whole || err != nil {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestModelErrorOfAnAskerWhoGaveUp(t *testing.T) {
	for _, begin := range []string{"", promptstest.Delta("half")} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			got, err := every(time.Hour, begin, "").completer(t, 0).Complete(ctx, Request{}, func(string) {})
			if !errors.Is(err, context.Canceled) || errors.Is(err, retrieval.ErrUnavailable) || got.Finish != Broken {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestCutStreamIsNeverWhole(t *testing.T) {
	const text = "Ministers in São Paulo said that 12 of the 30 \"tanks\" – ‘old’ ones – had left. 東京でも。"
	stream := promptstest.Stream(text, "stop")
	end := strings.Index(stream, `"stop"}]}`) + len(`"stop"}]}`)
	random := rand.New(rand.NewPCG(5, 4711))
	whole := 0
	for range 1000 {
		n := random.IntN(len(stream))
		ending := []error{nil, io.ErrUnexpectedEOF}[random.IntN(2)]
		got, err := complete(t, sends(ending, stream[:n]).completer(t, 0))
		if got.Finish == Whole {
			whole++
		}
		if got.Finish == Whole && (n < end || got.Text != text) {
			t.Fatalf("cut after %d bytes of %d: whole, with %q", n, len(stream), got.Text)
		}
		if n >= end && ending == nil && (got.Finish != Whole || err != nil) {
			t.Fatalf("cut after %d bytes of %d: finish %d, %v", n, len(stream), got.Finish, err)
		}
		if !strings.HasPrefix(text, got.Text) {
			t.Fatalf("cut after %d bytes of %d: %q", n, len(stream), got.Text)
		}
	}
	t.Logf("%d of 1,000 were whole, each cut after the model's end", whole)
}

// TestReplyIsHeldWithinMemory goes through row 38. What a completion allocates
// in all is more than what the heap grows by.
func TestReplyIsHeldWithinMemory(t *testing.T) {
	endless := func(begin, what string) promptstest.Turn {
		return func(w http.ResponseWriter, r *http.Request) {
			promptstest.Bytes(begin)(w, r)
			for _, err := io.WriteString(w, what); err == nil; {
				_, err = io.WriteString(w, what)
			}
		}
	}
	const size = 64 << 10
	tests := []struct {
		name string
		turn promptstest.Turn
	}{
		{"a line without end", endless("data: ", strings.Repeat("a", size))},
		{"an event without end", endless("", "data: "+strings.Repeat("a", size)+"\n")},
		{"comments without end", endless("", strings.Repeat(": ping\n\n", size/8))},
		{"an error without end", promptstest.Then(promptstest.Refuses(404, ""), endless("", strings.Repeat(" ", size)))},
		{"a text of half a megabyte", promptstest.Bytes(`data: {"choices":[{"delta":{"content":"` + strings.Repeat("<", maxEvent-200) + `"}}]}` + "\n\n")},
		{"choices of half a megabyte", promptstest.Bytes(`data: {"choices":[` + strings.Repeat(`{"index":1},`, maxEvent/12-10) + `{}]}` + "\n\n")},
		{"an error of half a megabyte", promptstest.Bytes(`data: {"error":{"code":[` + strings.Repeat(`[],`, maxEvent/3-20) + `[]]}}` + "\n\n")},
		{"a refusal of half a megabyte", promptstest.Bytes(`data: {"choices":[{"delta":{"refusal":"` + strings.Repeat("<", maxEvent-200) + `"}}]}` + "\n\n")},
		{"bytes of no rune, half a megabyte", promptstest.Bytes("data: {\"choices\":[{\"delta\":{\"content\":\"" + strings.Repeat("\xffa", maxEvent/2-200) + "\"}}]}\n\n")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := newModel(t, OpenAIOptions{}, tt.turn)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			_, _ = complete(t, c)
			runtime.ReadMemStats(&after)
			t.Logf("allocated %d KiB", (after.TotalAlloc-before.TotalAlloc)>>10)
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 16<<20 {
				t.Errorf("allocated %d MiB", grown>>20)
			}
		})
	}
}

func TestLongReplyIsHeldWithinMemory(t *testing.T) {
	c, _ := newModel(t, OpenAIOptions{}, promptstest.Bytes(strings.Repeat(promptstest.Delta("<é>"), maxModelReply/128)))
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var grown uint64
	deltas := 0
	_, err := c.Complete(t.Context(), Request{}, func(string) {
		if deltas++; deltas%64 == 0 {
			runtime.ReadMemStats(&now)
			grown = max(grown, max(now.HeapAlloc, before.HeapAlloc)-before.HeapAlloc)
		}
	})
	t.Logf("the heap grew by %d KiB at most over %d deltas", grown>>10, deltas)
	checkFault(t, err, modelAddress, false)
	if grown > 16<<20 {
		t.Errorf("the heap grew by %d MiB", grown>>20)
	}
}
