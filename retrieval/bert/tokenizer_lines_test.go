package bert

import (
	"strings"
	"unicode/utf8"
)

// A dice draws numbers that are the same for ever, whatever becomes of
// math/rand.
type dice uint64

// roll is a number from 0 to n-1.
func (d *dice) roll(n int) int {
	*d = *d*6364136223846793005 + 1442695040888963407
	return int(uint64(*d)>>33) % n
}

// pick is one of several words.
func (d *dice) pick(words []string) string { return words[d.roll(len(words))] }

// referenceLines are count lines of all that an article may hold, and of what
// it should not.
func referenceLines(count int) []string {
	d := dice(1)
	lines := make([]string, count)
	for i := range lines {
		var line strings.Builder
		for range 1 + d.roll(14) {
			line.WriteString(stretch(&d))
			line.WriteString(d.pick(spaces))
		}
		lines[i] = line.String()
	}
	return lines
}

var (
	plainWords = strings.Fields(`the bank raised its rates on thursday South Korea will send shells , officials said . World
		Cup final Argentina beat France 4-2 unbelievable internationalization "quoted" (aside) don't it's U.S. e.g. COVID-19
		hello@example.org https://example.org/a_b?c=d&e=%20 #tag @name $1,234.56 €9.99 50% 1/2 3.14 1,000,000 12:30 2022-11-11
		Nobel vaccinations rebuilding asteroid's well-known ABCdef iPhone15 x=y+z C++ a*b [x] {y} ~z ^ | \ <tag> & _under_score_`)
	foreignWords = strings.Fields(`café ÉTÉ naïve Zürich STRASSE Straße ẞ Ångström Dvořák Łódź İstanbul ıçin IĞDIR Đặng Việt
		ΑΣ ΣΑΣ Καλημέρα ὈΔΥΣΣΕΎΣ Новости ЁЛКА Україна Ѩ שָׁלוֹם שלום سَلَام سلام فارسی हिन्दी क़ बাংলা বাংলা ไทย ສະບາຍດີ
		한국어 서울 각 ᄒ ᅡ ᆫ ﾊﾝｸ 日本語 東京都 中国人民 漢字かな交じり文 カタカナ ｶﾀｶﾅ ガ ガ 北京,上海 新聞。「語」 豈更 丽 𠀀 አማርኛ ქართული ᲐᲑ Հայ
		ᏣᎳᎩ ꭰ 𐐀𐐨 𞤀𞤢 ǅ ǆ Ǆ Ⅳ ⅳ Ⓐ ⓐ ﬁnance ﬄ ﬆ Ａｂｃ１２３ 𝐀𝒷𝔠𝟙 ½ ² ªº µ Ω Å K ſ ŉ ǰ ΐ ᾳ ᾼ ᵢ ₂ ʼn`)
	oddWords = []string{
		"\U0001F600", "\U0001F469\u200D\U0001F469\u200D\U0001F467", "\U0001F44D\U0001F3FD", "\U0001F1FA\U0001F1F3", "\u2764\uFE0F",
		"\u2600", "a\u00ADb", "zero\u200Bwidth", "join\u200Der", "non\u200Cjoiner", "\u202Ertl\u202C", "\uFEFFbom", "nul\x00l", "\x01\x02",
		"be\bll\a", "\x7F", "\u0085", "\x1b[31m", "\uFFFD", "bad\xffbyte", "\xc3\x28", "\xed\xa0\x80", "\xf0\x9f\x98", "\uE000", "\U000F0000",
		"\U0010FFFF", "\uFDD0", "\u0378", "\U0001FAFF", "\U000E0041", "e\u0301\u0323", "o\u0308\u0301\u0301\u0301", "\u0301", "q\u20DD",
		"\u0915\u093C", "\u1E9B\u0323", "\u0344", "\u0958", "\uFB2C", "\u2126", "\u212A", "\u1112\u1161\u11AB", "\uD55C\u11A8",
		"\u302E", "\U0001D15E", "\u1B44", "\u180E", "\u061C", "‘single’", "“double”", "—", "…", "«fr»", "¿qué?", "‹›", "′″", "№", "™", "©2022",
		"[MASK]", "[SEP]", "[CLS]", "[PAD]", "[UNK]", "[mask]", "[ MASK ]", "x[SEP]y", "[MASK", "##ing", "[unused0]", "<b>", "<B>x", "x<b>", "<b>b>", "New York", "new york",
		"NEW YORKER", "New Yorker", "café-bar", "[[MASK]]", "ab<b>", "é<b>", "<b>\u0301", "cAfÉ",
	}
	spaces = []string{" ", " ", " ", " ", " ", " ", " ", "  ", "", "", "\t", "\n", "\r\n", "\u00A0", "\u3000", "\u2028", "\v", "\f", "\u2003", "\u1680", "\u200B"}
)

// stretch is a word, or what stands where one might.
func stretch(d *dice) string {
	switch d.roll(12) {
	case 0, 1, 2, 3, 4:
		return d.pick(plainWords)
	case 5, 6, 7:
		return d.pick(foreignWords)
	case 8:
		return d.pick(oddWords)
	case 9:
		return strings.Repeat(d.pick(foreignWords), 1+d.roll(30))
	case 10:
		return strings.Repeat(d.pick([]string{"a", "é", "ab", "中", "!", "1", "х"}), 90+d.roll(22))
	default:
		return "a" + randomPoint(d) + "b" + randomPoint(d)
	}
}

// randomPoint is a code point, most often of the planes that are in use.
func randomPoint(d *dice) string {
	r := rune(d.roll([]int{0x300, 0x3000, 0x10000, 0x20000, utf8.MaxRune + 1}[d.roll(5)]))
	return string(r) // U+FFFD for a surrogate
}

// blocksOfPoints are all code points, 1,024 a line, each between two letters.
func blocksOfPoints() []string {
	const size = 1 << 10
	var blocks []string
	for start := rune(0); start <= utf8.MaxRune; start += size {
		var block strings.Builder
		for r := start; r < start+size; r++ {
			block.WriteString("a" + string(r) + "b ")
		}
		blocks = append(blocks, block.String())
	}
	return blocks
}
