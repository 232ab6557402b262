package prompts

import (
	"strconv"
	"strings"
	"time"

	"footnote/retrieval"
)

// A date is what a text tells of a day: Nov. 11, April 2022, 1999, Friday,
// yesterday. What it leaves open is zero.
type date struct {
	year    int
	month   time.Month
	day     int
	weekday int    // 1 is Monday, 7 is Sunday
	way     int    // -1 if "last" stands before it, 1 if "next" does
	ago     string // "yesterday", "last month" …: to be counted from the day of publication
}

// A dated run is a date and the terms that it spans.
type datedRun struct {
	date
	from, to int
}

// dates are the dates in a text, in order.
func dates(text string, terms []retrieval.Term) []datedRun {
	var out []datedRun
	for i := 0; i < len(terms); {
		d, n := dateAt(text, terms, i)
		if n == 0 {
			i++
			continue
		}
		if last := len(out) - 1; last >= 0 && out[last].to == i && out[last].isWeekday() && d.month != 0 {
			out[last].date, out[last].to = d.on(out[last].weekday), i+n
		} else {
			out = append(out, datedRun{d, i, i + n})
		}
		i += n
	}
	return out
}

func (d date) isWeekday() bool { return d == date{weekday: d.weekday, way: d.way} }

func (d date) on(weekday int) date {
	d.weekday = weekday
	return d
}

// dateAt is the date that begins with terms[i], and how many terms it has; 0 if
// none does.
func dateAt(text string, terms []retrieval.Term, i int) (date, int) {
	word, next := wordOf(terms, i), wordOf(terms, i+1)
	if w := weekdayOf(word); w > 0 && isUpper(text, terms[i]) {
		return date{weekday: w, way: wayBefore(terms, i)}, 1
	}
	if ago, n := agoAt(word, next); n > 0 {
		return date{ago: ago}, n
	}
	if month := monthOf(word); month > 0 && isUpper(text, terms[i]) {
		d, n := date{month: month, way: wayBefore(terms, i)}, 1
		if day := dayOf(next); day > 0 && joined(text, terms, i+1, " .") {
			d.day, n = day, 2
		}
		return d.ofYear(text, terms, i, n)
	}
	if day := dayOf(word); day > 0 {
		n := 1
		if next == "of" {
			n = 2
		}
		if month := monthOf(wordOf(terms, i+n)); month > 0 && isUpper(text, terms[i+n]) && joined(text, terms, i+n, " ") {
			return date{month: month, day: day}.ofYear(text, terms, i, n+1)
		}
	}
	if year := yearOf(word); year > 0 && isBareYear(text, terms[i]) {
		month, day := number(next), number(wordOf(terms, i+2))
		if 0 < month && month < 13 && 0 < day && day < 32 && joined(text, terms, i+1, "-") && joined(text, terms, i+2, "-") {
			return date{year: year, month: time.Month(month), day: day}, 3
		}
		return date{year: year}, 1
	}
	return date{}, 0
}

// wayBefore is which way from the day of publication the word before terms[i]
// points, 0 if it does not.
func wayBefore(terms []retrieval.Term, i int) int {
	switch wordOf(terms, i-1) {
	case "last", "past":
		return -1
	case "next", "coming":
		return 1
	}
	return 0
}

// ofYear is d, whose n terms begin with terms[i], with the year behind them if
// there is one.
func (d date) ofYear(text string, terms []retrieval.Term, i, n int) (date, int) {
	if year := yearOf(wordOf(terms, i+n)); year > 0 && joined(text, terms, i+n, " .,") {
		d.year = year
		return d, n + 1
	}
	return d, n
}

// wordOf is the word of terms[i], "" before the first and behind the last.
func wordOf(terms []retrieval.Term, i int) string {
	if i < 0 || i >= len(terms) {
		return ""
	}
	return terms[i].Word
}

// joined says whether only certain characters part terms[i] from the one
// before.
func joined(text string, terms []retrieval.Term, i int, by string) bool {
	return terms[i-1].End <= terms[i].Start && strings.Trim(text[terms[i-1].End:terms[i].Start], by) == ""
}

func number(word string) int {
	n, err := strconv.Atoi(word)
	if err != nil {
		return 0
	}
	return n
}

func dayOf(word string) int {
	for _, ending := range [...]string{"st", "nd", "rd", "th"} {
		word = strings.TrimSuffix(word, ending)
	}
	if n := number(word); n < 32 && len(word) < 3 {
		return n
	}
	return 0
}

func yearOf(word string) int {
	if n := number(word); len(word) == 4 && 1500 <= n && n < 2200 {
		return n
	}
	return 0
}

