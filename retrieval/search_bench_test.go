package retrieval

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"footnote/corpus"
)

// zipf writes texts whose words are as frequent as those of a language.
type zipf struct {
	words []string
	rank  *rand.Zipf
}

func newZipf(rnd *rand.Rand) *zipf {
	const vocabulary = 80_000
	z := &zipf{words: make([]string, vocabulary), rank: rand.NewZipf(rnd, 1.1, 2.7, vocabulary-1)}
	for i := range z.words {
		var b strings.Builder
		for n := i + 20; n > 0; n /= 20 {
			b.WriteByte("bcdfghjklmnpqrstvwxz"[n%20])
			b.WriteByte("aeiou"[n%5])
		}
		z.words[i] = b.String()
	}
	return z
}

func (z *zipf) text(words int) string {
	var b strings.Builder
	for range words {
		b.WriteString(z.words[z.rank.Uint64()])
		b.WriteByte(' ')
	}
	return b.String()
}

// news60k are 12,000 articles of five passages of 130 words.
func news60k() *Memory {
	z := newZipf(rand.New(rand.NewPCG(1, 15)))
	m := &Memory{}
	for i := range 12_000 {
		var text strings.Builder
		var ends []int
		for range 5 {
			text.WriteString(z.text(130))
			ends = append(ends, text.Len())
		}
		a := corpus.Article{ID: corpus.ArticleID(fmt.Sprintf("news%05d", i)), Title: z.text(8), Text: text.String()}
		r := Record{Article: a}
		start := 0
		for n, end := range ends {
			r.Passages = append(r.Passages, corpus.NewPassage(a, n, start, end, nil))
			start = end
		}
		m.records = append(m.records, r)
	}
	return m
}

func BenchmarkSearch60k(b *testing.B) {
	s := newTestSearcher(b, news60k(), SearcherOptions{})
	z := newZipf(rand.New(rand.NewPCG(1, 16)))
	b.ReportAllocs()
	for b.Loop() {
		if hits := retrieve(b, s, Query{Text: z.text(8)}); len(hits) == 0 {
			b.Fatal("nothing was found")
		}
	}
	b.ReportMetric(1e3*b.Elapsed().Seconds()/float64(b.N), "ms/query")
}

func BenchmarkBuildIndex60k(b *testing.B) {
	m := news60k()
	before := heap()
	var all indexes
	for b.Loop() {
		var err error
		if all, err = buildIndexes(b.Context(), m.All(b.Context()), func(error) {}); err != nil {
			b.Fatal(err)
		}
	}
	passages := float64(len(all[""].words.owner))
	b.ReportMetric(passages*float64(b.N)/b.Elapsed().Seconds(), "passages/s")
	b.ReportMetric(float64(heap()-before)/passages, "heap-B/passage")
	runtime.KeepAlive(all)
	runtime.KeepAlive(m)
}

// BenchmarkRefresh60k is what a batch of new articles costs those who follow
// the store.
func BenchmarkRefresh60k(b *testing.B) {
	m := news60k()
	all, err := buildIndexes(b.Context(), m.All(b.Context()), func(error) {})
	if err != nil {
		b.Fatal(err)
	}
	ix, added := all[""], m.records[:batchArticles]
	gone := map[corpus.ArticleID]bool{}
	for _, r := range added {
		gone[r.ID] = true
	}
	for b.Loop() {
		ix = ix.replace(gone, added)
	}
	b.ReportMetric(1e3*b.Elapsed().Seconds()/float64(b.N), "ms/refresh")
}

// BenchmarkRefreshOfAServer60k is what one server's new article costs beside 60k
// common passages.
func BenchmarkRefreshOfAServer60k(b *testing.B) {
	library := newShelf(news60k().records...)
	for i := range batchArticles {
		library.put(in("g", told(fmt.Sprintf("own%d", i))))
	}
	s := newTestSearcher(b, library, SearcherOptions{})
	for b.Loop() {
		library.put(in("g", told("new")))
		if changed, err := s.Refresh(b.Context()); !changed || err != nil {
			b.Fatal(changed, err)
		}
	}
	b.ReportMetric(1e3*b.Elapsed().Seconds()/float64(b.N), "ms/refresh")
}

// heap is how many bytes are in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
