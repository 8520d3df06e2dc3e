// Package store owns the definitions: it reads floor.yaml (queues, agents,
// skills, groups, hours, reasons, dispositions, rejections, support, numbers, scripts), directory.yaml
// (who calls) and knowledge/ (articles for agents) and checks them as a whole, so
// that the floor never meets a queue without a ring time, an agent of a queue that
// is not there, or queues that send a call round for ever, be it over the trunk. It
// also says what one set of definitions changes over another.
//
// Parse answers with everything that is wrong at once, each Problem with its
// file, line, the lines around it, the reason, and what to do. What is allowed and
// probably not meant is a warning.
//
// It never decides about a call, puts nothing in force, and does not read what is
// in flows/: that is ivr/script. Its callers are cmd/linekeeper (serve, apply,
// check) and the lab; queue.New and queue.Redefine take what it made.
//
// floor.schema.json and directory.schema.json describe the same files to an
// editor; Parse is stricter, for it also knows what refers to what.
package store
