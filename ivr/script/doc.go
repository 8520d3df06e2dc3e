// Package script owns the language flows are written in: it reads flow files
// (YAML), refuses whatever could leave a caller stranded, and compiles the rest
// into the immutable flows of package ivr. It also publishes the language's JSON
// Schema and draws flows.
//
// It never runs a flow, never looks up queues, skills or sounds by itself (the
// caller passes their names in a [Context]) and keeps nothing. cmd/linekeeper
// calls it at start and for "check"; a flow file that is refused stops the start
// before anything listens.
//
// # The language
//
//	language: fr              # spoken unless the number or the contact says otherwise
//	start: welcome            # the first step
//	steps:
//	  welcome:                # a step's name: small letters, digits, dashes
//	    type: play
//	    prompts: [welcome]    # linekeeper/welcome, in the call's language
//	    next: ask
//
// A prompt is one of Linekeeper's own by its bare name, or a core sound of
// Asterisk as "asterisk/queue-thankyou". Every step takes a type:
//
//	play     prompts, next; language, barge_in (true)
//	menu     choices {key: {label, next | replay: true}}, no_input, no_match;
//	         prompts, language, barge_in (true)
//	collect  into, max, next, no_input, no_match; prompts, language, barge_in
//	         (true), min (1), end ("#"; "none" for no end key), between (3s),
//	         secret (false). The star key starts the number over.
//	set      next; variables, attributes, language, priority (0-9), needs {skill: level}
//	queue    queue; priority, needs, music, next (where the call goes when the
//	         queue gives it back; without it the call ends), on {cause: step}
//	         (the same for one cause: answered, closed, empty, full, join-empty,
//	         key, max-wait)
//	callback queue; priority, needs, next (where a caller goes who does not want
//	         to be called back; without it the call ends)
//	voicemail prompts, max (3m), next (without it the caller is thanked and the
//	         call ends)
//	hours    hours (of the definitions), open, closed (where the call goes by whether
//	         they are open now, on the site's clock)
//	hangup   reason (normal, busy, no-answer, congestion)
//	goto     next
//
// no_input is {after (5s), tries (2), prompts, next}, no_match {tries (3),
// prompts, next}: the last try goes to next at once, the ones before play the
// prompts and ask again.
//
// The texts of a set step may name variables as ${caller.number}; "$${" is a
// plain "${". Known are caller.number, caller.name, dialled, language,
// queue.left, contact.id, contact.name, contact.email, contact.site,
// contact.language and contact.vip, and what the flow itself sets or collects.
//
// # What is refused
//
// Everything that is not understood, and every flow in which a caller who never
// presses a key would not come to a queue or a hangup by themselves.
package script
