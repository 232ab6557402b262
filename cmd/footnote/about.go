package main

import (
	"time"
	"unicode/utf8"

	"footnote/corpus"
	"footnote/retrieval"

	"github.com/spf13/pflag"
)

// aboutFlags say what an article's source does not say, or says wrongly.
type aboutFlags struct{ title, outlet, url, published string }

func (f *aboutFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.title, "title", "", "the article's title is `TEXT`")
	flags.StringVar(&f.outlet, "outlet", "", "the article is of the outlet `NAME`")
	flags.StringVar(&f.url, "url", "", "the article can be read at `URL`")
	flags.StringVar(&f.published, "published", "", "the article is of `DATE`, such as 2022-11-11")
}

// edit is what was set, nil if nothing was. An empty value clears a field.
func (f aboutFlags) edit(flags *pflag.FlagSet) (*retrieval.Edit, error) {
	var e retrieval.Edit
	if flags.Changed("title") {
		if n := utf8.RuneCountInString(oneLine(f.title)); n > corpus.MaxTitle {
			return nil, usage("", "--title has %d characters; %d are the most", n, corpus.MaxTitle)
		}
		title := corpus.OneLine(f.title)
		e.Title = &title
	}
	if flags.Changed("outlet") {
		outlet := corpus.OneLine(f.outlet)
		e.Outlet = &outlet
	}
	if flags.Changed("url") {
		address, err := corpus.ParseURL(f.url)
		if err != nil {
			return nil, usage("", "--url: %w", err)
		}
		e.URL = &address
	}
	if flags.Changed("published") {
		day, err := publishedDay(f.published)
		if err != nil {
			return nil, usage("", "--published: %w", err)
		}
		e.Published = &day
	}
	if e == (retrieval.Edit{}) {
		return nil, nil
	}
	return &e, nil
}

func publishedDay(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return corpus.ParseDate(text)
}
