package main

import (
	"log/slog"
	"net/url"
	"strings"
)

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

// maskURL is an address with masked in place of its user and password and of
// the values of its query.
func maskURL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return masked
	}
	user := u.User
	u.User = nil
	u.RawQuery = maskQuery(u.RawQuery)
	if user == nil {
		return u.String()
	}
	return strings.Replace(u.String(), "//", "//"+masked+"@", 1)
}

func maskQuery(query string) string {
	if query == "" {
		return ""
	}
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		key, _, named := strings.Cut(pair, "=")
		pairs[i] = masked
		if named {
			pairs[i] = key + "=" + masked
		}
	}
	return strings.Join(pairs, "&")
}
