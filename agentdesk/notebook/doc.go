// Package notebook owns what agents write and tick on calls while they type: it
// keeps every save beside the live calls' own snapshots (JetStream KV), so that a
// note outlives a crash of the controller and a dead PostgreSQL, and tells the
// ledger, as cdr.Noted, what has come of it.
//
// A save is kept at once and told a little later: typing makes many saves, the
// story needs the last of them. A note saved after the talk, or closed with its
// wrap-up, is told before the save is answered. Whatever was kept and not told
// when the controller died is told by the next one.
//
// One agent's note on one call has a revision that grows with each save. A save
// must name the revision it was made from; but the journal that saved last may
// save again without knowing its own save came through, for it counts its saves.
// So a journal can be sent again, in any order, as often as it takes.
//
// It never decides who may read or write (agentdesk/api does) and never reads
// PostgreSQL. agentdesk/api calls it; cmd/linekeeper starts and stops it.
package notebook
