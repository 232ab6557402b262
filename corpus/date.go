package corpus

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// No article is older or newer than these years; a date outside them is a
// slip of the pen.
const (
	firstYear = 1800
	lastYear  = 2200
)

// maxDate is how many bytes the longest date takes that is worth reading.
const maxDate = 80

// A unit is how long a stretch of time a written date names.
type unit int

const (
	day unit = iota
	month
	year
)

// ParseDate reads a date as news articles write it and returns midnight UTC
// of that day: 2022-11-11, 2022/11/11, 20221111, 11 November 2022, Nov. 11,
// 2022, with or without a weekday or a clock, RFC 3339 and RFC 1123. Of a date
// with a zone it is the day as written. A month or a year alone is its first
// day. Dates such as 11/12/2022, which two readers would read in two ways, are
// refused. The error names what is understood.
func ParseDate(s string) (time.Time, error) {
	t, _, err := parseDate(s)
	return t, err
}

// ParseRange reads one end of a range of dates and returns midnight UTC of a
// day: a date as in ParseDate, or an age such as 7d, 3w, 6m or 1y, counted back
// from the day of now. A month or a year means its last day if end is set,
// else its first.
func ParseRange(s string, now time.Time, end bool) (time.Time, error) {
	if n, letter, ok := parseAge(s); ok {
		return back(s, now, n, letter)
	}
	t, u, err := parseDate(s)
	switch {
	case err != nil:
		return time.Time{}, fmt.Errorf("%w; or an age: 7d, 3w, 6m, 1y", err)
	case end && u == month:
		return t.AddDate(0, 1, -1), nil
	case end && u == year:
		return t.AddDate(1, 0, -1), nil
	}
	return t, nil
}

// parseAge splits an age such as 7d into its number and its letter.
func parseAge(s string) (n int, letter byte, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" || strings.Trim(s[:len(s)-1], "0123456789") != "" {
		return 0, 0, false
	}
	letter = s[len(s)-1]
	n, err := strconv.Atoi(s[:len(s)-1])
	return n, letter, err == nil && strings.IndexByte("dwmy", letter) >= 0
}

// back is the day n days, weeks, months or years before now. A month that
// lacks the day of now gives its last one.
func back(s string, now time.Time, n int, letter byte) (time.Time, error) {
	n = min(n, (lastYear-firstYear)*366) // enough to leave the range, too few to overflow
	y, m, d := now.Date()
	switch letter {
	case 'd':
		d -= n
	case 'w':
		d -= 7 * n
	case 'y':
		n *= 12
		fallthrough
	case 'm':
		m -= time.Month(n)
		d = min(d, time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day())
	}
	t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if t.Year() < firstYear {
		return time.Time{}, fmt.Errorf("%q reaches back before the year %d", clip(s, 40), firstYear)
	}
	return t, nil
}

// parseDate is ParseDate, and how long a stretch of time s names.
func parseDate(s string) (time.Time, unit, error) {
	if len(s) > maxDate {
		return time.Time{}, day, notDate(s)
	}
	written := strings.Join(dateWords(s), " ")
	for _, form := range [...]struct {
		layout string
		unit   unit
	}{
		{"2006-1-2", day},
		{"2006/1/2", day},
		{"2006.1.2", day},
		{"20060102", day},
		{"2 January 2006", day},
		{"2 Jan 2006", day},
		{"2-Jan-2006", day},
		{"January 2 2006", day},
		{"Jan 2 2006", day},
		{"2006 January 2", day},
		{"2006 Jan 2", day},
		{"2006-1", month},
		{"2006/1", month},
		{"January 2006", month},
		{"Jan 2006", month},
		{"2006", year},
	} {
		t, err := time.Parse(form.layout, written)
		if err != nil {
			continue
		}
		if t.Year() < firstYear || t.Year() > lastYear {
			return time.Time{}, day, fmt.Errorf("%q is outside the years %d to %d", clip(s, 40), firstYear, lastYear)
		}
		return t, form.unit, nil
	}
	return time.Time{}, day, notDate(s)
}

func notDate(s string) error {
	return fmt.Errorf("%q is not a date; write it as 2022-11-11, 11 November 2022, Nov. 11, 2022, 2022-11 or 2022", clip(s, 40))
}

// dateWords are the words of a date that name its year, month and day, as the
// layouts of package time spell them.
func dateWords(s string) []string {
	s = strings.TrimSpace(s)
	if len(s) > 10 && s[4] == '-' && (s[10] == 'T' || s[10] == 't') {
		s = s[:10] + " " + s[11:]
	}
	words := strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == ',' })
	for i, w := range words {
		words[i] = dateWord(w)
	}
	words = dropClock(words)
	if len(words) > 1 && isWeekday(words[0]) {
		words = words[1:]
	}
	return words
}

// dateWord is w without a closing full stop and the ending of an ordinal.
func dateWord(w string) string {
	w = strings.TrimSuffix(w, ".")
	if strings.EqualFold(w, "Sept") {
		return "Sep"
	}
	if n := len(w) - 2; n > 0 && strings.Trim(w[:n], "0123456789") == "" {
		switch strings.ToLower(w[n:]) {
		case "st", "nd", "rd", "th":
			return w[:n]
		}
	}
	return w
}

// dropClock drops the time of day from words: a clock, what says of which half
// of the day and of which zone it is, and the "at" before it.
func dropClock(words []string) []string {
	for i, w := range words {
		if !isClock(w) {
			continue
		}
		rest := words[i+1:]
		if len(rest) > 0 && isHalf(rest[0]) {
			rest = rest[1:]
		}
		if len(rest) > 0 && isZone(rest[0]) {
			rest = rest[1:]
		}
		if i > 0 && strings.EqualFold(words[i-1], "at") {
			i--
		}
		return append(words[:i:i], rest...)
	}
	return words
}

func isClock(w string) bool {
	for _, layout := range [...]string{"15:04", "15:04:05", "15:04Z07:00", "15:04:05Z07:00", "15:04Z0700", "15:04:05Z0700", "3:04PM", "3:04pm"} {
		if _, err := time.Parse(layout, w); err == nil {
			return true
		}
	}
	return false
}

func isHalf(w string) bool {
	w = strings.ToLower(strings.ReplaceAll(w, ".", ""))
	return w == "am" || w == "pm"
}

func isZone(w string) bool {
	if _, err := time.Parse("-0700", w); err == nil {
		return true
	}
	w = strings.Trim(w, "()")
	return w != "" && len(w) <= 5 && strings.Trim(w, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func isWeekday(w string) bool {
	if len(w) < 3 {
		return false
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if name := d.String(); len(w) <= len(name) && strings.EqualFold(w, name[:len(w)]) {
			return true
		}
	}
	return false
}
