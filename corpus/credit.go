package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Of lines that tell where a text is from, in runes.
const (
	maxCredit   = 400 // of one that lists who worked on it
	maxLink     = 120 // of one that is the title of another text
	maxLinks    = 20  // lines of a list of links
	maxInitials = 24
)

// withoutCredits is text without the lines and the closing brackets that name
// where pictures are from.
func withoutCredits(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		bare := strings.TrimSpace(line)
		kept := cutCredits(bare)
		switch {
		case isCredit(kept) || kept == "" && bare != "":
		case kept != bare:
			b.WriteString(kept + "\n")
		default:
			b.WriteString(line)
		}
	}
	return b.String()
}

// cutCredits is line without the credits in brackets that it ends with.
func cutCredits(line string) string {
	for {
		at := max(strings.LastIndexByte(line, '['), strings.LastIndexByte(line, '('))
		if at < 0 || !isBracketCredit(line[at:]) {
			return line
		}
		line = strings.TrimSpace(line[:at])
	}
}

// isBracketCredit reports whether s is a credit in brackets: of a picture, or
// in square brackets, which no outlet stands in otherwise, of an agency.
func isBracketCredit(s string) bool {
	inner := withoutBrackets(s)
	switch {
	case inner == s:
		return false
	case isAgencyCredit(inner):
		return true
	case s[0] != '[' || !areOutlets(inner):
		return false
	}
	agency := strings.TrimSpace(inner[strings.LastIndexByte(inner, '/')+1:])
	agency, _, _ = strings.Cut(agency, ",")
	return isKnownOutlet(agency) || strings.HasSuffix(agency, "Photo") || strings.HasSuffix(agency, "Images")
}

