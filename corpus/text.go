package corpus

import (
	"iter"
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
	a, body, err := header(withoutLines(text, isCredit))
	if err != nil {
		return Article{}, err
	}
	a.Text, a.Outlet = footer(body)
	if a.Outlet == "" {
		a.Outlet, _ = dateline(strings.TrimSpace(a.Text))
	}
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

// header reads the lines above the body, each kind once, and returns the body.
// A date of an update counts if no other is given.
func header(text string) (a Article, body string, err error) {
	var updated time.Time
	for body = text; ; {
		line, rest, _ := strings.Cut(strings.TrimSpace(body), "\n")
		line = strings.TrimSpace(line)
		date, isUpdate, err := dateLine(line)
		switch {
		case err != nil:
			return Article{}, "", err
		case isUpdate && updated.IsZero():
			updated = date
		case !isUpdate && !date.IsZero() && a.Published.IsZero():
			a.Published = date
		case isByline(line):
		case a.Title == "" && date.IsZero() && isTitle(line, rest):
			a.Title = line
		default:
			if a.Published.IsZero() {
				a.Published = updated
			}
			return a, body, nil
		}
		body = rest
	}
}

// dateLine is the date that line says, and whether it is that of an update;
// zero if line is no line of a date. It is an error if line names a date and
// writes it in figures that are none, or that two readers would read in two
// ways.
func dateLine(line string) (date time.Time, isUpdate bool, err error) {
	label, written := cutDateLabel(line)
	date, u, err := parseDate(written)
	switch {
	case label == "" && (err != nil || u != day):
		return time.Time{}, false, nil
	case err != nil && strings.Trim(written, "0123456789-/.") == "" && written != "":
		return time.Time{}, false, err
	case err != nil:
		return time.Time{}, false, nil
	}
	return date, strings.Contains(label, "updated") || strings.Contains(label, "modified"), nil
}

// cutDateLabel splits line into what says that it is a date, in lower case, and
// the date. The label is "" if there is none.
func cutDateLabel(line string) (label, written string) {
	for _, label := range [...]string{
		"first published on", "first published", "published on", "published", "posted on", "posted",
		"last updated on", "last updated", "updated on", "updated", "last modified", "modified", "dated", "date",
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

// isByline reports whether line names who wrote the text.
func isByline(line string) bool {
	names, ok := strings.CutPrefix(line, "By ")
	return ok && areNames(names)
}

// isTitle reports whether line is a title of rest: short, without the end of a
// sentence, and set off by a blank line, a date, an author or a much longer
// line below it.
func isTitle(line, rest string) bool {
	n := utf8.RuneCountInString(line)
	first, _ := utf8.DecodeRuneInString(line)
	if n > maxTitleLine || strings.ContainsRune("-*•>#|+=", first) || !strings.ContainsFunc(line, unicode.IsLetter) {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(line, `"'”’»)`))
	body := strings.TrimSpace(rest)
	if strings.ContainsRune(".,;:", last) || body == "" {
		return false
	}
	if outlet, _ := dateline(line + "\n" + firstRunes(body, 1)); outlet != "" {
		return false
	}
	next, _, _ := strings.Cut(rest, "\n")
	next = strings.TrimSpace(next)
	return next == "" || isMeta(next) || utf8.RuneCountInString(next) >= max(2*n, maxNames)
}

// isMeta reports whether line says the date or the author of a text.
func isMeta(line string) bool {
	date, _, err := dateLine(line)
	return err != nil || !date.IsZero() || isByline(line)
}

// footer splits the closing lines that say where text is from off it.
func footer(text string) (body, outlet string) {
	for {
		text = strings.TrimSpace(text)
		at := strings.LastIndexByte(text, '\n') + 1
		name, ok := cutLabel(text[at:], "source:", "sources:")
		if !ok || !areNames(name) {
			return text, outlet
		}
		text, outlet = text[:at], outletOf(name)
	}
}

// outletOf is the outlet in a list of sources: the one named, whatever
// agencies it drew on.
func outletOf(names string) string {
	for _, agencies := range [...]string{" and news agencies", " and agencies", " and wire services"} {
		if at := len(names) - len(agencies); at > 0 && strings.EqualFold(names[at:], agencies) {
			return names[:at]
		}
	}
	return names
}

// isCredit reports whether line does nothing but name where a picture is from.
func isCredit(line string) bool {
	inner := withoutBrackets(line)
	if inner != line && isAgencyCredit(inner) {
		return true
	}
	names, ok := cutLabel(inner,
		"image source:", "image credit:", "image credits:", "image:", "image by ", "picture:", "picture credit:",
		"photo:", "photos:", "photo credit:", "photo by:", "photo by ", "photo courtesy of ", "photo source:",
		"photograph:", "photograph by ", "photography:", "file photo:")
	return ok && areNames(names)
}

// withoutBrackets is line without the brackets around all of it.
func withoutBrackets(line string) string {
	if n := len(line); n > 2 && (line[0] == '[' && line[n-1] == ']' || line[0] == '(' && line[n-1] == ')') {
		return line[1 : n-1]
	}
	return line
}

// isAgencyCredit reports whether s, which stood in brackets, begins with the
// agency of a picture, as in "AP Photo/Evan Vucci".
func isAgencyCredit(s string) bool {
	agency, names, ok := strings.Cut(s, "Photo/")
	return ok && areNames(names) && (agency == "" || areNames(agency))
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
	words := strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",/|&()–—-", r) })
	if len(words) == 0 || utf8.RuneCountInString(s) > maxNames || strings.ContainsAny(s[len(s)-1:], ".!?:;") {
		return false
	}
	named := false
	for _, w := range words {
		switch {
		case strings.Contains(w, "://"):
			return false
		case isProper(w):
			named = true
		case !isJoint(w):
			return false
		}
	}
	return named
}

// isProper reports whether w has a capital, or is of a script without them.
func isProper(w string) bool {
	first, _ := utf8.DecodeRuneInString(w)
	return strings.ContainsFunc(w, unicode.IsUpper) || unicode.IsLetter(first) && !unicode.IsLower(first)
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
	place, after, ok := strings.Cut(firstRunes(text, maxPlace+maxWire), " (")
	if !ok || !isPlace(place) {
		return "", text
	}
	outlet, _, ok = strings.Cut(after, ")")
	if !ok || !isWire(outlet) || isInitials(place, outlet) || isInitials(outlet, place) {
		return "", text
	}
	rest = text[len(place)+len(" (")+len(outlet)+len(")"):]
	lead := strings.TrimLeft(rest, " \t\n–—-")
	first, _ := utf8.DecodeRuneInString(lead)
	if lead == rest || first == utf8.RuneError || unicode.IsLower(first) || strings.ContainsRune(",.;:)", first) {
		return "", text
	}
	return outlet, lead
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
