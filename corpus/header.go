package corpus

import (
	"cmp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Of what may stand above a body.
const (
	maxHeader     = 8   // lines
	maxMeta       = 120 // bytes of a line that says a date
	maxStandfirst = 120 // runes
)

// A head is what the lines above a body say: one title, one date, one
// standfirst, and names.
type head struct {
	article    Article // fields that were set before stay
	updated    time.Time
	standfirst string // it is text, though the date may stand below it
	dated      bool
	bylined    bool
}

// header reads the lines above the body into a, and returns the body. A date
// of an update counts if no other is given.
func header(a Article, text string) (h head, body string, err error) {
	h.article = a
	body = text
	for range maxHeader {
		line, rest := cutLine(body)
		rest, ok, err := h.take(line, rest)
		if err != nil {
			return head{}, "", err
		}
		if !ok {
			break
		}
		body = rest
	}
	if h.article.Published.IsZero() {
		h.article.Published = h.updated
	}
	return h, body, nil
}

// cutLine splits text into its first line that is not blank, without emphasis,
// and what stands below it.
func cutLine(text string) (line, rest string) {
	line, rest, _ = strings.Cut(strings.TrimSpace(text), "\n")
	return withoutEmphasis(strings.TrimSpace(line)), rest
}

// withoutEmphasis is line without the marks of Markdown around all of it.
func withoutEmphasis(line string) string {
	for _, mark := range [...]string{"**", "__", "*", "_"} {
		inner, opened := strings.CutPrefix(line, mark)
		inner, closed := strings.CutSuffix(inner, mark)
		if opened && closed && inner != "" && !strings.Contains(inner, mark) && inner == strings.TrimSpace(inner) {
			return inner
		}
	}
	return line
}

// take reads line, and returns the text below what it read. It reports false
// if line begins the body.
func (h *head) take(line, rest string) (below string, ok bool, err error) {
	s, below, err := readStamp(line, rest)
	switch {
	case err != nil && h.article.Published.IsZero():
		return "", false, err
	case !s.day.IsZero():
		return below, h.takeStamp(s), nil
	}
	return rest, h.takeByline(line) || h.takeField(line, rest) || h.takeOutlet(line, rest) || h.takeWords(line, rest), nil
}

func (h *head) takeStamp(s stamp) bool {
	switch {
	case s.update && h.updated.IsZero():
		h.updated = s.day
	case !s.update && !h.dated:
		h.dated = true
		if h.article.Published.IsZero() {
			h.article.Published = s.day
		}
	default:
		return false
	}
	h.article.Outlet = cmp.Or(h.article.Outlet, s.outlet)
	return true
}

func (h *head) takeByline(line string) bool {
	names, ok := bylineNames(line)
	if !ok {
		return false
	}
	h.bylined = true
	if isOutlet(names) {
		h.article.Outlet = cmp.Or(h.article.Outlet, names)
	}
	return true
}

// takeField reads a line that names what it says, as in "Title: Shells".
func (h *head) takeField(line, rest string) bool {
	if title, ok := cutLabel(line, "title:", "headline:"); ok {
		fits := title != "" && utf8.RuneCountInString(title) <= maxTitleLine && strings.TrimSpace(rest) != ""
		if fits {
			h.article.Title = cmp.Or(h.article.Title, title)
		}
		return fits
	}
	if outlet, ok := cutLabel(line, "outlet:", "publisher:", "publication:"); ok && areOutlets(outlet) {
		h.article.Outlet = cmp.Or(h.article.Outlet, outlet)
		return true
	}
	if address, ok := cutLabel(line, "url:", "link:"); ok {
		url, err := ParseURL(address)
		if err != nil || url == "" {
			return false
		}
		h.article.URL = cmp.Or(h.article.URL, url)
		return true
	}
	return false
}

// takeOutlet reads a line that is the name of an outlet, near a date or an
// author. A name that only looks like that of an outlet may be a title.
func (h *head) takeOutlet(line, rest string) bool {
	name, labelled := cutLabel(line, "source:")
	if !labelled {
		name = line
	}
	known := labelled && areOutlets(name) || isKnownOutlet(name)
	if !known && (h.article.Title == "" && !h.bylined || !isOutlet(name)) {
		return false
	}
	if !h.dated && h.updated.IsZero() && !h.bylined && !leadsToMeta(rest, 1) {
		return false
	}
	h.article.Outlet = cmp.Or(h.article.Outlet, outletOf(name))
	return true
}

// takeWords reads a title, or what stands between a title and its date: a
// standfirst, or the bare name of an author.
func (h *head) takeWords(line, rest string) bool {
	if h.article.Title == "" {
		if isTitle(line, rest) {
			h.article.Title = line
		}
		return h.article.Title != ""
	}
	n := utf8.RuneCountInString(line)
	switch {
	case n > maxStandfirst || h.dated || startsItem(line) || !leadsToMeta(rest, 0):
		return false
	case isAuthor(line):
		return true
	case h.standfirst == "":
		h.standfirst = line
		return true
	}
	return false
}

// A stamp is what a line of a date says; zero if it is none.
type stamp struct {
	day    time.Time
	update bool   // the day of an update
	outlet string // "" if the line names none
}

// readStamp is dateLine for a date whose label may stand on a line of its own,
// and the text below it.
func readStamp(line, rest string) (s stamp, below string, err error) {
	label, written := cutDateLabel(strings.TrimRight(line, ": ") + ":")
	if label == "" || written != "" {
		s, err = dateLine(line)
		return s, rest, err
	}
	next, below := cutLine(rest)
	if s, err := dateLine(next); err != nil || s.day.IsZero() || s.update {
		return stamp{}, rest, nil
	}
	s, err = dateLine(label + " " + next)
	return s, below, err
}

// dateLine is what line says of a date, with or without a time and an outlet.
// It is an error if line names a date and writes it in figures that are none,
// or that two readers would read in two ways.
func dateLine(line string) (stamp, error) {
	if len(line) > maxMeta {
		return stamp{}, nil
	}
	label, written := cutDateLabel(line)
	written, outlet, ok := cutAsides(written)
	if !ok {
		return stamp{}, nil
	}
	date, u, err := parseLine(written)
	switch {
	case label == "" && (err != nil || u != day):
		return stamp{}, nil
	case err != nil && strings.Trim(written, "0123456789-/.") == "" && written != "":
		return stamp{}, err
	case err != nil:
		return stamp{}, nil
	}
	return stamp{date, strings.Contains(label, "updated") || strings.Contains(label, "modified"), outlet}, nil
}

// cutAsides splits a date from the times, outlets and later dates that bars or
// slashes set off behind it. It reports false if anything else stands there.
func cutAsides(s string) (date, outlet string, ok bool) {
	date, asides, found := strings.Cut(bars(s), " / ")
	for found {
		var aside string
		aside, asides, found = strings.Cut(asides, " / ")
		aside = strings.TrimSpace(aside)
		label, _ := cutDateLabel(aside)
		switch {
		case isTime(aside), label != "":
		case areOutlets(aside):
			outlet = cmp.Or(outlet, outletOf(aside))
		default:
			return "", "", false
		}
	}
	return strings.TrimSpace(date), outlet, true
}

// bars is s with each sign that sets off an aside written as a slash.
func bars(s string) string {
	for _, sign := range [...]string{"|", "•", "·"} {
		s = strings.ReplaceAll(s, sign, " / ")
	}
	return s
}

// isTime reports whether s is a time of day and nothing else.
func isTime(s string) bool {
	words := strings.Fields(withColons(s))
	return len(words) > 0 && len(dropClock(words)) == 0
}

// parseLine is parseDate for a date that stands alone, in forms that would be
// too loose elsewhere: 3.3.2024, 31/3/2024, a clock with a full stop, a zone
// without a clock. The error is that of s as it is written.
func parseLine(s string) (time.Time, unit, error) {
	date, u, err := parseDate(s)
	if err == nil || len(s) > maxDate {
		return date, u, err
	}
	words := strings.Fields(withColons(s))
	if n := len(words); n > 1 && isZone(words[n-1]) {
		if date, u, err := parseDate(strings.Join(words[:n-1], " ")); err == nil {
			return date, u, nil
		}
	}
	if date, u, tidyErr := parseDate(dayFirst(strings.Join(words, " "))); tidyErr == nil {
		return date, u, nil
	}
	return time.Time{}, day, err
}

// withColons is s with the clocks in it, such as 10.15, written as 10:15.
func withColons(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if clock := strings.Replace(w, ".", ":", 1); isClock(clock) {
			words[i] = clock
		}
	}
	return strings.Join(words, " ")
}