// isCredit reports whether line does nothing but name where a picture is from,
// or show that a part ends.
func isCredit(line string) bool {
	inner := withoutBrackets(line)
	switch {
	case inner != line && isAgencyCredit(inner):
		return true
	case len(line) >= 3 && strings.Trim(line, "_") == "":
		return true
	case strings.HasPrefix(line, "©"):
		return utf8.RuneCountInString(line) <= maxCredit
	}
	if caption, ok := cutLabel(line, "image caption,"); ok {
		return utf8.RuneCountInString(caption) <= maxCredit
	}
	names, ok := cutLabel(inner,
		"image source:", "image source,", "image credit:", "image credits:", "image:", "image by ", "picture:",
		"picture credit:", "photo:", "photos:", "photo credit:", "photo by:", "photo by ", "photo courtesy of ",
		"photo source:", "photograph:", "photograph by ", "photography:", "file photo:")
	names, site, shared := strings.Cut(names, " on ")
	return ok && areOutlets(names) && (!shared || areNames(site))
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

// footer splits what closes a text, and says where it is from, off it. The
// outlet that a line names as the source counts before one in brackets.
func footer(text string) (body, outlet string) {
	var source, bracket string
	for {
		text = strings.TrimSpace(text)
		at := strings.LastIndexByte(text, '\n') + 1
		line := withoutEmphasis(strings.TrimSpace(text[at:]))
		name, isSource := cutLabel(line, "source:", "sources:")
		before, named := cutClosingBracket(text)
		switch {
		case isSource && areOutlets(name):
			source, text = outletOf(name), text[:at]
		case named != "":
			bracket, text = named, before
		case isClosing(line):
			text = text[:at]
		default:
			if before, ok := cutLinks(text); ok {
				text = before
				continue
			}
			if source == "" {
				source = bracket
			}
			return text, source
		}
	}
}

// cutClosingBracket splits an outlet in brackets, on its own or behind the last
// sentence, off text. The outlet is "" if there is none.
func cutClosingBracket(text string) (before, outlet string) {
	at := strings.LastIndexByte(text, '(')
	if at < 0 {
		return text, ""
	}
	before = strings.TrimRight(text[:at], " \t")
	last, _ := utf8.DecodeLastRuneInString(before)
	inner := withoutBrackets(text[at:])
	if inner == text[at:] || before != "" && !strings.ContainsRune("\n.!?\"”’", last) || !areOutlets(inner) {
		return text, ""
	}
	outlet, agency, shared := strings.Cut(strings.TrimPrefix(inner, "with "), " with ")
	if !isKnownOutlet(outlet) && !(shared && isKnownOutlet(agency)) {
		return text, ""
	}
	return before, outletOf(outlet)
}

// isClosing reports whether line, the last of a text, tells only how the text
// came about.
func isClosing(line string) bool {
	if utf8.RuneCountInString(line) > maxCredit {
		return false
	}
	if _, ok := cutLabel(line, "our standards:", "copyright ©", "copyright 2", "copyright 1"); ok {
		return true
	}
	line = strings.TrimSuffix(withoutBrackets(line), ".")
	return isStaff(line) || isContribution(line) || isDesk(line)
}

// isStaff reports whether line lists who made the text, as in "Reporting by
// Jane Doe; Editing by Kim Lee".
func isStaff(line string) bool {
	for part := range strings.SplitSeq(line, ";") {
		work, names, ok := strings.Cut(strings.TrimSpace(part), " by ")
		if !ok || !allWords(work, isWork) || !allWords(names, isNaming) {
			return false
		}
	}
	return true
}

func isWork(w string) bool {
	switch strings.ToLower(w) {
	case "reporting", "writing", "editing", "additional", "further", "compiled", "translated", "graphics", "and":
		return true
	}
	return false
}

// isContribution reports whether line names who else worked on the text, as in
// "AP writer Jane Doe in Seoul contributed to this report".
func isContribution(line string) bool {
	who, what, ok := strings.Cut(line, " contributed ")
	if !ok || !allWords(who, func(w string) bool { return isNaming(w) || isRole(w) }) {
		return false
	}
	for _, told := range [...]string{"reporting", "to this report", "to this story", "to this article"} {
		if after, ok := strings.CutPrefix(what, told); ok && (after == "" || after[0] == ' ') {
			return true
		}
	}
	return false
}

func isRole(w string) bool {
	switch strings.ToLower(w) {
	case "writer", "writers", "reporter", "reporters", "journalist", "journalists", "correspondent", "correspondents",
		"editor", "editors", "producer", "producers", "researcher", "researchers":
		return true
	}
	return false
}

// isDesk reports whether line is made of the initials of a desk, as in
// "jll/po/gil".
func isDesk(line string) bool {
	parts := strings.Split(strings.TrimPrefix(line, "bur-"), "/")
	for _, p := range parts {
		if len(p) < 2 || len(p) > 4 || strings.ContainsFunc(p, func(r rune) bool { return !unicode.IsLower(r) }) {
			return false
		}
	}
	return len(parts) > 1 && len(line) <= maxInitials
}

// cutLinks splits a closing list of the titles of other texts, below a line
// that says that it is one, off text.
func cutLinks(text string) (before string, ok bool) {
	before = text
	for range maxLinks {
		at := strings.LastIndexByte(before, '\n') + 1
		line := strings.TrimSpace(before[at:])
		switch strings.ToLower(strings.Trim(line, "#*: ")) {
		case "related topics", "related stories", "related articles", "related content", "more on this story":
			return before[:at], true
		}
		if at == 0 || strings.HasSuffix(line, ".") || utf8.RuneCountInString(line) > maxLink {
			return text, false
		}
		before = strings.TrimSpace(before[:at])
	}
	return text, false
}

// outletOf is the outlet in a list of sources: the one named first, whatever
// agencies it drew on.
func outletOf(names string) string {
	for _, agencies := range [...]string{" and news agencies", " and agencies", " and wire services"} {
		if at := len(names) - len(agencies); at > 0 && strings.EqualFold(names[at:], agencies) {
			names = names[:at]
		}
	}
	if first, agency, ok := strings.Cut(names, "/"); ok && isKnownOutlet(strings.TrimSpace(agency)) {
		return strings.TrimSpace(first)
	}
	return names
}
