package call

import (
	"fmt"
	"strings"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// What an announcement may tell, in the words of cdr.Announced.
const (
	tellsPlace    = "place"
	tellsWait     = "wait"
	tellsPeriodic = "periodic"
	tellsCallback = "callback"
)

// announcement puts what the queue wants told into prompts, in the order a caller
// hears them, and into its fact. key is the callback's. What cannot be said
// honestly is left out of both.
func announcement(language string, ev queue.Announce, key string) ([]string, cdr.Announced) {
	told := cdr.Announced{Queue: ev.Queue}
	var prompts []string
	add := func(what string, more []string) bool {
		if len(more) > 0 {
			prompts, told.What = append(prompts, more...), append(told.What, what)
		}
		return len(more) > 0
	}
	if add(tellsPlace, placePrompts(ev.Place)) {
		told.Place = ev.Place
	}
	if add(tellsWait, waitPrompts(language, ev.Wait)) {
		told.Low, told.High = ev.Wait.Low, ev.Wait.High
	}
	if ev.Prompt != "" {
		add(tellsPeriodic, []string{ev.Prompt})
	}
	if ev.Callback && len(key) == 1 && strings.Contains("0123456789", key) {
		add(tellsCallback, []string{"queue-callback-offer", keyPrompt(key)})
	}
	return prompts, told
}

// lastPrompt is the highest number there is a prompt for; Asterisk says the rest.
const lastPrompt = 60

// placePrompts tell a rank: "vous êtes en position 3".
func placePrompts(place int) []string {
	switch {
	case place <= 0:
		return nil
	case place == 1:
		return []string{"queue-place-next"}
	case place > lastPrompt:
		return []string{"queue-place-before", fmt.Sprintf("number/%d", place)}
	default:
		return []string{"queue-place-before", fmt.Sprintf("n-%d", place)}
	}
}

// waitPrompts tell a wait in whole minutes, never less than it may be at most:
// the lower end is rounded down, the upper up. A wait of no more than a minute is
// told as such; one that may last beyond an hour only by its lower end.
func waitPrompts(language string, w queue.Wait) []string {
	if w.High <= 0 || w.Low < 0 || w.Low > w.High {
		return nil
	}
	least := max(int(w.Low/time.Minute), 1)
	most := max(int((w.High+time.Minute-1)/time.Minute), least+1)
	switch {
	case w.High <= time.Minute:
		return []string{"queue-wait-less-than-one"}
	case most > lastPrompt && least < 2:
		return nil // "more than a minute" and perhaps an hour tells nobody anything
	case most > lastPrompt:
		return []string{"queue-wait-more-than", minutes(language, min(least, lastPrompt)), "queue-wait-minutes"}
	default:
		return []string{"queue-wait-between", minutes(language, least), "queue-wait-and", minutes(language, most), "queue-wait-minutes"}
	}
}

// minutes is a number of minutes, which are feminine in French: "vingt et une".
func minutes(language string, n int) string {
	if strings.HasPrefix(language, "fr") && n%10 == 1 && n != 11 {
		return fmt.Sprintf("n-%df", n)
	}
	return fmt.Sprintf("n-%d", n)
}

// keyPrompt names a key.
func keyPrompt(key string) string { return "d-" + key }

// homeCode begins the numbers that people at home dial by a zero instead.
const homeCode = "+33"

// confirmPrompts read a number out, digit by digit, as people at home dial it.
func confirmPrompts(e164 string) []string {
	prompts := []string{"callback-confirm-number"}
	digits := strings.TrimPrefix(e164, "+")
	if national, home := strings.CutPrefix(e164, homeCode); home {
		digits = "0" + national
	}
	for _, d := range digits {
		prompts = append(prompts, "d-"+string(d))
	}
	return append(prompts, "callback-confirm-keys")
}

// windowPrompts offer the times of day a callback may be wanted at; key 1 is "at
// my turn". Whole hours are what there are words for.
func windowPrompts(windows []queue.Window) []string {
	prompts := []string{"callback-window-now"}
	for i, w := range windows[:min(len(windows), queue.MostWindows)] {
		prompts = append(prompts,
			"callback-window-between", hour(w.From), "callback-window-hour-and", hour(w.To),
			"callback-window-hour-key", keyPrompt(fmt.Sprint(i+2)))
	}
	return prompts
}

// hour is an hour of the day; hours are feminine too, and the file of a feminine
// number is there in every language.
func hour(of time.Duration) string { return minutes("fr", int(of.Hours())) }
