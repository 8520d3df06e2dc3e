// Package queuelog owns Asterisk's queue_log as Linekeeper writes it: the file
// that QueueMetrics, Asternic and their like read, byte for byte as app_queue
// would have written it, folded from the ledger. How that is known: a reader of the
// published grammar takes every line apart (in this package's tests), and
// cmd/linekeeper/e2e plays the same calls in app_queue, and holds the two files
// against each other line by line. Neither QueueMetrics nor Asternic was run on it.
//
// A line is "epoch|callid|queue|agent|EVENT|data…"; one without data still ends
// in "|" (Asterisk main/logger.c, ast_queue_log). What stands in it:
//
//   - callid is the unique ID of the caller's channel (cdr.Arrived.Channel), for
//     readers join with Asterisk's own CDR by it. A call-back is on a new channel
//     and has that one's (cdr.CallbackDialled.Channel). Lines about agents have
//     NONE, or MANAGER for coming and going, as AMI's QueueAdd does.
//   - agent is the interface ("PJSIP/alice"), or with NamesOfAgents what people
//     call them, as app_queue has it with log_membername_as_agent; PENALTY
//     always has the interface.
//   - a caller who withholds their number has none in ENTERQUEUE, where app_queue writes
//     the word the network sent in its place ("anonymous").
//   - the bridge of an ATTENDEDTRANSFER is the call's own, in which all of it meet.
//   - hold, talk and wait are the differences of the epochs of the lines
//     themselves, as in app_queue, so that they agree whoever counts. A wait
//     counts from the entry into this queue; the place a call brought along from
//     another one counts there.
//   - epochs never go back within a minute: facts of several writers may lie some
//     milliseconds out of order, and some readers skip what is older than what
//     they have.
//
// How the original position is known: the floor tells a call its rank after it
// entered (cdr.WaitEstimated), so ENTERQUEUE waits for the call's next fact that
// matters, or for two seconds of the ledger's time, and has the rank told, else
// the one counted here. Whoever was never let in (full, join-empty, closed) is
// in no line, as in app_queue. The position at leaving is counted from then on.
//
// A call an agent gives on has one line in place of COMPLETE…, and the queue's part
// in it is over, as in app_queue:
//
//   - given on unasked, from the console or by the transfer key of a desk phone:
//     BLINDTRANSFER with the target as exten (a queue, a flow, a number or an agent)
//     and its kind as context, for there is no dialplan. So is one to somebody who was
//     to be consulted and had not answered yet.
//   - given to who was consulted, while one of the two others heard music:
//     ATTENDEDTRANSFER|BRIDGE. APP and LINK are not written: everybody in a call meets
//     in one bridge.
//   - a conference that its agent leaves to the others: COMPLETEAGENT, as app_queue
//     takes no notice of its threeway transfers.
//
// Whom the call was given to has no CONNECT and no COMPLETE…, and neither has who was
// asked in: the queue did not send the call to them, and a phone of theirs that rings
// in vain has no RINGNOANSWER. A caller given to a queue, or who comes back because
// nobody took the call, is in line anew, with an ENTERQUEUE.
//
// Holding has no line, and counts as talk. CALLERONHOLD and CALLEROFFHOLD are no
// events of app_queue, and a reader of it may not know them; the record of the call
// has how long a caller was held.
//
// What app_queue has no event for:
//
//	moved, closed, resumed, cancelled, expired  WITHDRAW with the cause as info
//	callback asked for                          WITHDRAW with info "callback"; once the customer is
//	                                            reached, ENTERQUEUE on the new channel
//	call made or promised by an agent           nothing; when the customer is then given to a queue,
//	                                            ENTERQUEUE on the channel they were called on
//	offer withdrawn by us, or its leg lost      RINGCANCELED
//	another phone of the same ring answered     nothing, as with ringall
//	phone that could not be rung at all         nothing, as when app_queue cannot dial
//	priority changed                            nothing; positions count by it from then on
//	talk ended by neither party (node lost)     COMPLETEAGENT: not the caller's doing
//	sign-in, sign-out                           ADDMEMBER, REMOVEMEMBER in each queue served
//	not ready, and ready again                  PAUSEALL, UNPAUSEALL with a row for each queue;
//	                                            after a missed offer the reason is Auto-Pause
//	definitions changed                         CONFIGRELOAD, then ADDMEMBER, REMOVEMEMBER, PENALTY
//
// QUEUESTART stands once, where a ledger begins: readers take it for the end of
// every call, and a restart of Linekeeper ends none. AGENTLOGIN and AGENTLOGOFF
// belong to Asterisk's agent pool, which is not used.
//
// Each fact reaches the file exactly once, whenever the process dies: how the
// file and its remembered length go together stands at journal.
//
// It never touches a live call and decides nothing: it stands behind the ledger
// like any reader. cmd/linekeeper starts it when the configuration names a file.
package queuelog
