package discord

import (
	"bytes"
	"context"
	"encoding/xml"
	"flag"
	"fmt"
	"html"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	"footnote/corpus"
	"footnote/corpus/sample"
	"footnote/prompts"
	"footnote/retrieval"

	"github.com/bwmarrin/discordgo"
	_ "modernc.org/sqlite"
)

var updatePicture = flag.Bool("update", false, "draw the picture of an answer in testdata anew")

// pictured is the question of the README's picture.
const pictured = "Is South Korea sending lethal aid?"

// TestPicture holds the README's picture to what the bot says of the samples.
func TestPicture(t *testing.T) {
	got := picture(samplesMessage(t, pictured))
	path := filepath.Join("testdata", "answer.svg")
	if *updatePicture {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the bot's answer is no longer the one in %s: look at it after go test -run TestPicture -update\n%s", path, got)
	}
	for d := xml.NewDecoder(bytes.NewReader(want)); err != io.EOF; {
		if _, err = d.Token(); err != nil && err != io.EOF {
			t.Fatalf("%s: %v", path, err)
		}
	}
	if bad := regexp.MustCompile(`<script|<image|<foreignObject|href|url\(|@import`).Find(want); bad != nil {
		t.Errorf("%s has %s, which may act or lead elsewhere", path, bad)
	}
}

// A finalReply keeps what a person is left with.
type finalReply struct{ bot.Reply }

func (f *finalReply) Answer(_ context.Context, r bot.Reply) error          { f.Reply = r; return nil }
func (*finalReply) Acknowledge(context.Context, bot.Acknowledgement) error { return nil }
func (*finalReply) Show(context.Context, bot.Reply)                        {}
func (f *finalReply) Finish(_ context.Context, r bot.Reply) (bot.Posted, error) {
	f.Reply = r
	return bot.Posted{}, nil
}

