package main

import "log/slog"

// masked is what a secret that is set looks like to everybody but its user.
const masked = "***"

// A secret is a setting that must not be seen. Every way of printing it,
// encoding it or logging it gives masked; only reveal gives the value.
type secret struct{ value string }

func (s secret) reveal() string { return s.value }

// String is masked, or "" if s is not set.
func (s secret) String() string {
	if s.value == "" {
		return ""
	}
	return masked
}

// GoString is String, for %#v.
func (s secret) GoString() string { return s.String() }

// LogValue is String, for slog.
func (s secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is String, for JSON and TOML.
func (s secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText sets the value.
func (s *secret) UnmarshalText(text []byte) error {
	s.value = string(text)
	return nil
}
