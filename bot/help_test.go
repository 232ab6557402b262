package bot

import (
	"strings"
	"testing"
)

func TestHelpFitsTheServer(t *testing.T) {
	s := newStage(t, nil)
	r := s.slash(reader, "help")
	if !r.Private {
		t.Error("others see it")
	}
	expect(t, r, "exact words of a dated source", "/ask – ", "/search – ", "Check this message – ", "Channels: all",
		"10 articles, 2022-", "quotes, without a language model", "5 for a person, 30 for a server", "/forget me erases")
	expectNot(t, r, "/settings", "/ingest", "Mention me", "sample articles", "go to the language model")
}

func TestHelpKnowsAdminsModelsMentionsAndSamples(t *testing.T) {
	s := newStage(t, func(o *Options) {
		o.Model, o.Mentions = "writer-7", true
		o.Samples = func() bool { return true }
	})
	s.slash(manager, "settings", "channel", "555", "outlets", "AP, NASA")
	r := s.slash(manager, "help")
	expect(t, r, "/settings – ", "/ingest – ", "Mention me", "Channels: 555", "Outlets: AP, NASA", "written by writer-7", "go to the language model writer-7", "sample articles")
	direct := s.do(Request{Kind: Slash, Name: "help", Person: reader, Place: Place{Channel: "x", Direct: true}})
	expectNot(t, direct, "/settings", "/ingest", "Channels", "Outlets")
}

func TestHelpSpeaksThePersonsLanguage(t *testing.T) {
	s := newStage(t, nil)
	r := s.do(Request{Kind: Slash, Name: "help", Person: reader, Locale: "de"})
	expect(t, r, "/fragen – ", "/suchen – ", "/vergessen mich löscht")
}

func TestHelpIsTwoMessagesAtMost(t *testing.T) {
	s := newStage(t, func(o *Options) { o.Model, o.Mentions = "writer-7", true })
	for _, l := range Languages() {
		r := s.do(Request{Kind: Slash, Name: "help", Person: manager, Locale: string(l)})
		if n := len([]rune(pageText(r))); n > 3600 || strings.Contains(pageText(r), "%!") {
			t.Errorf("%s: %d characters\n%s", l, n, pageText(r))
		}
	}
}
