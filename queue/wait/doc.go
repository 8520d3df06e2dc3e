// Package wait tells honestly how long a caller will probably wait: as a range,
// from how long calls have lately kept agents, how many callers stand before,
// and how many agents can take the call. It is silent where it has too little to
// tell from, and it measures how good it was (Accuracy).
//
// It never reads a clock, never knows a call or an agent by name, never rounds
// for the ear (whoever speaks does), and keeps no lock. Package queue asks it
// when a call takes its place; reports and the console fold predictions against
// what came.
//
// # The model
//
// All n agents who can take the call are busy, or it would not wait. The caller
// is served at the (ahead+1)-th time one of them becomes free. Each agent's ends
// of calls are a renewal process in equilibrium; together they make about n/m
// departures a second, where m is the mean handle time.
//
//   - With exponential handle times the k-th departure is exactly a Gamma (Erlang)
//     of shape k and mean k·m/n: the wait of an M/M/n queue given the place in it
//     (Cooper, Introduction to Queueing Theory, 2nd ed., §3.4).
//   - With any handle times the number of departures in t has mean n·t/m exactly,
//     and a variance whose ratio to the mean (the index of dispersion) goes from
//     1, for t short against m, to c², the squared coefficient of variation, for
//     t long (Cox, Renewal Theory, §4.5 and §6.1). Then the k-th departure is
//     close to a Gamma of that index: shape k/I, mean k·m/n, with the half-step
//     that turns a count into a time.
//   - m itself is only known from N calls: its own error, c²/N of its square, is
//     added to the spread, so that ten calls make a wider range than two hundred.
//
// The two ends are chosen (Low, High) so that a quarter of the callers are served
// sooner than told, a fifth later, and 55 of 100 within the range: a range is right a
// little more than half the time by design. A wider one would be right more often
// and tell less.
//
// Not each call before takes one of the caller's n agents: one that may go to others
// too, or to a few of these alone, takes less than one in the mean. Package queue
// weighs them, in the caller's queue and in others that the same agents serve, so what
// is before is a number with a fraction.
//
// What is not in it: callers ahead who hang up (the wait is then shorter), agents who
// go (longer), and calls that come later and go first, for their queue is heavier or
// their priority higher (longer). Accuracy shows all of it as bias.
package wait
