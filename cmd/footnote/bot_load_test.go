package main

import (
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/bot/discordtest"
	"footnote/prompts/promptstest"
)

var (
	soakTime     = flag.Duration("soak", 3*time.Second, "how long TestSoak asks")
	soakPassages = flag.Int("passages", 300, "how many passages TestSoak asks of")
)

const lethalAid = "Is South Korea sending lethal aid?"

// ingested is a data folder with the sample articles and n made of their words.
func ingested(t testing.TB, n int) string {
	t.Helper()
	samples, err := filepath.Glob("../../corpus/sample/*.md")
	if err != nil || len(samples) == 0 {
		t.Fatalf("no sample articles: %v", err)
	}
	var texts strings.Builder
	for _, path := range samples {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts.Write(text)
	}
	data := t.TempDir()
	filler := filepath.Join(data, "filler.jsonl")
	if err := os.WriteFile(filler, fillers(n, strings.Fields(texts.String())), 0o600); err != nil {
		t.Fatal(err)
	}
	var stderr lockedBuffer
	code := run(t.Context(), env{
		args: append([]string{"ingest", "--defer", "--data", data, filler}, samples...), stdin: strings.NewReader(""), stdout: &stderr, stderr: &stderr,
		environ: []string{"HOME=" + data}, now: time.Now, terminal: func(any) bool { return false },
	})
	if code != exitDone {
		t.Fatalf("ingest ended with %d: %s", code, stderr.String())
	}
	return data
}

// fillers are n articles of one passage each, as JSONL.
func fillers(n int, words []string) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	var out []byte
	for i := range n {
		text := make([]string, 150)
		for j := range text {
			text[j] = strings.Trim(words[random.IntN(len(words))], "\"\\#*_[]()")
		}
		out = fmt.Appendf(out, "{\"id\":\"filler%d\",\"title\":\"Filler %d\",\"outlet\":\"AP\",\"published\":\"2022-02-02\",\"text\":%q}\n", i, i, strings.Join(text, " ")+".")
	}
	return out
}

// unlimited are the settings of a bot that answers whoever asks.
func unlimited(workers int) []string {
	return []string{
		"FOOTNOTE_LIMITS_USER_PER_MINUTE=1000", "FOOTNOTE_LIMITS_GUILD_PER_MINUTE=10000",
		fmt.Sprint("FOOTNOTE_LIMITS_WORKERS=", workers), "FOOTNOTE_LIMITS_QUEUE=1000", "FOOTNOTE_EMBEDDINGS_PROVIDER=none",
	}
}

// asksOf are the settings of a bot that asks a model.
func asksOf(m *promptstest.Model, timeout string) []string {
	return []string{"FOOTNOTE_MODEL_PROVIDER=openai", "FOOTNOTE_MODEL_BASE_URL=" + m.URL(), "FOOTNOTE_MODEL_NAME=" + promptstest.Name,
		"FOOTNOTE_MODEL_API_KEY=k", "FOOTNOTE_MODEL_TIMEOUT=" + timeout}
}

// hold keeps writers of the stores in a data folder waiting until the test ends.
func hold(t *testing.T, data string) {
	t.Helper()
	for _, file := range []string{"footnote.db", "bot.db"} {
		db, err := sql.Open("sqlite", "file:"+filepath.Join(data, file)+"?_txlock=immediate&_pragma=busy_timeout(20000)") // the bot writes as it starts
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		tx, err := db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { tx.Rollback() })
	}
}

// spread is the median, the 99th percentile and the most of times.
func spread(times []time.Duration) string {
	times = slices.Sorted(slices.Values(times))
	at := func(share float64) time.Duration {
		return times[int(share*float64(len(times)-1))].Round(time.Millisecond)
	}
	return fmt.Sprintf("of %d: p50 %v, p99 %v, most %v", len(times), at(.5), at(.99), at(1))
}

// isHangable says whether a call is none that acknowledges.
func isHangable(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/webhooks/") || strings.HasPrefix(r.URL.Path, "/channels/")
}

func TestAll200AreAcknowledgedThoughEverythingHangs(t *testing.T) {
	data := ingested(t, 100)
	b := startBot(t, data, append(unlimited(4), asksOf(promptstest.NewModel(t, promptstest.Stalls), "1m")...)...)
	hold(t, data)
	b.Fault(func(r *http.Request) *discordtest.Response {
		if isHangable(r) {
			return &discordtest.Response{Hang: true}
		}
		return nil
	})
	asked := make([]*discordtest.Exchange, 200)
	for i := range asked {
		asked[i] = b.Slash(b.channel, b.AddPerson(fmt.Sprint("p", i)), "ask", discordtest.Text("question", lethalAid))
	}
	acks := make([]time.Duration, len(asked))
	for i, x := range asked {
		acks[i] = x.Acked() // fails the test after Discord's 3 s
	}
	t.Logf("acknowledged, %s", spread(acks))
}

// restFaults are faults of Discord's, one call in ten, but never two of one
// thing: three in a row are not the bot's to cure. No callback hangs: on a slow
// machine there is no time for another.
func restFaults() func(*http.Request) *discordtest.Response {
	had := make(map[string]bool)
	return func(r *http.Request) *discordtest.Response {
		if had[r.URL.Path] {
			return nil
		}
		fault := restFault(r)
		had[r.URL.Path] = fault != nil
		return fault
	}
}

