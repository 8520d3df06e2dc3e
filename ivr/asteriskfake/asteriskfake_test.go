package asteriskfake_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"linekeeper/ivr/asteriskfake"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ask speaks ARI by hand; that Asterisk speaks the same is told by the contract
// suite of ivr/asterisk.
func ask(t *testing.T, fake *asteriskfake.Server, method, path, body string, want int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, fake.URL()+"/ari"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(asteriskfake.User, asteriskfake.Password)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != want {
		t.Errorf("%s %s: %s, want %d", method, path, resp.Status, want)
	}
}

func listen(t *testing.T, fake *asteriskfake.Server) *websocket.Conn {
	t.Helper()
	req := &http.Request{Header: http.Header{}}
	req.SetBasicAuth(asteriskfake.User, asteriskfake.Password)
	url := "ws" + strings.TrimPrefix(fake.URL(), "http") + "/ari/events?app=" + asteriskfake.App
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), url, req.Header)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// await reads events until one of a type comes.
func await(t *testing.T, conn *websocket.Conn, kind string) string {
	t.Helper()
	for {
		_, frame, err := conn.ReadMessage()
		if err != nil {
			t.Fatalf("waiting for %s: %v", kind, err)
		}
		if strings.Contains(string(frame), `"type":"`+kind+`"`) {
			return string(frame)
		}
	}
}

func TestACallToAPhone(t *testing.T) {
	fake := asteriskfake.Start(t)
	conn := listen(t, fake)
	alice := fake.Phone("alice")
	alice.Behave((*asteriskfake.Phone).Answer)
	caller := fake.Call("0199000001", "+33612345678", "Ana")
	if start := await(t, conn, "StasisStart"); !strings.Contains(start, `"args":["arrive","0199000001"]`) {
		t.Errorf("start %s", start)
	}
	ask(t, fake, "POST", "/channels/"+caller.ID+"/answer", "", 204)
	caller.WaitAnswered()
	ask(t, fake, "POST", "/channels/create", `{"endpoint":"PJSIP/alice","app":"linekeeper","channelId":"leg"}`, 200)
	await(t, conn, "StasisStart")
	ask(t, fake, "POST", "/bridges/b", "", 200)
	ask(t, fake, "POST", "/bridges/b/addChannel?channel="+caller.ID+",leg", "", 204)
	ask(t, fake, "POST", "/channels/leg/dial", "", 204)
	caller.WaitTalkingTo(alice)
	alice.HangUp()
	await(t, conn, "ChannelDestroyed")
	caller.HangUp()
	if cause := caller.WaitEnded(); cause != 16 {
		t.Errorf("cause %d", cause)
	}
	ask(t, fake, "DELETE", "/bridges/b", "", 204)
	fake.WaitEmpty()
}

func TestACallerWaitsInTheDialplanForAController(t *testing.T) {
	fake := asteriskfake.Start(t)
	caller := fake.Call("0199000001", "", "")
	conn := listen(t, fake)
	if start := await(t, conn, "StasisStart"); !strings.Contains(start, caller.ID) {
		t.Errorf("start %s", start)
	}
}

func TestTheNewestSocketHasTheApplication(t *testing.T) {
	fake := asteriskfake.Start(t)
	first := listen(t, fake)
	second := listen(t, fake)
	await(t, first, "ApplicationReplaced")
	fake.Call("0199000001", "", "")
	await(t, second, "StasisStart")
}

func TestKilledItRefusesAndForgets(t *testing.T) {
	fake := asteriskfake.Start(t)
	listen(t, fake)
	fake.Call("0199000001", "", "")
	fake.Kill()
	if _, err := http.Get(fake.URL()); err == nil {
		t.Error("it answers")
	}
	if err := fake.Restart(); err != nil {
		t.Fatal(err)
	}
	fake.WaitEmpty()
}

