package main

import (
	"testing"
	"time"

	"footnote/corpus"

	"github.com/spf13/cobra"
)

func TestScope(t *testing.T) {
	now := time.Date(2023, 11, 11, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name        string
		args        []string
		since, last string
	}{
		{"nothing is left out", nil, "", ""},
		{"a month includes both ends", []string{"--since", "2022-11", "--until", "2022-11"}, "2022-11-01", "2022-11-30"},
		{"a year includes both ends", []string{"--since", "2022", "--until", "2022"}, "2022-01-01", "2022-12-31"},
		{"ago", []string{"--since", "7d"}, "2023-11-04", ""},
		{"as of a month is as of its end", []string{"--as-of", "2022-02"}, "", "2022-02-28"},
		{"the earlier of two ends counts", []string{"--until", "2022-03", "--as-of", "2022-02"}, "", "2022-02-28"},
		{"whichever it is", []string{"--until", "2022-01", "--as-of", "2022-02"}, "", "2022-01-31"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := scopeOf(now, tt.args)
			if err != nil {
				t.Fatal(err)
			}
			if corpus.Day(s.since) != tt.since || corpus.Day(s.last()) != tt.last {
				t.Errorf("from %q to %q, want %q to %q", corpus.Day(s.since), corpus.Day(s.last()), tt.since, tt.last)
			}
		})
	}
}

func TestScopeRefuses(t *testing.T) {
	for _, args := range [][]string{
		{"--since", ""}, {"--until", "2022-13"}, {"--as-of", "soon"}, {"-n", "101"}, {"-n", "-1"},
		{"--since", "2022-02", "--until", "2022-01"},
		{"--since", "2022-02", "--as-of", "2022-01"},
	} {
		if _, err := scopeOf(time.Now(), args); err == nil {
			t.Errorf("%q is a scope", args)
		}
	}
}

func scopeOf(now time.Time, args []string) (scope, error) {
	var f filters
	cmd := &cobra.Command{Use: "ask"}
	f.add(&app{}, cmd)
	f.addLimit(cmd, "sources")
	if err := cmd.ParseFlags(args); err != nil {
		return scope{}, err
	}
	return f.scope(cmd, now)
}
