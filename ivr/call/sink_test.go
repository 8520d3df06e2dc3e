package call

import (
	"testing"

	"linekeeper/cdr"
)

// Who withholds their number is nobody we know, not everybody else who does.
func TestCallersAsTheNetworkTellsThem(t *testing.T) {
	for told, want := range map[cdr.Caller]cdr.Caller{
		{Number: "0199001001", Name: "Ana\nDíaz"}:        {Number: "+33199001001", Name: "Ana Díaz"},
		{Number: "1001", Name: "Ana"}:                    {Number: "1001", Name: "Ana"},
		{Number: "anonymous", Name: "Anonymous"}:         {},
		{Number: "anonymous", Name: "Ana"}:               {Name: "Ana"},
		{Number: "Masqu\xe9", Name: ""}:                  {},
		{Number: "", Name: "restricted"}:                 {},
		{Number: "0199001001", Name: "Unknown Pleasure"}: {Number: "+33199001001", Name: "Unknown Pleasure"},
	} {
		if got := cleaned(told); got != want {
			t.Errorf("%+v became %+v, want %+v", told, got, want)
		}
	}
}
