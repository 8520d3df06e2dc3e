package ticket

import "linekeeper/cdr"

// words are the words of a note in one language.
type words struct {
	colon, date                           string
	arrived, caller, withheld, dialled    string
	menu, queue, wait, offer, agent, talk string
	wrapUp, outcome, call                 string
	resumed, since, overflow, voicemail   string
	callback, asked, tries                string
	note, lateNote, checks                string
	held, given, consulted, guest         string
	out, called, shown, by, promised      string // calls of ours
	phoneLost, back, notBack              string
	recording, part, deleted              string
	support                               string
	said                                  func(fr, en string) string // what was written in both
	values                                map[string]string
}

// of says a value of cdr's in this language; a value without a word stays. The
// prefix tells apart what has one word in cdr and several here.
func (w words) of(prefix, value string) string {
	if said, ok := w.values[prefix+value]; ok {
		return said
	}
	return value
}

var french = words{
	colon: " : ", date: "02/01/2006 15:04:05",
	arrived: "Appel", caller: "Appelant", withheld: "numéro masqué", dialled: "Numéro composé",
	menu: "Menu", queue: "File", wait: "attente", offer: "Proposé à", agent: "Agent", talk: "conversation",
	wrapUp: "Saisie post-appel", outcome: "Résultat", call: "Référence",
	resumed: "Place reprise", since: "en file depuis le", overflow: "Débordement", voicemail: "Message vocal",
	callback: "Rappel", asked: "demandé le", tries: "tentatives :",
	note: "Note", lateNote: "Note complétée après l'appel", checks: "Vérifications",
	held: "dont en attente", given: "Transféré par", consulted: "après consultation", guest: "Avec",
	out: "Appel sortant", called: "Appelé", shown: "Numéro affiché", by: "Appel passé par", promised: "Rappel promis par",
	phoneLost: "Téléphone de l'agent coupé", back: "rétabli après", notBack: "non rétabli",
	recording: "Enregistrement", part: "partie", deleted: "supprimé",
	support: "Assistance à distance",
	said:    func(fr, _ string) string { return fr },
	values: map[string]string{
		string(cdr.OutcomeOpen): "en cours", string(cdr.OutcomeAnswered): "traité",
		string(cdr.OutcomeAbandoned): "abandonné", string(cdr.OutcomeShortAbandon): "abandon court",
		string(cdr.OutcomeInFlow): "terminé dans le menu", string(cdr.OutcomeLost): "perdu",
		string(cdr.OutcomeOverflow): "débordement", string(cdr.OutcomeVoicemail): "message vocal",
		string(cdr.OutcomeCallback):        "rappel non abouti",
		string(cdr.OutcomeNotReached):      "appel sortant non abouti",
		"asked-agent":                      "par l'agent",
		"left-" + string(cdr.LeftAnswered): "décroché", "left-" + string(cdr.LeftAbandoned): "abandon",
		"left-" + string(cdr.LeftLost): "perdu", "left-": "",
		"left-" + string(cdr.LeftClosed): "file fermée", "left-" + string(cdr.LeftFull): "file pleine",
		"left-" + string(cdr.LeftJoinEmpty): "aucun agent à l'arrivée", "left-" + string(cdr.LeftEmpty): "plus aucun agent",
		"left-" + string(cdr.LeftMaxWait): "attente maximale atteinte", "left-" + string(cdr.LeftKey): "sortie par une touche",
		"left-" + string(cdr.LeftMoved): "déplacé par un superviseur", "left-" + string(cdr.LeftResumed): "l'appelant a rappelé",
		"left-" + string(cdr.LeftCancelled): "rappel annulé", "left-" + string(cdr.LeftExpired): "rappel expiré",
		"to-" + string(cdr.ToQueue): "vers la file", "to-" + string(cdr.ToFlow): "vers le scénario",
		"to-" + string(cdr.ToVoicemail): "vers la messagerie vocale", "to-" + string(cdr.ToCallback): "vers un rappel",
		"to-" + string(cdr.ToNumber): "vers le numéro", "to-" + string(cdr.ToBusy): "occupé", "to-": "",
		"to-" + string(cdr.PartyAgent): "vers l'agent", "party-" + string(cdr.PartyMissed): "non joint",
		"asked-key": "par l'appelant", "asked-rule": "par la file", "asked-": "",
		"back-" + string(cdr.CallbackWaiting): "en attente", "back-" + string(cdr.CallbackDone): "client joint le",
		"back-" + string(cdr.CallbackExpired): "expiré", "back-" + string(cdr.CallbackCancelled): "annulé",
		"back-" + string(cdr.CallbackResumed): "l'appelant a rappelé", "back-" + string(cdr.CallbackLost): "perdu",
		"offer-" + string(cdr.OfferRingNoAns): "sans réponse", "offer-" + string(cdr.OfferRejected): "refusé",
		"offer-" + string(cdr.OfferCallerGone): "l'appelant a raccroché", "offer-" + string(cdr.OfferUnreachable): "poste injoignable",
		"offer-" + string(cdr.OfferWithdrawn): "retiré", "offer-" + string(cdr.OfferLost): "perdu", "offer-": "",
		"offer-" + string(cdr.OfferNotReached): "client non joint",
		"by-" + string(cdr.ByCaller):           "raccroché par l'appelant", "by-" + string(cdr.ByAgent): "raccroché par l'agent",
		"by-" + string(cdr.BySystem): "coupé par le système", "by-": "",
		"out-by-" + string(cdr.ByCaller): "raccroché par le client", "out-by-" + string(cdr.ByAgent): "raccroché par l'agent",
		"out-by-" + string(cdr.BySystem): "coupé par le système", "out-by-": "",
		"how-" + string(cdr.SupportOpened): "lien ouvert par l'agent", "how-" + string(cdr.SupportSent): "lien envoyé au demandeur",
		"how-" + string(cdr.SupportRead):            "code dicté",
		"recorded-" + string(cdr.RecordingLost):     "interrompu, la fin manque",
		"recorded-" + string(cdr.RecordingPaused):   "mis en pause",
		"recorded-" + string(cdr.RecordingStopped):  "arrêté par l'agent",
		"recorded-" + string(cdr.RecordingTalkOver): "", "recorded-" + string(cdr.RecordingTransferred): "", "recorded-": "",
	},
}

