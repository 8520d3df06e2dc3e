package knowledge

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"linekeeper/agentdesk/knowledge/internal/hostile"
)

func TestSplit(t *testing.T) {
	for text, want := range map[string][]string{
		"":                            nil,
		"L'imprimante n'imprime PLUS": {"l", "imprimante", "n", "imprime", "plus"},
		"VPN vpn  Vpn":                {"vpn"},
		"réseau re\u0301seau":         {"réseau", "reseau"},
		"802.1x & wi-fi":              {"802", "1x", "wi", "fi"},
		"a' | !b:*":                   {"a", "b"},
	} {
		if got := split(text); !slices.Equal(got, want) {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	long := split(strings.Repeat("x", 300) + " " + strings.Repeat("mot1 mot2 ", 99) + "a b c d e f g h i j k l m n")
	if len(long) != mostWords || long[mostWords-1] != "n" {
		t.Errorf("of a long text remain %q", long)
	}
}

func TestQuery(t *testing.T) {
	for _, c := range []struct {
		words  string
		op     string
		prefix bool
		want   string
	}{
		{"", "&", true, ""},
		{"impri", "&", true, "'impri':*"},
		{"mot de passe", "|", true, "'mot' | 'de' | 'passe':*"},
		{"mot de passe", "&", false, "'mot' & 'de' & 'passe'"},
	} {
		if got := query(split(c.words), c.op, c.prefix); got != c.want {
			t.Errorf("%q is %q, want %q", c.words, got, c.want)
		}
	}
	for text, want := range map[string]bool{"": false, "mot": true, "mot ": false, "mot.": false, "re\u0301": true, "x2": true} {
		if got := typing(text); got != want {
			t.Errorf("typing %q: %v", text, got)
		}
	}
}

func TestPlain(t *testing.T) {
	markdown := "# Titre\n\n1. **Ouvrir** la [console](https://x.example/a_b) `net use`\n2. ![image](x.png)\n> cité \ue000 <b>gras</b>\n- 3 * 4 - 1\n"
	if got, want := plain(markdown), "Titre Ouvrir la console net use image cité <b>gras</b> 3 * 4 - 1"; got != want {
		t.Errorf("plain text is %q, want %q", got, want)
	}
	var text strings.Builder
	for _, p := range snippet("a " + hitBegin + "b" + hitEnd + " c" + hitBegin + "unfinished") {
		if p.Hit {
			text.WriteString("[" + p.Text + "]")
		} else {
			text.WriteString(p.Text)
		}
	}
	if text.String() != "a [b] c[unfinished]" {
		t.Errorf("the snippet is %q", text.String())
	}
}

// Whatever is typed, nothing in the query means anything to its parser but what
// query itself has put there.
func FuzzQuery(f *testing.F) {
	for _, s := range hostile.Texts {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		words := split(text)
		if len(words) > mostWords {
			t.Errorf("%d words", len(words))
		}
		for _, w := range words {
			if w == "" || utf8.RuneCountInString(w) > longestWord || !utf8.ValidString(w) {
				t.Errorf("the word %q", w)
			}
			if i := strings.IndexFunc(w, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }); i >= 0 {
				t.Errorf("the word %q holds %q", w, w[i:])
			}
		}
		for _, op := range []string{"&", "|"} {
			q := query(words, op, typing(text))
			for _, w := range words {
				q = strings.Replace(q, "'"+w+"'", "", 1)
			}
			if strings.Trim(q, " "+op+":*") != "" {
				t.Errorf("beside its words the query holds %q", q)
			}
		}
	})
}
