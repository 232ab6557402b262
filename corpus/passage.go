package corpus

import "strconv"

// A PassageID names a passage: its article's id, "#", and its number.
type PassageID string

// A Passage is a run of an article, small enough to embed and to cite:
// Text == article.Text[Start:End], offsets in bytes.
type Passage struct {
	ID         PassageID
	Article    ArticleID
	Heading    []string // the headings it stands under, outermost first
	Start, End int
	Text       string
}

// PassageIDOf is the id of the n-th passage of an article, counted from 0.
func PassageIDOf(a ArticleID, n int) PassageID {
	return PassageID(string(a) + "#" + strconv.Itoa(n))
}

// NewPassage is the n-th passage of a, its text taken from a.Text[start:end].
func NewPassage(a Article, n, start, end int, heading []string) Passage {
	return Passage{
		ID:      PassageIDOf(a.ID, n),
		Article: a.ID,
		Heading: heading,
		Start:   start,
		End:     end,
		Text:    a.Text[start:end],
	}
}

// A Span is a run of bytes of a text: text[Start:End].
type Span struct{ Start, End int }

// In is the text of s in text.
func (s Span) In(text string) string { return text[s.Start:s.End] }