// dayFirst is a date in figures with its year in front, if there is one way to
// read it: with full stops the day comes first, and with slashes what cannot be
// a month is the day. Else it is s.
func dayFirst(s string) string {
	for _, layout := range [...]string{"2.1.2006", "2/1/2006", "1/2/2006"} {
		t, err := time.Parse(layout, s)
		clear := layout[1] == '.' || t.Day() > 12 || t.Day() == int(t.Month())
		if err == nil && clear {
			return Day(t)
		}
	}
	return s
}

// cutDateLabel splits line into what says that it is a date, in lower case, and
// the date. The label is "" if there is none.
func cutDateLabel(line string) (label, written string) {
	for _, label := range [...]string{
		"first published on", "first published", "published on", "published", "posted on", "posted",
		"last updated on", "last updated", "updated on", "updated", "last modified on", "last modified",
		"modified on", "modified", "dated", "date",
	} {
		if len(line) <= len(label) || !strings.EqualFold(line[:len(label)], label) {
			continue
		}
		if rest := strings.TrimLeft(line[len(label):], ": \t"); len(rest) < len(line)-len(label) {
			return label, rest
		}
	}
	return "", line
}

// bylineNames are those who wrote the text, if line says so and nothing else.
func bylineNames(line string) (names string, ok bool) {
	for _, label := range [...]string{"By ", "BY ", "Author:", "Authors:", "Byline:"} {
		if names, ok := strings.CutPrefix(line, label); ok {
			names = strings.TrimSpace(names)
			return names, areNames(names)
		}
	}
	return "", false
}

