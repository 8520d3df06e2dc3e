package store

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// items are all things definitions define, each with its fields spelt as in the
// files, so that a person can compare them.
func items(d *Definitions) []item {
	if d == nil {
		return nil
	}
	all := []item{{"site", "", []field{
		{"time-zone", d.TimeZone}, {"seed", number(int64(d.Floor.Seed))}, //nolint:gosec // shown only
	}}}
	for i := range d.Hours {
		all = append(all, hoursItem(&d.Hours[i]))
	}
	all = append(all, labelItems("skill", d.Skills)...)
	all = append(all, labelItems("group", d.Floor.Groups)...)
	for i := range d.Floor.Queues {
		q := queueItem(&d.Floor.Queues[i])
		q.fields = append(q.fields, field{"script", d.QueueScripts[q.id]}, field{"ticket-queue", d.Floor.TicketQueues[q.id]})
		all = append(all, q)
	}
	for i := range d.Floor.Agents {
		all = append(all, agentItem(&d.Floor.Agents[i]))
	}
	for _, r := range d.Floor.Reasons {
		all = append(all, item{"reason", r.ID, append(labelFieldsOf(r.Label), field{"limit", spellTime(r.Limit)})})
	}
	all = append(all, labelItems("disposition", d.Floor.Dispositions)...)
	all = append(all, labelItems("rejection", d.Floor.Rejections)...)
	for i := range d.Floor.Support {
		all = append(all, supportItem(&d.Floor.Support[i]))
	}
	for _, n := range sortedKeys(d.Numbers) {
		to := d.Numbers[n]
		all = append(all, item{"number", n, []field{{"flow", to.Flow}, {"language", to.Language}}})
	}
	all = append(all, diallingItems(&d.Floor.Dialling)...)
	for i := range d.Scripts {
		all = append(all, scriptItem(&d.Scripts[i]))
	}
	for i := range d.Articles {
		all = append(all, articleItem(&d.Articles[i]))
	}
	for _, c := range d.Contacts {
		all = append(all, item{"contact", c.ID, []field{
			{"name", c.Name},
			{"numbers", strings.Join(c.Numbers, ", ")},
			{"email", c.Email},
			{"site", c.Site},
			{"language", c.Language},
			{"vip", truth(c.VIP)},
		}})
	}
	return all
}

func labelFieldsOf(l queue.Label) []field { return []field{{"fr", l.FR}, {"en", l.EN}} }

func labelItems(kind string, labels []queue.Label) []item {
	all := make([]item, len(labels))
	for i, l := range labels {
		all[i] = item{kind, l.ID, labelFieldsOf(l)}
	}
	return all
}

func queueItem(d *queue.Definition) item {
	return item{"queue", d.ID, append(labelFieldsOf(d.Label),
		field{"weight", number(int64(d.Weight))}, field{"strategy", string(d.Strategy)},
		field{"ring", spellTime(d.Ring)}, field{"ring-step", spellTime(d.RingStep)}, field{"ageing", decimal(d.Ageing)},
		field{"widening", each(d.Widening, spellWidening)}, field{"tiers", each(d.Tiers, spellTier)},
		field{"wrap-up", spellWrapUp(&d.WrapUp)}, field{"no-answer", spellMiss(d.NoAnswer)}, field{"reject", spellMiss(d.Reject)},
		field{"join-empty", spellFactors(d.JoinEmpty)}, field{"leave-when-empty", spellFactors(d.LeaveWhenEmpty)},
		field{"max-calls", number(int64(d.Most))}, field{"max-wait", spellTime(d.MaxWait)},
		field{"overflow", spellTargets(d.Overflow)}, field{"exits", spellTargets(d.Exits)},
		field{"announce", spellAnnounce(d.Announce)}, field{"callback", spellCallback(d.Callback)},
		field{"resume", spellTime(d.Resume)}, field{"last-agent", spellTime(d.LastAgent)}, field{"ticket-owner", spellTime(d.TicketOwner)},
		field{"short-abandon", spellTime(d.ShortAbandon)},
		field{"service-level", fmt.Sprintf("%s%% within %s of %s", decimal(d.Goal), spellTime(d.Level), cmp.Or(d.Formula, queue.LevelOfAbandoned))},
		field{"music", d.Music},
		field{"number", d.Number},
		field{"recording", string(d.Recording)},
	)}
}

func agentItem(a *queue.Agent) item {
	queues := make([]string, len(a.Queues))
	for i, id := range a.Queues {
		if queues[i] = id; a.Member[id] != (queue.Member{}) {
			queues[i] = fmt.Sprintf("%s (tier %d, order %d)", id, a.Member[id].Tier, a.Member[id].Order)
		}
	}
	return item{"agent", a.ID, []field{
		{"name", a.Name},
		{"queues", strings.Join(queues, ", ")},
		{"groups", strings.Join(a.Groups, ", ")},
		{"skills", spellLevels(a.Skills)},
		{"languages", strings.Join(a.Languages, ", ")},
		{"wrap-up", spellWrapUp(a.WrapUp)},
		{"weight", number(int64(a.Weight))},
		{"phone", string(a.Phone)},
		{"desk", truth(a.Desk)},
		{"contact", a.Contact},
	}}
}

