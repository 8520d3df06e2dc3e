package queue

import "testing"

func TestSupportLink(t *testing.T) {
	tool := SupportTool{URL: "https://get.example.com/s?c={code}&t={ticket}&by={agent}#{call}", Code: &SupportCode{Pattern: `[0-9]{9,10}|a.*`}}
	got := tool.SupportLink(map[string]string{"{code}": "a&x=1 {agent}/../+é", "{ticket}": "12", "{agent}": "alice", "{call}": "c1"})
	if want := "https://get.example.com/s?c=a%26x%3D1%20%7Bagent%7D%2F..%2F%2B%C3%A9&t=12&by=alice#c1"; got != want {
		t.Errorf("the link is %s, want %s", got, want)
	}
	for code, fits := range map[string]bool{"123456789": true, "12345678901": false, "x123456789": false, "": false, "abc": true} {
		if tool.Fits(code) != fits {
			t.Errorf("%q fits: %t", code, !fits)
		}
	}
	if none := (&SupportTool{}); !none.Fits("") || none.Fits("1") {
		t.Error("a tool without a code takes one")
	}
}
