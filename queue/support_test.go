package queue

import "testing"

func TestWhichCodesFit(t *testing.T) {
	tool := SupportTool{Code: &SupportCode{Pattern: `[0-9]{9,10}|a.*`}}
	for code, fits := range map[string]bool{"123456789": true, "12345678901": false, "x123456789": false, "": false, "abc": true} {
		if tool.Fits(code) != fits {
			t.Errorf("%q fits: %t", code, !fits)
		}
	}
	if none := (&SupportTool{}); !none.Fits("") || none.Fits("1") {
		t.Error("a tool without a code takes one")
	}
}
