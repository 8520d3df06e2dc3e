package call

import (
	"strings"

	"linekeeper/cdr"
)

// prefix marks everything we make in Asterisk.
const prefix = "lk-"

// uuidLen is the length of a call ID in its text form.
const uuidLen = 36

// LegID is the channel of an offer's leg: "lk-<offer>". Offers are named
// "<call>-<n>" (queue.OfferName), so a leg tells its call.
func LegID(offer cdr.OfferID) ChannelID { return ChannelID(prefix + string(offer)) }

// BridgeFor is the bridge of a call: "lk-<call>".
func BridgeFor(call cdr.CallID) BridgeID { return BridgeID(prefix + string(call)) }

// CallOf reads the call out of an ID made by LegID or BridgeFor.
func CallOf[ID ~string](id ID) (cdr.CallID, bool) {
	rest, ours := strings.CutPrefix(string(id), prefix)
	if !ours || len(rest) < uuidLen {
		return "", false
	}
	return cdr.CallID(rest[:uuidLen]), true
}
