// Package store owns the definitions: it reads floor.yaml (queues, agents,
// skills, reasons, dispositions, numbers) and directory.yaml (who calls) and
// checks every value, so that the floor never meets a queue without a ring time
// or an agent of a queue that is not there.
//
// Load answers with everything that is wrong at once, each Problem with its
// file, line, the lines around it, the reason, and what to do.
//
// It never decides about a call, never changes a file, and does not read
// flows/: that is ivr/script. Its callers are cmd/linekeeper (serve, check) and
// the lab; queue.New takes what it made.
//
// floor.schema.json and directory.schema.json describe the same files to an
// editor; Load is stricter, for it also knows what refers to what.
package store
