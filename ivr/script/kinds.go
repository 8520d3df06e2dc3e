package script

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"linekeeper/ivr"
)

// kinds are the step types and their readers. A reader asks for every field its
// type has, so that done can refuse the others.
func kinds() map[string]func(*fields) ivr.Step {
	return map[string]func(*fields) ivr.Step{
		"play":      readPlay,
		"menu":      readMenu,
		"collect":   readCollect,
		"set":       readSet,
		"queue":     readQueue,
		"callback":  readCallback,
		"voicemail": readVoicemail,
		"hours":     readHours,
		"hangup":    readHangup,
		"goto":      readGoto,
	}
}

func readPlay(in *fields) ivr.Step {
	in.need("prompts", "write prompts: [name]")
	return &ivr.PlayStep{
		Prompts:  in.f.prompts(in, "prompts", 1),
		Language: in.f.language(in, "language"),
		BargeIn:  in.flag("barge_in", true),
		Next:     in.f.next(in),
	}
}

func readMenu(in *fields) ivr.Step {
	step := &ivr.MenuStep{Ask: readAsk(in), Choices: map[string]ivr.Choice{}}
	in.need("choices", `write choices: {"1": {label: Incident, next: incident}}`)
	choices := in.sub("choices")
	if choices == nil {
		return step
	}
	keys := choices.names()
	if len(keys) == 0 {
		in.f.problem(choices.at, in.owner+" has no choices", "give it at least one")
	}
	for _, key := range keys {
		if !ivr.IsKey(key) {
			in.f.problem(choices.keys[key], fmt.Sprintf("%s: %q is not one key", in.owner, key), `use "0" to "9", "*", "#" or "A" to "D", in quotes`)
			continue
		}
		step.Choices[key] = readChoice(in.f.mapping(choices.values[key], choices.keys[key], fmt.Sprintf("%s: choice %q", in.owner, key)))
	}
	return step
}

func readChoice(in *fields) ivr.Choice {
	in.need("label", "say what a person reads when it was chosen, label: Incident")
	choice := ivr.Choice{Replay: in.flag("replay", false)}
	choice.Label, _ = in.text("label")
	_, next := in.get("next")
	switch {
	case choice.Replay && next:
		in.f.problem(in.keys["next"], in.owner+" replays the menu and goes on as well", "leave one of the two out")
	case !choice.Replay:
		choice.Next = in.f.next(in)
	}
	in.done()
	return choice
}

// The bounds of what a caller may be asked to wait.
const (
	minPause, maxPause = 500 * time.Millisecond, time.Minute
	maxTries           = 10
)

func readAsk(in *fields) ivr.Ask {
	ask := ivr.Ask{
		Prompts:  in.f.prompts(in, "prompts", 0),
		Language: in.f.language(in, "language"),
		BargeIn:  in.flag("barge_in", true),
	}
	in.need("no_input", "say what happens when nothing is pressed, no_input: {next: goodbye}")
	if sub := in.sub("no_input"); sub != nil {
		ask.Wait = sub.duration("after", minPause, maxPause, 5*time.Second)
		ask.NoInput = readRetry(sub, 2)
	}
	in.need("no_match", "say what happens when a wrong key is pressed, no_match: {next: goodbye}")
	if sub := in.sub("no_match"); sub != nil {
		ask.NoMatch = readRetry(sub, 3)
	}
	return ask
}

func readRetry(in *fields, tries int) ivr.Retry {
	retry := ivr.Retry{
		Tries:   in.number("tries", 1, maxTries, tries),
		Prompts: in.f.prompts(in, "prompts", 0),
		Next:    in.f.next(in),
	}
	in.done()
	return retry
}

// maxDigits is the longest number a collect step takes.
const maxDigits = 32

func readCollect(in *fields) ivr.Step {
	in.need("max", "say how many digits there may be, max: 8")
	step := &ivr.CollectStep{
		Ask:     readAsk(in),
		Min:     in.number("min", 0, maxDigits, 1),
		Max:     in.number("max", 1, maxDigits, maxDigits),
		End:     readEnd(in),
		Between: in.duration("between", minPause, maxPause, 3*time.Second),
		Secret:  in.flag("secret", false),
		Next:    in.f.next(in),
	}
	if step.Min > step.Max {
		in.f.problem(in.keys["min"], in.owner+": min is more than max", "")
	}
	in.need("into", "name the variable that receives the digits, into: ticket")
	if name, node := in.text("into"); node != nil {
		step.Into = name
		in.f.writes(name, node, step.Secret)
	}
	return step
}

// readEnd reads the key that ends a number: "#" if not said, "none" for none.
func readEnd(in *fields) string {
	key, node := in.text("end")
	switch {
	case node == nil:
		return "#"
	case key == "none":
		return ""
	case key != "#" && key != "*":
		in.wrong("end", node, `"#", "*" or none`, "")
	}
	return key
}

func readSet(in *fields) ivr.Step {
	step := &ivr.SetStep{
		Attributes: in.f.textMap(in.sub("attributes")),
		Needs:      in.f.needs(in),
		Priority:   priority(in),
	}
	if sub := in.sub("variables"); sub != nil {
		step.Variables = in.f.textMap(sub)
		for name := range step.Variables {
			in.f.writes(name, sub.keys[name], false)
		}
	}
	if text, node := in.text("language"); node != nil {
		step.Language = text
		in.f.reads(text, node)
		if !strings.Contains(text, "${") {
			in.f.spoken(text, node)
		}
	}
	if !in.hasAny("attributes", "variables", "language", "priority", "needs") {
		in.f.problem(in.at, in.owner+" sets nothing", "give it variables, attributes, language, priority or needs, or make it a goto")
	}
	step.Next = in.f.next(in)
	return step
}