func restFault(r *http.Request) *discordtest.Response {
	switch rand.IntN(60) {
	case 0:
		return discordtest.Limited(discordtest.OfRoute, 500*time.Millisecond)
	case 1:
		return discordtest.Refused(http.StatusInternalServerError, 0)
	case 2:
		return discordtest.Refused(http.StatusBadGateway, 0)
	case 3:
		return &discordtest.Response{Reset: true}
	case 4:
		return &discordtest.Response{Reset: true, After: strings.HasSuffix(r.URL.Path, "/callback") || r.Method == http.MethodPatch}
	case 5:
		if isHangable(r) {
			return &discordtest.Response{Hang: true}
		}
	}
	return nil
}

// whims is a model that fails one question in ten.
func whims() promptstest.Turn {
	honest := promptstest.Says(claims(principle, helmets))
	faults := []promptstest.Turn{promptstest.Breaks, promptstest.Stalls, promptstest.Cut(claims(principle), 40), promptstest.Refuses(http.StatusServiceUnavailable, `{}`)}
	return func(w http.ResponseWriter, r *http.Request) {
		if n := rand.IntN(10 * len(faults)); n < len(faults) {
			faults[n](w, r)
			return
		}
		honest(w, r)
	}
}

// ours is how many goroutines do work of footnote's, in the tests or not.
// Connections that wait to be used again are net/http's.
func ours() int {
	stacks := make([]byte, 16<<20)
	n := 0
	for _, stack := range strings.Split(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
		if strings.Contains(stack, "footnote/") {
			n++
		}
	}
	return n
}

// dropEvery is so rare that each loss is a first one. From the third in a row
// on the bot stays away for longer than an interaction lives.
const dropEvery = 12 * time.Second

func TestSoak(t *testing.T) {
	model := promptstest.NewModel(t, whims())
	b := startBot(t, ingested(t, *soakPassages), append(unlimited(64), asksOf(model, "2s")...)...)
	b.ask(t).Final()
	before := ours()
	b.Fault(restFaults())
	b.Gateway().Overlap(20)
	var asked []*discordtest.Exchange
	b.Gateway().Drop()
	tick, end, drop := time.NewTicker(50*time.Millisecond), time.After(*soakTime), time.NewTicker(dropEvery)
	defer tick.Stop()
	defer drop.Stop()
	for going := true; going; {
		select {
		case <-tick.C:
			asked = append(asked, b.ask(t))
		case <-drop.C:
			b.Gateway().Drop()
		case <-end:
			going = false
		}
	}
	lost := unanswered(asked, 30*time.Second)
	if len(lost) > 0 {
		t.Errorf("%d of %d questions have no final reply; the bot says:\n%s", len(lost), len(asked), complaints(b.stderr.String()))
	}
	time.Sleep(2 * time.Second) // for a second reply
	for _, x := range asked {
		seen := x.Messages()
		if last := slices.DeleteFunc(slices.Clone(seen), func(m discordtest.Message) bool { return !isFinal(m) }); len(last) > 1 {
			t.Errorf("a question has %d replies: %v", len(last), seen)
		}
	}
	t.Logf("%d questions, %d resumes", len(asked), len(b.Gateway().Resumes()))
	for end := time.Now().Add(20 * time.Second); ours() > before+5; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines are at work, %d before", ours(), before)
		}
	}
}

// isFinal says whether a message is the last of a reply, which has the buttons.
func isFinal(m discordtest.Message) bool { return !m.Thinking && len(m.Buttons) > 0 }

// unanswered are the questions that have no final reply when limit is over.
func unanswered(asked []*discordtest.Exchange, limit time.Duration) []*discordtest.Exchange {
	asked = slices.Clone(asked)
	for end := time.Now().Add(limit); len(asked) > 0 && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		asked = slices.DeleteFunc(asked, func(x *discordtest.Exchange) bool { return slices.ContainsFunc(x.Messages(), isFinal) })
	}
	return asked
}

// complaints are the lines of a log that are no mere information.
func complaints(log string) string {
	lines := slices.DeleteFunc(strings.SplitAfter(log, "\n"), func(line string) bool {
		return strings.Contains(line, "outcome=done") || strings.Contains(line, "quotes serve")
	})
	return strings.Join(lines, "")
}

// ask has a new person ask.
func (b *running) ask(t *testing.T) *discordtest.Exchange {
	return b.Slash(b.channel, b.AddPerson("somebody"), "ask", discordtest.Text("question", lethalAid))
}

func TestOnePersonReachesTheModelFiveTimesAMinute(t *testing.T) {
	model := promptstest.NewModel(t, promptstest.Says(claims(principle)))
	b := startBot(t, ingested(t, 10), append(asksOf(model, "10s"), "FOOTNOTE_EMBEDDINGS_PROVIDER=none")...)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 250 {
				b.Slash(b.channel, b.person, "ask", discordtest.Text("question", lethalAid)).Answered()
			}
		})
	}
	all.Wait()
	time.Sleep(time.Second)
	if n := len(model.Requests()); n < 1 || n > 5 {
		t.Errorf("the model was reached %d times", n)
	}
}
