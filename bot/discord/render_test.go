package discord

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"footnote/bot"
)

func TestTextIsNothingButText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Plain words, and a number: 12.5 %.", "Plain words, and a number: 12.5 %."},
		{"<@123> <@!123> <#5> <@&7>", `\<\@123> \<\@!123> \<#5> \<\@&7>`},
		{"@everyone @here a@b.c", `\@everyone \@here a\@b.c`},
		{"<t:1700000000:R> </ask:1> <a:x:2>", `\<t\:1700000000:R> \</ask:1> \<a\:x:2>`},
		{":skull: at 10:30 sharp", `\:skull: at 10:30 sharp`},
		{"[here](https://evil.example)", `[here]\(https\://evil.example)`},
		{"# Heading", `\# Heading`},
		{"-# small", `\-# small`},
		{"> quote", `\> quote`},
		{"- item", `\- item`},
		{"1. item 2) item", `1\. item 2) item`},
		{"On Nov. 11, 2022. Then 3. more", "On Nov. 11, 2022. Then 3. more"},
		{"It is #MeToo, -5 and > 3", "It is #MeToo, -5 and > 3"},
		{"he said: yes", "he said: yes"},
		{"join discord.gg/x or DISCORD.com/invite/x.", `join discord\.gg/x or DISCORD\.com/invite/x\.`},
		{"in 1.5 years (or 2)", "in 1.5 years (or 2)"},
		{"**b** _i_ ~~s~~ ||h|| `c` ```d```", "\\*\\*b\\*\\* \\_i\\_ \\~\\~s\\~\\~ \\|\\|h\\|\\| \\`c\\` \\`\\`\\`d\\`\\`\\`"},
		{`C:\dir`, `C:\\dir`},
		{"a\u202eb\u200bc\x1b[31md\ufe0f", `abc[31md`},
		{"e\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "e\u0301\u0301\u0301\u0301"},
		{"क\u094d\u200dष and a\u200db", "क\u094d\u200dष and ab"},
		{"10\u00a0000 hommes,\u00a0 oui", "10\u00a0000 hommes, oui"},
		{"not \xff valid", "not \ufffd valid"},
		{"two\nlines", "two lines"},
		{"東京\u3000大阪, 10\u2009000", "東京\u3000大阪, 10\u2009000"},
		{"👩\u200d👩\u200d👧 and 👩🏽\u200d🚀, 👩\u200ca", "👩\u200d👩\u200d👧 and 👩🏽\u200d🚀, 👩a"},
		{"newer than Go: \U0001fae9 \U000323b0", "newer than Go: \U0001fae9 \U000323b0"},
		{"private \ue000, no \ufdd0 character", "private , no character"},
	} {
		r := bot.Reply{Blocks: []bot.Block{{Kind: bot.Sentence, Spans: []bot.Span{{Text: c.text}}}}}
		if got := render(r)[0].Content; got != c.want {
			t.Errorf("%q is shown as %q, want %q", c.text, got, c.want)
		}
	}
}

func TestSpans(t *testing.T) {
	for name, c := range map[string]struct {
		spans       []bot.Span
		want, plain string
	}{
		"strong": {
			[]bot.Span{{Text: "from "}, {Text: "AP ", Style: bot.Strong}, {Text: "today"}},
			"from **AP** today", "from AP today",
		},
		"two strong ones": {
			[]bot.Span{{Text: "a", Style: bot.Strong}, {Text: "b", Style: bot.Strong}, {Text: " c"}},
			"**ab** c", "ab c",
		},
		"marker": {
			[]bot.Span{{Text: "It is so."}, {Text: "[1]", Style: bot.Marker}, {Text: "(yes)"}},
			`It is so.[1]\(yes)`, `It is so.[1]\(yes)`,
		},
		"no marker": {
			[]bot.Span{{Text: "[*1*]", Style: bot.Marker}},
			`[\*1\*]`, `[\*1\*]`,
		},
		"link": {
			[]bot.Span{{Text: "[Live] Talks * end", Style: bot.Link, URL: "https://a.example/x_(y)?q=a b"}},
			`[(Live) Talks \* end](<https://a.example/x_%28y%29?q=a%20b>)`, `[(Live) Talks \* end](<https://a.example/x_%28y%29?q=a%20b>)`,
		},
		"link without words": {
			[]bot.Span{{Text: "\u200b ", Style: bot.Link, URL: "https://a.example/"}},
			`[a.example](<https://a.example/>)`, `[a.example](<https://a.example/>)`,
		},
		"no link": {
			[]bot.Span{{Text: "title", Style: bot.Link, URL: "javascript:alert(1)"}},
			"title", "title",
		},
		"a link that lies about its host": {
			[]bot.Span{{Text: "title", Style: bot.Link, URL: "https://bank.example@evil.example/"}},
			"title", "title",
		},
		"code": {
			[]bot.Span{{Text: "Try "}, {Text: "/ask question", Style: bot.Code}, {Text: "."}},
			"Try `/ask question`.", "Try `/ask question`.",
		},
		"code that is none": {
			[]bot.Span{{Text: "`<@1>`", Style: bot.Code}},
			"\\`\\<\\@1>\\`", "\\`\\<\\@1>\\`",
		},
		"names": {
			[]bot.Span{{Text: "12", Style: bot.ChannelName}, {Text: ", "}, {Text: "13", Style: bot.RoleName}, {Text: " 1>", Style: bot.RoleName}},
			"<#12>, <@&13> 1>", "<#12>, <@&13> 1>",
		},
	} {
		r := bot.Reply{Blocks: []bot.Block{{Kind: bot.Sentence, Spans: c.spans}}}
		if got := render(r)[0].Content; got != c.want {
			t.Errorf("%s is shown as %q, want %q", name, got, c.want)
		}
		r.Plain = true
		if got := render(r)[0].Content; got != c.plain {
			t.Errorf("%s is shown plainly as %q, want %q", name, got, c.plain)
		}
	}
}

