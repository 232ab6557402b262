package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"footnote/bot"
)

func TestWordsKeepWhatIsQuotedTogether(t *testing.T) {
	for line, want := range map[string][]string{
		`who won  the cup`:                   {"who", "won", "the", "cup"},
		`outlet:"Al Jazeera" lethal aid`:     {"outlet:Al Jazeera", "lethal", "aid"},
		`he said "no lethal aid" on Friday`:  {"he", "said", `"no lethal aid"`, "on", "Friday"},
		`outlet:"never closed since:2022-11`: {"outlet:never closed since:2022-11"},
		``:                                   nil,
	} {
		if got := words(line); !slices.Equal(got, want) {
			t.Errorf("words(%q) = %q, want %q", line, got, want)
		}
	}
}

// asking is a command with an option of each kind that is typed.
func asking() bot.CommandSpec {
	return bot.CommandSpec{Name: "ask", Options: []bot.OptionSpec{
		{Name: "question", Type: bot.Text}, {Name: "since", Type: bot.Text}, {Name: "private", Type: bot.Flag}}}
}

func TestOptionsOfACommandAreNamedOrTheFirst(t *testing.T) {
	for line, want := range map[string]map[string]string{
		"is it true: yes":               {"question": "is it true: yes"},
		"since:2022-11 who bought them": {"question": "who bought them", "since": "2022-11"},
		"who private:true bought them":  {"question": "who bought them", "private": "true"},
		"question:shells":               {"question": "shells"},
		"":                              {},
	} {
		r, err := commandRequest(asking(), bot.English, line)
		if err != nil || !maps.Equal(r.Options, want) {
			t.Errorf("/ask %s: %v, %v; want %v", line, r.Options, err, want)
		}
	}
}

func TestASubcommandIsAWord(t *testing.T) {
	r, err := commandRequest(bot.CommandSpec{Name: "forget", Options: []bot.OptionSpec{{Name: "me", Type: bot.Subcommand}}}, bot.English, "me")
	if err != nil || r.Options["me"] != "true" {
		t.Errorf("/forget me: %v, %v", r.Options, err)
	}
}

func TestACommandWithoutOptionsTakesNoWords(t *testing.T) {
	if _, err := commandRequest(bot.CommandSpec{Name: "help"}, bot.English, "me"); err == nil {
		t.Error("/help me is taken")
	}
}

func TestAFileIsAttachedByItsPath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "story.txt")
	if err := os.WriteFile(path, []byte("words"), 0o600); err != nil {
		t.Fatal(err)
	}
	ingest := bot.CommandSpec{Name: "ingest", Options: []bot.OptionSpec{{Name: "file", Type: bot.Attachment}}}
	r, err := commandRequest(ingest, bot.English, "file:"+path)
	if err != nil || r.File == nil || r.File.Name != "story.txt" || r.File.Size != 5 {
		t.Errorf("file %+v, %v", r.File, err)
	}
	if _, err := commandRequest(ingest, bot.English, "file:"+t.TempDir()); err == nil {
		t.Error("a folder is taken for a file")
	}
}

func TestAnApologyIsToldAfterSentences(t *testing.T) {
	var out strings.Builder
	page := page{Writer: &out}
	chat := &talk{app: &app{}, page: page}
	chat.Show(t.Context(), bot.Reply{Blocks: []bot.Block{{Kind: bot.Sentence, Spans: []bot.Span{{Text: "It rained."}}}}})
	if _, err := chat.Finish(t.Context(), bot.Reply{Blocks: []bot.Block{{Kind: bot.Paragraph, Spans: []bot.Span{{Text: "Sorry."}}}}}); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "It rained.") || !strings.Contains(got, "Sorry.") {
		t.Errorf("the page says %q", got)
	}
}
