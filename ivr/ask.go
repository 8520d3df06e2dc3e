package ivr

import "slices"

// ask plays the question, after a notice if there is one.
func (a *Ask) ask(r *run, notice ...string) {
	r.play(slices.Concat(notice, a.Prompts), a.Language)
}

// wait lets the caller take the time for the first key.
func (a *Ask) wait(r *run) {
	r.become(Waiting)
	r.setTimer(a.Wait)
}

// again is the outcome of a try that failed: the question again, or the step for
// those who have used up their tries. tries counts this one.
func (a *Ask) again(r *run, retry Retry, tries int) {
	if tries >= max(retry.Tries, 1) {
		r.goTo(retry.Next)
		return
	}
	a.ask(r, retry.Prompts...)
}

// exits are the two ways out of a question that was not answered.
func (a *Ask) exits() []Exit {
	return []Exit{
		{Label: "no-input", To: a.NoInput.Next, Silent: true},
		{Label: "no-match", To: a.NoMatch.Next},
	}
}
