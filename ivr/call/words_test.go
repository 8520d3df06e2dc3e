package call

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// said reads prompts as a caller hears them: the words of each, from the tables
// below. A prompt without words fails the test: nobody would hear it.
func said(t *testing.T, language string, prompts []string) string {
	t.Helper()
	var out []string
	for _, p := range prompts {
		words, known := spoken[language][p]
		if !known {
			t.Errorf("nobody knows how to say %q in %s", p, language)
		}
		if _, err := os.Stat(filepath.Join("..", "..", "asterisk-config", "prompts", language, p+".wav")); err != nil {
			t.Errorf("prompt %q is not recorded in %s", p, language)
		}
		out = append(out, words)
	}
	return strings.Join(out, " ")
}

// spoken are the words of our prompts (asterisk-config/prompts/ORIGIN.md).
var spoken = map[string]map[string]string{
	"fr": {
		"queue-place-before": "Vous êtes en position", "queue-place-next": "Votre appel est le prochain.",
		"queue-wait-between": "Votre attente est estimée entre", "queue-wait-and": "et",
		"queue-wait-minute": "minute.", "queue-wait-minutes": "minutes.",
		"queue-wait-less-than-one": "Votre attente est estimée à moins d'une minute.",
		"queue-wait-more-than":     "Votre attente est estimée à plus de",
		"queue-thanks":             "Merci de votre patience.", "queue-callback-offer": "Pour être rappelé sans perdre votre place, appuyez sur",
		"d-1": "1.", "n-1f": "une", "n-21f": "vingt et une", "n-31f": "trente et une", "n-41f": "41 (feminine)", "n-51f": "cinquante et une",
	},
	"en": {
		"queue-place-before": "You are at position", "queue-place-next": "Your call is next.",
		"queue-wait-between": "Your wait is estimated at between", "queue-wait-and": "and",
		"queue-wait-minute": "minute.", "queue-wait-minutes": "minutes.",
		"queue-wait-less-than-one": "Your wait is estimated at less than one minute.",
		"queue-wait-more-than":     "Your wait is estimated at more than",
		"queue-thanks":             "Thank you for your patience.", "queue-callback-offer": "To be called back without losing your place, press",
		"d-1": "1.",
	},
}

func init() {
	for n := range lastPrompt + 1 {
		for _, language := range []string{"fr", "en"} {
			spoken[language][fmt.Sprintf("n-%d", n)] = fmt.Sprint(n)
		}
	}
}

// TestAnnouncementsAsHeard writes every kind of announcement out in words, in
// both languages: testdata/announcements.golden, rewritten with -update.
func TestAnnouncementsAsHeard(t *testing.T) {
	var waits []queue.Wait
	for _, seconds := range [][2]int{
		{0, 0},
		{0, 20},
		{10, 60},
		{10, 61},
		{60, 60},
		{60, 180},
		{130, 390},
		{300, 300},
		{660, 1260},
		{1260, 2461},
		{3540, 3600},
		{90, 7200},
		{30, 7200},
		{1860, 10800},
		{7200, 10800},
		{300, 120},
		{-60, 60},
	} {
		waits = append(waits, queue.Wait{Low: time.Duration(seconds[0]) * time.Second, High: time.Duration(seconds[1]) * time.Second})
	}
	var out strings.Builder
	for _, language := range []string{"fr", "en"} {
		fmt.Fprintf(&out, "# %s\n", language)
		for _, place := range []int{0, 1, 2, 21, 60} {
			prompts, told := announcement(language, queue.Announce{Place: place}, "")
			fmt.Fprintf(&out, "place %d: %s %v\n", place, said(t, language, prompts), told.What)
		}
		for _, w := range waits {
			prompts, told := announcement(language, queue.Announce{Wait: w}, "")
			fmt.Fprintf(&out, "wait %s to %s: %s %v\n", w.Low, w.High, said(t, language, prompts), told.What)
		}
		all := queue.Announce{Place: 3, Wait: queue.Wait{Low: 2 * time.Minute, High: 4 * time.Minute}, Prompt: "queue-thanks", Callback: true}
		prompts, told := announcement(language, all, "1")
		fmt.Fprintf(&out, "everything: %s %v\n", said(t, language, prompts), told.What)
		prompts, told = announcement(language, queue.Announce{Callback: true}, "")
		fmt.Fprintf(&out, "a callback without a key: %s %v\n", said(t, language, prompts), told.What)
	}
	const golden = "testdata/announcements.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("callers hear something else (-written +heard):\n%s", diff)
	}
}

// TestWhatHasNoPromptIsLeftToAsterisk: places beyond the numbers we have.
func TestWhatHasNoPromptIsLeftToAsterisk(t *testing.T) {
	prompts, _ := announcement("fr", queue.Announce{Place: 73}, "")
	if diff := cmp.Diff([]string{"sound:linekeeper/queue-place-before", "number:73"}, media(prompts)); diff != "" {
		t.Error(diff)
	}
}

// TestEveryPromptIsRecorded: all that is said beside flows is there in both
// languages.
func TestEveryPromptIsRecorded(t *testing.T) {
	windows := []queue.Window{{From: time.Hour, To: 21 * time.Hour}, {From: 9 * time.Hour, To: 24 * time.Hour}}
	prompts := append(confirmPrompts("+33123456789"), windowPrompts(windows)...)
	for _, cause := range []string{"full", "closed", "empty", "key"} {
		prompts = append(prompts, farewell(cdr.LeaveCause(cause))...)
	}
	prompts = append(prompts, "callback-ask-number", "callback-done", "callback-connecting", "voicemail-intro", "voicemail-thanks", "invalid", "no-input", "goodbye")
	for _, language := range []string{"fr", "en"} {
		for _, p := range prompts {
			if _, err := os.Stat(filepath.Join("..", "..", "asterisk-config", "prompts", language, p+".wav")); err != nil {
				t.Errorf("%s is not recorded in %s", p, language)
			}
		}
	}
}
