// Package appqueue owns the way from Asterisk's app_queue to Linekeeper: it
// reads queues.conf, queuerules.conf and agents.conf as Asterisk does, with
// templates and includes, turns them into definitions in the format of
// queue/store, and lists what does not carry over, each with its place, the
// reason, and what to do.
//
// Read gives the result, Import.Files the text of it. The definitions load as
// they are; whoever applies them reads the list first.
//
// It never runs anything (#exec is listed, not obeyed), never reads the dialplan
// or Asterisk's database (QUEUE_MAX_PENALTY, Queue()'s timeout, members added by
// AddQueueMember), and never changes a file. cmd/linekeeper calls it for "import
// asterisk-queues".
//
// What means what in those files was learnt from Asterisk's main/config.c,
// apps/app_queue.c and their samples; the tests say it again in examples.
package appqueue