func readQueue(in *fields) ivr.Step {
	step := &ivr.QueueStep{Queue: readQueueName(in), Priority: priority(in), Needs: in.f.needs(in)}
	if name, node := in.text("music"); node != nil {
		step.Music = name
		in.f.named("music class", name, node, nil)
	}
	if on := in.sub("on"); on != nil {
		step.On = readCauses(on)
	}
	step.Next = in.f.mayGoOn(in)
	return step
}

// causes are what a queue may give a call back for: the words of cdr.LeaveCause
// that leave the caller on the line.
var causes = []string{"answered", "closed", "empty", "full", "join-empty", "key", "max-wait"}

// readCauses reads where a call goes by the cause it left the queue for.
func readCauses(in *fields) map[string]string {
	on := map[string]string{}
	for _, cause := range in.names() {
		name, node := in.text(cause)
		if !slices.Contains(causes, cause) {
			in.f.problem(in.keys[cause], fmt.Sprintf("%s: a queue does not give calls back for %q", in.owner, cause), suggest(cause, causes))
			continue
		}
		if node != nil {
			on[cause] = name
			in.f.targets = append(in.f.targets, target{from: in.f.current, owner: in.owner, to: name, node: node})
		}
	}
	return on
}

func readQueueName(in *fields) string {
	in.need("queue", "name the queue, queue: support-n1")
	name, node := in.text("queue")
	if node != nil {
		in.f.named("queue", name, node, in.f.ctx.Queues)
	}
	return name
}

func readCallback(in *fields) ivr.Step {
	return &ivr.CallbackStep{
		Queue: readQueueName(in), Priority: priority(in), Needs: in.f.needs(in), Next: in.f.mayGoOn(in),
	}
}

// The bounds of a message.
const minMessage, maxMessage = 5 * time.Second, 10 * time.Minute

func readVoicemail(in *fields) ivr.Step {
	return &ivr.VoicemailStep{
		Prompts: in.f.prompts(in, "prompts", 0),
		Most:    in.duration("max", minMessage, maxMessage, 3*time.Minute),
		Next:    in.f.mayGoOn(in),
	}
}

func readHours(in *fields) ivr.Step {
	in.need("hours", "name hours of the definitions, hours: office")
	step := &ivr.HoursStep{
		Open:   in.f.leadsTo(in, "open", "name the step for when they are open, open: menu"),
		Closed: in.f.leadsTo(in, "closed", "name the step for when they are closed, closed: night"),
	}
	if name, node := in.text("hours"); node != nil {
		step.Hours = name
		in.f.named("hours", name, node, in.f.ctx.Hours)
	}
	return step
}

func readHangup(in *fields) ivr.Step {
	reasons := []string{string(ivr.HangupNormal), string(ivr.HangupBusy), string(ivr.HangupNoAnswer), string(ivr.HangupCongestion)}
	step := &ivr.HangupStep{Reason: ivr.HangupNormal}
	if reason, node := in.text("reason"); node != nil {
		step.Reason = ivr.HangupReason(reason)
		in.f.named("reason", reason, node, reasons)
	}
	return step
}

func readGoto(in *fields) ivr.Step { return &ivr.GotoStep{Next: in.f.next(in)} }

// priority reads a priority that may be left as it is.
func priority(in *fields) *int {
	if _, ok := in.get("priority"); !ok {
		return nil
	}
	p := in.number("priority", 0, 9, 0)
	return &p
}

// next reads the name of the step to go to, which must be there.
func (f *file) next(in *fields) string {
	return f.leadsTo(in, "next", "name the step to go to, next: goodbye")
}

// leadsTo reads a field that names a step.
func (f *file) leadsTo(in *fields, field, fix string) string {
	in.need(field, fix)
	name, node := in.text(field)
	if node != nil {
		f.targets = append(f.targets, target{from: f.current, owner: in.owner, to: name, node: node})
	}
	return name
}

// mayGoOn reads the name of the step to go to, if there is one.
func (f *file) mayGoOn(in *fields) string {
	if _, ok := in.get("next"); !ok {
		return ""
	}
	return f.next(in)
}

// prompts reads a list of at least so many prompts.
func (f *file) prompts(in *fields, key string, least int) []string {
	names, nodes := in.texts(key)
	if list, ok := in.values[key]; ok && nodes != nil && len(names) < least {
		f.problem(list, in.owner+" has nothing to play", "name at least one prompt")
	}
	const most = 20
	if len(names) > most {
		f.problem(nodes[most], fmt.Sprintf("%s plays more than %d prompts", in.owner, most), "record them as one")
	}
	for i, name := range names {
		if i < len(nodes) {
			f.prompt(name, nodes[i])
		}
	}
	return names
}

// prompt judges one prompt's name: one of Linekeeper's own, or "asterisk/…".
func (f *file) prompt(name string, node ast.Node) {
	core, ok := strings.CutPrefix(name, "asterisk/")
	if !ok {
		f.named("prompt", name, node, f.ctx.Prompts)
		return
	}
	for part := range strings.SplitSeq(core, "/") {
		if part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			f.problem(node, fmt.Sprintf("%q is no core sound of Asterisk", name), "name it as asterisk/queue-thankyou, without an ending")
			return
		}
	}
}
