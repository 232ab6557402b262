package bert

import (
	"fmt"
	"os"
	"testing"
)

// miniLM is the shape of all-MiniLM-L6-v2, with fewer words: their number
// costs memory, not time.
func miniLM(layers int) shape {
	return shape{words: 2000, positions: 512, hidden: 384, inner: 1536, heads: 12, layers: layers}
}

// BenchmarkEmbed embeds a text at a time, so on one processor.
func BenchmarkEmbed(b *testing.B) {
	for _, layers := range []int{3, 4, 6} {
		for _, small := range []bool{false, true} {
			n := randomNetwork(1, miniLM(layers), small)
			weights := map[bool]string{false: "float32", true: "int8"}[small]
			for _, tokens := range []int{16, 128, 256} {
				b.Run(fmt.Sprintf("%d layers/%s/%d tokens", layers, weights, tokens), func(b *testing.B) {
					benchmark(b, n, fastest(), randomTexts(1, 2000, tokens))
				})
			}
		}
	}
}

func BenchmarkEmbedPortable(b *testing.B) {
	n := randomNetwork(1, miniLM(4), true)
	for _, tokens := range []int{16, 256} {
		b.Run(fmt.Sprintf("%d tokens", tokens), func(b *testing.B) {
			benchmark(b, n, portable(), randomTexts(1, 2000, tokens))
		})
	}
}

// BenchmarkIngest embeds many passages at once, on all processors.
func BenchmarkIngest(b *testing.B) {
	n := randomNetwork(1, miniLM(4), true)
	var lengths []int
	for i := range 64 {
		lengths = append(lengths, 100+i*31%157)
	}
	benchmark(b, n, fastest(), randomTexts(1, 2000, lengths...))
}

// BenchmarkFolder runs the model in FOOTNOTE_TEST_MODEL, for train/onnx_ratio.py.
func BenchmarkFolder(b *testing.B) {
	path := os.Getenv("FOOTNOTE_TEST_MODEL")
	if path == "" {
		b.Skip("FOOTNOTE_TEST_MODEL names no model")
	}
	m, err := Open(path)
	if err != nil {
		b.Fatal(err)
	}
	for _, tokens := range []int{16, 128, 256} {
		b.Run(fmt.Sprintf("%d tokens", tokens), func(b *testing.B) {
			benchmark(b, m.network, fastest(), randomTexts(1, m.network.words.rows, tokens))
		})
	}
}

func benchmark(b *testing.B, n *network, k kernels, batch [][]int32) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := n.embedBy(b.Context(), k, batch); err != nil {
			b.Fatal(err)
		}
	}
	tokens, work := 0, 0.0
	for _, ids := range batch {
		tokens += len(ids)
		work += operations(n, len(ids))
	}
	elapsed := b.Elapsed().Seconds() / float64(b.N)
	b.ReportMetric(elapsed*1e9/float64(tokens), "ns/token")
	b.ReportMetric(work/elapsed/1e9, "GFLOP/s")
}

// operations is how many multiplications and additions the products of a text
// take, those of attention included.
func operations(n *network, tokens int) float64 {
	sum := 0
	for _, l := range n.layers {
		for _, m := range []matrix{l.query.weight, l.key.weight, l.value.weight, l.attention.weight, l.up.weight, l.down.weight} {
			sum += 2 * m.rows * m.cols * tokens
		}
		sum += 4 * tokens * tokens * n.words.cols
	}
	return float64(sum)
}