// isAuthor reports whether line can be the bare name of an author.
func isAuthor(line string) bool {
	n := len(strings.Fields(line))
	return n >= 2 && n <= 4 && areNames(line)
}

// isTitle reports whether line is a title of rest: short, and set off by a
// blank line, lines about the text or a much longer line below it. One that
// ends as a sentence does must have a line about the text right below it.
func isTitle(line, rest string) bool {
	n := utf8.RuneCountInString(line)
	body := strings.TrimSpace(rest)
	if n > maxTitleLine || startsItem(line) || body == "" || !strings.ContainsFunc(line, unicode.IsLetter) {
		return false
	}
	if outlet, _ := dateline(line + "\n" + firstRunes(body, 1)); outlet != "" {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(line, `"'”’»)`))
	if strings.ContainsRune(".,;:", last) {
		return last == '.' && leadsToMeta(rest, 0)
	}
	next, _, _ := strings.Cut(rest, "\n")
	next = strings.TrimSpace(next)
	return next == "" || utf8.RuneCountInString(next) >= max(2*n, maxNames) || leadsToMeta(rest, 1)
}

// startsItem reports whether line begins as an item of a list, a heading or
// part of a table does.
func startsItem(line string) bool {
	first, _ := utf8.DecodeRuneInString(line)
	return strings.ContainsRune("-*•>#|+=", first)
}

// leadsToMeta reports whether a date, an author or a dateline stands in the
// first lines of text, with nothing above it but names, and loose other short
// lines.
func leadsToMeta(text string, loose int) bool {
	for range maxHeader {
		text = strings.TrimSpace(text)
		if outlet, _ := dateline(text); outlet != "" {
			return true
		}
		line, rest := cutLine(text)
		s, _, err := readStamp(line, rest)
		_, isByline := bylineNames(line)
		switch {
		case err != nil || !s.day.IsZero() || isByline:
			return true
		case isOutlet(line) || isAuthor(line):
		case loose == 0 || line == "" || utf8.RuneCountInString(line) > maxStandfirst:
			return false
		default:
			loose--
		}
		text = rest
	}
	return false
}
