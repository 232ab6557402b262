package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A duration is a length of time in the settings: what time.ParseDuration
// reads, and whole days ("7d") and weeks ("2w"). It is a struct so that a bare
// number, whose unit nobody can know, is refused.
type duration struct{ time.Duration }

const (
	day     = 24 * time.Hour
	maxDays = 36500
)

// String is d as UnmarshalText reads it back.
func (d duration) String() string {
	if d.Duration != 0 && d.Duration%day == 0 {
		return strconv.FormatInt(int64(d.Duration/day), 10) + "d"
	}
	return d.Duration.String()
}

// MarshalText is String.
func (d duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads text; whether the length makes sense is the rules'
// business.
func (d *duration) UnmarshalText(text []byte) error {
	days, isDays := strings.CutSuffix(string(text), "d")
	weeks, isWeeks := strings.CutSuffix(string(text), "w")
	switch {
	case isDays:
		return d.setDays(days, 1)
	case isWeeks:
		return d.setDays(weeks, 7)
	}
	parsed, err := time.ParseDuration(string(text))
	d.Duration = parsed
	return err
}

func (d *duration) setDays(count string, days int) error {
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	if n < 0 || n > maxDays/days {
		return fmt.Errorf("%d is out of range", n)
	}
	d.Duration = time.Duration(n*days) * day
	return nil
}
