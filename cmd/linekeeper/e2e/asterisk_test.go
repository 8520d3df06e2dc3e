package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// askARI reads from Asterisk's own interface, past the controller.
func (s *stack) askARI(path string, out any) error {
	ctx, cancel := soon()
	defer cancel()
	basic := base64.StdEncoding.EncodeToString([]byte(s.env["LAB_ARI_USER"] + ":" + s.env["LAB_ARI_PASSWORD"]))
	return s.getJSON(ctx, s.env["LAB_ARI"]+"/ari"+path, "Basic "+basic, out)
}

// nothingLeft asserts that Asterisk has no channel and no bridge any more.
func (s *stack) nothingLeft(t testing.TB) {
	t.Helper()
	for _, path := range []string{"/channels", "/bridges"} {
		until(t, "Asterisk has no "+path[1:]+" left", patient, func() error {
			var left []struct {
				ID    string
				Name  string
				State string
			}
			if err := s.askARI(path, &left); err != nil {
				return err
			}
			if len(left) > 0 {
				return fmt.Errorf("%+v", left)
			}
			return nil
		})
	}
}

// rtp is how many packets of audio Asterisk received and sent on a leg.
func (s *stack) rtp(t testing.TB, channel string) (received, sent int) {
	t.Helper()
	var stats struct {
		RX int `json:"rxcount"`
		TX int `json:"txcount"`
	}
	if err := s.askARI("/channels/"+channel+"/rtp_statistics", &stats); err != nil {
		t.Fatalf("read the audio of %s: %v", channel, err)
	}
	return stats.RX, stats.TX
}

// number reads an RT ID, a number or a string.
func number(i rtItem) int {
	n, _ := strconv.Atoi(strings.Trim(string(i.ID), `"`))
	return n
}

// decodeContent reads the text of an attachment, which RT sends in base64.
func decodeContent(t testing.TB, data []byte) string {
	t.Helper()
	var a struct{ Content string }
	if err := json.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	text, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(a.Content, "\n", ""))
	if err != nil {
		return a.Content
	}
	return string(text)
}