// isBareYear says whether a number of four digits is written as years are: no
// sum of money, no share, without a comma.
func isBareYear(text string, t retrieval.Term) bool {
	return t.End-t.Start == 4 && !strings.ContainsRune(moneyOrShare, lastRune(text[:t.Start])) && !strings.HasPrefix(text[t.End:], "%")
}

func monthOf(word string) time.Month {
	if len(word) < 3 {
		return 0
	}
	for i, name := range [...]string{"january", "february", "march", "april", "may", "june", "july", "august", "september",
		"october", "november", "december"} {
		if word == name || word == name[:3] || word == "sept" && name == "september" {
			return time.Month(i + 1)
		}
	}
	return 0
}

// weekdayOf is 1 for Monday to 7 for Sunday, 0 for other words.
func weekdayOf(word string) int {
	for i, name := range [...]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"} {
		if word == name {
			return i + 1
		}
	}
	return 0
}

func weekdayNumber(d time.Weekday) int { return (int(d)+6)%7 + 1 }

func agoAt(word, next string) (ago string, n int) {
	switch word {
	case "yesterday", "today", "tomorrow", "tonight":
		return word, 1
	case "last", "this", "next":
		if next == "month" || next == "year" {
			return word + " " + next, 2
		}
	}
	return "", 0
}

// days are the days, months or years that d can mean in an article that was
// published on a day. A weekday is the last one before that day or the next one
// after; a month without a year is the last one.
func (d date) days(published time.Time) []date {
	if published.IsZero() {
		return []date{d}
	}
	switch {
	case d.ago != "":
		return []date{backFrom(d.ago, published)}
	case d.isWeekday() && d.weekday > 0:
		back := (weekdayNumber(published.Weekday()) - d.weekday + 7) % 7
		last, next := dayOn(published.AddDate(0, 0, -back)), dayOn(published.AddDate(0, 0, 7-back))
		switch {
		case d.way > 0:
			return []date{next}
		case d.way < 0 && back > 0:
			return []date{last}
		case d.way < 0:
			return []date{dayOn(published.AddDate(0, 0, -7))}
		}
		return []date{last, next}
	case d.month > 0 && d.year == 0 && d.way < 0 && d.month >= published.Month():
		d.year = published.Year() - 1
	case d.month > 0 && d.year == 0:
		d.year = published.Year()
		if d.month > published.Month() {
			next := d
			d.year--
			return []date{d, next}
		}
	}
	return []date{d}
}

func dayOn(t time.Time) date {
	return date{year: t.Year(), month: t.Month(), day: t.Day(), weekday: weekdayNumber(t.Weekday())}
}

// backFrom is the day, month or year that a word counted from a day means.
func backFrom(ago string, day time.Time) date {
	switch ago {
	case "yesterday":
		return dayOn(day.AddDate(0, 0, -1))
	case "tomorrow":
		return dayOn(day.AddDate(0, 0, 1))
	case "last year", "this year", "next year":
		return date{year: day.Year() + counts(ago)}
	case "last month", "this month", "next month":
		y, m, _ := day.Date()
		t := time.Date(y, m+time.Month(counts(ago)), 1, 0, 0, 0, 0, time.UTC)
		return date{year: t.Year(), month: t.Month()}
	}
	return dayOn(day)
}

// counts is how far a phrase counts from now.
func counts(ago string) int {
	return map[byte]int{'l': -1, 'n': 1}[ago[0]]
}

// agrees says whether e has all that d tells.
func (d date) agrees(e date) bool {
	if e.weekday == 0 && e.year > 0 && e.month > 0 && e.day > 0 {
		e = dayOn(time.Date(e.year, e.month, e.day, 0, 0, 0, 0, time.UTC))
	}
	return (d.year == 0 || d.year == e.year) && (d.month == 0 || d.month == e.month) &&
		(d.day == 0 || d.day == e.day) && (d.weekday == 0 || d.weekday == e.weekday) && (d.ago == "" || d.ago == e.ago)
}

// means says whether d, in the words of a sentence, can be what e is in those
// of an article.
func (d date) means(e date, published time.Time) bool {
	asked := []date{d}
	if d.ago != "" {
		asked = d.days(published)
	}
	for _, want := range asked {
		for _, is := range e.days(published) {
			if want.agrees(is) {
				return true
			}
		}
	}
	return d.agrees(e)
}

// fineness says how closely a date is told: 3 to the day, 2 to the month, 1 to
// the year.
func (d date) fineness() int {
	switch {
	case d.day > 0 || d.weekday > 0 || d.ago != "" && !strings.Contains(d.ago, " "):
		return 3
	case d.month > 0 || strings.HasSuffix(d.ago, "month"):
		return 2
	}
	return 1
}
