package identify

import "strings"

// withheld are the words networks put in the place of a number they may not
// show (RFC 3323 §4.1.1.3; TS 24.607; Asterisk's and common gateways' own).
var withheld = map[string]bool{
	"": true, "anonymous": true, "anonymous.invalid": true, "anonyme": true, "restricted": true,
	"private": true, "withheld": true, "unavailable": true, "unknown": true, "id unavailable": true,
	"masque": true, "masqué": true, "-": true, "null": true, "<unknown>": true,
}

// Withheld says whether a raw number is none: left out by the network, or one of
// the words that stand for it. The name does not count: who shows a number has
// not withheld it.
func Withheld(rawNumber string) bool {
	number := strings.ToLower(Clean(rawNumber))
	number = strings.TrimPrefix(number, "sip:")
	user, _, _ := strings.Cut(number, "@")
	return withheld[user]
}
