// Package numbers owns how a telephone number is read, whoever wrote it: a network, a
// caller's keys, an agent, a file. Number in, number out; it knows neither calls nor
// definitions.
//
// The calls (ivr/call) read callers' numbers with it, the door to numbers outside
// (ivr/dial) those to be dialled, and the definitions (queue/store) theirs, so that one
// number is the same to all of them.
package numbers

import (
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// maxNumber is the longest raw number worth reading: E.164 has 15 digits, and
// people write them with spaces, dots and brackets.
const maxNumber = 40

// E164 reads a number as the network or a person wrote it into E.164,
// "+33199000001". defaultRegion is the ISO 3166 region a number without country
// code belongs to, "FR". ok is false for what is no such number: an extension, a
// withheld number, a name; then e164 is empty, and the raw number is all there is.
//
// A number counts if its length is possible in its country; it need not be
// assigned. Numbering plans change faster than any table, the ranges kept for
// fiction (France: 01 99 00 …) are never assigned, and a number that we refuse
// would leave its caller unknown for nothing.
func E164(raw, defaultRegion string) (e164 string, ok bool) {
	dialled, ok := dialable(raw)
	if !ok {
		return "", false
	}
	number, err := phonenumbers.Parse(dialled, defaultRegion)
	if err != nil || phonenumbers.IsPossibleNumberWithReason(number) != phonenumbers.IS_POSSIBLE {
		return "", false
	}
	// Outside the few countries where it is part of the number, a zero in front
	// is a trunk prefix the library could not take off: the number is too short.
	national := phonenumbers.GetNationalSignificantNumber(number)
	if strings.HasPrefix(national, "0") && !phonenumbers.IsValidNumber(number) {
		return "", false
	}
	return phonenumbers.Format(number, phonenumbers.E164), true
}

// Keys is a number as it is keyed in: without the marks people put between digits,
// with the plus it may begin with. ok is false for what is no number. Numbers that
// only a country's own network knows ("112") have keys and no E.164.
func Keys(raw string) (keys string, ok bool) { return dialable(raw) }

// fewestDigits is how many a premium number has at least, without its country's code.
const fewestDigits = 7

// Premium says whether calls to a number cost more than a call, by its country's
// numbering plan: all of the price or a part of it goes to who is called ("numéro
// surtaxé"). So does one that has digits too many behind such a number, for networks
// that ring when they have enough. False for what is no number.
func Premium(e164 string) bool {
	number, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return false
	}
	code := "+" + strconv.Itoa(int(number.GetCountryCode()))
	national := phonenumbers.GetNationalSignificantNumber(number)
	for ; len(national) >= fewestDigits; national = national[:len(national)-1] {
		number, err := phonenumbers.Parse(code+national, "")
		if err != nil {
			return false
		}
		switch phonenumbers.GetNumberType(number) {
		case phonenumbers.PREMIUM_RATE, phonenumbers.SHARED_COST:
			return true
		case phonenumbers.UNKNOWN: // none of the plan's: perhaps with digits too many
		default:
			return false
		}
	}
	return false
}

// Country is what the numbers of a region begin with in E.164 ("+33"); empty if there
// is no such region.
func Country(region string) string {
	code := phonenumbers.GetCountryCodeForRegion(region)
	if code == 0 {
		return ""
	}
	return "+" + strconv.Itoa(code)
}

// dialable takes the marks out that people put between digits. Letters are no
// such marks: read as keys, a name would become a number.
func dialable(raw string) (string, bool) {
	raw = strings.TrimSpace(raw)
	if len(raw) > maxNumber {
		return "", false
	}
	var out strings.Builder
	for _, c := range raw {
		switch {
		case c >= '0' && c <= '9', c == '+' && out.Len() == 0:
			out.WriteRune(c)
		case strings.ContainsRune(" .-/()\u00a0\u202f", c):
		default:
			return "", false
		}
	}
	return out.String(), out.Len() > 0
}
