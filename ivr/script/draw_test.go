package script_test

import (
	"strings"
	"testing"

	"linekeeper/ivr"
	"linekeeper/ivr/script"
)

func TestDraw(t *testing.T) {
	t.Parallel()
	flow, err := script.ParseFile("testdata/good/full.yaml", lab)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/good/full.mermaid", script.Draw(flow))
	flow, err = script.ParseFile(seeds+"/helpdesk.yaml", lab)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/good/helpdesk.mermaid", script.Draw(flow))
}

// TestDrawQuotes: what people write in a flow is text in the drawing, not markup.
func TestDrawQuotes(t *testing.T) {
	t.Parallel()
	flow := &ivr.Flow{Name: "q", Start: "end", Steps: map[string]ivr.Step{
		"end": &ivr.SetStep{Attributes: map[string]string{"a": "<b>\"x\"</b> #1\n"}, Next: "end"},
	}}
	got := script.Draw(flow)
	if want := `s_end["end<br>set a = #lt;b#gt;#quot;x#quot;#lt;/b#gt; #35;1<br>"]`; !strings.Contains(got, want) {
		t.Fatalf("no %s in:\n%s", want, got)
	}
}
