package prompts

import "footnote/corpus"

// checkOrder wants what comes after, before or because of something in the
// sentence not to be what in the quote the other does.
func checkOrder(s, quote *reading) Flaw {
	for i, t := range s.terms {
		if !orders(t.Word) {
			continue
		}
		main, sub := s.around(i)
		for j, q := range quote.terms {
			if q.Word != t.Word {
				continue
			}
			theirMain, theirSub := quote.around(j)
			if s.shares(main, quote, theirSub) > s.shares(main, quote, theirMain) && s.shares(sub, quote, theirMain) > s.shares(sub, quote, theirSub) {
				return FlawRole
			}
		}
	}
	return ""
}

// orders says whether a word joins to what is told what comes before or behind
// it in time or as its cause.
func orders(w string) bool {
	return w == "after" || w == "before" || w == "because" || w == "until" || w == "since"
}

// around are the terms that terms[i] joins to others, and those.
func (x *reading) around(i int) (main, sub corpus.Span) {
	spans := x.spans()
	for n, c := range spans {
		if i < c.Start || i >= c.End {
			continue
		}
		sub = corpus.Span{Start: i, End: c.End}
		switch {
		case c.Start < i:
			main = corpus.Span{Start: c.Start, End: i}
		case n > 0:
			main = spans[n-1]
		case n+1 < len(spans):
			main = spans[n+1]
		}
	}
	return main, sub
}

// shares counts the words that say something which two spans have in common.
func (x *reading) shares(at corpus.Span, other *reading, there corpus.Span) int {
	n := 0
	for _, i := range x.content {
		if i < at.Start || i >= at.End {
			continue
		}
		for j := there.Start; j < there.End; j++ {
			if other.roots[j] == x.roots[i] {
				n++
				break
			}
		}
	}
	return n
}
