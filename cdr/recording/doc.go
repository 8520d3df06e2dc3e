// Package recording owns the sounds of recorded talks: one WAV file a part, caller
// left and agent right, under a folder of its own.
//
// Keeper follows the ledger: a part that has ended is fetched from Asterisk, written
// whole or not at all, told (cdr.RecordingKept) and only then removed from Asterisk.
// What cannot be fetched is tried again until it can be, or Asterisk says that it is
// not there. It needs no database. Files older than the configured time are deleted,
// which is told too.
//
// It never decides who may hear a file, and never touches a live call. cmd wires it;
// agentdesk/api reads files through Store.
package recording
