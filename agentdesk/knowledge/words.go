package knowledge

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// mostWords bounds the words of a question that count: a sentence.
	mostWords = 16
	// longestWord is the most letters of a word that count.
	longestWord = 40
)

// split are the words of a text as people type it: runs of letters and digits,
// at most mostWords, each once, the last ones when there are more. An accent typed
// apart from its letter is left out, as all accents are.
func split(text string) []string {
	var all []string
	var word strings.Builder
	length := 0
	flush := func() {
		if word.Len() > 0 {
			all = append(all, word.String())
			word.Reset()
			length = 0
		}
	}
	for _, c := range text {
		switch {
		case unicode.Is(unicode.Mn, c):
		case c == utf8.RuneError, !unicode.IsLetter(c) && !unicode.IsDigit(c):
			flush()
		case length < longestWord:
			word.WriteRune(unicode.ToLower(c))
			length++
		}
	}
	flush()
	return newest(all)
}

// newest are the last words, each once, in their order.
func newest(all []string) []string {
	var kept []string
	for i := len(all) - 1; i >= 0 && len(kept) < mostWords; i-- {
		if !slices.Contains(kept, all[i]) {
			kept = append(kept, all[i])
		}
	}
	slices.Reverse(kept)
	return kept
}

// query is words as to_tsquery reads them (PostgreSQL 15, §12.3.2), joined by op
// ("&" or "|"); prefix lets the last one be a beginning. Words of split hold
// nothing that means anything there.
func query(words []string, op string, prefix bool) string {
	terms := make([]string, len(words))
	for i, w := range words {
		terms[i] = "'" + w + "'"
	}
	if prefix && len(terms) > 0 {
		terms[len(terms)-1] += ":*"
	}
	return strings.Join(terms, " "+op+" ")
}

// typing says that the last word of a text may go on: nothing follows it.
func typing(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	return unicode.IsLetter(last) || unicode.IsDigit(last) || unicode.Is(unicode.Mn, last)
}
