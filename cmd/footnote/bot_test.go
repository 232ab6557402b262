package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/discordtest"
	"footnote/prompts/promptstest"
)

// A running is a "footnote bot" in this process, against a Discord on loopback.
type running struct {
	*discordtest.Server
	guild, channel, person string

	stop   context.CancelFunc
	ended  chan struct{}
	code   int
	stderr *lockedBuffer
}

// lockedBuffer is a buffer that is written and read at once.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

// startBot starts one in a data folder, with settings besides those that lead
// to the fake, and waits until it is there.
func startBot(t *testing.T, data string, settings ...string) *running {
	t.Helper()
	b := &running{Server: discordtest.New(t)}
	b.guild = b.AddGuild("news")
	b.channel = b.AddChannel(b.guild, "general")
	b.person = b.AddPerson("ann")
	b.run(t, data, settings...)
	select {
	case <-b.Gateway().Begun():
	case <-b.ended:
		t.Fatalf("the bot ended with %d: %s", b.code, b.stderr)
	case <-time.After(20 * time.Second):
		t.Fatalf("the bot does not identify: %s", b.stderr)
	}
	return b
}

// run runs the bot until the test ends.
func (b *running) run(t *testing.T, data string, settings ...string) {
	ctx, stop := context.WithCancel(t.Context())
	b.stop, b.ended, b.stderr = stop, make(chan struct{}), new(lockedBuffer)
	environ := append([]string{
		"HOME=" + t.TempDir(), "DISCORD_TOKEN=" + b.Token, "FOOTNOTE_DISCORD_API_URL=" + b.URL(),
		"FOOTNOTE_METRICS_LISTEN=127.0.0.1:0",
	}, settings...)
	go func() {
		defer close(b.ended)
		b.code = run(ctx, env{
			args: []string{"bot", "--data", data}, stdin: strings.NewReader(""), stdout: io.Discard, stderr: b.stderr,
			environ: environ, now: time.Now, terminal: func(any) bool { return false },
		})
	}()
	t.Cleanup(func() {
		stop()
		<-b.ended
	})
}

// answered says whether the last of the messages is a reply, which has buttons,
// and no draft.
func answered(all []discordtest.Message) bool {
	return len(all) > 0 && len(all[len(all)-1].Buttons) > 0
}

func TestTheBotAnswersWithItsSources(t *testing.T) {
	b := startBot(t, t.TempDir())
	asked := b.Slash(b.channel, b.person, "ask", discordtest.Text("question", "Is South Korea sending lethal aid?"))
	answer := asked.Await(answered)
	last := answer[len(answer)-1]
	for _, want := range []string{"not sending lethal aid", "[1]", "Al Jazeera", "2022-11-11"} {
		if !strings.Contains(last.Content, want) {
			t.Errorf("the answer lacks %q:\n%s", want, last.Content)
		}
	}
	card := b.Press(last.ID, last.Button("Sources").CustomID, b.AddPerson("bob"))
	shown := card.Final()
	if !card.Private() || !strings.Contains(shown[0].Content, "**") {
		t.Errorf("the card, private %v: %s", card.Private(), shown[0].Content)
	}
	if strings.Contains(b.stderr.String(), "lethal") {
		t.Errorf("the log holds words of the question or the answer:\n%s", b.stderr)
	}
}

func TestTheBotEndsByASignalWithExitCode0(t *testing.T) {
	b := startBot(t, t.TempDir())
	b.stop()
	<-b.ended
	if b.code != exitDone {
		t.Errorf("exit code %d: %s", b.code, b.stderr)
	}
}

func TestABotThatIsStoppedWhileItStartsEndsWithExitCode0(t *testing.T) {
	out := newSession(t)
	out.env.environ = append(out.env.environ, "DISCORD_TOKEN=a", "FOOTNOTE_DISCORD_API_URL=http://127.0.0.1:1/api/v10")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if code := out.do(ctx, "bot", "--data", t.TempDir()); code != exitDone {
		t.Errorf("exit code %d: %s", code, out.stderr.String())
	}
}

// Four are with the model, which says nothing, and the others wait.
func TestFiftyPeopleAreToldThatTheBotRestarts(t *testing.T) {
	model := promptstest.NewModel(t, promptstest.Stalls)
	b := startBot(t, t.TempDir(), "FOOTNOTE_MODEL_PROVIDER=openai", "FOOTNOTE_MODEL_NAME="+promptstest.Name,
		"FOOTNOTE_MODEL_BASE_URL="+model.URL(), "FOOTNOTE_LIMITS_GUILD_PER_MINUTE=50")
	var asked []*discordtest.Exchange
	for range 50 {
		asked = append(asked, b.Slash(b.channel, b.AddPerson("ann"), "ask", discordtest.Text("question", "Is South Korea sending lethal aid?")))
	}
	for _, a := range asked {
		a.Acked()
	}
	began := time.Now()
	b.stop()
	<-b.ended
	if took := time.Since(began); b.code != exitDone || took > 10*time.Second {
		t.Errorf("exit code %d after %v: %s", b.code, took, b.stderr)
	}
	for _, a := range asked {
		if m := a.Messages(); len(m) != 1 || !strings.Contains(m[0].Content, "restarted") {
			t.Errorf("somebody sees %+v", m)
		}
	}
}

