// Package recording owns the sounds of recorded talks: one WAV file a part, caller
// left and agent right, under a folder of its own.
//
// Keeper follows the ledger: a part that has ended is fetched from Asterisk, written
// whole or not at all, told (cdr.RecordingKept) and only then removed from Asterisk.
// What cannot be fetched is tried again until it can be, or Asterisk says a minute after
// the part's end that it is not there, which is told as well (cdr.RecordingMissing).
// It needs no database: its place in the ledger, and the parts not fetched yet, are in a
// file of the folder. Files older than the configured time are deleted, which is told
// too, before it is done; the sweep goes by when a file was written.
//
// It never decides who may hear a file, and never touches a live call. cmd wires it;
// agentdesk/api reads files through Store.
package recording