func block(kind bot.BlockKind, text string) bot.Block {
	return bot.Block{Kind: kind, Spans: []bot.Span{{Text: text}}}
}

// oneOfEach is one block of each kind, as answers have them.
func oneOfEach() bot.Reply {
	return bot.Reply{Blocks: []bot.Block{
		block(bot.Heading, "As of 2022-11-11"),
		block(bot.Sentence, "First."), block(bot.Sentence, "Second."),
		block(bot.Line, "[1] AP"),
		{Kind: bot.Quotation, Spans: []bot.Span{{Text: "Before.\n\n"}, {Text: "The quote\ngoes on.", Style: bot.Strong}, {Text: " After."}}},
		block(bot.Line, "[2] BBC"),
		block(bot.Quotation, "One."), block(bot.Quotation, "Two."),
		block(bot.Paragraph, "A\nparagraph."),
		block(bot.Note, "2 independent\nsources"),
	}}
}

func TestBlocks(t *testing.T) {
	want := `**As of 2022-11-11**
First. Second.

[1] AP
> Before.
> **The quote**
> **goes on.** After.
[2] BBC
> One.

> Two.

A
paragraph.
-# 2 independent sources`
	if got := render(oneOfEach())[0].Content; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPlainBlocksHaveNoDecoration(t *testing.T) {
	r := oneOfEach()
	r.Plain = true
	want := `As of 2022-11-11
First. Second.

[1] AP
Before.
“The quote
goes on.” After.
[2] BBC
“One.”

“Two.”

A
paragraph.
2 independent sources`
	if got := render(r)[0].Content; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSentencesOfAScriptWithoutBlanksRunOnWithoutThem(t *testing.T) {
	r := bot.Reply{Blocks: []bot.Block{block(bot.Sentence, "答えはありません。"), block(bot.Sentence, "Seoulに触れている記事はありません。"), block(bot.Sentence, "So.")}}
	if got, want := render(r)[0].Content, "答えはありません。Seoulに触れている記事はありません。So."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLongRepliesAreSplit(t *testing.T) {
	sentence := strings.Repeat("word ", 99) + "end."            // 499
	words := strings.Repeat("word ", 600)                       // 3,000
	quote := strings.TrimSpace(strings.Repeat(sentence+" ", 5)) // 2,499
	japanese := strings.Repeat(strings.Repeat("語", 299)+"。", 8) // 2,400
	for name, c := range map[string]struct {
		block bot.Block
		times int
		want  []string // how the messages end
	}{
		"between sentences that are blocks": {block(bot.Sentence, sentence), 5, []string{"end.", "end."}},
		"in a block, after a sentence":      {block(bot.Quotation, quote), 1, []string{"end.", "end."}},
		"in a sentence, after a word":       {block(bot.Sentence, words), 1, []string{"word", "word"}},
		"in a script without blanks":        {block(bot.Sentence, japanese), 1, []string{"。", "。"}},
		"in a word":                         {block(bot.Sentence, strings.Repeat("x", 2500)), 1, []string{"x", "x"}},
		"not in a character":                {block(bot.Sentence, strings.Repeat("🏳a\u0301", 900)), 1, []string{"\u0301", "\u0301"}},
	} {
		var r bot.Reply
		for range c.times {
			r.Blocks = append(r.Blocks, c.block)
		}
		bodies := render(r)
		if len(bodies) != len(c.want) {
			t.Errorf("%s: %d messages, want %d", name, len(bodies), len(c.want))
			continue
		}
		for i, b := range bodies {
			if !strings.HasSuffix(b.Content, c.want[i]) || units(b.Content) > maxContent {
				t.Errorf("%s: message %d has %d characters and ends in %q", name, i, units(b.Content), b.Content[max(0, len(b.Content)-10):])
			}
		}
	}
}

func TestEachPageOfABlockIsDrawnLikeTheFirst(t *testing.T) {
	for kind, prefix := range map[bot.BlockKind]string{bot.Quotation: "> w", bot.Note: "-# w", bot.Paragraph: "w"} {
		for i, b := range render(bot.Reply{Blocks: []bot.Block{block(kind, strings.Repeat("word ", 600))}}) {
			if !strings.HasPrefix(b.Content, prefix) {
				t.Errorf("page %d of block %d begins with %q", i+1, kind, b.Content[:5])
			}
		}
	}
}

func TestAMarkerStaysWithItsWord(t *testing.T) {
	for n := 1990; n < 2000; n++ {
		r := bot.Reply{Blocks: []bot.Block{{Kind: bot.Sentence, Spans: []bot.Span{
			{Text: strings.Repeat("x ", n/2-4) + "is so. "}, {Text: "[12]", Style: bot.Marker},
		}}}}
		bodies := render(r)
		if last := bodies[len(bodies)-1].Content; !strings.HasSuffix(last, "so. [12]") {
			t.Errorf("%d characters: the last message is %q", n, last)
		}
	}
}

func TestButtonsAreUnderTheLastMessage(t *testing.T) {
	r := bot.Reply{
		Blocks: []bot.Block{block(bot.Line, strings.Repeat("a ", 900)), block(bot.Line, strings.Repeat("b ", 900))},
		Rows:   [][]bot.Action{{{Label: strings.Repeat("l", 90), ID: "f1:sources::"}}, {}},
	}
	bodies := render(r)
	if len(bodies) != 2 || len(bodies[0].Components) != 0 || len(bodies[1].Components) != 1 {
		t.Errorf("got %d messages with %d and %d rows", len(bodies), len(bodies[0].Components), len(bodies[len(bodies)-1].Components))
	}
}

func TestNobodyIsMentionedButWhomTheReplyPings(t *testing.T) {
	r := bot.Reply{Ping: "42", Blocks: []bot.Block{block(bot.Sentence, "Hello <@43>.")}}
	b := render(r)[0]
	if b.Content != "<@42>\n"+`Hello \<\@43>.` || len(b.AllowedMentions.Users) != 1 || b.AllowedMentions.Users[0] != "42" || b.AllowedMentions.Parse == nil {
		t.Errorf("got %q with %+v", b.Content, b.AllowedMentions)
	}
	r.Ping = "everyone"
	if b = render(r)[0]; strings.Contains(b.Content, "everyone") || b.AllowedMentions.Users != nil {
		t.Errorf("got %q with %+v", b.Content, b.AllowedMentions)
	}
}

func TestChoicesThatDiscordWouldRefuseAreLeftOut(t *testing.T) {
	c := completionsOf([]bot.Choice{
		{Label: "AP", Value: "AP"}, {Value: "x"}, {Label: "x"}, {Label: "long", Value: strings.Repeat("v", 101)}, {Label: strings.Repeat("l", 200), Value: "v"},
	})
	if len(c.Choices) != 2 || units(c.Choices[1].Name) != maxChoice {
		t.Errorf("got %+v", c.Choices)
	}
}

// bareMarkdown is what would be markdown if it were not escaped.
var bareMarkdown = regexp.MustCompile("[*_~|`<@]|\\]\\(|(?m)^(?:[#>+-]|[0-9]+\\.(?: |$))|:(?:[A-Za-z0-9_]+:|//)")

func FuzzRender(f *testing.F) {
	for _, s := range []string{"<@1> @everyone", "[a](http://b.example)", "```\n# x\n", "a\u202eb", "👩\u200d👩\u200d👧🇳🇴", "\\", "1.", "]("} {
		f.Add(s, s, "https://a.example/"+s, uint8(0))
	}
	f.Fuzz(func(t *testing.T, one, two, address string, kinds uint8) {
		kind := bot.BlockKind(kinds % 6)
		r := bot.Reply{Plain: kinds&64 != 0, Blocks: []bot.Block{
			{Kind: kind, Spans: []bot.Span{{Text: one}, {Text: two, Style: bot.Strong}, {Text: one, Style: bot.Marker}, {Text: two}, {Text: two, Style: bot.Code}}},
			{Kind: kind, Spans: []bot.Span{{Text: two, Style: bot.Link, URL: address}, {Text: one}}},
			{Kind: kind, Spans: []bot.Span{{Text: strings.Repeat(one+two, 3000/(len(one)+len(two)+1)), Style: bot.Style(kinds % 3)}}},
		}}
		for _, b := range render(r) {
			checkContent(t, b.Content)
		}
	})
}

// checkContent takes away what the renderer itself writes; nothing that acts
// may be left.
func checkContent(t *testing.T, content string) {
	t.Helper()
	if !utf8.ValidString(content) || units(content) > maxContent || strings.TrimSpace(content) == "" {
		t.Fatalf("%d characters: %q", units(content), content)
	}
	own := regexp.MustCompile(`(?m)^(?:> |-# )|\*\*|\[(?:\\.|[^\\\[\]])*\]\(<https?://[^<>()\s\\@]*>\)` + "|`[^`<@\\\\\\n]+`")
	escaped := regexp.MustCompile(`\\[^0-9A-Za-z\s]`)
	rest := own.ReplaceAllString(escaped.ReplaceAllString(content, "\x00"), "\x01")
	if bad := bareMarkdown.FindString(rest); bad != "" {
		t.Fatalf("%q acts in %q", bad, content)
	}
}
