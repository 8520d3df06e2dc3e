package store

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// maxIndexed is the longest text kept in an indexed column, in bytes; a B-tree
// entry may have 2,704 (PostgreSQL, BTMaxItemSize).
const maxIndexed = 500

// text makes s something PostgreSQL can keep: valid UTF-8 without NUL.
func text[S ~string](s S) string {
	return strings.ReplaceAll(strings.ToValidUTF8(string(s), "\uFFFD"), "\x00", "\uFFFD")
}

// key is text for an indexed column: cut on a character, far beyond any real
// number or ID.
func key[S ~string](s S) string {
	t := text(s)
	if len(t) <= maxIndexed {
		return t
	}
	cut := maxIndexed
	for !utf8.RuneStart(t[cut]) {
		cut--
	}
	return t[:cut]
}

// jsonb makes JSON something PostgreSQL's jsonb can keep: it refuses the escape
// \u0000, which is legal JSON. encoding/json has replaced broken UTF-8 already.
func jsonb(data []byte) []byte {
	nul := []byte(`\u0000`)
	if !bytes.Contains(data, nul) {
		return data
	}
	out := make([]byte, 0, len(data))
	for i := 0; i < len(data); i++ {
		switch {
		case bytes.HasPrefix(data[i:], nul):
			out = append(out, `\ufffd`...)
			i += len(nul) - 1
		case data[i] == '\\' && i+1 < len(data): // an escape of two: never half of ours
			out = append(out, data[i], data[i+1])
			i++
		default:
			out = append(out, data[i])
		}
	}
	return out
}
