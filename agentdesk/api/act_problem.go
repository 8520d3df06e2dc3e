package api

import (
	"errors"

	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/queue"
)

// saying is the problem with what to tell people, French and English.
func (p *problem) saying(fr, en string) *problem {
	with := *p
	with.says = &rest.Says{Fr: fr, En: en}
	return &with
}

// The problems of what is done in a call.
var (
	errNotTalking = (&problem{status: 403, code: "not-talking", title: "You are not talking on this call (any more)."}).
			saying("Vous n’êtes pas (ou plus) en ligne sur cet appel. Seul l’agent en ligne peut le faire.",
			"You are not talking on this call (any more). Only the agent who is can do that.")
	errNoParty = (&problem{status: 404, code: "unknown-party", title: "No such party in the call (any more)."}).
			saying("Ce participant n’est pas (ou plus) dans l’appel.", "That party is not in the call (any more).")
	errTooManyParties = (&problem{status: 409, code: "too-many-parties", title: "The call has its most parties."}).
				saying("L’appel compte déjà six participants. Libérez-en un d’abord.", "The call has six parties already. Drop one first.")
	errAgentNotReady = (&problem{status: 409, code: "agent-not-ready", title: "The agent asked for is not ready."}).
				saying("Cet agent n’est pas disponible. Choisissez-en un autre, ou une file d’attente.",
			"That agent is not ready. Choose another, or a queue.")
	errNowhere = (&problem{status: 422, code: "unknown-target", title: "There is no such agent, queue, flow or number."}).
			saying("Cette destination n’existe pas. Choisissez un agent, une file, un scénario ou un numéro connu.",
			"There is no such target. Choose an agent, a queue, a flow or a number that is known.")
	errNotNow = (&problem{status: 409, code: "not-now", title: "This cannot be done on the call at this moment."}).
			saying("Ce n’est pas possible à cet instant : l’appel vient de changer. Regardez son état, puis réessayez.",
			"This is not possible at this moment: the call has just changed. Look at its state, then try again.")
	errNotRecorded = (&problem{status: 403, code: "recording-not-allowed", title: "Talks of this queue are not recorded."}).
			saying("Les appels de cette file ne s’enregistrent pas.", "Talks of this queue are not recorded.")
	errRecorded = (&problem{status: 409, code: "recording-required", title: "Talks of this queue are always recorded."}).
			saying("Les appels de cette file sont toujours enregistrés. Vous pouvez mettre en pause.",
			"Talks of this queue are always recorded. You can pause.")
	errToSelf = (&problem{status: 422, code: "to-self", title: "The call is theirs already."}).
			saying("Cet appel est déjà chez cet agent.", "That agent has the call already.")
	errSkill = (&problem{status: 422, code: "unknown-skill", title: "A skill is not known."}).
			saying("Une compétence demandée n’existe pas.", "A skill asked for does not exist.")
	errNeeds = (&problem{status: 400, code: "needs-without-queue", title: "Skills go with a queue."}).
			saying("Les compétences ne se demandent qu’avec une file d’attente.", "Skills can be asked for with a queue only.")
	errNoteOfOthers = (&problem{status: 400, code: "note-of-others", title: "Only agents of the call add to its note."}).
			saying("Vous n’avez pas de note sur cet appel.", "You have no note on this call.")
	errNoteLength = (&problem{status: 400, code: "note-too-long", title: "The note would be too long."}).
			saying("La note dépasserait 8 000 caractères. Raccourcissez-la.", "The note would exceed 8,000 characters. Shorten it.")

	errNotFree = (&problem{status: 409, code: "not-free", title: "You have a call in hand, or your phone is not there."}).
			saying("Vous avez déjà un appel, ou votre poste n’est pas joignable. Terminez l’appel ou vérifiez votre poste, puis réessayez.",
			"You have a call in hand, or your phone is not there. End the call or check your phone, then try again.")
	errTooManyPromises = (&problem{status: 409, code: "too-many-promises", title: "You have promised the most calls one may."}).
				saying("Vous avez déjà promis 100 rappels. Tenez-en ou annulez-en avant d’en promettre d’autres.",
			"You have promised 100 calls already. Keep or cancel some before you promise more.")
	errPromiseTime = (&problem{status: 422, code: "promise-time", title: "This is no time to promise."}).
			saying("L’heure du rappel doit être à venir, dans l’année, et avant sa limite.",
			"The time to call again has to be ahead, within a year, and before its limit.")

	errDialling = &problem{status: 403, code: "number-refused", title: "This number is not to be dialled."}
)

// actProblem is the problem of an act that was not done, nil for other errors.
func actProblem(err error) *problem {
	for _, known := range []struct {
		err     error
		problem *problem
	}{
		{ErrNotTalking, errNotTalking},
		{ErrNoParty, errNoParty},
		{ErrTooMany, errTooManyParties},
		{ErrNobody, errAgentNotReady},
		{ErrNowhere, errNowhere},
		{ErrNotRecorded, errNotRecorded},
		{ErrRecorded, errRecorded},
		{ErrNotNow, errNotNow},
	} {
		if errors.Is(err, known.err) {
			return known.problem
		}
	}
	return nil
}

// dialProblem is the problem of a number that is not to be dialled.
func dialProblem(r *queue.DialRefusal) *problem {
	switch r.Why {
	case queue.DialNotNumber:
		return (&problem{status: 422, code: "not-a-number", title: "This is no telephone number."}).saying(
			"Ce n’est pas un numéro de téléphone. Écrivez tous ses chiffres, comme 01 99 00 10 01.",
			"This is no telephone number. Write all of its digits, such as +33 1 99 00 10 01.")
	case queue.DialTooMany:
		return (&problem{status: 429, code: "too-many-dials", title: "Too many numbers within a minute."}).in(r.Again).saying(
			"Trop de numéros composés en une minute. Patientez avant le prochain ; vos superviseurs le voient.",
			"Too many numbers within a minute. Wait before the next; your supervisors see this.")
	case queue.DialEmergency:
		return errDialling.because(string(r.Why)).saying(
			"Un numéro d’urgence ne se compose pas d’ici. Appelez-le depuis un téléphone sur place.",
			"No emergency number is dialled from here. Call it from a phone where help is needed.")
	case queue.DialPremium:
		return errDialling.because(string(r.Why)).saying(
			"Les numéros surtaxés ne sont pas autorisés. Demandez à votre administrateur s’il le faut vraiment.",
			"Premium-rate numbers are not allowed. Ask your administrator if it really has to be.")
	case queue.DialRefused, queue.DialNotListed, queue.DialAllowed:
	}
	return errDialling.because(string(r.Why)).saying(
		"Ce numéro n’est pas autorisé depuis votre poste ; vos superviseurs voient cet essai. Demandez à votre administrateur d’autoriser son indicatif.",
		"This number is not allowed from your desk; your supervisors see this try. Ask your administrator to allow its prefix.")
}
