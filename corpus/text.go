package corpus

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Lengths in runes. Lines about a text are short, and prose seldom is.
const (
	maxNames     = 80  // of a line that names an outlet, an author or a photographer
	maxTitleLine = 150 // of a line that is the title of a text
	maxLead      = 80  // of a title that is made of a lead
	maxPlace     = 60  // of the place in a dateline
	maxWire      = 30  // of the outlet in a dateline
)

// plain is an article as plain text: lines that say its date, title and author
// may stand above it, and one that says its outlet below it.
type plain struct{}

func (plain) claims(ext string, _ []byte) bool { return ext == "" || ext == ".txt" || ext == ".text" }

func (plain) read(src source) iter.Seq[Item] {
	text, err := src.text()
	if err != nil {
		return one(Item{Err: err})
	}
	a, err := parseText(text)
	return one(Item{Article: a, Err: err})
}

func parseText(text string) (Article, error) {
	return parseBody(Article{}, text)
}

// parseBody completes a with its text, and with what the lines above and below
// it say and a does not.
func parseBody(a Article, text string) (Article, error) {
	h, body, err := header(a, withoutCredits(text))
	if err != nil {
		return Article{}, err
	}
	a = h.article
	body, source := footer(body)
	place, wire, _ := cutDateline(body)
	a.Outlet = cmp.Or(a.Outlet, source, wire)
	if a.Published.IsZero() {
		a.Published = dayIn(place)
	}
	a.Text = h.standfirst + "\n\n" + body
	return complete(a), nil
}

// withoutLines is text without the lines that drop says to leave out.
func withoutLines(text string, drop func(line string) bool) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !drop(strings.TrimSpace(line)) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// cutLabel is the rest of line behind the first of labels that it begins with,
// in whatever case.
func cutLabel(line string, labels ...string) (string, bool) {
	for _, label := range labels {
		if len(line) > len(label) && strings.EqualFold(line[:len(label)], label) {
			return strings.TrimSpace(line[len(label):]), true
		}
	}
	return "", false
}

// areNames reports whether s is a short list of names and nothing that could
// be a sentence: no word but the small ones that join names is in lower case.
func areNames(s string) bool {
	if utf8.RuneCountInString(s) > maxNames || strings.Contains(s, "://") || s == "" || strings.ContainsAny(s[len(s)-1:], ".!?:;") {
		return false
	}
	return slices.ContainsFunc(nameWords(s), isProper) && allWords(s, isNaming)
}

// nameWords are the words of a list of names.
func nameWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",/|&()–—", r) })
}

// allWords reports whether s has words, and all of them are as is says.
func allWords(s string, is func(w string) bool) bool {
	words := nameWords(s)
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !is(w) })
}

// isNaming reports whether w may stand in a list of names.
func isNaming(w string) bool { return isProper(w) || isJoint(w) || w == "-" }

// areOutlets is areNames for names that may hold a number, as in "France 24".
func areOutlets(s string) bool {
	var words []string
	for _, w := range strings.Fields(s) {
		if len(w) > 4 || strings.Trim(w, "0123456789") != "" {
			words = append(words, w)
		}
	}
	return areNames(strings.Join(words, " "))
}

// isProper reports whether w has a capital, or is of a script without them.
func isProper(w string) bool {
	first, _ := utf8.DecodeRuneInString(w)
	return strings.ContainsFunc(w, unicode.IsUpper) || unicode.IsLetter(first) && !unicode.IsLower(first)
}

// isOutlet reports whether s is the name of an outlet, or looks like one.
func isOutlet(s string) bool {
	words := strings.Fields(s)
	if n := len(words); n < 2 || n > 5 || !areOutlets(s) {
		return isKnownOutlet(s)
	}
	switch strings.ToLower(words[len(words)-1]) {
	case "news", "times", "post", "press", "tribune", "herald", "gazette", "journal", "telegraph", "chronicle",
		"agency", "broadcasting", "observer", "inquirer", "monitor", "courier", "examiner", "globe", "tv", "radio",
		"television", "magazine", "24", "online":
		return true
	}
	return isKnownOutlet(s)
}

// isKnownOutlet reports whether s, of several set apart by slashes the first,
// is an outlet whose name could be nothing else where a date or an author
// stands beside it.
func isKnownOutlet(s string) bool {
	s = strings.TrimPrefix(strings.ToLower(outletOf(s)), "the ")
	switch strings.TrimSuffix(s, " news") {
	case "ap", "associated press", "reuters", "thomson reuters", "afp", "agence france-presse", "bloomberg", "upi",
		"dpa", "epa", "efe", "ansa", "tass", "interfax", "xinhua", "yonhap", "kyodo", "anadolu", "anadolu agency",
		"pti", "ani", "ians", "aap", "press association", "belga", "ritzau", "ntb", "ukrinform", "bernama", "antara",
		"bbc", "cnn", "abc", "cbs", "nbc", "msnbc", "cnbc", "pbs", "npr", "fox", "sky", "itv", "cbc", "ctv", "rte", "rté",
		"sbs", "nhk", "kbs", "dw", "deutsche welle", "rfi", "voa", "voice of america", "rfe/rl", "radio free europe", "euronews",
		"france 24", "al jazeera", "al arabiya", "politico", "axios", "semafor", "propublica", "vox", "guardian",
		"economist", "financial times", "washington post", "new york times", "wall street journal", "los angeles times",
		"usa today", "straits times", "hindu", "south china morning post", "le monde", "der spiegel", "el país", "el pais",
		"20 minutes", "haaretz", "newsweek", "forbes", "the conversation", "conversation", "independent":
		return true
	}
	return false
}

