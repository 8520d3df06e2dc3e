package asterisk

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"linekeeper/ivr/call"
)

// transferHandling makes a REFER on a channel ours to answer. Without it Asterisk
// would do the transfer itself and swap the phone for a channel of its own making
// (res_pjsip_refer.c, refer_incoming_refer_request).
const transferHandling = "PJSIP_TRANSFER_HANDLING()"

// answerTransfer ends the phone's subscription: NOTIFY 200, or 603 so that the phone
// takes the call back (res_pjsip_refer.c, refer_ari_progress_framehook).
//
// Asterisk 22 shares what it knows of a REFER between threads that do not wait for each
// other, as its source says; an attended transfer answered as done ended it once (22.10.1,
// a corrupted heap):
//
//   - The answer reads what the REFER's own thread sets only after it has told us of the
//     REFER (progress->ari_state, last in refer_incoming_ari_request). That thread is
//     waited for.
//   - After its NOTIFY it tells us of the answer, and for that looks at the channel of the
//     phone's other leg without holding it (ari_notify, other_session->channel). So a call
//     answers as done only once that leg is no more (call.Second).
//   - Meanwhile it holds the SIP dialog and waits for the channel. SIP was seen to stand
//     still when the channel was hung up in that moment (asterisk#2166), so the leg's
//     hang-up waits until we have been told.
func (n *Node) answerTransfer(ctx context.Context, c call.AnswerTransfer) error {
	if err := n.referTaken(ctx, c.Channel); err != nil {
		return err
	}
	state := "channel_declined"
	if c.Done {
		state = "channel_answered"
	}
	told := n.answers.expect(c.Channel)
	defer n.answers.forget(c.Channel)
	err := n.onChannel(ctx, "answer the transfer of", c.Channel, http.MethodPost, url.Values{"states": {state}}, "transfer_progress")
	if err != nil {
		return err
	}
	select {
	case <-told:
	case <-ctx.Done():
	case <-time.After(answerTold): // a phone that has let go of its asking is not told, nor are we
	}
	return nil
}

// answerTold bounds the wait for Asterisk's word that it has answered a phone.
const answerTold = time.Second

// referTaken returns once Asterisk is through with a REFER that it has told us of. What
// is asked of the channel's SIP session is read in that session's own turn, after it.
func (n *Node) referTaken(ctx context.Context, id call.ChannelID) error {
	return n.onChannel(ctx, "let the REFER be taken of", id, http.MethodGet, url.Values{"variable": {sipCallID}}, "variable")
}

const sipCallID = "CHANNEL(pjsip,call-id)"

// answers are those to transfers that Asterisk has not told us of yet. It is safe for
// concurrent use: commands and events meet here.
type answers struct {
	mu      sync.Mutex
	waiting map[call.ChannelID]chan struct{}
}

func (a *answers) expect(id call.ChannelID) <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	told := make(chan struct{})
	a.waiting[id] = told
	return told
}

// tell ends the wait: Asterisk has answered, or the channel is no more.
func (a *answers) tell(id call.ChannelID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if told, waits := a.waiting[id]; waits {
		close(told)
		delete(a.waiting, id)
	}
}

func (a *answers) forget(id call.ChannelID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.waiting, id)
}

// channelTransfer is an event that ari/v5 does not know.
type channelTransfer struct {
	ari.EventData
	// State is empty when the phone asks. Each answer of ours comes back with it.
	State   string `json:"state"`
	ReferTo struct {
		Wanted struct {
			Destination string `json:"destination"`
		} `json:"requested_destination"`
		// Other is the phone's own leg of the call that it wants to join to this.
		Other struct {
			ID string `json:"id"`
		} `json:"destination_channel"`
	} `json:"refer_to"`
	ReferredBy struct {
		Source struct {
			ID string `json:"id"`
		} `json:"source_channel"`
	} `json:"referred_by"`
}

// Keys implements ari.Event.
func (*channelTransfer) Keys() ari.Keys { return nil }

// transfers tells what a phone asks for. The echo of an answer of ours is no asking.
func (n *Node) transfers(ev *channelTransfer) []call.SwitchEvent {
	id := call.ChannelID(ev.ReferredBy.Source.ID)
	switch {
	case id == "":
		return nil
	case ev.State != "":
		n.answers.tell(id)
		return nil
	}
	return one(call.PhoneTransfers{
		Channel: id, To: ev.ReferTo.Wanted.Destination, Other: call.ChannelID(ev.ReferTo.Other.ID),
	})
}
