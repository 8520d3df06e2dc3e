package numbers_test

import (
	"strings"
	"testing"

	"linekeeper/cdr/numbers"
)

func TestNumbersAreReadAsE164(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ raw, region, want string }{
		{"0199000001", "FR", "+33199000001"}, // kept for fiction, never assigned
		{"0199001001", "FR", "+33199001001"},
		{"01 99 00 10 01", "FR", "+33199001001"},
		{"01.99.00.10.01", "FR", "+33199001001"},
		{"01\u00a099\u202f00 10 01", "FR", "+33199001001"},
		{"199001001", "FR", "+33199001001"},
		{"+33 1 99 00 10 01", "FR", "+33199001001"},
		{"+33 (0)1 99 00 10 01", "FR", "+33199001001"},
		{"(+33) 1 99 00 10 01", "FR", "+33199001001"},
		{"0033199001001", "FR", "+33199001001"},
		{"33199001001", "FR", "+33199001001"},
		{"0612345678", "FR", "+33612345678"},
		{"+41 44 668 18 00", "FR", "+41446681800"},
		{"+1 (514) 555-0199", "FR", "+15145550199"},
		{"514-555-0199", "CA", "+15145550199"},
		{"00 41 44 668 18 00", "FR", "+41446681800"},
	} {
		got, ok := numbers.E164(tc.raw, tc.region)
		if got != tc.want || !ok {
			t.Errorf("E164(%q, %s) = %q, %v; want %q", tc.raw, tc.region, got, ok, tc.want)
		}
	}
}

func TestWhatIsNoNumberIsNotMadeOne(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"", " ", "1001", "15", "*21#", "anonymous", "alice", "0800FLOWERS", "+", "++33199001001",
		"01990010011", "019900100", "33199001001+", "0199001001;ext=4", "sip:0199001001@example.com",
		"0199001001\x00", "٠١٩٩٠٠١٠٠١", strings.Repeat("1", 300),
	} {
		if got, ok := numbers.E164(raw, "FR"); ok || got != "" {
			t.Errorf("E164(%q) = %q, %v; want nothing", raw, got, ok)
		}
	}
}

func TestPremiumByPlan(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]bool{
		"+33899700000": true, "+33825123456": true, "+33811123456": true, // surtaxés
		"+33800123456": false, "+33809123456": false, // free, and the price of a call
		"+33144001001": false, "+33199001001": false, "+33612345678": false, "+41446681800": false,
		"+499001234567": true, "+49900123456789": true, // with two digits too many
		"+493012345678": false, "+49301234567890": false,
		"+19005550199": true, "+15145550199": false,
		"+449098790879": true, "": false, "112": false, "anonymous": false,
	} {
		if got := numbers.Premium(number); got != want {
			t.Errorf("%s is premium: %t", number, got)
		}
	}
}

func FuzzE164(f *testing.F) {
	for _, seed := range []string{"0199001001", "+33 1 99 00 10 01", "anonymous", "00", "+1", "\x00", "(+", "0033(0)1"} {
		f.Add(seed, "FR")
	}
	f.Fuzz(func(t *testing.T, raw, region string) {
		got, ok := numbers.E164(raw, region)
		if !ok {
			if got != "" {
				t.Fatalf("E164(%q, %q) = %q though it is no number", raw, region, got)
			}
			return
		}
		if len(got) < 3 || len(got) > 18 || got[0] != '+' || strings.Trim(got[1:], "0123456789") != "" {
			t.Fatalf("E164(%q, %q) = %q, which is not E.164", raw, region, got)
		}
		if again, ok := numbers.E164(got, "FR"); !ok || again != got {
			t.Fatalf("E164(%q) = %q, %v: not stable", got, again, ok)
		}
	})
}
