// Package identify owns how what the network says about a caller is read: the
// number as E.164, the name as harmless text, and whether the caller withheld
// them. It is the pure half of identification: number in, number out.
//
// It never asks a directory or a database and never decides what to do with a
// caller. The call actor (ivr/call) calls it once for each arriving call; what
// reads directories calls it too, so that both sides spell numbers alike.
package identify
