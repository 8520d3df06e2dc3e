package lab_test

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linekeeper/deploy/lab"
)

// One boot answers: is the log clean, does ARI take a phone, are the sounds
// found in both languages, do two of them run side by side, and is nothing left
// of one that stopped.
func TestAsteriskBootsCleanAndTakesAPhone(t *testing.T) {
	a := startAsterisk(t)
	log, err := os.ReadFile(filepath.Join(a.Files(), "log", "messages.log"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(log)) {
		if strings.Contains(line, "WARNING") || strings.Contains(line, "ERROR") {
			t.Errorf("boot log: %s", line)
		}
	}

	const phones = "/asterisk/config/dynamic/res_pjsip"
	ari(t, a, "PUT", phones+"/auth/ag1", `{"fields":[{"attribute":"auth_type","value":"digest"},{"attribute":"username","value":"ag1"},{"attribute":"password","value":"secret"}]}`)
	ari(t, a, "PUT", phones+"/aor/ag1", `{"fields":[{"attribute":"max_contacts","value":"2"}]}`)
	ari(t, a, "PUT", phones+"/endpoint/ag1", `{"fields":[{"attribute":"auth","value":"ag1"},{"attribute":"aors","value":"ag1"},{"attribute":"context","value":"agents"},{"attribute":"allow","value":"!all,ulaw"}]}`)
	if got := ari(t, a, "GET", "/endpoints/PJSIP/ag1", ""); !strings.Contains(got, `"resource":"ag1"`) {
		t.Errorf("the phone is not there: %s", got)
	}
	for _, sound := range []string{"linekeeper/welcome", "queue-thankyou", "digits/1"} {
		got := ari(t, a, "GET", "/sounds/"+url.PathEscape(sound), "")
		for _, language := range []string{"fr", "en"} {
			if !strings.Contains(got, `"language":"`+language+`","format":"slin"`) {
				t.Errorf("%s is not there in %s: %s", sound, language, got)
			}
		}
	}

	b := startAsterisk(t)
	if b.PID() == a.PID() || b.SIP() == a.SIP() || !a.Running() {
		t.Errorf("two labs are not two: %s %d, %s %d", a.SIP(), a.PID(), b.SIP(), b.PID())
	}
	if got := ari(t, b, "GET", "/endpoints", ""); strings.Contains(got, "ag1") {
		t.Errorf("the second lab sees the first one's phone: %s", got)
	}
}

func startAsterisk(t *testing.T) *lab.Asterisk {
	t.Helper()
	dir := t.TempDir()
	a, stop, err := lab.StartAsterisk(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
		if a.Running() {
			t.Error("still running after stop")
		}
		if err := a.Wipe(); err != nil {
			t.Error(err)
		}
		mounts, err := os.ReadFile("/proc/self/mounts")
		if err != nil || strings.Contains(string(mounts), dir) {
			t.Errorf("a mount is left behind (%v):\n%s", err, mounts)
		}
	})
	return a
}

func ari(t *testing.T, a *lab.Asterisk, method, path, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, a.URL()+"/ari"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(a.User(), a.Password())
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %d %v %s", method, path, resp.StatusCode, err, got)
	}
	return string(got)
}