// samplesMessage is the message that a bot without a model answers with from the
// sample articles. The answer's id, which chance gives, is always the same.
func samplesMessage(t *testing.T, question string) body {
	t.Helper()
	articles, err := sample.Articles()
	must(t, err)
	library := retrieval.NewMemory(articles, corpus.Chunker{})
	searcher, err := retrieval.NewSearcher(t.Context(), library, retrieval.SearcherOptions{})
	must(t, err)
	store, err := retrieval.OpenStore(t.Context(), t.TempDir())
	must(t, err)
	defer store.Close()
	state, err := bot.OpenState(t.Context(), t.TempDir())
	must(t, err)
	defer state.Close()
	all := bot.Corpus{Answerer: prompts.NewExtractive(searcher), Scope: searcher.In("")}
	b, err := bot.New(t.Context(), bot.Options{
		Corpus: func(string) bot.Corpus { return all }, Store: store, Library: library, Samples: func() bool { return true },
		State: state, Workers: 1, Unlimited: true, Log: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	must(t, err)
	defer b.Close()
	var to finalReply
	b.Serve(t.Context(), bot.Request{
		ID: "1", Kind: bot.Slash, Name: "ask", Options: map[string]string{"question": question},
		Person: bot.Person{ID: "2"}, Place: bot.Place{Guild: "3", Channel: "4"},
	}, &to)
	bodies := render(to.Reply)
	if len(bodies) != 1 || to.Reply.Answer == "" {
		t.Fatalf("%d messages of answer %q", len(bodies), to.Reply.Answer)
	}
	bodies[0].Content = strings.ReplaceAll(bodies[0].Content, to.Reply.Answer, "3f9a1c07b2e4")
	return bodies[0]
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// How the picture is laid out, in pixels: about as Discord does.
const (
	pictureWidth = 760
	textLeft     = 76
	textWidth    = 590 // by the measure of advance; wider fonts have room for more
	bodySize     = 16
	noteSize     = 13
)

// Discord's colours in its dark theme.
const (
	pictureBack  = "#313338"
	textColour   = "#dbdee1"
	strongColour = "#f2f3f5"
	noteColour   = "#949ba4"
	linkColour   = "#00a8fc"
	brandColour  = "#5865f2"
	buttonColour = "#4e5058"
	dangerColour = "#da373c"
)

// picture is a message as an SVG that needs nothing but a font.
func picture(m body) string {
	var d drawing
	d.header()
	for _, line := range strings.Split(m.Content, "\n") {
		d.line(line)
	}
	d.y += 14
	for _, row := range m.Components {
		d.row(row.(discordgo.ActionsRow))
	}
	words := plainText(m.Content)
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d" role="img" aria-labelledby="title desc" `+
		`font-family="'gg sans','Noto Sans','Helvetica Neue',Helvetica,Arial,sans-serif">
<title id="title">An answer of footnote in Discord</title>
<desc id="desc">%[3]s</desc>
<rect width="%[1]d" height="%[2]d" rx="8" fill="%[4]s"/>
%[5]s</svg>
`, pictureWidth, d.y+8, html.EscapeString("Somebody used /ask; footnote answers: "+words), pictureBack, d.String())
}

// A drawing is what the picture shows so far, down to y.
type drawing struct {
	strings.Builder
	y int
}

func (d *drawing) text(x, y, size int, colour, more, words string) {
	fmt.Fprintf(d, `<text x="%d" y="%d" font-size="%d" fill="%s"%s>%s</text>`+"\n", x, y, size, colour, more, words)
}

// header is who asked, and who answers.
func (d *drawing) header() {
	fmt.Fprintf(d, `<path d="M40 40V32Q40 24 48 24H70" fill="none" stroke="%s" stroke-width="2"/>`+"\n", buttonColour)
	fmt.Fprintf(d, `<circle cx="84" cy="24" r="8" fill="#23a55a"/>`+"\n")
	d.text(98, 29, 14, noteColour, "", phrase{text: "ann", strong: true}.draw()+" used "+phrase{text: "/ask", link: true}.draw())
	fmt.Fprintf(d, `<circle cx="40" cy="66" r="20" fill="%s"/>`+"\n", brandColour)
	d.text(40, 72, 17, "#ffffff", ` font-weight="700" text-anchor="middle"`, "[1]")
	d.text(textLeft, 63, bodySize, strongColour, ` font-weight="600" textLength="70"`, "footnote")
	fmt.Fprintf(d, `<rect x="153" y="50" width="34" height="16" rx="4" fill="%s"/>`+"\n", brandColour)
	d.text(170, 62, 11, "#ffffff", ` font-weight="600" text-anchor="middle"`, "APP")
	d.text(196, 62, 12, noteColour, "", "Today at 12:00")
	d.y = 66
}

// line draws a line of a message, on several if it is long.
func (d *drawing) line(markdown string) {
	size, height, colour := bodySize, 22, textColour
	if note, ok := strings.CutPrefix(markdown, "-# "); ok {
		markdown, size, height, colour = note, noteSize, 19, noteColour
	}
	if markdown == "" {
		d.y += height / 2
		return
	}
	for _, phrases := range wrap(phrasesOf(markdown), size) {
		d.y += height
		var words strings.Builder
		for _, r := range phrases {
			words.WriteString(r.draw())
		}
		d.text(textLeft, d.y, size, colour, "", strings.TrimSpace(words.String()))
	}
}

// row draws a row of buttons.
func (d *drawing) row(row discordgo.ActionsRow) {
	x := textLeft
	for _, c := range row.Components {
		button := c.(discordgo.Button)
		colour := buttonColour
		if button.Style == discordgo.DangerButton {
			colour = dangerColour
		}
		width := int(advance(button.Label, 14)) + 32
		fmt.Fprintf(d, `<rect x="%d" y="%d" width="%d" height="32" rx="8" fill="%s"/>`+"\n", x, d.y, width, colour)
		d.text(x+width/2, d.y+21, 14, "#ffffff", ` font-weight="500" text-anchor="middle"`, html.EscapeString(button.Label))
		x += width + 8
	}
	d.y += 40
}

// A phrase is text in one style.
type phrase struct {
	text         string
	strong, link bool
}

func (p phrase) draw() string {
	words := html.EscapeString(p.text)
	switch {
	case p.link:
		return `<tspan fill="` + linkColour + `">` + words + `</tspan>`
	case p.strong:
		return `<tspan font-weight="700" fill="` + strongColour + `">` + words + `</tspan>`
	}
	return words
}

// markdown is what render writes besides text: a link, a bold text, an escaped
// character.
var markdown = regexp.MustCompile(`\[((?:\\.|[^\\\[\]])+)\]\(<[^<>]*>\)|\*\*((?:\\.|[^\\*])+)\*\*`)

func phrasesOf(line string) []phrase {
	var phrases []phrase
	add := func(text string, strong, link bool) {
		if text != "" {
			phrases = append(phrases, phrase{regexp.MustCompile(`\\(.)`).ReplaceAllString(text, "$1"), strong, link})
		}
	}
	for at := markdown.FindStringSubmatchIndex(line); at != nil; at = markdown.FindStringSubmatchIndex(line) {
		add(line[:at[0]], false, false)
		if at[2] >= 0 {
			add(line[at[2]:at[3]], false, true)
		} else {
			add(line[at[4]:at[5]], true, false)
		}
		line = line[at[1]:]
	}
	add(line, false, false)
	return phrases
}

// plainText is a message without its markdown, as it is read aloud.
func plainText(content string) string {
	var lines []string
	for _, line := range strings.Split(content, "\n") {
		var words strings.Builder
		for _, r := range phrasesOf(strings.TrimPrefix(line, "-# ")) {
			words.WriteString(r.text)
		}
		if words.Len() > 0 {
			lines = append(lines, words.String())
		}
	}
	return strings.Join(lines, "\n")
}

// wrap puts phrases on lines, which end between words.
func wrap(phrases []phrase, size int) [][]phrase {
	lines := [][]phrase{nil}
	used := 0.0
	for _, r := range phrases {
		for _, word := range strings.SplitAfter(r.text, " ") {
			width := advance(word, size)
			if used > 0 && used+width > textWidth {
				lines, used = append(lines, nil), 0
			}
			used += width
			last := &lines[len(lines)-1]
			if n := len(*last); n > 0 && (*last)[n-1].strong == r.strong && (*last)[n-1].link == r.link {
				(*last)[n-1].text += word
				continue
			}
			*last = append(*last, phrase{word, r.strong, r.link})
		}
	}
	return lines
}

// advance is about how wide a text is in a font like Helvetica.
func advance(text string, size int) float64 {
	width := 0.0
	for _, r := range text {
		switch {
		case strings.ContainsRune("ijl.,:;'|!ftI[]()/ -r·", r):
			width += .3
		case strings.ContainsRune("mwMW%", r):
			width += .85
		case 'A' <= r && r <= 'Z':
			width += .68
		case r < 0x2000:
			width += .55
		default:
			width += 1.3
		}
	}
	return width * float64(size)
}
