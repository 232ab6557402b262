package corpus

import (
	"strings"
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"2022-11-11":                          "2022-11-11",
		" 2022-1-2\n":                         "2022-01-02",
		"2022/11/11":                          "2022-11-11",
		"2022.11.11":                          "2022-11-11",
		"20221111":                            "2022-11-11",
		"11 November 2022":                    "2022-11-11",
		"11. November 2022":                   "2022-11-11",
		"11 Nov 2022":                         "2022-11-11",
		"11-Nov-2022":                         "2022-11-11",
		"11th november 2022":                  "2022-11-11",
		"November 11, 2022":                   "2022-11-11",
		"Nov. 11, 2022":                       "2022-11-11",
		"Sept. 1, 2022":                       "2022-09-01",
		"May 3rd 2022":                        "2022-05-03",
		"Friday, November 11, 2022":           "2022-11-11",
		"Fri 11 Nov 2022":                     "2022-11-11",
		"2022 November 11":                    "2022-11-11",
		"2022-11":                             "2022-11-01",
		"November 2022":                       "2022-11-01",
		"2022":                                "2022-01-01",
		"2022-11-11T23:30:00Z":                "2022-11-11",
		"2022-11-11T23:30:00.123-05:00":       "2022-11-11",
		"2022-11-11 23:30":                    "2022-11-11",
		"2022-11-11T23:30:00+0900":            "2022-11-11",
		"Fri, 11 Nov 2022 23:30:00 GMT":       "2022-11-11",
		"Fri, 11 Nov 2022 23:30:00 -0500":     "2022-11-11",
		"Fri Nov 11 23:30:00 EST 2022":        "2022-11-11",
		"Nov. 11, 2022 at 3:45 p.m. ET":       "2022-11-11",
		"9:14 AM EST, November 11, 2022":      "2022-11-11",
		"Friday 11 November 2022 15:45 (GMT)": "2022-11-11",
		"2024-02-29":                          "2024-02-29",
	} {
		got, err := ParseDate(in)
		if err != nil || Day(got) != want {
			t.Errorf("%q: got %s and %v, want %s", in, Day(got), err, want)
		}
	}
}

func TestParseDateRefuses(t *testing.T) {
	for _, in := range []string{
		"", "yesterday", "11/12/2022", "11.12.2022", "2022-13-01", "2023-02-29", "1799-12-31", "2201", "22-11-11",
		"Friday", "Nov 11", "3:45 PM", "2022-11-11 and more", "2022-11-11T25:00:00Z", strings.Repeat("2022 ", 100),
	} {
		if got, err := ParseDate(in); err == nil {
			t.Errorf("%q: got %s, want an error", in, Day(got))
		}
	}
}

func TestParseDateSaysWhatItUnderstands(t *testing.T) {
	_, err := ParseDate("11/12/2022")
	want := `"11/12/2022" is not a date; write it as 2022-11-11, 11 November 2022, Nov. 11, 2022, 2022-11 or 2022`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestParseRange(t *testing.T) {
	now := time.Date(2024, time.March, 31, 23, 30, 0, 0, time.FixedZone("EST", -5*3600))
	for _, test := range []struct{ in, first, last string }{
		{"2022-11-11", "2022-11-11", "2022-11-11"},
		{"2024-02", "2024-02-01", "2024-02-29"},
		{"November 2022", "2022-11-01", "2022-11-30"},
		{"2022", "2022-01-01", "2022-12-31"},
		{"0d", "2024-03-31", "2024-03-31"},
		{"7d", "2024-03-24", "2024-03-24"},
		{" 3W ", "2024-03-10", "2024-03-10"},
		{"1m", "2024-02-29", "2024-02-29"},
		{"6m", "2023-09-30", "2023-09-30"},
		{"15m", "2022-12-31", "2022-12-31"},
		{"1y", "2023-03-31", "2023-03-31"},
	} {
		first, err1 := ParseRange(test.in, now, false)
		last, err2 := ParseRange(test.in, now, true)
		if err1 != nil || err2 != nil || Day(first) != test.first || Day(last) != test.last {
			t.Errorf("%q: got %s, %v and %s, %v, want %s and %s", test.in, Day(first), err1, Day(last), err2, test.first, test.last)
		}
	}
}

func TestParseRangeRefuses(t *testing.T) {
	for _, in := range []string{"", "d", "-7d", "7", "7h", "1.5y", "999y", "99999999999999999999d", "999999999999999999m", "last week"} {
		if got, err := ParseRange(in, time.Now(), false); err == nil {
			t.Errorf("%q: got %s, want an error", in, Day(got))
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2022-11-11", "Nov. 11, 2022 at 3:45 p.m. ET", "Fri, 11 Nov 2022 23:30:00 GMT", "2022"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseDate(s)
		if err != nil {
			return
		}
		if got != got.Truncate(24*time.Hour) || got.Location() != time.UTC || got.Year() < firstYear || got.Year() > lastYear {
			t.Errorf("%q: got %v, want a midnight UTC", s, got)
		}
		if again, err := ParseDate(Day(got)); err != nil || !again.Equal(got) {
			t.Errorf("%q: %s reads back as %v and %v", s, Day(got), again, err)
		}
	})
}

func FuzzParseRange(f *testing.F) {
	for _, s := range []string{"2022-11", "7d", "3w", "6m", "1y"} {
		f.Add(s)
	}
	now := time.Date(2024, time.February, 29, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		first, err1 := ParseRange(s, now, false)
		last, err2 := ParseRange(s, now, true)
		if (err1 == nil) != (err2 == nil) || last.Before(first) || last.Sub(first) > 366*24*time.Hour {
			t.Errorf("%q: got %v, %v to %v, %v", s, first, err1, last, err2)
		}
		if err1 == nil && (first != first.Truncate(24*time.Hour) || first.Year() < firstYear) {
			t.Errorf("%q: got %v, want a midnight UTC", s, first)
		}
	})
}