func hoursItem(h *queue.Hours) item {
	fields := labelFieldsOf(h.Label)
	for day, name := range weekdays {
		fields = append(fields, field{name, each(h.Week[day], spell)})
	}
	holidays := make([]string, 0, len(h.Holidays))
	for _, date := range sortedKeys(h.Holidays) {
		if spans := h.Holidays[date]; len(spans) > 0 {
			date += " (" + each(spans, spell) + ")"
		}
		holidays = append(holidays, date)
	}
	return item{"hours", h.ID, append(fields, field{"holidays", strings.Join(holidays, ", ")})}
}

// each spells a list.
func each[T any](list []T, spell func(T) string) string {
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = spell(v)
	}
	return strings.Join(words, "; ")
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func decimal(n float64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatFloat(n, 'g', -1, 64)
}

func truth(b bool) string {
	if b {
		return "true"
	}
	return ""
}

// spellTime is a duration, nothing for none.
func spellTime(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return short(d)
}

func spellWidening(w queue.Widening) string {
	words := []string{"after " + short(w.After)}
	if len(w.Lower) > 0 {
		words = append(words, "lower "+spellLevels(w.Lower))
	}
	if len(w.AddGroups) > 0 {
		words = append(words, "add "+strings.Join(w.AddGroups, ", "))
	}
	if w.Raise != 0 {
		words = append(words, fmt.Sprintf("raise by %d", w.Raise))
	}
	if w.AnyLanguage {
		words = append(words, "any language")
	}
	return strings.Join(words, " ")
}

func spellTier(b queue.TierBound) string {
	if b.Most < 0 {
		return fmt.Sprintf("after %s from %d", short(b.After), b.Least)
	}
	return fmt.Sprintf("after %s from %d to %d", short(b.After), b.Least, b.Most)
}

func spellLevels(levels map[string]int) string {
	words := make([]string, 0, len(levels))
	for _, skill := range sortedKeys(levels) {
		words = append(words, fmt.Sprintf("%s %d", skill, levels[skill]))
	}
	return strings.Join(words, ", ")
}

func spellWrapUp(w *queue.WrapUpRule) string {
	switch {
	case w == nil:
		return ""
	case w.Mode == queue.WrapUpTimed:
		return "timed for " + short(w.For)
	}
	return string(w.Mode)
}

func spellMiss(m queue.MissRule) string {
	var words []string
	if m.Delay > 0 {
		words = append(words, "delay "+short(m.Delay))
	}
	if m.NotReadyAfter > 0 {
		words = append(words, fmt.Sprintf("not ready after %d", m.NotReadyAfter))
	}
	return strings.Join(words, ", ")
}

func spellFactors(set queue.Factors) string {
	var words []string
	for _, name := range factorNames {
		if set&factorOf[name] != 0 {
			words = append(words, name)
		}
	}
	return strings.Join(words, ", ")
}

func spellTargets[K ~string](targets map[K]queue.Overflow) string {
	words := make([]string, 0, len(targets))
	for cause, to := range targets {
		words = append(words, string(cause)+" to "+spellTarget(to))
	}
	slices.Sort(words)
	return strings.Join(words, "; ")
}

func spellTarget(to queue.Overflow) string {
	if to.Kind == cdr.ToVoicemail || to.Kind == cdr.ToCallback || to.Kind == cdr.ToBusy {
		return string(to.Kind)
	}
	return string(to.Kind) + " " + to.Queue + to.Flow + to.Number
}

func spellAnnounce(a queue.Announcements) string {
	var words []string
	if a.Place {
		place := "place"
		if a.PlaceMost > 0 {
			place += fmt.Sprintf(" up to %d", a.PlaceMost)
		}
		if a.PlaceOnlyUp {
			place += " when better"
		}
		words = append(words, place)
	}
	if a.Wait {
		words = append(words, "wait")
	}
	if len(words) > 0 {
		words = append(words, times("first after "+short(a.First), a.Every))
	}
	if len(a.Periodic) > 0 {
		words = append(words, fmt.Sprintf("%s every %s", strings.Join(a.Periodic, ", "), short(a.PeriodicEvery)))
	}
	return strings.Join(words, "; ")
}

func times(first string, every time.Duration) string {
	if every == 0 {
		return first
	}
	return first + ", then every " + short(every)
}

func spellCallback(c *queue.CallbackRule) string {
	if c == nil {
		return ""
	}
	words := []string{string(c.Mode)}
	if c.Key != "" {
		words = append(words, "key "+c.Key)
	}
	if c.OfferAfter > 0 {
		words = append(words, times("offered after "+short(c.OfferAfter), c.Every))
	}
	if c.OfferAbove > 0 {
		words = append(words, "above a wait of "+short(c.OfferAbove))
	}
	words = append(words, fmt.Sprintf("%d tries of %s, %s apart, for %s", c.Tries, short(c.Ring), short(c.RetryAfter), short(c.Expires)))
	for _, w := range c.Windows {
		words = append(words, fmt.Sprintf("%s %s (%s, %s)", w.ID, spell(queue.Span{From: w.From, To: w.To}), w.FR, w.EN))
	}
	if c.Hours != "" {
		words = append(words, "in hours "+c.Hours)
	}
	return strings.Join(words, "; ")
}
