package corpus

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// markdown is an article in Markdown, with YAML (---) or TOML (+++) front
// matter or without.
type markdown struct{}

func (markdown) claims(ext string, head []byte) bool {
	switch ext {
	case ".md", ".markdown":
		return true
	case "", ".txt":
		return opensFrontMatter(head)
	}
	return false
}

// opensFrontMatter reports whether head begins with a fence and a field. A
// plain text may begin with a rule, but not with a field below it.
func opensFrontMatter(head []byte) bool {
	fence, rest, _ := bytes.Cut(withoutMark(head), []byte("\n"))
	first, _, _ := bytes.Cut(rest, []byte("\n"))
	sep := separator(strings.TrimRight(string(fence), " \t\r"))
	key, _, ok := strings.Cut(string(first), sep)
	return sep != "" && ok && len(strings.Fields(key)) == 1
}

func (markdown) read(src source) iter.Seq[Item] {
	text, err := src.text()
	if err != nil {
		return one(Item{Err: err})
	}
	a, err := parseMarkdown(text)
	return one(Item{Article: a, Err: err})
}

func parseMarkdown(text string) (Article, error) {
	a, body, err := frontMatter(text)
	if err != nil {
		return Article{}, err
	}
	body = withoutLines(withoutComments(body), isImages)
	if a.Title == "" {
		a.Title, body = headingTitle(body)
	}
	return parseBody(a, body)
}

// headingTitle splits a leading "# Title" from body.
func headingTitle(body string) (title, rest string) {
	line, rest, _ := strings.Cut(strings.TrimSpace(body), "\n")
	title, ok := strings.CutPrefix(line, "# ")
	if !ok || strings.TrimSpace(rest) == "" {
		return "", body
	}
	if open := strings.TrimRight(title, "#"); strings.HasSuffix(open, " ") {
		title = open
	}
	return title, rest
}

// separator is what stands between key and value below fence; "" if fence
// opens no front matter.
func separator(fence string) string {
	switch fence {
	case "---":
		return ":"
	case "+++":
		return "="
	}
	return ""
}

// frontMatter reads the fields that text may begin with, and returns the text
// below them. Fields that are not known, lists and tables are passed over.
func frontMatter(text string) (a Article, body string, err error) {
	fence, rest, _ := strings.Cut(text, "\n")
	fence = strings.TrimRight(fence, " \t")
	sep := separator(fence)
	if sep == "" || strings.HasPrefix(rest, "\n") { // a rule, then
		return Article{}, text, nil
	}
	inTable := false
	for n := 2; rest != ""; n++ {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		line = strings.TrimRight(line, " \t")
		if line == fence {
			return a, rest, nil
		}
		inTable = inTable || sep == "=" && strings.HasPrefix(line, "[")
		if inTable || !isField(line) {
			continue
		}
		if err := setField(&a, line, sep); err != nil {
			return Article{}, "", fmt.Errorf("line %d: %w", n, err)
		}
	}
	return Article{}, "", fmt.Errorf("line 1: the front matter is not closed; end it with a line %s", fence)
}

// isField reports whether line must be a field: it is not blank, a comment, or
// part of a list.
func isField(line string) bool {
	return line != "" && !strings.ContainsAny(line[:1], " \t#-[]{}\"'")
}

// setField sets what line says of a. The first of two fields of one meaning
// counts.
func setField(a *Article, line, sep string) error {
	key, value, ok := strings.Cut(line, sep)
	if !ok {
		return fmt.Errorf("%q is not a field of front matter; write it as key%s value", clip(line, 40), sep)
	}
	key = strings.ToLower(strings.TrimSpace(key))
	if !slices.Contains([]string{"id", "title", "outlet", "source", "url", "link", "date", "published"}, key) {
		return nil
	}
	value, err := fieldValue(strings.TrimSpace(value))
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", key, err)
	case value == "":
		return nil
	}
	switch key {
	case "id":
		a.ID = cmp.Or(a.ID, ArticleID(value))
	case "title":
		a.Title = cmp.Or(a.Title, value)
	case "outlet", "source":
		a.Outlet = cmp.Or(a.Outlet, value)
	case "url", "link":
		a.URL, err = ParseURL(cmp.Or(a.URL, value))
	case "date", "published":
		if a.Published.IsZero() {
			a.Published, err = ParseDate(value)
		}
	}
	return err
}

// fieldValue is a value of front matter without its quotes and the comment
// behind it.
func fieldValue(s string) (string, error) {
	switch {
	case strings.HasPrefix(s, `"`):
		quoted, err := strconv.QuotedPrefix(s)
		if err != nil {
			return "", fmt.Errorf("%s is not closed by a quotation mark", clip(s, 40))
		}
		value, err := strconv.Unquote(quoted)
		return strings.TrimSpace(value), err
	case strings.HasPrefix(s, "'"):
		return singleQuoted(s)
	case s == "|" || s == ">" || s == "|-" || s == ">-":
		return "", errors.New("the value stands below its key; write it on the same line")
	}
	if strings.HasPrefix(s, "#") || s == "null" || s == "~" {
		return "", nil
	}
	s, _, _ = strings.Cut(s, " #")
	return strings.TrimSpace(s), nil
}

// singleQuoted is the value at the start of s, in which two quotation marks
// stand for one.
func singleQuoted(s string) (string, error) {
	const mark = "\x00" // no cleaned text has it
	value, _, ok := strings.Cut(strings.ReplaceAll(s[1:], "''", mark), "'")
	if !ok {
		return "", fmt.Errorf("%s is not closed by a quotation mark", clip(s, 40))
	}
	return strings.TrimSpace(strings.ReplaceAll(value, mark, "'")), nil
}

// isImages reports whether line holds pictures and nothing else.
func isImages(line string) bool {
	found := false
	for line = strings.TrimSpace(line); line != ""; found = true {
		_, target, ok := strings.Cut(line, "](")
		if !ok || !strings.HasPrefix(line, "![") {
			return false
		}
		if _, line, ok = strings.Cut(target, ")"); !ok {
			return false
		}
		line = strings.TrimSpace(line)
	}
	return found
}

// withoutComments is text without its HTML comments. One that is not closed
// hides all below it, as it would in a page.
func withoutComments(text string) string {
	var b strings.Builder
	for {
		before, comment, found := strings.Cut(text, "<!--")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, text, _ = strings.Cut(comment, "-->")
	}
}
