package prompts

// checkTold wants each thing told with what it is told with in the quote, of no
// more than the quote tells it of, and by whom the quote has it from.
func (g *gate) checkTold(s *reading, e evidence) Flaw {
	for _, check := range [...]func(s, quote *reading) Flaw{
		g.checkCounted, checkParts, checkQuantifiers, g.checkCouples, checkSpeakers, checkOrder, checkSides, checkOneUnit, checkEnds,
	} {
		if flaw := check(s, e.quote); flaw != "" {
			return flaw
		}
	}
	return ""
}