// isJoint reports whether w may stand in lower case between names.
func isJoint(w string) bool {
	switch w {
	case "and", "or", "of", "the", "for", "via", "by", "with", "from", "in", "at",
		"de", "da", "di", "du", "la", "le", "van", "von", "der", "den", "al", "el", "bin", "ibn",
		"news", "agencies", "agency", "photo", "pool", "file", "handout", "images", "courtesy", "staff":
		return true
	}
	return false
}

// dateline is the outlet that text begins with, as in "SEOUL, South Korea
// (Reuters) - ", and the text behind it. The outlet is "" if text has no
// dateline.
func dateline(text string) (outlet, rest string) {
	_, outlet, rest = cutDateline(text)
	return outlet, rest
}

// cutDateline splits a dateline into its place, which may hold a day or be
// missing, and its outlet.
func cutDateline(text string) (place, outlet, rest string) {
	place, after, ok := strings.Cut(firstRunes(text, maxPlace+maxWire), "(")
	outlet, _, closed := strings.Cut(after, ")")
	if !ok || !closed || place != "" && !strings.HasSuffix(place, " ") {
		return "", "", text
	}
	rest = text[len(place)+len("(")+len(outlet)+len(")"):]
	lead := strings.TrimLeft(rest, " \t\n–—-")
	first, _ := utf8.DecodeRuneInString(lead)
	if lead == rest || first == utf8.RuneError || unicode.IsLower(first) || strings.ContainsRune(",.;:)", first) {
		return "", "", text
	}
	place = strings.TrimSuffix(place, " ")
	dashed := strings.ContainsAny(rest[:len(rest)-len(lead)], "–—-")
	if !isOrigin(place, outlet, dashed) {
		return "", "", text
	}
	return place, outlet, lead
}

// isOrigin reports whether place and outlet make a dateline. Where no place
// bears it out, the outlet must be one that is known, with a dash behind it.
func isOrigin(place, outlet string, dashed bool) bool {
	if place == "" || isDay(place) {
		return dashed && isKnownOutlet(outlet)
	}
	return isPlace(place) && isWire(outlet) && !isInitials(place, outlet) && !isInitials(outlet, place)
}

// isDay reports whether s is a day, as in "Mar 3", with or without its year.
func isDay(s string) bool {
	if !strings.ContainsAny(s, "0123456789") {
		return false
	}
	for _, written := range [...]string{s, s + " 2000"} { // a leap year has every day
		if _, u, err := parseDate(written); err == nil && u == day {
			return true
		}
	}
	return false
}

// dayIn is the full date at the end of the place in a dateline, or zero.
func dayIn(place string) time.Time {
	for {
		if t, u, err := parseDate(place); err == nil && u == day {
			return t
		}
		_, rest, ok := strings.Cut(place, ",")
		if !ok {
			return time.Time{}
		}
		place = rest
	}
}

// isPlace reports whether s is the place, and maybe the day, of a dateline:
// its first word in capitals, the others with one.
func isPlace(s string) bool {
	words := strings.Fields(s)
	if len(words) == 0 || strings.ContainsAny(s, "\n!?:;\"“”") || utf8.RuneCountInString(s) > maxPlace {
		return false
	}
	if n := len(words[0]); n < 2 || strings.ContainsFunc(words[0], unicode.IsLower) {
		return false
	}
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		if unicode.IsLower(first) && !isJoint(w) {
			return false
		}
	}
	return strings.ContainsFunc(words[0], unicode.IsLetter)
}

// isWire reports whether s is the name of an outlet, of up to three words.
func isWire(s string) bool {
	switch s {
	case "dpa", "epa", "ansa": // they write themselves in lower case
		return true
	}
	return len(strings.Fields(s)) <= 3 && utf8.RuneCountInString(s) <= maxWire &&
		areNames(s) && !strings.ContainsAny(s, ",/|")
}

// isInitials reports whether short is made of the initials of long, as in "EU
// (European Union)": that is no dateline.
func isInitials(short, long string) bool {
	var initials strings.Builder
	for _, w := range strings.Fields(long) {
		first, _ := utf8.DecodeRuneInString(w)
		initials.WriteRune(first)
	}
	return strings.EqualFold(initials.String(), short)
}

// titleFrom makes a title of the lead of text: its first line that is no
// heading, without its dateline, cut at a word.
func titleFrom(text string) string {
	lead, at := text, 0
	for line := range strings.Lines(text) {
		if start := strings.TrimSpace(line); start != "" && !strings.HasPrefix(start, "#") {
			lead = strings.TrimSpace(text[at:])
			break
		}
		at += len(line)
	}
	_, lead = dateline(lead)
	lead, _, _ = strings.Cut(lead, "\n")
	return clip(OneLine(strings.TrimLeft(lead, "# ")), maxLead)
}

// AfterDateline is the offset at which the words of a text begin, behind its
// dateline if it has one.
func AfterDateline(text string) int {
	_, rest := dateline(text)
	return len(text) - len(rest)
}