var english = words{
	colon: ": ", date: "2006-01-02 15:04:05",
	arrived: "Call", caller: "Caller", withheld: "number withheld", dialled: "Number dialled",
	menu: "Menu", queue: "Queue", wait: "waited", offer: "Offered to", agent: "Agent", talk: "talked",
	wrapUp: "Wrap-up", outcome: "Outcome", call: "Reference",
	resumed: "Place resumed", since: "in line since", overflow: "Overflow", voicemail: "Voicemail",
	callback: "Callback", asked: "asked for", tries: "tries:",
	note: "Note", lateNote: "Note completed after the call", checks: "Checks",
	held: "of it on hold", given: "Transferred by", consulted: "after consulting them", guest: "With",
	out: "Outbound call", called: "Called", shown: "Number shown", by: "Called by", promised: "Promised by",
	phoneLost: "Agent's phone lost", back: "back after", notBack: "not back",
	recording: "Recording", part: "part", deleted: "deleted",
	support: "Remote support",
	said:    func(_, en string) string { return en },
	values: map[string]string{
		string(cdr.OutcomeOpen): "still going on", string(cdr.OutcomeAnswered): "answered",
		string(cdr.OutcomeAbandoned): "abandoned", string(cdr.OutcomeShortAbandon): "short abandon",
		string(cdr.OutcomeInFlow): "ended in the menu", string(cdr.OutcomeLost): "lost",
		string(cdr.OutcomeOverflow): "overflowed", string(cdr.OutcomeVoicemail): "voicemail",
		string(cdr.OutcomeCallback):        "callback, not reached",
		string(cdr.OutcomeNotReached):      "called, not reached",
		"asked-agent":                      "by the agent",
		"left-" + string(cdr.LeftAnswered): "answered", "left-" + string(cdr.LeftAbandoned): "abandoned",
		"left-" + string(cdr.LeftLost): "lost", "left-": "",
		"left-" + string(cdr.LeftClosed): "queue closed", "left-" + string(cdr.LeftFull): "queue full",
		"left-" + string(cdr.LeftJoinEmpty): "no agents on arrival", "left-" + string(cdr.LeftEmpty): "no agents left",
		"left-" + string(cdr.LeftMaxWait): "longest wait reached", "left-" + string(cdr.LeftKey): "left by a key",
		"left-" + string(cdr.LeftMoved): "moved by a supervisor", "left-" + string(cdr.LeftResumed): "the caller rang again",
		"left-" + string(cdr.LeftCancelled): "callback cancelled", "left-" + string(cdr.LeftExpired): "callback expired",
		"to-" + string(cdr.ToQueue): "to queue", "to-" + string(cdr.ToFlow): "to flow",
		"to-" + string(cdr.ToVoicemail): "to voicemail", "to-" + string(cdr.ToCallback): "to a callback",
		"to-" + string(cdr.ToNumber): "to number", "to-" + string(cdr.ToBusy): "busy", "to-": "",
		"to-" + string(cdr.PartyAgent): "to agent", "party-" + string(cdr.PartyMissed): "not reached",
		"asked-key": "by the caller", "asked-rule": "by the queue", "asked-": "",
		"back-" + string(cdr.CallbackWaiting): "waiting", "back-" + string(cdr.CallbackDone): "customer reached",
		"back-" + string(cdr.CallbackExpired): "expired", "back-" + string(cdr.CallbackCancelled): "cancelled",
		"back-" + string(cdr.CallbackResumed): "the caller rang again", "back-" + string(cdr.CallbackLost): "lost",
		"offer-" + string(cdr.OfferRingNoAns): "no answer", "offer-" + string(cdr.OfferRejected): "rejected",
		"offer-" + string(cdr.OfferCallerGone): "the caller hung up", "offer-" + string(cdr.OfferUnreachable): "phone unreachable",
		"offer-" + string(cdr.OfferWithdrawn): "withdrawn", "offer-" + string(cdr.OfferLost): "lost", "offer-": "",
		"offer-" + string(cdr.OfferNotReached): "customer not reached",
		"by-" + string(cdr.ByCaller):           "the caller hung up", "by-" + string(cdr.ByAgent): "the agent hung up",
		"by-" + string(cdr.BySystem): "cut by the system", "by-": "",
		"out-by-" + string(cdr.ByCaller): "the customer hung up", "out-by-" + string(cdr.ByAgent): "the agent hung up",
		"out-by-" + string(cdr.BySystem): "cut by the system", "out-by-": "",
		"how-" + string(cdr.SupportOpened): "link opened by the agent", "how-" + string(cdr.SupportSent): "link sent to the requestor",
		"how-" + string(cdr.SupportRead):            "code read out",
		"recorded-" + string(cdr.RecordingLost):     "cut off, its end is missing",
		"recorded-" + string(cdr.RecordingPaused):   "paused",
		"recorded-" + string(cdr.RecordingStopped):  "stopped by the agent",
		"recorded-" + string(cdr.RecordingTalkOver): "", "recorded-" + string(cdr.RecordingTransferred): "", "recorded-": "",
	},
}