func TestWhatItRefuses(t *testing.T) {
	fake := asteriskfake.Start(t)
	fake.Phone("offline").Offline()
	for _, path := range []string{"/channels/none/answer", "/bridges/none/addChannel", "/nowhere"} {
		ask(t, fake, "POST", path, "", 404)
	}
	ask(t, fake, "POST", "/channels/create", `{"endpoint":"PJSIP/nobody"}`, 500)
	ask(t, fake, "POST", "/channels/create", `{"endpoint":"PJSIP/offline"}`, 500)
	ask(t, fake, "POST", "/channels/create", `not JSON`, 400)
	fake.Inject(asteriskfake.Fault{Path: "/bridges", Status: 503})
	ask(t, fake, "GET", "/bridges", "", 503)
	ask(t, fake, "GET", "/bridges", "", 200)
}

// What happens on a watched phone's channel is told twice, as Asterisk does, and
// its endpoint's state besides.
func TestAWatchedPhone(t *testing.T) {
	fake := asteriskfake.Start(t)
	fake.Phone("alice").Offline()
	conn := listen(t, fake)
	const source = `{"eventSource":["endpoint:PJSIP/alice"]}`
	ask(t, fake, "POST", "/applications/linekeeper/subscription", source, 422) // no such endpoint
	ask(t, fake, "PUT", "/asterisk/config/dynamic/res_pjsip/endpoint/alice", `{"fields":[]}`, 200)
	ask(t, fake, "POST", "/applications/linekeeper/subscription", source, 200)
	fake.Phone("alice").Online()
	if told := await(t, conn, "EndpointStateChange"); !strings.Contains(told, `"state":"online","channel_ids":[]`) {
		t.Errorf("told %s", told)
	}
	fake.Phone("alice").RungByOthers()
	if told := await(t, conn, "EndpointStateChange"); strings.Contains(told, `"channel_ids":[]`) {
		t.Errorf("told %s", told)
	}
	fake.Phone("alice").Refuse(486)
	await(t, conn, "ChannelDestroyed")
	ask(t, fake, "POST", "/channels/create", `{"endpoint":"PJSIP/alice","channelId":"leg","app":"linekeeper"}`, 200)
	await(t, conn, "StasisStart")
	ask(t, fake, "POST", "/channels/leg/dial", "", 204)
	if first, second := await(t, conn, "ChannelStateChange"), await(t, conn, "ChannelStateChange"); first != second {
		t.Errorf("%s\nthen %s", first, second)
	}
	ask(t, fake, "DELETE", "/applications/linekeeper/subscription", source, 200)
	ask(t, fake, "DELETE", "/applications/linekeeper/subscription", source, 422)
}

func TestARecordingFollowsThePrompt(t *testing.T) {
	fake := asteriskfake.Start(t)
	conn := listen(t, fake)
	caller := fake.Call("0199000001", "", "")
	await(t, conn, "StasisStart")
	ask(t, fake, "POST", "/channels/"+caller.ID+"/play/p", `{"media":["sound:voicemail-intro"]}`, 201)
	const v = `{"name":"v","format":"wav","terminateOn":"#"}`
	ask(t, fake, "POST", "/channels/"+caller.ID+"/record", v, 201)
	await(t, conn, "PlaybackFinished")
	caller.WaitRecorded()
	ask(t, fake, "GET", "/recordings/live/v", "", 200)
	caller.Speak(3 * time.Second)
	caller.Press("1#")
	if told := await(t, conn, "RecordingFinished"); !strings.Contains(told, `"duration":3`) {
		t.Errorf("told %s", told)
	}
	ask(t, fake, "POST", "/channels/"+caller.ID+"/record", v, 409)
	ask(t, fake, "GET", "/recordings/stored/v", "", 200)
	ask(t, fake, "GET", "/recordings/live/v", "", 404)
	ask(t, fake, "POST", "/recordings/live/v/stop", "", 404)
}

func TestANumberOutsideThatNobodyHas(t *testing.T) {
	fake := asteriskfake.Start(t)
	conn := listen(t, fake)
	ask(t, fake, "POST", "/channels/create", `{"endpoint":"PJSIP/+33199000100@trunk","channelId":"leg","app":"linekeeper"}`, 200)
	await(t, conn, "StasisStart")
	ask(t, fake, "POST", "/channels/leg/dial", "", 204)
	if told := await(t, conn, "ChannelDestroyed"); !strings.Contains(told, `"cause":1,`) {
		t.Errorf("told %s", told)
	}
}
