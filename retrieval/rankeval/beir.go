package rankeval

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"footnote/corpus"
)

// A set is a folder in BEIR layout, read.
type set struct {
	articles []corpus.Article
	queries  []query
	grades   map[string]grades // by query; only grades above 0
}

type query struct{ id, text string }

// maxLine bounds a line of a file, in bytes.
const maxLine = 16 << 20

// row is a line of corpus.jsonl or queries.jsonl.
type row struct {
	ID         text `json:"id"`
	Underscore text `json:"_id"`
	Title      string
	Text       string
	URL        string
	Outlet     string
	Published  *string
}

// text is a string that may be written as a number.
type text string

// UnmarshalJSON takes a string or a number.
func (t *text) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil {
		*t = text(s)
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(data, &n); err != nil {
		return errors.New("an id is neither a string nor a number")
	}
	*t = text(n)
	return nil
}

func (r row) id() string {
	if r.ID != "" {
		return string(r.ID)
	}
	return string(r.Underscore)
}

func readSet(dir string) (set, error) {
	s := set{grades: map[string]grades{}}
	err := eachRow(filepath.Join(dir, "corpus.jsonl"), func(r row) error {
		a := corpus.Article{ID: corpus.ArticleID(r.id()), Title: r.Title, URL: r.URL, Outlet: r.Outlet, Text: r.Text}
		if strings.TrimSpace(a.Text) == "" {
			a.Text = a.Title
		}
		if r.Published != nil && *r.Published != "" {
			day, err := corpus.ParseDate(*r.Published)
			if err != nil {
				return err
			}
			a.Published = day
		}
		if strings.TrimSpace(a.Text) != "" { // some sets hold empty documents; nothing finds them
			s.articles = append(s.articles, a)
		}
		return nil
	})
	if err != nil {
		return set{}, err
	}
	err = eachRow(filepath.Join(dir, "queries.jsonl"), func(r row) error {
		s.queries = append(s.queries, query{r.id(), r.Text})
		return nil
	})
	if err != nil {
		return set{}, err
	}
	return s, s.readGrades(dir)
}

func eachRow(path string, f func(row) error) error {
	return eachLine(path, func(line string) error {
		var r row
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			return err
		}
		if r.id() == "" {
			return errors.New(`there is no "id" or "_id"`)
		}
		return f(r)
	})
}

// readGrades reads qrels.tsv or qrels/test.tsv: query, article and grade, with
// or without a header; TREC's four columns work as well.
func (s *set) readGrades(dir string) error {
	path := filepath.Join(dir, "qrels.tsv")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		path = filepath.Join(dir, "qrels", "test.tsv")
	}
	first := true
	return eachLine(path, func(line string) error {
		cols := strings.Fields(line)
		if len(cols) == 4 {
			cols = []string{cols[0], cols[2], cols[3]}
		}
		if len(cols) != 3 {
			return errors.New("it does not hold a query, a document and a grade")
		}
		grade, err := strconv.Atoi(cols[2])
		if err != nil && first {
			first = false
			return nil
		}
		if err != nil {
			return fmt.Errorf("the grade %q is no number", cols[2])
		}
		first = false
		if grade > 0 {
			if s.grades[cols[0]] == nil {
				s.grades[cols[0]] = grades{}
			}
			s.grades[cols[0]][corpus.ArticleID(cols[1])] = grade
		}
		return nil
	})
}

// eachLine calls f with every line of a file that is not blank.
func eachLine(path string, f func(string) error) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("reading a folder in BEIR layout (corpus.jsonl, queries.jsonl, qrels.tsv): %w", err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		if err := f(lines.Text()); err != nil {
			return fmt.Errorf("%s, line %d: %w", path, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	return nil
}
