// Package bench owns the benchmark that sets Linekeeper beside Asterisk's own
// app_queue: on one Asterisk, in one run, in turns, with the same phones. It
// makes the load with sipp, reads INVITE and BYE off the loopback with the
// kernel's time stamps, counts the CPU time of every process, and writes a
// table, a plot and the figures.
//
// It never looks into Linekeeper or Asterisk: what it knows is what went over
// the wire, what /proc says, and at the end what stands in PostgreSQL. It is for
// Linux, as root, on a lab that is up (package lab). cmd/linekeeper calls it.
package bench
