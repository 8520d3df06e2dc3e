package identify

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxText is the longest text Clean returns, in characters. Longer names than
// this are no names, and fit on no screen.
const MaxText = 80

// Clean makes text from the network (a caller's name, a number that is none)
// safe to store and log, and shortens it to MaxText characters.
//
// Line breaks and tabs become spaces, other control characters and invisible
// marks that change the direction of writing go, runs of spaces become one. A
// byte that is not UTF-8 is read as ISO 8859-1, which is what old exchanges
// send. Everything else stays as data, quotes and angle brackets too: to show
// it, escape it. Cleaning twice changes nothing more.
func Clean(text string) string { return CleanTo(text, MaxText) }

// CleanTo is Clean for text that may be as long as most characters.
func CleanTo(text string, most int) string {
	var out strings.Builder
	length, space := 0, false
	for i := 0; i < len(text) && length < most; {
		c, size := utf8.DecodeRuneInString(text[i:])
		if c == utf8.RuneError && size == 1 {
			c = rune(text[i])
		}
		i += size
		switch {
		case unicode.IsSpace(c):
			space = length > 0
			continue
		case !shows(c):
			continue
		}
		if space {
			if length+1 >= most {
				break // a space at the very end is worth nothing
			}
			out.WriteByte(' ')
			length++
			space = false
		}
		out.WriteRune(c)
		length++
	}
	return out.String()
}

// shows says whether a character has a place in a name: what prints, and the two
// joiners that Persian, Hindi and others are spelt with.
func shows(c rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return unicode.IsGraphic(c) || c == nonJoiner || c == joiner
}
