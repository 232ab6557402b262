package corpus

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// maxLine is how long a line of a JSONL file may be, in bytes.
const maxLine = 16 << 20

var errLongLine = fmt.Errorf("is longer than %d MiB; split the article", maxLine>>20)

// jsonl is one JSON object a line, each an article. It is read line by line:
// a file may be larger than memory, and a bad line costs only itself.
type jsonl struct{}

func (jsonl) claims(ext string, head []byte) bool {
	head = bytes.TrimSpace(withoutMark(head))
	return ext == ".jsonl" || ext == ".ndjson" || ext == "" && bytes.HasPrefix(head, []byte("{"))
}

func (jsonl) read(src source) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		if head, _ := src.r.Peek(2); isUTF16(head) {
			yield(Item{Err: checkText(head)})
			return
		}
		for n := 1; ; n++ {
			line, err := readLine(src.r)
			if errors.Is(err, io.EOF) {
				return
			}
			if n == 1 {
				line = withoutMark(line)
			}
			if line = bytes.TrimSpace(line); len(line) == 0 && err == nil {
				continue
			}
			goesOn := err == nil || errors.Is(err, errLongLine)
			if !yield(lineItem(n, line, err)) || !goesOn {
				return
			}
		}
	}
}

// withoutMark is data without a byte order mark before it.
func withoutMark(data []byte) []byte {
	return bytes.TrimPrefix(data, []byte("\uFEFF"))
}

// readLine reads a line of at most maxLine bytes. A longer one is read to its
// end and is errLongLine; behind the last one is io.EOF.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for size := 0; ; {
		part, err := r.ReadSlice('\n')
		if size += len(part); size <= maxLine {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && size == 0:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("cannot be read: %w", withoutPath(err))
		case size > maxLine:
			return nil, errLongLine
		}
		return line, nil
	}
}

// lineItem is what the n-th line holds, or err if there was one in reading it.
func lineItem(n int, line []byte, err error) Item {
	var r row
	if err == nil {
		r, err = decode(line)
	}
	if err != nil {
		return Item{Line: n, Err: fmt.Errorf("line %d %w", n, err)}
	}
	a, err := r.article()
	if err != nil {
		return Item{Line: n, Err: fmt.Errorf("line %d: %w", n, err)}
	}
	return Item{Article: a, Line: n}
}

// A row is a line of JSONL. Files in BEIR layout write _id.
type row struct {
	ID        rowID   `json:"id"`
	BEIR      rowID   `json:"_id"`
	Title     *string `json:"title"` // nil if nothing is said of it, "" if there is none
	Derived   bool    `json:"derived"`
	Text      string  `json:"text"`
	URL       string  `json:"url"`
	Outlet    string  `json:"outlet"`
	Published string  `json:"published"`
}

// A rowID is an id that is written as a string or as a number.
type rowID string

// UnmarshalJSON reads a string or a number; null is "".
func (id *rowID) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil {
		*id = rowID(strings.TrimSpace(s))
		return nil
	}
	var n json.Number
	if json.Unmarshal(data, &n) != nil {
		return errors.New("has an id that is neither a string nor a number")
	}
	*id = rowID(n)
	return nil
}

// decode reads one line. Its error goes on where "line 7" leaves off.
func decode(line []byte) (row, error) {
	var r row
	if err := checkText(line); err != nil {
		return row{}, fmt.Errorf("cannot be read: %w", err)
	}
	if line[0] != '{' {
		return row{}, fmt.Errorf("is not a JSON object: it begins with %q", clip(string(line), 20))
	}
	err := json.Unmarshal(line, &r)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return row{}, fmt.Errorf("is not a JSON object: %w", syntax)
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return row{}, fmt.Errorf("has %q as a JSON %s; write it as a %s", kind.Field, kind.Value, kind.Type)
	}
	return r, err
}

// article is r as an article. Its text, title and outlet are taken as they
// are, so that what was exported reads back the same.
func (r row) article() (Article, error) {
	text, err := clean([]byte(r.Text))
	if err != nil {
		return Article{}, err
	}
	a := complete(Article{Title: r.title(), Derived: r.Derived, Outlet: r.Outlet, Text: text})
	if r.Title != nil && OneLine(*r.Title) == "" {
		a.Title, a.Derived = "", false // somebody took it away
	}
	if a.URL, err = ParseURL(r.URL); err != nil {
		return Article{}, err
	}
	if strings.TrimSpace(r.Published) != "" {
		if a.Published, err = ParseDate(r.Published); err != nil {
			return Article{}, err
		}
	}
	a.ID = r.id(a)
	return a, nil
}

func (r row) title() string {
	if r.Title == nil {
		return ""
	}
	return *r.Title
}

// id is the id that r gives, else a's URL, else a name made of its words.
func (r row) id(a Article) ArticleID {
	if id := cmp.Or(r.ID, r.BEIR); id != "" {
		return ArticleID(id)
	}
	if a.URL != "" && len(a.URL) <= MaxID {
		return ArticleID(a.URL)
	}
	return ArticleID("line-" + hash(r.title()+a.Text, 16))
}
