package text_test

import (
	"testing"
	"unicode"

	"github.com/itsmkit/itsm/internal/text"
)

func letterOrDigit(r rune) bool { return unicode.In(r, unicode.L, unicode.N) }

func mark(r rune) bool { return unicode.Is(unicode.M, r) }

func BenchmarkAppendTokens(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"lower", "the printer on the fourth floor prints blank pages since this morning, error 0x6100004a on display"},
		{"upper", "The Printer on the Fourth Floor prints Blank Pages since this Morning, Error 0x6100004A on Display"},
		{"german", "Der Drucker im Büro auf der Straßenseite druckt nur weiße Blätter, Ärger für die Übergabe am Mittag"},
		{"russian", "Принтер на четвёртом этаже печатает пустые страницы с самого утра"},
		{"hindi", "चौथी मंज़िल का प्रिंटर आज सुबह से खाली पन्ने छाप रहा है"},
		{"korean", "사 층 프린터가 오늘 아침부터 빈 페이지만 출력합니다"},
		{"mixed", "VPN ｶﾞ ﬁle Ａ①: Größe 打印机 \u1112\u1161\u11AB E\u0301cole ΣΊΣΥΦΟΣ हिन्दी İ"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.text)))
			dst := make([]string, 0, 64)
			for b.Loop() {
				dst = text.AppendTokens(dst[:0], c.text)
			}
		})
	}
}

func BenchmarkMatches(b *testing.B) {
	tokens := text.Set("The printer on the fourth floor prints blank pages since this morning, error 0x6100004A on display")
	words := []string{"print", "err", "floor"}
	b.ReportAllocs()
	for b.Loop() {
		text.Matches(words, tokens)
	}
}
