// Package pop measures what a screen pop asks of PostgreSQL over a long past: the
// caller's last calls with their notes and tickets, and the articles that fit the
// call, as GET /calls/{call}/context asks for them.
//
// It fills an empty database with our schema by COPY, without a call having been
// made, and leaves it to its caller to throw away. It never touches another
// database, a controller or Asterisk. cmd/linekeeper runs it (bench pop).
package pop