func TestASecondBotOnOneFolderIsRefused(t *testing.T) {
	data := t.TempDir()
	b := startBot(t, data)
	out := newSession(t)
	out.env.environ = append(out.env.environ, "DISCORD_TOKEN="+b.Token, "FOOTNOTE_DISCORD_API_URL="+b.URL())
	code := out.do(t.Context(), "bot", "--data", data)
	if code != exitFailure || !strings.Contains(out.stderr.String(), "stop it first") {
		t.Errorf("exit code %d: %s", code, out.stderr.String())
	}
}

func TestARefusedTokenEndsTheBotWith78(t *testing.T) {
	s := discordtest.New(t)
	out := newSession(t)
	out.env.environ = append(out.env.environ, "DISCORD_TOKEN=another", "FOOTNOTE_DISCORD_API_URL="+s.URL())
	code := out.do(t.Context(), "bot", "--data", t.TempDir())
	if code != exitConfig || !strings.Contains(out.stderr.String(), "discord.token") || strings.Contains(out.stderr.String(), "another") {
		t.Errorf("exit code %d: %s", code, out.stderr.String())
	}
}

func TestWithoutATokenTheBotSaysWhereToGetOne(t *testing.T) {
	out := newSession(t)
	code := out.do(t.Context(), "bot")
	if code != exitConfig || !strings.Contains(out.stderr.String(), "DISCORD_TOKEN") {
		t.Errorf("exit code %d: %s", code, out.stderr.String())
	}
}

func TestDoctorPrintsTheInvitation(t *testing.T) {
	s := discordtest.New(t)
	out := newSession(t)
	out.env.environ = append(out.env.environ, "DISCORD_TOKEN="+s.Token, "FOOTNOTE_DISCORD_API_URL="+s.URL())
	out.do(t.Context(), "doctor", "--data", t.TempDir())
	if !strings.Contains(out.stdout.String(), "https://discord.com/oauth2/authorize?client_id="+s.AppID) {
		t.Errorf("doctor says:\n%s", out.stdout.String())
	}
}

// The metrics are the bot's: nobody may read them before there is one.
func TestThereAreNoMetricsOfABotThatDoesNotStart(t *testing.T) {
	data := t.TempDir()
	state, err := bot.OpenState(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(data, "bot.db"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), `DROP TABLE takings`)
	if err := errors.Join(err, db.Close(), state.Close()); err != nil {
		t.Fatal(err)
	}
	out := newSession(t)
	out.env.environ = append(out.env.environ, "DISCORD_TOKEN=a", "FOOTNOTE_METRICS_LISTEN=127.0.0.1:0")
	code := out.do(t.Context(), "bot", "--data", data)
	if said := out.stderr.String(); code != exitFailure || !strings.Contains(said, "bot.db is damaged") || strings.Contains(said, "msg=metrics") {
		t.Errorf("exit code %d: %s", code, said)
	}
}

func TestMetricsAndHealth(t *testing.T) {
	b := startBot(t, t.TempDir())
	b.Slash(b.channel, b.person, "ask", discordtest.Text("question", "Is South Korea sending lethal aid?")).Await(answered)
	address := b.metricsAddress(t)
	for path, want := range map[string]string{
		"/healthz": "ok", "/readyz": "ready",
		"/metrics": `footnote_requests_total{name="ask",outcome="done"} 1`,
	} {
		got := get(t, "http://"+address+path)
		for deadline := time.Now().Add(20 * time.Second); !strings.Contains(got, want); got = get(t, "http://"+address+path) {
			if time.Now().After(deadline) { // a request is counted a moment after its reply
				t.Fatalf("%s lacks %q:\n%s", path, want, got)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
}

// metricsAddress is where the log says that metrics are.
func (b *running) metricsAddress(t *testing.T) string {
	t.Helper()
	for range 2000 {
		if _, rest, ok := strings.Cut(b.stderr.String(), "msg=metrics address="); ok {
			address, _, _ := strings.Cut(rest, "\n")
			return address
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("no address of metrics in the log:\n%s", b.stderr)
	return ""
}

func get(t *testing.T, url string) string {
	t.Helper()
	reply, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
