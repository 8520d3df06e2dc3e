package asterisk_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/ivr/asterisk"
	"linekeeper/ivr/asteriskfake"
	"linekeeper/ivr/call"
)

// wireRequest is what a command sends; Body is JSON, or query parameters.
type wireRequest struct {
	Line string
	Args map[string]any
}

func sent(t *testing.T, r asteriskfake.Request) wireRequest {
	t.Helper()
	w := wireRequest{Line: r.Method + " " + r.Path, Args: map[string]any{}}
	for k, v := range r.Query {
		w.Args[k] = strings.Join(v, "|")
	}
	if r.Body != "" {
		if err := json.Unmarshal([]byte(r.Body), &w.Args); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func TestWhatEachCommandSays(t *testing.T) {
	type args = map[string]any
	const odd = "1795.0 /?é" // an ID never looks so, and would do no harm
	esc := url.PathEscape(odd)
	leg := call.LegID(cdr.OfferID(callID) + "-1")
	legPath := "/ari/channels/" + string(leg)
	for name, tc := range map[string]struct {
		cmd  call.Command
		want []wireRequest
	}{
		"answer": {call.Answer{Channel: odd}, []wireRequest{{"POST /ari/channels/" + esc + "/answer", args{}}}},
		"adopt": {call.Adopt{Channel: odd, Call: callID, Language: "fr"}, []wireRequest{
			{"POST /ari/channels/" + esc + "/variables", args{"variables": args{
				"LK_CALL": args{"value": string(callID), "report_events": true}, "CHANNEL(language)": "fr",
			}}},
		}},
		"play": {call.Play{Channel: odd, Playback: "p/1", Media: []string{"sound:a", "digits:1,2"}, Language: "fr"}, []wireRequest{
			{"POST /ari/channels/" + esc + "/play/p%2F1", args{"media": []any{"sound:a", "digits:1,2"}, "lang": "fr"}},
		}},
		"play once, and it plays": {
			call.Play{Channel: odd, Playback: "p/1", Media: []string{"sound:a"}, Once: true},
			[]wireRequest{{"GET /ari/playbacks/p%2F1", args{}}},
		},
		"stop play":  {call.StopPlay{Playback: "p/1"}, []wireRequest{{"DELETE /ari/playbacks/p%2F1", args{}}}},
		"music":      {call.StartMusic{Channel: odd, Class: "a b"}, []wireRequest{{"POST /ari/channels/" + esc + "/moh", args{"mohClass": "a b"}}}},
		"stop music": {call.StopMusic{Channel: odd}, []wireRequest{{"DELETE /ari/channels/" + esc + "/moh", args{}}}},
		"create leg": {
			call.CreateLeg{Call: callID, Channel: leg, Endpoint: "PJSIP/alice", Caller: cdr.Caller{Number: "+331", Name: "Zoé\r\n\"B\""}, Originator: "1.1"},
			[]wireRequest{{"POST /ari/channels/create", args{
				"endpoint": "PJSIP/alice", "app": "linekeeper", "appArgs": "leg," + string(callID), "channelId": string(leg), "originator": "1.1",
				"variables": args{"PJSIP_TRANSFER_HANDLING()": "ari-only", "CONNECTEDLINE(num,i)": "+331", "CONNECTEDLINE(name,i)": "Zoé  \"B\""},
			}}},
		},
		"create outside leg": {
			call.CreateOutsideLeg{Call: callID, Channel: leg, Number: "+33199000100", From: cdr.Caller{Number: "+331"}},
			[]wireRequest{{"POST /ari/channels/create", args{
				"endpoint": "PJSIP/+33199000100@trunk", "app": "linekeeper", "appArgs": "leg," + string(callID), "channelId": string(leg),
				"variables": args{"PJSIP_TRANSFER_HANDLING()": "ari-only", "CONNECTEDLINE(num,i)": "+331"},
			}}},
		},
		"start ringing": {call.StartRinging{Channel: odd}, []wireRequest{{"POST /ari/channels/" + esc + "/ring", args{}}}},
		"stop ringing":  {call.StopRinging{Channel: odd}, []wireRequest{{"DELETE /ari/channels/" + esc + "/ring", args{}}}},
		"record": {
			call.Record{Channel: odd, Name: "lk-1-v1", Most: 90 * time.Second, Silence: 2500 * time.Millisecond, Finish: "#"},
			[]wireRequest{{"POST /ari/channels/" + esc + "/record", args{
				"name": "lk-1-v1", "format": "wav", "ifExists": "fail", "beep": true, "terminateOn": "#",
				"maxDurationSeconds": 90.0, "maxSilenceSeconds": 3.0,
			}}},
		},
		"record without end": {call.Record{Channel: odd, Name: "v"}, []wireRequest{{"POST /ari/channels/" + esc + "/record", args{
			"name": "v", "format": "wav", "ifExists": "fail", "beep": true, "terminateOn": "none",
		}}}},
		"stop recording": {call.StopRecording{Name: "v/1"}, []wireRequest{{"POST /ari/recordings/live/v%2F1/stop", args{}}}},
		"dial leg":       {call.DialLeg{Channel: leg, Timeout: 1500 * time.Millisecond}, []wireRequest{{"POST " + legPath + "/dial", args{"timeout": 2.0}}}},
		"create bridge":  {call.CreateBridge{Bridge: "lk-b"}, []wireRequest{{"POST /ari/bridges/lk-b", args{"type": "mixing"}}}},
		"join":           {call.Join{Bridge: "lk-b", Channels: []call.ChannelID{"1.1", leg}}, []wireRequest{{"POST /ari/bridges/lk-b/addChannel", args{"channel": []any{"1.1", string(leg)}, "inhibitConnectedLineUpdates": true}}}},
		"part": {call.Part{Bridge: "lk-b", Channels: []call.ChannelID{"1.1", leg}}, []wireRequest{
			{"POST /ari/bridges/lk-b/removeChannel", args{"channel": []any{"1.1", string(leg)}}},
		}},
		"mute":   {call.Mute{Channel: leg, On: true}, []wireRequest{{"POST " + legPath + "/mute", args{"direction": "in"}}}},
		"unmute": {call.Mute{Channel: leg}, []wireRequest{{"DELETE " + legPath + "/mute", args{"direction": "in"}}}},
		"send digits": {call.SendDigits{Channel: leg, Digits: "12#"}, []wireRequest{{"POST " + legPath + "/dtmf", args{
			"dtmf": "12#", "before": 0.0, "between": 100.0, "duration": 120.0, "after": 0.0,
		}}}},
		"transfer done": {call.AnswerTransfer{Channel: leg, Done: true}, []wireRequest{
			{"GET " + legPath + "/variable", args{"variable": "CHANNEL(pjsip,call-id)"}},
			{"POST " + legPath + "/transfer_progress", args{"states": "channel_answered"}},
		}},
		"transfer not done": {call.AnswerTransfer{Channel: leg}, []wireRequest{
			{"GET " + legPath + "/variable", args{"variable": "CHANNEL(pjsip,call-id)"}},
			{"POST " + legPath + "/transfer_progress", args{"states": "channel_declined"}},
		}},
		"destroy bridge": {call.DestroyBridge{Bridge: "lk-b"}, []wireRequest{{"DELETE /ari/bridges/lk-b", args{}}}},
		"hang up":        {call.HangUp{Channel: leg, Reason: call.Congestion}, []wireRequest{{"DELETE " + legPath, args{"reason_code": "34"}}}},
		// Said twice: Asterisk may let the phone ring on after the first.
		"hang up, answered elsewhere": {call.HangUp{Channel: leg, Reason: call.AnsweredElsewhere}, []wireRequest{
			{"DELETE " + legPath, args{"reason_code": "26"}}, {"DELETE " + legPath, args{"reason_code": "26"}},
		}},
		"hang up, busy": {call.HangUp{Channel: odd, Reason: call.Busy}, []wireRequest{{"DELETE /ari/channels/" + esc, args{"reason_code": "17"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			fake := asteriskfake.Start(t)
			n, _ := startNode(t, fakeConfig(fake), never())
			fake.Inject(asteriskfake.Fault{Status: http.StatusNoContent, Times: 10})
			before := len(fake.Requests())
			if err := n.Do(t.Context(), tc.cmd); err != nil {
				t.Error(err)
			}
			var got []wireRequest
			for _, r := range fake.Requests()[before:] {
				got = append(got, sent(t, r))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// An answer that is lost leaves open whether the command happened. Said again
// it must not happen twice, whichever it was.
func TestALostAnswerIsAskedForAgain(t *testing.T) {
	for _, happened := range []bool{false, true} {
		for path, say := range map[string]func(*testing.T, scene, call.ChannelID){
			"/answer":     func(t *testing.T, s scene, ch call.ChannelID) { do(t, s.n, call.Answer{Channel: ch}) },
			"/variables":  func(t *testing.T, s scene, ch call.ChannelID) { do(t, s.n, call.Adopt{Channel: ch, Call: callID}) },
			"/bridges/":   func(t *testing.T, s scene, ch call.ChannelID) { do(t, s.n, call.CreateBridge{Bridge: "lk-b"}) },
			"/moh":        func(t *testing.T, s scene, ch call.ChannelID) { do(t, s.n, call.StartMusic{Channel: ch}) },
			"/channels/1": func(t *testing.T, s scene, ch call.ChannelID) { do(t, s.n, call.HangUp{Channel: ch}) },
			"/create": func(t *testing.T, s scene, _ call.ChannelID) {
				do(t, s.n, call.CreateLeg{Call: callID, Channel: call.LegID(s.offer(1)), Endpoint: "PJSIP/alice"})
				next[call.LegReady](t, s.h)
			},
			"/record": func(t *testing.T, s scene, ch call.ChannelID) {
				do(t, s.n, call.Record{Channel: ch, Name: "v"}, call.StopRecording{Name: "v"})
				next[call.Recorded](t, s.h)
			},
			"/recordings/live/v/stop": func(t *testing.T, s scene, ch call.ChannelID) {
				do(t, s.n, call.Record{Channel: ch, Name: "v"}, call.StopRecording{Name: "v"})
				next[call.Recorded](t, s.h)
			},
			"/play/": func(t *testing.T, s scene, ch call.ChannelID) {
				do(t, s.n, call.Play{Channel: ch, Playback: "p", Media: []string{"sound:a"}}, call.StopPlay{Playback: "p"})
				next[call.PlaybackEnded](t, s.h)
				do(t, s.n, call.Play{Channel: ch, Playback: "q", Media: []string{"sound:a"}}, call.StopPlay{Playback: "q"})
				if e := next[call.PlaybackEnded](t, s.h); e.Playback != "q" {
					t.Errorf("played twice: %+v", e)
				}
			},
		} {
			name := path + " before it happened"
			if happened {
				name = path + " after it happened"
			}
			t.Run(name, func(t *testing.T) {
				fake := asteriskfake.Start(t)
				fake.Phone("alice")
				fake.PlayTime(time.Minute) // longer than the wait before asking again
				n, h := startNode(t, fakeConfig(fake), never())
				c := fake.Call("0199000001", "", "")
				next[call.Incoming](t, h)
				fake.Inject(asteriskfake.Fault{Path: path, Drop: true, Happens: happened})
				say(t, scene{n: n, h: h, call: callID}, call.ChannelID(c.ID))
			})
		}
	}
}

// Between INVITE and 180 Asterisk takes a second dial for an error and hangs
// up, so none is said, even if the first one's answer got lost.
func TestALegIsDialledOnce(t *testing.T) {
	for _, lost := range []bool{false, true} {
		fake := asteriskfake.Start(t)
		fake.Phone("alice").Unplug() // takes the INVITE and says nothing
		n, h := startNode(t, fakeConfig(fake), never())
		leg := call.LegID(cdr.OfferID(callID) + "-1")
		do(t, n, call.CreateLeg{Call: callID, Channel: leg, Endpoint: "PJSIP/alice"})
		next[call.LegReady](t, h)
		if lost {
			fake.Inject(asteriskfake.Fault{Path: "/dial", Drop: true, Happens: true})
		}
		dial := call.DialLeg{Channel: leg, Timeout: time.Minute}
		do(t, n, dial, dial, call.HangUp{Channel: leg, Reason: call.AnsweredElsewhere})
		if g := next(t, h, on(leg)); g.Code != 26 {
			t.Errorf("gone %+v (answer lost: %v)", g, lost)
		}
	}
}

func TestADialThatNeverHappenedIsSaidAgain(t *testing.T) {
	fake := asteriskfake.Start(t)
	alice := fake.Phone("alice")
	n, h := startNode(t, fakeConfig(fake), never())
	leg := call.LegID(cdr.OfferID(callID) + "-1")
	do(t, n, call.CreateLeg{Call: callID, Channel: leg, Endpoint: "PJSIP/alice"})
	next[call.LegReady](t, h)
	fake.Inject(asteriskfake.Fault{Path: "/dial", Drop: true})
	do(t, n, call.DialLeg{Channel: leg, Timeout: time.Minute})
	alice.WaitRinging()
	if rings := alice.Rings(); rings != 1 {
		t.Errorf("rang %d times", rings)
	}
}

// A leg may be dialled once it is in our hands and not before; that it is not
// yet there does not make it gone.
func TestALegThatIsNotReadyIsNotGone(t *testing.T) {
	fake := asteriskfake.Start(t)
	fake.Phone("alice")
	n, h := startNode(t, fakeConfig(fake), never())
	leg := call.LegID(cdr.OfferID(callID) + "-1")
	do(t, n, call.CreateLeg{Call: callID, Channel: leg, Endpoint: "PJSIP/alice"})
	next[call.LegReady](t, h)
	fake.Inject(asteriskfake.Fault{Path: "/dial", Status: http.StatusConflict})
	err := n.Do(t.Context(), call.DialLeg{Channel: leg, Timeout: time.Second})
	var refused *asterisk.Error
	if errors.Is(err, call.ErrGone) || !errors.As(err, &refused) || refused.Status != http.StatusConflict || refused.Temporary() {
		t.Errorf("dial too early: %v", err)
	}
	if !strings.Contains(err.Error(), "dial leg "+string(leg)) {
		t.Errorf("the error does not say the act: %v", err)
	}
}

// An Asterisk that takes the request and never answers costs one timeout.
func TestABlackHoleCostsOneTimeout(t *testing.T) {
	fake := asteriskfake.Start(t)
	n, h := startNode(t, fakeConfig(fake), never(), asterisk.RequestTimeout(100*time.Millisecond))
	c := fake.Call("0199000001", "", "")
	next[call.Incoming](t, h)
	fake.Inject(asteriskfake.Fault{Path: "/answer", Delay: time.Minute, Times: 2})
	ctx, cancel := context.WithTimeout(t.Context(), 220*time.Millisecond)
	defer cancel()
	err := n.Do(ctx, call.Answer{Channel: call.ChannelID(c.ID)})
	var refused *asterisk.Error
	if !errors.As(err, &refused) || !refused.Temporary() {
		t.Errorf("answer: %v", err)
	}
	if ctx.Err() == nil {
		t.Errorf("it was not asked again while there was time: %v", err)
	}
}

func TestManyCommandsAtOnceUseFewConnections(t *testing.T) {
	fake := asteriskfake.Start(t)
	n, h := startNode(t, fakeConfig(fake), never())
	c := fake.Call("0199000001", "", "")
	next[call.Incoming](t, h)
	ch := call.ChannelID(c.ID)
	errs := make(chan error, 64)
	for range cap(errs) {
		go func() { errs <- n.Do(t.Context(), call.Adopt{Channel: ch, Call: callID, Language: "fr"}) }()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}
