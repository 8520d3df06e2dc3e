// Package hostile holds the texts that tests of knowledge bases ask for. It never
// appears in the product; knowledgetest and the fuzz targets use it.
package hostile

import "strings"

// Texts are questions nobody should ask: signs that mean something to parsers of
// queries, SQL and markup, broken and strange characters, too much of anything.
var Texts = []string{
	"'", "''", "\\", "a' | 'b", "a & b", "!a", "(a", "a:*", ":*", "<->", "<1>", "a <-> b", "&&&", "\x00", "a\x00b", "\xff\xfe", "é\u0301\u0301",
	"\ue000\ue001", "%_", "$1", "; DROP TABLE articles", "--", "/*", "mot\npasse\t", "日本語", "١٢٣", "ß", "İ", strings.Repeat("a", 5000),
	strings.Repeat("mot ", 2000), "l'", "l'i", "aujourd'hui", "C++", "802.1x", "0xF", "1e9999", "http://x/y?z=1", "a@b.fr", "-", "de", "de la",
}
