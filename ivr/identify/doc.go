// Package identify owns how what the network says of a caller beside the number is
// read: the name as harmless text, and whether the number is withheld. The number
// itself is cdr/numbers'.
//
// It never asks a directory or a database and never decides what to do with a
// caller. The call actor (ivr/call) calls it once for each arriving call, and for what
// other systems say of the caller's ticket.
package identify
