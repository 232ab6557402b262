package prompts

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// A cleaner makes plain text of Discord messages: words and marks alone. The
// words of links and the days of timestamps stay; mentions, emoji, addresses,
// what is struck through and the marks of Markdown go.
type cleaner struct {
	rules []rule
	stamp *regexp.Regexp
}

// A rule puts something in the place of what acts in Discord.
type rule struct {
	pattern *regexp.Regexp
	with    string
}

func newCleaner() *cleaner {
	c := &cleaner{stamp: regexp.MustCompile(`<t:(-?\d{1,12})(?::([tTdDfFR]))?>`)}
	for _, r := range [...]struct{ pattern, with string }{
		{`\\([^\w\s])`, "$1"},
		{`<(?:@[!&]?|#)\d+>|<a?:\w+:\d+>|</[^<>]*:\d+>|<id:\w+>|@(?:everyone|here)\b`, " "},
		{`\[([^\[\]]*)\]\(\s*<?https?://[^\s<>)]*>?[^)]*\)`, "$1"},
		{`<https?://[^\s<>]*>|https?://[^\s<>]*[^\s<>.,;:!?)'"]`, " "},
		{`~~.*?~~`, " "},
		{`^\s*(?:(?:>{1,3}|#{1,3}|-#|[-*+•]|\d{1,3}[.)])\s+)+`, ""},
		{"\\*{1,3}|_{2,3}|\\|\\||`+", ""},
		{`(^|\W)_+|_+(\W|$)`, "$1$2"},
		{`#(\w)`, "$1"},
		{`(?i)^\s*(?:breaking(?: news)?|just in|news|update|fyi|psa|til|reminder)\s*[:–—-]\s+`, ""},
	} {
		c.rules = append(c.rules, rule{regexp.MustCompile(r.pattern), r.with})
	}
	return c
}

// wrappedFrom is the length in bytes of a line that the next, in lower case, may
// go on with.
const wrappedFrom = 40

// lines are the lines of a message as plain text, none of them empty. What was
// wrapped is one line.
func (c *cleaner) lines(message string) []string {
	var out []string
	for line := range strings.Lines(withoutFences(message)) {
		line = c.line(line)
		last := len(out) - 1
		switch {
		case line == "":
		case last >= 0 && len(out[last]) >= wrappedFrom && unicode.IsLower(firstRune(line)) && isLetterOrDigit(lastRune(out[last])):
			out[last] += " " + line
		default:
			out = append(out, line)
		}
	}
	return out
}

// withoutFences is a message without the marks around blocks of code, and
// without the names of their languages.
func withoutFences(message string) string {
	const fence = "```"
	parts := strings.Split(message, fence)
	for i := 1; i < len(parts); i += 2 {
		if language, rest, found := strings.Cut(parts[i], "\n"); found && !strings.ContainsFunc(language, unicode.IsSpace) {
			parts[i] = rest
		}
	}
	return strings.Join(parts, "\n")
}

func (c *cleaner) line(line string) string {
	line = c.stamp.ReplaceAllStringFunc(withoutSymbols(line), c.day)
	for _, r := range c.rules {
		line = r.pattern.ReplaceAllString(line, r.with)
	}
	return oneLine(line)
}

// day is what a timestamp of Discord says of the day; a blank if it shows the
// time of day alone.
func (c *cleaner) day(stamp string) string {
	parts := c.stamp.FindStringSubmatch(stamp)
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || strings.EqualFold(parts[2], "t") {
		return " "
	}
	return time.Unix(seconds, 0).UTC().Format("January 2, 2006")
}

// mostMarks is how many combining marks one letter bears in any language that
// the articles may be in.
const mostMarks = 2

// withoutSymbols is a text without emoji, without characters that show nothing
// or turn the text about, and without heaps of marks on one letter.
func withoutSymbols(text string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		if !unicode.IsMark(r) {
			marks = 0
		} else if marks++; marks > mostMarks || !isVisible(r) {
			return -1
		}
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.C) || isWidthless(r):
			return -1
		case unicode.In(r, unicode.So, unicode.Sk) && !isShown(r) && r != '`':
			return ' '
		}
		return r
	}, text)
}
