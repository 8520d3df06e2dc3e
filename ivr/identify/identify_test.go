package identify_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"linekeeper/ivr/identify"
)

func TestWithheldNumbersAreKnown(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]bool{
		"": true, "anonymous": true, "Anonymous": true, " ANONYMOUS\t": true, "sip:anonymous@anonymous.invalid": true,
		"restricted": true, "Unavailable": true, "Masqué": true, "masqu\xe9": true, "\x00": true,
		"0199001001": false, "1001": false, "anonymous-coward": false, "0": false,
	} {
		if got := identify.Withheld(raw); got != want {
			t.Errorf("Withheld(%q) = %v, want %v", raw, got, want)
		}
	}
}

func TestNamesAreMadeHarmless(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ why, raw, want string }{
		{"an ordinary name stays", "Hélène O'Brien", "Hélène O'Brien"},
		{"other scripts stay", "田中 Ольга عمر", "田中 Ольга عمر"},
		{"quotes are data", `Ana "la rapide" Díaz`, `Ana "la rapide" Díaz`},
		{"HTML is data", `<script>alert(1)</script>`, `<script>alert(1)</script>`},
		{"line breaks cannot forge a log line", "Ana\r\nlevel=ERROR", "Ana level=ERROR"},
		{"terminal escapes lose their escape", "\x1b[31mAna\x07\x00", "[31mAna"},
		{"the direction of writing cannot be turned", "Ana\u202egnp.exe\u2066", "Anagnp.exe"},
		{"invisible marks go, joiners stay", "\ufeffمی\u200cخواهم\u200b", "می\u200cخواهم"},
		{"spaces are tidied", "  Ana \t  Díaz  ", "Ana Díaz"},
		{"old exchanges send ISO 8859-1", "H\xe9l\xe8ne", "Hélène"},
		{"C1 controls go, as bytes and as characters", "A\x9bn\u009ba", "Ana"},
		{"nothing is nothing", " \x00\n", ""},
		{"variables are data", "${caller.number} $(reboot) %n", "${caller.number} $(reboot) %n"},
		{"300 bytes are cut", strings.Repeat("a", 300), strings.Repeat("a", identify.MaxText)},
		{"on a character's boundary", strings.Repeat("é", 300), strings.Repeat("é", identify.MaxText)},
		{"and not after a space", strings.Repeat("a", identify.MaxText-1) + " b", strings.Repeat("a", identify.MaxText-1)},
	} {
		if got := identify.Clean(tc.raw); got != tc.want {
			t.Errorf("%s: Clean(%q) = %q, want %q", tc.why, tc.raw, got, tc.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"Ana", "H\xe9l\xe8ne", "\x1b[31m", "\u202e", strings.Repeat("é ", 200), "<b>", "\xc3\x28\xa0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got := identify.Clean(raw)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > identify.MaxText {
			t.Fatalf("Clean(%q) = %q: invalid or too long", raw, got)
		}
		if strings.ContainsFunc(got, unicode.IsControl) || strings.TrimSpace(got) != got {
			t.Fatalf("Clean(%q) = %q: control characters or spaces at the ends", raw, got)
		}
		if again := identify.Clean(got); again != got {
			t.Fatalf("Clean(Clean(%q)) = %q, not %q", raw, again, got)
		}
	})
}
