// Package corpus holds what the bot knows: articles, and the passages they
// are cut into. It knows nothing of vectors, models or Discord.
//
// Passages are of at most 200 words, without overlap, and a tail under 40
// words joins the passage before. That was chosen on 472 questions whose
// answers are marked in five long documents (Smith and Troynikov, 2024), with
// ranking by words: the five best passages hold .89 of the answers, at 100
// words .82, at 60 words .72, at 300 words .92 with a third less precision
// (.033 for .047); the intersection over the union is .047, .080, .115 and
// .033. For the same thousand words of text, sizes from 60 to 300 differ by no
// more than chance. A sentence or two of overlap made a seventh to two thirds
// more passages and found nothing more; nDCG@10 on SciFact was .694, at 300
// words .685, and on Cranfield .379 to .385 throughout. ChunkingSweep, a test
// of package rankeval, repeats the measurement.
package corpus

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of one article. They keep one hostile or broken input from taking
// the memory of all the others.
const (
	MaxText  = 4 << 20 // bytes of text
	MaxTitle = 500     // runes of a title
	MaxID    = 512     // bytes of an id
)

// An ArticleID names an article for as long as it is in the corpus. It comes
// from the article's path or URL, or is given by its source, so that it
// survives edits of the text.
type ArticleID string

// An Article is one source text as its publisher put it out.
type Article struct {
	ID        ArticleID
	Title     string
	Derived   bool      // the title was made from the lead
	Outlet    string    // "AP", "Al Jazeera"; may be empty
	URL       string    // where a reader can check it; may be empty
	Published time.Time // midnight UTC of the day; zero if unknown
	Text      string    // valid UTF-8
}

// Validate reports why a may not enter the corpus, or nil. The error is fit
// to be shown to whoever supplied the article.
func (a Article) Validate() error {
	switch {
	case a.ID == "":
		return errors.New("the article has no id")
	case len(a.ID) > MaxID:
		return fmt.Errorf("the id is longer than %d bytes; give a shorter one", MaxID)
	case strings.ContainsFunc(string(a.ID), unicode.IsControl) || !utf8.ValidString(string(a.ID)):
		return errors.New("the id has control characters; give a plain one")
	case strings.TrimSpace(a.Text) == "":
		return errors.New("the article has no text")
	case len(a.Text) > MaxText:
		return fmt.Errorf("the text is larger than %d MiB; split it into several articles", MaxText>>20)
	case !utf8.ValidString(a.Text):
		return errors.New("the text is not UTF-8; convert it first, for example with iconv -t utf-8")
	}
	return nil
}

// Sum is the SHA-256 of all that readers see of a: its id, title, outlet, URL,
// day and text, each preceded by its length.
func (a Article) Sum() [sha256.Size]byte {
	h := sha256.New()
	derived := ""
	if a.Derived {
		derived = "derived"
	}
	for _, field := range []string{string(a.ID), a.Title, derived, a.Outlet, a.URL, Day(a.Published), a.Text} {
		var n [8]byte
		binary.LittleEndian.PutUint64(n[:], uint64(len(field)))
		h.Write(n[:])
		h.Write([]byte(field))
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// TextSum is the hexadecimal SHA-256 of a text: it names a version of an
// article.
func TextSum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Day formats the day of t as 2006-01-02, or as "" if t is zero.
func Day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}
