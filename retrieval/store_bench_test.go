package retrieval

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// benchRecords are n articles of five passages, of 1.2 kB each.
func benchRecords(n int) []Record {
	filler := strings.Repeat("and the government said on Friday ", 28)
	records := make([]Record, n)
	for i := range records {
		r := recordOf(fmt.Sprintf("news/%06d", i), 1, 5)
		r.Text = strings.ReplaceAll(r.Text, "»", filler)
		for n, start := range []int{0, 1, 2, 3, 4} {
			p := &r.Passages[n]
			size := len(r.Text) / 5
			p.Start, p.End = start*size, (start+1)*size
			p.Text = r.Text[p.Start:p.End]
		}
		records[i] = r
	}
	return records
}

func BenchmarkSave(b *testing.B) {
	records := benchRecords(2000)
	passages := 0
	for b.Loop() {
		b.StopTimer()
		s := openTestStore(b, b.TempDir())
		b.StartTimer()
		for batch := range slices.Chunk(records, 64) {
			mustSave(b, s, batch...)
		}
		passages += 5 * len(records)
	}
	b.ReportMetric(float64(passages)/b.Elapsed().Seconds(), "passages/s")
}

func BenchmarkCompare(b *testing.B) {
	records := benchRecords(12000)
	s := openTestStore(b, b.TempDir())
	mustSave(b, s, records...)
	for b.Loop() {
		for batch := range slices.Chunk(records, 64) {
			mustSave(b, s, batch...)
		}
	}
}

func BenchmarkAll(b *testing.B) {
	s := openTestStore(b, b.TempDir())
	mustSave(b, s, benchRecords(12000)...)
	b.ReportAllocs()
	for b.Loop() {
		if got := all(b, s); len(got) != 12000 {
			b.Fatal(len(got))
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	mustSave(b, openTestStore(b, dir), benchRecords(100)...)
	for b.Loop() {
		s, err := OpenStore(b.Context(), dir)
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVectors(b *testing.B) {
	s := openTestStore(b, b.TempDir())
	records := benchRecords(4000)
	mustSave(b, s, records...)
	rnd := rand.New(rand.NewPCG(1, 2))
	var vectors []PassageVector
	for _, r := range records {
		for n := range r.Passages {
			vectors = append(vectors, PassageVector{Article: r.ID, N: n, Vector: randomVector(rnd, 384)})
		}
	}
	if err := s.SaveVectors(b.Context(), "m", vectors); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, err := range s.Vectors(b.Context(), "m") {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
