package call

import (
	"fmt"
	"strconv"
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

// toDeskPhone marks a leg towards the desk phone beside an agent's console.
const toDeskPhone = cdr.DeskLeg

// DeskLegID is the channel of an offer's leg to the desk phone beside the agent's
// console: "lk-<offer>-d".
func DeskLegID(offer cdr.OfferID) ChannelID { return LegID(offer) + toDeskPhone }

// toDesk says whether a leg is one to a desk phone beside a console.
func toDesk(leg ChannelID) bool { return cdr.ToDesk(string(leg)) }

// OutsideLegID is a call's n-th channel towards a number outside: "lk-<call>-o<n>".
func OutsideLegID(call cdr.CallID, n int) ChannelID {
	return ChannelID(fmt.Sprintf("%s%s-o%d", prefix, call, n))
}

// AgainLegID is the n-th leg by which an agent's phone that had gone is rung again:
// "lk-<call>-a<n>", or "lk-<call>-a<n>-d" to the desk phone beside the console.
func AgainLegID(call cdr.CallID, n int) ChannelID {
	return ChannelID(fmt.Sprintf("%s%s-a%d", prefix, call, n))
}

// againNumber is n of a call's leg AgainLegID.
func againNumber(call cdr.CallID, leg ChannelID) (int, bool) {
	number, ok := strings.CutPrefix(strings.TrimSuffix(string(leg), toDeskPhone), prefix+string(call)+"-a")
	n, err := strconv.Atoi(number)
	return n, ok && err == nil
}

// legNumber is n of a call's leg "lk-<call>-<n>", also to a desk phone.
func legNumber(call cdr.CallID, leg ChannelID) (int, bool) {
	number, ok := strings.CutPrefix(strings.TrimSuffix(string(leg), toDeskPhone), prefix+string(call)+"-")
	n, err := strconv.Atoi(number)
	return n, ok && err == nil
}

// BridgeFor is the bridge of a call: "lk-<call>".
func BridgeFor(call cdr.CallID) BridgeID { return BridgeID(prefix + string(call)) }

// CallOf reads the call out of an ID made by LegID, OutsideLegID or BridgeFor.
func CallOf[ID ~string](id ID) (cdr.CallID, bool) {
	rest, ours := strings.CutPrefix(string(id), prefix)
	if !ours || len(rest) < uuidLen {
		return "", false
	}
	return cdr.CallID(rest[:uuidLen]), true
}

// Playbacks are the flow's ("lk-<call>-p<n>") or what is said beside it
// ("lk-<call>-s<n>").
const (
	ofFlow   = "-p"
	besideIt = "-s"
)

func playbackID(call cdr.CallID, kind string, id int) PlaybackID {
	return PlaybackID(fmt.Sprintf("%s%s%s%d", prefix, call, kind, id))
}

func playbackNumber(call cdr.CallID, kind string, id PlaybackID) (int, bool) {
	number, ok := strings.CutPrefix(string(id), prefix+string(call)+kind)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(number)
	return n, err == nil
}

// messageName names a call's recording: "lk-<call>-v1".
func messageName(call cdr.CallID, n int) string { return fmt.Sprintf("%s%s-v%d", prefix, call, n) }
