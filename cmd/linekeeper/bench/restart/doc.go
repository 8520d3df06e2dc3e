// Package restart owns the benchmark of a crash: so many calls talk and so many wait
// in line, the controller is killed (SIGKILL) and started again, and it is measured
// from the start of the new process until each call is under control again, and until
// somebody who waits is given to an agent who hung up meanwhile. What was lost is
// counted, beside the times: calls cut, calls without a record or with two, waits that
// are not counted from their beginning.
//
// Beside it, in the same run: the restart of a controller that has no calls, so that
// what the calls cost shows; and what app_queue keeps when what holds its line, which
// is Asterisk itself, is killed under the same load.
//
// Calls and phones are sipp's. When control was back is what the ledger says: each
// call's fact "reclaimed", stamped by the controller; when a phone rang, and that no
// call was cut, is read off the loopback. It never asks the controller for a figure.
// cmd/linekeeper calls it, on a lab that is up.
package restart
