package corpus

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"strings"
)

// fileID is the id of the article in the file at the absolute path.
func fileID(path string) ArticleID {
	base := filepath.Base(path)
	return ArticleID(slug(strings.TrimSuffix(base, filepath.Ext(base))) + "-" + hash(path, 8))
}

func stdinID(a Article) ArticleID { return ArticleID("stdin-" + hash(a.Text, 12)) }

// hash is the first digits of the hexadecimal SHA-256 of s.
func hash(s string, digits int) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])[:digits]
}

// slug is name in lower-case ASCII letters, digits and hyphens, at most 48 of
// them; "file" if it has none.
func slug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	s := strings.Join(words, "-")
	s = strings.Trim(s[:min(len(s), 48)], "-")
	if s == "" {
		return "file"
	}
	return s
}
